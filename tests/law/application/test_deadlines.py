"""The statutory clock of an application: when it runs, stops, runs again, and what it records."""

import json
from datetime import timedelta

import pytest

from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, Withdraw
from greenlight.law.application.deadlines import INITIAL_ACTION, RESOLUTION
from greenlight.law.application.events import DeadlinePassed
from greenlight.law.application.state import CLOSED, Stage
from tests.kernel.time.samples import washington
from tests.law.application.cases import OTHER_PARTIES, Case, in_review, submitted
from tests.law.application.stories import CASES

BEGIN = washington(2026, 9, 1)
INITIAL_DUE = washington(2026, 9, 11, 0)
RESOLUTION_DUE = washington(2026, 12, 1, 0)


def _started() -> Case:
    return submitted(at=BEGIN)


def _deadlines(case: Case) -> dict[str, Deadline]:
    return {deadline.kind: deadline for deadline in APPLICATION.deadlines(case.opened)}


def _passed(case: Case) -> list[DeadlinePassed]:
    return [event for event in case.events if isinstance(event, DeadlinePassed)]


def test_periods_are_those_of_the_regulation() -> None:
    assert (INITIAL_ACTION.days, INITIAL_ACTION.citation) == (9, "15 CFR 750.4(c)")
    assert (RESOLUTION.days, RESOLUTION.citation) == (90, "15 CFR 750.4(a)(1)")


def test_both_deadlines_run_from_the_registration_the_earlier_first() -> None:
    initial, resolution = APPLICATION.deadlines(_started().opened)
    assert (initial.kind, initial.due) == ("initial_action", INITIAL_DUE)
    assert (resolution.kind, resolution.due) == ("resolution", RESOLUTION_DUE)
    assert APPLICATION.next_deadline(_started().opened) == initial


def test_a_deadline_passes_at_its_own_instant_however_late_it_is_noticed() -> None:
    late = _started().later(days=400).advanced()
    assert [(event.deadline, event.at) for event in _passed(late)] == [
        ("initial_action", INITIAL_DUE),
        ("resolution", RESOLUTION_DUE),
    ]
    assert {event.started_at for event in _passed(late)} == {BEGIN}
    assert late.opened.passed == {"initial_action", "resolution"}
    assert APPLICATION.deadlines(late.opened) == ()
    assert late.later(days=400).advanced() == late.later(days=400)


def test_a_deadline_passes_at_the_due_instant_and_not_before() -> None:
    assert not _passed(_started().at(INITIAL_DUE - timedelta(microseconds=1)).advanced())
    assert len(_passed(_started().at(INITIAL_DUE).advanced())) == 1


def test_a_command_at_the_due_instant_comes_after_the_deadline() -> None:
    case = _started().at(INITIAL_DUE).inquired()
    assert [type(event).__name__ for event in case.events[1:]] == ["DeadlinePassed", "InformationRequested"]
    in_time = _started().at(INITIAL_DUE - timedelta(microseconds=1)).inquired()
    assert not _passed(in_time.later(days=30).advanced())


def test_a_case_that_is_overdue_goes_on() -> None:
    case = _started().later(days=400).screened().recommended().countersigned()
    assert case.opened.stage in CLOSED
    assert case.opened.passed == {"initial_action", "resolution"}


def test_a_request_is_an_initial_action_and_stops_the_clock() -> None:
    waiting = _started().later(days=5).inquired()
    assert waiting.opened.acted == {"initial_action"}
    assert _deadlines(waiting).keys() == {"resolution"}
    assert _deadlines(waiting)["resolution"].due is None
    assert APPLICATION.next_deadline(waiting.opened) is None
    assert not _passed(waiting.later(days=4000).advanced())


def test_the_answer_restarts_the_clock() -> None:
    answered = _started().later(days=5).inquired().later(days=14).answered()
    (hold,) = answered.opened.holds
    assert (hold.placed_at, hold.lifted_at) == (BEGIN + timedelta(days=5), BEGIN + timedelta(days=19))
    assert (hold.placed_by, hold.lifted_by) == ("lee", "rivera")
    assert _deadlines(answered)["resolution"].due == washington(2026, 12, 15, 0)
    assert _deadlines(answered)["resolution"].explanation == (
        "Resolution due 14 Dec 2026: registered 1 Sep 2026, 90 days, 14 days held for applicant information "
        "(15 CFR 750.4(a)(1))"
    )
    (passed,) = _passed(answered.later(days=400).advanced())
    assert passed.at == washington(2026, 12, 15, 0)


def test_every_request_holds_the_clock() -> None:
    case = _started().screened()
    for _ in range(3):
        case = case.later(days=2).inquired().later(days=10).answered()
    assert len(case.opened.holds) == len(case.opened.inquiries) == 3
    assert all(inquiry.answer for inquiry in case.opened.inquiries)
    assert case.opened.open_inquiry is None
    assert _deadlines(case)["resolution"].due == washington(2026, 12, 31, 0)


def test_a_request_on_the_last_day_still_stops_the_clock() -> None:
    case = _started().at(RESOLUTION_DUE - timedelta(minutes=1)).inquired()
    assert not [event for event in _passed(case) if event.deadline == "resolution"]
    assert _deadlines(case)["resolution"].due is None
    answered = case.later(days=3).answered()
    assert _deadlines(answered)["resolution"].due == washington(2026, 12, 4, 0)


def test_a_request_after_the_due_instant_changes_nothing() -> None:
    case = _started().at(RESOLUTION_DUE).inquired().later(days=30).answered().later(days=30).advanced()
    assert [event.at for event in _passed(case)] == [INITIAL_DUE, RESOLUTION_DUE]


def test_replaced_parties_do_not_restart_the_period() -> None:
    plain = _started().screened().inquired().later(days=7).answered()
    replaced = _started().screened().inquired().later(days=7).answered(OTHER_PARTIES)
    assert _deadlines(replaced) == _deadlines(plain)


def test_sending_back_neither_stops_nor_restarts_the_clock() -> None:
    case = _started().screened().recommended().later(days=3)
    assert _deadlines(case.after(Countersign(agrees=False))) == _deadlines(case)


def test_a_recommendation_is_no_initial_action() -> None:
    assert "initial_action" in _deadlines(in_review().recommended())


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_a_closed_case_has_no_deadlines(stage: Stage) -> None:
    for case in (story() for story in CASES[stage].values()):
        assert APPLICATION.deadlines(case.opened) == ()
        assert APPLICATION.advance(case.opened, case.now + timedelta(days=4000)) == ()


def test_a_case_closed_while_the_clock_stands_still_stays_closed() -> None:
    case = _started().inquired().later(days=200).after(Withdraw())
    assert APPLICATION.deadlines(case.opened) == ()
    assert case.opened.decided_at == BEGIN + timedelta(days=200)


def test_a_deadline_says_what_it_rests_on() -> None:
    for event in _passed(_started().later(days=400).advanced()):
        assert json.loads(event.record())["citation"].startswith("15 CFR 750.4")
