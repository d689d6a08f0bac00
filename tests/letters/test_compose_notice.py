"""What the notices on a reprieve and on a rule say, and of which events."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.streams import reprieve_stream, rule_stream
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.letter import LetterKind
from greenlight.law.reprieve.commands import IssueTerm, RemoveEntities, TakeEffect
from greenlight.law.reprieve.events import (
    DecisionMade,
    EntitiesChanged,
    ReprieveEnded,
    TermCorrected,
    TermExpired,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.state import Stage
from greenlight.law.review import Posture, ReviewPolicy
from greenlight.law.rule.acts import (
    Act,
    ActKind,
    Affiliates,
    Certainty,
    Entries,
    GeneralLicense,
    JointVentures,
    OnList,
    Places,
    Printed,
    Reviewed,
)
from greenlight.law.rule.commands import AttestAct, TakeBackAttestation
from greenlight.law.rule.events import ActEnded, AttestationConfirmed, EndDecided, EndNeared
from greenlight.law.rule.policy import CURRENT
from greenlight.letters.compose import compose
from greenlight.letters.content import NoLetterError, Step
from greenlight.letters.notices import (
    Memorandum,
    MemorandumOfAct,
    NoticeBeforeEnd,
    NoticeOfAmendment,
    NoticeOfAttestation,
    NoticeOfEnd,
    NoticeOfEndOfAct,
    NoticeOfTerm,
)
from tests.law.actors import EXECUTIVE, OFFICER, OTHER_OFFICER
from tests.law.reprieve.cases import (
    CASES,
    CONFIRM,
    END,
    EXPIRY,
    KEY,
    REPLACE,
    Reprieved,
    gathered,
    gathering,
    lapsed,
    order,
    proposed,
    referred,
    running,
    taking_effect,
)
from tests.law.rule.aggregates import LAST_DAY, NOW, Kept, adoption, of_2025, opening_of, suspension
from tests.letters.notices import (
    ADDITION,
    OVER,
    TERMINATION,
    a_rumour,
    corrected,
    extended,
    misprinted,
    near,
    notice_of,
    right_after_all,
)


def kinds(told: Reprieved) -> Counter[str | None]:
    return Counter(event.letter for event in told.events)


def test_each_term_has_a_notice_of_its_own() -> None:
    extended = taking_effect().after(TakeEffect())
    assert kinds(extended)[LetterKind.NOTICE_OF_TERM] == 2
    notice = notice_of(extended, TermIssued)
    assert isinstance(notice, NoticeOfTerm)
    assert (notice.term, notice.valid_through) == (2, date(2026, 7, 4))
    assert notice.effective == "April 5, 2026, 00:00 EDT"
    assert [each.certifier for each in notice.coverage.activities] == ["exporter", "recipient"]
    assert (notice.coverage.excluded, notice.coverage.entities) == (("CU", "IR"), ("one", "two"))
    assert "row" not in notice.decided + notice.reason
    assert "did not object" in notice.decided


def test_a_term_by_order_names_who_ordered_it() -> None:
    notice = notice_of(running(), TermIssued)
    assert isinstance(notice, NoticeOfTerm)
    assert notice.decided == f"By order of {EXECUTIVE.officer}, executive."


def test_it_says_what_an_executive_did_with_the_outcome() -> None:
    for told, said in (
        (proposed().after(CONFIRM), "confirmed"),
        (proposed().after(REPLACE), "in the place of"),
    ):
        notice = notice_of(told, TermIssued)
        assert isinstance(notice, NoticeOfTerm)
        assert said in notice.decided


def test_entities_that_are_to_leave_are_named() -> None:
    leaves = RemoveEntities(entities=frozenset({"one"}), effective=EXPIRY, reasons="Delisted.")
    notice = notice_of(proposed().after(leaves, CONFIRM), TermIssued)
    assert isinstance(notice, NoticeOfTerm)
    assert notice.leaving == (("one", "April 6, 2026, 00:00 EDT"),)


def test_a_memorandum_holds_what_the_decision_rests_on() -> None:
    told = proposed()
    made = told.of(DecisionMade)[-1]
    notice = notice_of(told, DecisionMade)
    assert isinstance(notice, Memorandum)
    assert notice.outcome == "Extend by 90 days, with the same scope"
    # The time to object is over when 4 April is, and the term when 5 April is.
    assert (notice.closes, notice.answer_by) == ("April 4, 2026", "April 5, 2026")
    assert (notice.policy_version, notice.table_version) == (made.policy, made.evaluation.version)
    assert [(each.name, each.value, each.position) for each in notice.facts] == [
        ("pending", "50", 7),
        ("directive", "unknown", 7),
        ("dependence", "yes", None),
        ("terms issued", "1", None),
    ]
    assert [each.row for each in notice.rows if each.decides] == ["no-directive"]
    assert [each.row for each in notice.rows] == [each.row for each in made.evaluation.trace]
    assert not notice.late


def test_a_late_decision_is_said_to_be_late() -> None:
    notice = notice_of(gathering().at(EXPIRY).after(gathered()), DecisionMade)
    assert isinstance(notice, Memorandum)
    assert notice.late
    assert (notice.due, notice.made) == ("March 22, 2026, 00:00 EDT", "April 6, 2026, 00:00 EDT")


def test_a_referral_says_until_when_it_can_be_answered() -> None:
    notice = notice_of(referred(), DecisionMade)
    assert isinstance(notice, Memorandum)
    assert (notice.closes, notice.answer_by) == (None, "April 5, 2026")


def test_a_referral_after_the_term_says_that_it_has_lapsed() -> None:
    late = gathering().at(EXPIRY).after(gathered(pending=None))
    notice = notice_of(late, DecisionMade)
    assert isinstance(notice, Memorandum)
    assert (notice.over, notice.answer_by) == (True, "April 5, 2026")


def test_a_row_that_applies_after_the_deciding_one_does_not_decide() -> None:
    notice = notice_of(proposed("end"), DecisionMade)
    assert isinstance(notice, Memorandum)
    assert [(each.row, each.decides) for each in notice.rows if "does not apply" not in each.result] == [
        ("ended", True)
    ]


def test_a_correction_says_what_was_and_what_is() -> None:
    notice = notice_of(corrected(), TermCorrected)
    assert isinstance(notice, NoticeOfAmendment)
    assert [(each.what, each.was, each.now) for each in notice.changes] == [
        ("Valid through", "April 5, 2026", "April 12, 2026"),
        ("Reason", "Existing customers.", "As meant."),
        (
            "Activities",
            "(c)(1) Existing networks; the exporter certifies\n"
            "(c)(2) Existing networks; the recipient certifies",
            "(c)(2) Existing networks; the recipient certifies",
        ),
        ("Not for", "CU, IR", None),
    ]
    assert (notice.joined, notice.left) == (("three",), ("one",))
    assert notice.coverage is not None


def test_an_early_end_says_when_it_would_have_ended() -> None:
    notice = notice_of(running().after(TERMINATION), TermTerminated)
    assert isinstance(notice, NoticeOfAmendment)
    (change,) = notice.changes
    assert (change.was, change.now) == ("April 6, 2026, 00:00 EDT", "February 4, 2026, 09:00 EST")


def test_entities_that_join_are_named() -> None:
    notice = notice_of(running().after(ADDITION), EntitiesChanged)
    assert isinstance(notice, NoticeOfAmendment)
    assert (notice.joined, notice.left) == (("four", "three"), ())


def test_a_lapse_is_noticed_once_and_a_term_beside_another_is_not() -> None:
    notice = notice_of(lapsed(), TermExpired)
    assert isinstance(notice, NoticeOfEnd)
    assert (notice.term, notice.ended, notice.dated) == (1, "April 6, 2026, 00:00 EDT", date(2026, 4, 5))
    two = running().after(IssueTerm(term=order(date(2026, 5, 1)))).at(EXPIRY)
    assert [event.lapses for event in two.of(TermExpired)] == [False]
    both = running().after(IssueTerm(term=order())).at(EXPIRY)
    assert [event.lapses for event in both.of(TermExpired)] == [False, True]
    extended = taking_effect().after(TakeEffect()).at(EXPIRY)
    assert [event.lapses for event in extended.of(TermExpired)] == [False]


def test_the_end_of_a_reprieve_is_noticed() -> None:
    notice = notice_of(running().after(END), ReprieveEnded)
    assert isinstance(notice, NoticeOfEnd)
    assert (notice.term, notice.reasons, notice.citation) == (None, "National security.", "9 FR 9")


@pytest.mark.parametrize("stage", [stage for stage in CASES if stage])
def test_every_notice_can_be_made_from_the_events_up_to_its_own(stage: Stage) -> None:
    for title, story in CASES[stage].items():
        records = tuple(event.record() for event in story().events)
        for place, event in enumerate(story().events, 1):
            kind = event.letter
            if kind is not None:
                step = Step(stream=reprieve_stream(KEY), version=place, kind=kind)
                notice = compose(step, records[:place])
                assert notice.rests_on == digest({reprieve_stream(KEY): list(records[:place])}), title


def test_another_event_has_no_notice() -> None:
    told = proposed()
    records = tuple(event.record() for event in told.events)
    step = Step(stream=reprieve_stream(KEY), version=len(records), kind=LetterKind.NOTICE_OF_TERM)
    with pytest.raises(NoLetterError, match="calls for no such letter"):
        compose(step, records)


OTHERWISE = suspension(effective=date(2025, 11, 10), through=date(2026, 10, 30))
"""The suspension of 2025 as somebody else read it."""


def of_rule(told: Kept) -> Counter[str | None]:
    return Counter(event.letter for event in told.events if event.letter)


def test_what_two_officers_attested_has_a_notice_and_what_waits_has_none() -> None:
    assert of_rule(of_2025()) == {}
    notice = notice_of(of_2025().confirmed(), AttestationConfirmed)
    assert isinstance(notice, NoticeOfAttestation)
    assert (notice.of, notice.key, notice.title) == ("Rule", "affiliates", "Affiliates Rule")
    first, second = notice.acts
    assert (first.what, first.citation, first.valid_through) == ("Adopted", "90 FR 47201", None)
    assert (second.effective, second.valid_through) == ("November 10, 2025, 00:00 EST", date(2026, 11, 9))
    assert (notice.attested_by, notice.confirmed_by) == (
        f"{OFFICER.officer}, licensing officer",
        f"{OTHER_OFFICER.officer}, licensing officer",
    )
    assert [(each.what, each.was) for each in notice.standing] == [
        ("September 29, 2025", None),
        ("November 10, 2025", None),
        ("November 10, 2026", None),
    ]


def test_it_says_how_the_rule_stood_by_what_was_known_and_how_it_stands() -> None:
    notice = notice_of(extended(), AttestationConfirmed)
    assert isinstance(notice, NoticeOfAttestation)
    said = {each.what: (each.was, each.now) for each in notice.standing}
    same, after = said["November 10, 2025"], said["November 10, 2026"]
    assert same[0] == same[1] == "It is suspended through 9 Nov 2026 [90 FR 47201, 90 FR 50857]"
    assert after[0] is not None
    assert "or it is still suspended" in after[0]
    assert after[1] == "It is suspended through 9 Nov 2027 [90 FR 47201, 91 FR 50000]"
    assert "November 10, 2027" in said


def test_certainty_is_said_in_words() -> None:
    rumour = OTHERWISE.model_copy(update={"certainty": Certainty.UNVERIFIED})
    notice = notice_of(of_2025().confirmed().after(AttestAct(act=rumour)).confirmed(), AttestationConfirmed)
    assert isinstance(notice, NoticeOfAttestation)
    assert notice.acts[0].certainty.startswith("neither the act itself")


def test_a_corrected_attestation_says_what_it_said_and_one_taken_back_why() -> None:
    notice = notice_of(misprinted(), AttestationConfirmed)
    assert isinstance(notice, NoticeOfAttestation)
    assert notice.corrected is not None
    assert notice.corrected.number == 2
    assert [(each.what, each.was, each.now) for each in notice.changes] == [
        ("Printed in", "90 FR 50857", "90 FR 50858")
    ]
    back = notice_of(a_rumour(), AttestationConfirmed)
    assert isinstance(back, NoticeOfAttestation)
    assert (back.acts, back.changes, back.reasons) == ((), (), "A rumour.")
    assert back.standing[1].now == "It is in force [90 FR 47201]"
    assert back.again == ()
    again = notice_of(right_after_all(), AttestationConfirmed)
    assert isinstance(again, NoticeOfAttestation)
    assert [(each.number, each.citation) for each in again.again] == [(2, "90 FR 50857")]


def test_the_first_act_taken_back_leaves_no_rule_that_is_known() -> None:
    alone = Kept(NOW).after(opening_of(adoption())).confirmed()
    kept = alone.after(TakeBackAttestation(corrects=1, reasons="None.")).confirmed()
    notice = notice_of(kept, AttestationConfirmed)
    assert isinstance(notice, NoticeOfAttestation)
    assert [each.now for each in notice.standing] == ["No such rule is known"]


def test_officers_are_written_to_ahead_of_an_end_and_at_it() -> None:
    assert of_rule(near().at(OVER)) == {
        LetterKind.NOTICE_OF_ATTESTATION: 1,
        LetterKind.NOTICE_BEFORE_END: 1,
        LetterKind.NOTICE_OF_END: 1,
        LetterKind.MEMORANDUM: 1,
    }
    ahead = notice_of(near(), EndNeared)
    assert isinstance(ahead, NoticeBeforeEnd)
    assert (ahead.act.number, ahead.last_day, ahead.dated) == (2, LAST_DAY, date(2026, 10, 26))
    assert (ahead.waits, ahead.policy_version) == (None, CURRENT)
    assert ahead.settled_by is not None
    late = near().after(AttestAct(act=OTHERWISE)).at(OVER)
    end = notice_of(late, ActEnded)
    assert isinstance(end, NoticeOfEndOfAct)
    assert (end.act.number, end.ended, end.dated) == (2, "November 10, 2026, 00:00 EST", LAST_DAY)


def test_an_end_that_was_learned_of_later_is_told_as_of_its_own_instant() -> None:
    back = start_of_day(date(2026, 3, 1))
    act = Act(
        kind=ActKind.REINSTATED,
        citation="91 FR 3",
        effective=back,
        certainty=Certainty.PRIMARY,
        text="In force again.",
    )
    later = of_2025().confirmed().at(start_of_day(date(2026, 6, 1)))
    learned = later.after(AttestAct(act=act)).confirmed()
    kept = learned.at(learned.now)
    for kind in (ActEnded, EndDecided):
        notice = notice_of(kept, kind)
        assert isinstance(notice, NoticeOfEndOfAct | MemorandumOfAct)
        assert (notice.ended, notice.dated) == ("March 1, 2026, 00:00 EST", date(2026, 6, 1))
        assert notice.standing.startswith("it is in force")


def test_what_waits_when_an_end_nears_is_said() -> None:
    waits = of_2025().confirmed().after(AttestAct(act=OTHERWISE))
    notice = notice_of(waits.at(near().now), EndNeared)
    assert isinstance(notice, NoticeBeforeEnd)
    assert notice.waits == 3


def test_an_act_that_another_follows_ends_without_a_notice_and_with_a_memorandum() -> None:
    over = extended().at(OVER)
    assert over.events[-1].letter == LetterKind.MEMORANDUM
    assert of_rule(over)[LetterKind.NOTICE_OF_END] == 0
    notice = notice_of(over, EndDecided)
    assert isinstance(notice, MemorandumOfAct)
    assert (notice.outcome, notice.row, notice.settled_by) == (
        "Extended by an act on record",
        "extended",
        None,
    )
    assert notice.standing == "it is suspended through 9 Nov 2027 [90 FR 47201, 91 FR 50000]"


def test_a_memorandum_on_an_act_has_the_trace_as_that_on_a_term_has() -> None:
    told = near().at(OVER)
    (made,) = [event for event in told.events if isinstance(event, EndDecided)]
    notice = notice_of(told, EndDecided)
    assert isinstance(notice, MemorandumOfAct)
    assert notice.table_version == made.evaluation.version
    assert [each.row for each in notice.rows] == [each.row for each in made.evaluation.trace]
    assert [each.row for each in notice.rows if each.decides] == ["nothing-published"]
    assert [(each.name, each.value) for each in notice.facts] == [
        ("follows", "open"),
        ("waiting", "no"),
        ("disputed", "no"),
        ("suspensions", "1"),
    ]
    results = {each.row: each.result for each in notice.rows}
    assert results["replaced"].endswith("not “not adopted” or in force or “not enforced” or withdrawn")


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: near().after(AttestAct(act=OTHERWISE)),
        lambda: of_2025().confirmed().after(AttestAct(act=OTHERWISE)).confirmed(),
    ],
)
def test_what_officers_are_to_say_is_referred_to_them(outcome: Callable[[], Kept]) -> None:
    notice = notice_of(outcome().at(OVER), EndDecided)
    assert isinstance(notice, MemorandumOfAct)
    assert notice.outcome == "Referred to the licensing officers"


def test_every_notice_of_a_rule_can_be_made_from_the_events_up_to_its_own() -> None:
    for told in (near().at(OVER), extended().at(OVER), misprinted(), a_rumour()):
        records = tuple(event.record() for event in told.events)
        for place, event in enumerate(told.events, 1):
            if event.letter is not None:
                step = Step(stream=rule_stream(told.key), version=place, kind=event.letter)
                notice = compose(step, records[:place])
                assert notice.rests_on == digest({rule_stream(told.key): list(records[:place])})


CASE_BY_CASE = ReviewPolicy(text="One by one", posture=Posture.CASE_BY_CASE)


def test_what_a_rule_is_about_is_said_whatever_it_is() -> None:
    many = tuple(f"{n}A001" for n in range(30))
    chips = tuple(f"5A{n:03}" for n in range(30))
    for governs, said in (
        (Affiliates(), "the half or more"),
        (
            GeneralLicense(rule="affiliates", countries=frozenset({"NO", "FI"}), otherwise="Joint ventures."),
            "requires for parties in FI, NO; besides it covers: Joint ventures.",
        ),
        (
            GeneralLicense(
                rule="affiliates",
                countries=frozenset({"FI"}),
                joint_ventures=JointVentures(
                    headquartered=frozenset({"US"}), provided="Nobody listed owns it."
                ),
            ),
            "in FI; wherever they are, for joint ventures headquartered in one of its countries or US,"
            " provided that Nobody listed owns it.",
        ),
        (Entries(entries=many), "19A001 and 10 more"),
        (Places(countries=frozenset({"HK"})), "Country Groups: HK"),
        (Printed(issued=LAST_DAY, version="sha256:" + "a" * 64), "the control tables of November 9, 2026"),
        (
            Reviewed(
                entries=chips, countries=frozenset({"MO", "CN"}), policy=CASE_BY_CASE, certify="Its use."
            ),
            "5A019 and 10 more to CN, MO: case by case, in the words: One by one; the applicant certifies:"
            " Its use.",
        ),
        (
            Reviewed(
                listings=(OnList(source_list="entity-list", footnote=4), OnList(source_list="sdn")),
                policy=CASE_BY_CASE,
            ),
            "with a party on footnote 4 of the Entity List, the Specially Designated Nationals: case by case",
        ),
    ):
        key = governs.key if isinstance(governs, Printed) else "kept"
        key = "affiliates" if isinstance(governs, Affiliates) else key
        opening = opening_of(adoption()).model_copy(update={"governs": governs})
        notice = notice_of(Kept(NOW, key=key).after(opening).confirmed(), AttestationConfirmed)
        assert isinstance(notice, NoticeOfAttestation)
        assert said in notice.governs
