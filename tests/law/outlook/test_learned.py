"""Late confirmations: only those by which the law says something else of the day of its confirmation."""

from datetime import UTC, date, datetime

import pytest

from greenlight.kernel.time.calendar import end_of_day, start_of_day
from greenlight.law.outlook.coming import Coming, of_rules_as_known, of_terms_as_recorded
from greenlight.law.outlook.learned import of_reprieve, of_rule
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RecordPublication,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.terms import Correction
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Entries
from greenlight.law.rule.commands import AttestAct, TakeBackAttestation
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.terms.spans import JUST_BEFORE
from tests.law.reprieve.cases import (
    BEGIN,
    EXPIRY,
    KEY,
    NARROW,
    Reprieved,
    lapsed,
    order,
    running,
    taking_effect,
)
from tests.law.reprieve.cases import (
    END as ENDS,
)
from tests.law.rule.aggregates import Kept, of_2025, suspension
from tests.law.rule.test_ends import DAY, END, extension

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEVER = datetime(2030, 1, 1, tzinfo=UTC)
LATE = END + 20 * DAY


def rule(kept: Kept) -> Rule:
    found = rule_of(kept.events)
    assert found is not None
    return found


def late(kept: Kept, after: datetime = LATE - DAY) -> list[Coming]:
    return list(of_rule(rule(kept), after, NEVER))


def over() -> Kept:
    """The suspension of 2025 ran out, and nobody knows what followed."""
    return of_2025().confirmed().at(LATE)


def back(corrects: int) -> tuple[AttestAct, TakeBackAttestation]:
    act = suspension(effective=date(2026, 11, 10), through=date(2026, 11, 14), citation="91 FR 2")
    return AttestAct(act=act, corrects=corrects), TakeBackAttestation(corrects=corrects, reasons="A rumour.")


def test_an_extension_after_the_end_says_something_else_of_the_day_of_its_confirmation() -> None:
    kept = over().after(extension())
    assert late(kept) == [], "what waits for a second officer changes nothing"
    (found,) = late(kept.confirmed())
    assert found.at == LATE
    assert found.text.startswith(
        "Affiliates Rule: it is suspended through 9 Nov 2027, by attestation 3, conf"
    )
    assert "confirmed on 30 Nov 2026; until then it is in force again, as the law was last seen" in found.text
    assert found.citation == "90 FR 47201, 91 FR 2; 90 FR 47201, 90 FR 50857"


def test_a_correction_and_a_word_that_there_was_no_such_act_are_moments_of_their_own() -> None:
    extended = over().after(extension()).confirmed().at(LATE + DAY)
    corrects, takes_back = back(corrects=3)
    for body, words in ((corrects, "by attestation 4, which corrects 3"), (takes_back, "which takes 3 back")):
        found = late(extended.after(body).confirmed())
        assert [each.at for each in found] == [LATE, LATE + DAY]
        assert words in found[1].text


def test_what_is_confirmed_of_days_past_or_to_come_is_none() -> None:
    before = of_2025().confirmed().at(END - 20 * DAY)
    assert late(before.after(extension()).confirmed(), before.now - DAY) == [], "the future alone"
    acts = suspension(effective=date(2025, 11, 10), through=date(2026, 11, 6))
    past = over().after(AttestAct(act=acts, corrects=2)).confirmed()
    assert late(past) == [], "it was over before, too"


def test_the_first_word_of_a_rule_is_held_against_what_came_with_the_service() -> None:
    kept = rule(over())
    (first,) = of_rule(kept, LONG_AGO, NEVER)
    assert "until then no such rule is known" in first.text
    assert first.citation == "90 FR 47201, 90 FR 50857"
    shipped = [each.model_copy(update={"known": LONG_AGO}) for each in kept.attestations]
    known = Rule(
        kept.key, kept.title, kept.governs, kept.attestations, Rule("a", "A", kept.governs, (*shipped,))
    )
    assert list(of_rule(known, LONG_AGO, NEVER)) == []


def test_a_rule_that_is_about_something_else_on_record_is_learned_too() -> None:
    kept = rule(over())
    shipped = Rule("a", "A", Entries(entries=("3A991",)), (kept.attestations[0],))
    said = [each.model_copy(update={"known": LATE + DAY}) for each in kept.attestations[:1]]
    known = Rule(kept.key, kept.title, kept.governs, tuple(said), shipped)
    assert [each.at for each in of_rule(known, LATE, NEVER)] == [LATE + DAY]


def amendment(day: date) -> Act:
    return Act(
        kind=ActKind.ADOPTED,
        citation="91 FR 5",
        effective=start_of_day(day),
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )


def test_of_an_amendment_of_tables_days_to_come_count_as_well() -> None:
    """Tables that print it already are warned of until then."""
    acts = [amendment(date(2026, 12, 1)), amendment(date(2026, 12, 9))]
    said = [
        Attestation(number=1, act=acts[0], known=LATE - DAY),
        Attestation(number=2, act=acts[1], corrects=1, known=LATE),
    ]
    found = of_rule(Rule("e", "E", Entries(entries=("3A991",)), tuple(said)), LATE - 2 * DAY, NEVER)
    assert [each.at for each in found] == [LATE - DAY, LATE]


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (over(), [END]),
        (over().after(extension()).confirmed(), [END]),
        (of_2025().confirmed().at(END - DAY).after(TakeBackAttestation(corrects=2, reasons="No.")), [END]),
        (
            of_2025()
            .confirmed()
            .at(END - DAY)
            .after(TakeBackAttestation(corrects=2, reasons="No."))
            .confirmed(),
            [],
        ),
        (over().after(TakeBackAttestation(corrects=2, reasons="No.")).confirmed(), [END]),
    ],
    ids=["known", "extended after", "taken back by one", "taken back before", "taken back after"],
)
def test_an_instant_comes_as_it_was_known_just_before_it(kept: Kept, expected: list[datetime]) -> None:
    """What is learned after it takes it from nobody: that is a moment of its own."""
    rules = Rules([rule(kept)])
    assert [each.at for each in of_rules_as_known(rules) if END - 90 * DAY < each.at <= LATE] == expected


@pytest.mark.parametrize("since", [LATE - DAY, LATE])
def test_before_a_confirmation_a_rule_is_known_as_it_was(since: datetime) -> None:
    kept = rule(over().after(extension()).confirmed())
    known = kept.as_known(since)
    assert known is not None
    assert [each.number for each in known.attestations] == [1, 2, 3][: 3 if since == LATE else 2]
    assert kept.as_known(LONG_AGO) is None


def learned(reprieve: Reprieved, after: datetime = BEGIN) -> list[Coming]:
    return list(of_reprieve(reprieve.events, after, NEVER))


AFTER_THE_GAP = EXPIRY + 20 * DAY
END_OF_LATE = end_of_day(date(2026, 9, 30))
EXTENDED = order(date(2026, 9, 30), effective=EXPIRY, entities=("one",))


def late_extension() -> Reprieved:
    """Nothing ran for weeks; then a term is recorded that counts from the end of the one before."""
    return lapsed().at(AFTER_THE_GAP).after(IssueTerm(term=EXTENDED))


def test_a_term_with_effect_from_before_is_learned_at_the_instant_of_its_record() -> None:
    reprieve = late_extension()
    (found,) = learned(reprieve)
    assert (found.at, found.kind, found.key) == (AFTER_THE_GAP, "reprieve", KEY)
    assert found.text == (
        f"Term 2 of reprieve {KEY} is issued, from 6 Apr 2026 through 30 Sep 2026, recorded on 26 Apr 2026"
    )
    terms = Terms.of([reprieve.events])
    for at, expected in ((AFTER_THE_GAP - JUST_BEFORE, False), (AFTER_THE_GAP, True)):
        assert covered(terms.as_recorded(at), "one", "networks", AFTER_THE_GAP).covered is expected
    # Its first day was nothing that was to come.
    texts = [each.text for each in of_terms_as_recorded([reprieve.events], LONG_AGO, NEVER)]
    assert not any("Term 2" in text and "begins" in text for text in texts)


def test_that_it_was_printed_changes_no_answer_which_it_gave_before() -> None:
    """A term counts as it is recorded, and not as it is known."""
    reprieve = late_extension().later(days=3)
    said = RecordPublication(term=2, citation="9 FR 2", published=AFTER_THE_GAP)
    assert learned(reprieve.after(said), AFTER_THE_GAP) == []


def test_what_ends_narrows_or_widens_a_term_at_once_is_learned() -> None:
    begun = running().later(days=5)
    for body, words in (
        (TerminateTerm(term=1, reasons="Diversion."), "Term 1 of reprieve sample is ended early"),
        (ENDS, "Reprieve sample is ended"),
        (CorrectTerm(term=1, correction=Correction(scope=NARROW), reasons="Misprint."), "Term 1 of reprieve"),
        (
            AddEntities(
                entities=frozenset({"three"}), effective=begun.now, running_terms=True, reasons="Listed."
            ),
            "Entities come to reprieve sample or go",
        ),
    ):
        (found,) = learned(begun.after(body))
        assert found.at == begun.now
        assert found.text.startswith(words)


def test_what_is_recorded_of_days_to_come_or_authorises_the_same_is_none() -> None:
    begun = running().later(days=5)
    ahead = IssueTerm(term=order(date(2026, 7, 1), effective=begun.now + DAY))
    assert learned(begun.after(ahead)) == []
    later = TerminateTerm(term=1, ends=begun.now + DAY, reasons="Diversion.")
    assert learned(begun.after(later)) == []
    extended = taking_effect().after(TakeEffect())
    assert learned(extended) == [], "the term before runs still, and covers the same"
    corrected = CorrectTerm(
        term=1, correction=Correction(valid_through=date(2026, 5, 1)), reasons="Misprint."
    )
    assert learned(begun.after(corrected)) == []
    assert learned(begun, begun.now - DAY) == []


def test_the_first_term_counts_from_its_record_on() -> None:
    (found,) = learned(running(), LONG_AGO)
    assert found.at == BEGIN


def test_an_instant_of_a_term_comes_as_it_was_recorded_just_before_it() -> None:
    """Whatever is recorded after it takes it from nobody, and brings it to nobody."""
    extended = taking_effect().after(TakeEffect()).at(EXPIRY + 400 * DAY)
    found = [each.at for each in of_terms_as_recorded([extended.events], BEGIN, NEVER)]
    assert found[0] == EXPIRY
    early = running().later(days=5).after(TerminateTerm(term=1, ends=BEGIN + 30 * DAY, reasons="Diversion."))
    assert [each.at for each in of_terms_as_recorded([early.events], BEGIN, NEVER)] == [BEGIN + 30 * DAY]
    late = late_extension().at(EXPIRY + 400 * DAY)
    ends = [each.at for each in of_terms_as_recorded([late.events], BEGIN, NEVER)]
    assert ends == [EXPIRY, END_OF_LATE]
    assert [each.at for each in of_terms_as_recorded([late.events], EXPIRY, NEVER)] == [END_OF_LATE]
