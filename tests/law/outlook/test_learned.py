"""Late confirmations: only those by which the law says something else of the day of its confirmation."""

from datetime import UTC, date, datetime

import pytest

from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.outlook.coming import Coming, of_rules_as_known
from greenlight.law.outlook.learned import of_rule
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Entries
from greenlight.law.rule.commands import AttestAct, TakeBackAttestation
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.rules import Rule, Rules
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
