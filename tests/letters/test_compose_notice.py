"""What the notices on a reprieve say, and of which events."""

from collections import Counter
from datetime import date

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.streams import reprieve_stream
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
from greenlight.letters.compose import compose
from greenlight.letters.content import NoLetterError, Step
from greenlight.letters.notices import Memorandum, NoticeOfAmendment, NoticeOfEnd, NoticeOfTerm
from tests.law.actors import EXECUTIVE
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
from tests.letters.notices import ADDITION, TERMINATION, corrected, notice_of


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
