"""Directives: when they are in force, who may do what, and how far a fan-out is."""

from datetime import date, timedelta
from typing import get_args

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import (
    BeginFanOut,
    RecordSuperseded,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
)
from greenlight.law.directive.deadlines import deadlines
from greenlight.law.directive.events import (
    DirectiveCameInForce,
    DirectiveEvent,
    DirectiveExpired,
    FanOutCompleted,
    FanOutProgressed,
)
from greenlight.law.directive.fan_out import MAX_ROUNDS, FanOut
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.state import DirectiveState, Stage
from tests.law.actors import APPLICANT, AUDITOR, EXECUTIVE, OFFICER
from tests.law.application.directives import AUTHOR, AUTHOR_AS_OFFICER
from tests.law.decisions import code_of
from tests.law.directive.cases import (
    ATTEST,
    BEGIN,
    CASES,
    EXPIRES,
    FAILED,
    ISSUE,
    LATER,
    RESCIND,
    WITHDRAW,
    Directive,
    conditional,
    failing,
    fanning_out,
    given_up,
    issue,
    issued,
    progress,
)


def fan_out(directive: Directive) -> FanOut:
    found = directive.opened.fan_out
    assert found is not None
    return found


def test_a_directive_is_in_force_at_once_unless_it_says_otherwise() -> None:
    standing = issued().opened.standing
    assert standing is not None
    assert (standing.since, standing.author) == (BEGIN, AUTHOR)
    assert issued(effective=BEGIN - timedelta(days=9)).opened.since == BEGIN


def test_it_comes_in_force_at_its_own_instant_however_late_that_is_noticed() -> None:
    directive = issued(effective=LATER)
    assert directive.opened.standing is None
    assert directive.later(days=8).advanced().opened.since == LATER


def test_a_conditional_one_waits_for_the_later_of_both() -> None:
    assert conditional().later(days=1).after(ATTEST).opened.since == BEGIN + timedelta(days=1)
    early = conditional(effective=LATER).later(days=1).after(ATTEST)
    assert early.opened.since is None
    assert early.later(days=9).advanced().opened.since == LATER
    assert conditional(effective=LATER).later(days=9).advanced().opened.stage is Stage.AWAITING_EVENT


def test_a_withdrawn_attestation_takes_it_out_of_force_until_the_next() -> None:
    directive = conditional().after(ATTEST).after(WITHDRAW)
    assert directive.opened.standing is None
    again = directive.later(days=1).after(ATTEST)
    assert again.opened.since == again.now
    assert again.opened.fan_out_due
    assert code_of(issued().asked(WITHDRAW)) is DirectiveRefusal.NOT_ATTESTED


def test_who_issued_it_does_not_attest_its_event() -> None:
    for person in (AUTHOR, AUTHOR_AS_OFFICER):
        assert code_of(conditional().asked(ATTEST, person)) is DirectiveRefusal.OWN_DIRECTIVE
        attested = conditional().after(ATTEST)
        assert code_of(attested.asked(WITHDRAW, person)) is DirectiveRefusal.OWN_DIRECTIVE
    assert conditional().after(ATTEST, EXECUTIVE).opened.stage is Stage.IN_FORCE


@pytest.mark.parametrize(
    ("body", "by"),
    [(RESCIND, OFFICER), (ATTEST, AUDITOR), (StopFanOut(), APPLICANT), (ISSUE, OFFICER)],
    ids=repr,
)
def test_others_do_not(body: Body, by: Actor) -> None:
    at = Directive() if body is ISSUE else conditional() if body is ATTEST else fanning_out()
    assert code_of(at.asked(body, by)) is RefusalCode.WRONG_ROLE


def test_nobody_says_what_the_service_says() -> None:
    for body in (BeginFanOut(pending=1), RecordSuperseded(by_directive="order-2")):
        assert code_of(issued().asked(body, EXECUTIVE)) is RefusalCode.WRONG_ROLE


@pytest.mark.parametrize("expires", [BEGIN, LATER])
def test_one_that_would_be_over_before_it_begins_is_refused(expires: object) -> None:
    assert code_of(Directive().asked(issue(effective=LATER, expires=expires))) is RefusalCode.TOO_LATE


def test_it_cannot_supersede_itself() -> None:
    assert code_of(Directive().asked(issue(supersedes="order-1"))) is RefusalCode.MALFORMED


def test_superseded_is_for_good() -> None:
    over = issued(expires=EXPIRES).after(RecordSuperseded(by_directive="order-2"))
    assert over.later(days=40).advanced().events == over.events
    for body in (ATTEST, WITHDRAW, RESCIND, RecordSuperseded(by_directive="order-3")):
        assert code_of(over.asked(body)) is RefusalCode.CASE_CLOSED
    assert over.opened.standing is None


def test_how_often_it_came_in_force_outlives_it() -> None:
    """The log goes by that: who has superseded another has done so for good."""
    shown = [
        DIRECTIVE.view(story.opened, 1).row["times"]
        for story in (
            conditional(),
            issued(),
            issued().after(RESCIND),
            conditional().after(ATTEST).after(WITHDRAW),
        )
    ]
    assert shown == [0, 1, 1, 1]


def test_its_last_day_is_told_as_the_cases_that_it_stops_tell_it() -> None:
    state = issued(expires=end_of_day(date(2020, 3, 31))).state
    assert state is not None
    (expiry,) = deadlines(state)
    assert expiry.explanation == "In force through 31 Mar 2020 at most, as ordered"


def test_it_expires_whether_it_came_in_force_or_not() -> None:
    for story in (issued(expires=EXPIRES), conditional(expires=EXPIRES)):
        over = story.later(days=40).advanced()
        assert isinstance(over.events[-1], DirectiveExpired)
        assert over.events[-1].at == EXPIRES
    late = issued(effective=LATER, expires=EXPIRES).later(days=40).advanced()
    kinds = [type(event) for event in late.events[1:]]
    assert kinds == [DirectiveCameInForce, DirectiveExpired]


def test_a_fan_out_goes_through_what_is_pending() -> None:
    directive = fanning_out().after(progress()).after(progress(cursor="Z000100", batch=2))
    assert (fan_out(directive).done, fan_out(directive).left) == (100, 20)
    assert fan_out(directive).cursor == "Z000100"
    done = directive.after(progress(cursor="Z000120", left=20, last=True, batch=3))
    assert isinstance(done.events[-1], FanOutCompleted)
    assert (fan_out(done).done, fan_out(done).left, done.opened.fanning_out) == (120, 0, None)


def test_a_batch_that_is_on_record_is_not_recorded_again() -> None:
    """Whatever the second telling says: cases may have changed meanwhile."""
    directive = fanning_out().after(progress())
    for again in (progress(), progress(left=49), progress(cursor="Z000100"), progress(batch=3)):
        assert code_of(directive.asked(again)) is DirectiveRefusal.NO_FAN_OUT
    for round_ in (failing(), failing().after(progress(cursor=None, left=0, failed=(FAILED,), batch=2))):
        (*_, told) = round_.events
        assert isinstance(told, FanOutProgressed)
        on_record = progress(cursor=None, left=0, failed=(FAILED,), batch=fan_out(round_).batches)
        assert code_of(round_.asked(on_record)) is DirectiveRefusal.NO_FAN_OUT


def test_each_time_it_comes_in_force_it_fans_out_once() -> None:
    assert code_of(fanning_out().asked(BeginFanOut(pending=1))) is DirectiveRefusal.NO_FAN_OUT
    directive = conditional().after(ATTEST).after(BeginFanOut(pending=1)).after(WITHDRAW)
    assert directive.opened.fanning_out is None
    again = directive.after(ATTEST)
    assert again.opened.fanning_out is None
    assert fan_out(again.after(BeginFanOut(pending=3))).number == 2
    assert code_of(again.after(BeginFanOut(pending=3)).asked(progress(1))) is DirectiveRefusal.NO_FAN_OUT


def test_a_stopped_one_goes_on_where_it_was() -> None:
    stopped = fanning_out().after(progress()).after(StopFanOut())
    assert code_of(stopped.asked(StopFanOut())) is DirectiveRefusal.NO_FAN_OUT
    assert fan_out(stopped.after(progress(cursor="Z000100", batch=2))).stopped
    resumed = stopped.after(ResumeFanOut())
    assert (fan_out(resumed).cursor, fan_out(resumed).stopped) == ("Z000050", False)
    assert code_of(resumed.asked(ResumeFanOut())) is DirectiveRefusal.NO_FAN_OUT


def test_failed_ones_are_tried_so_often_and_then_named() -> None:
    directive = failing()
    for number in range(1, MAX_ROUNDS + 1):
        assert not fan_out(directive).completed
        directive = directive.after(directive.next_batch(cursor=None, left=0, failed=(FAILED,)))
        assert fan_out(directive).rounds == number
    completed = directive.events[-1]
    assert isinstance(completed, FanOutCompleted)
    assert completed.failed == (FAILED,)
    again = directive.after(RetryFanOut()).after(directive.next_batch(cursor=None, left=1))
    assert (fan_out(again).completed, fan_out(again).failed) == (True, ())
    assert code_of(again.asked(RetryFanOut())) is DirectiveRefusal.NO_FAN_OUT


def test_who_is_waited_for() -> None:
    def waits_for(directive: Directive) -> str:
        return DIRECTIVE.status(directive.opened).waiting_for

    assert waits_for(issued(effective=LATER)) == "nobody"
    assert waits_for(conditional()) == "licensing_officer"
    assert waits_for(fanning_out()) == "service"
    assert waits_for(fanning_out().after(StopFanOut())) == "licensing_officer"
    assert waits_for(given_up()) == "licensing_officer"
    assert waits_for(fanning_out().after(progress(last=True))) == "nobody"


def test_the_fan_out_is_no_part_of_what_is_signed() -> None:
    assert DIRECTIVE.dossier(issued().opened) == DIRECTIVE.dossier(failing().opened)
    conditional_one = conditional()
    assert DIRECTIVE.dossier(conditional_one.opened) != DIRECTIVE.dossier(
        conditional_one.after(ATTEST).opened
    )


def test_every_event_is_what_its_record_says() -> None:
    seen = {event for stories in CASES.values() for story in stories.values() for event in _events(story())}
    seen |= set(_events(fanning_out().after(StopFanOut()).after(ResumeFanOut())))
    seen |= set(_events(given_up().after(RetryFanOut())))
    assert {name for name, _ in seen} == {kind.__name__ for kind in get_args(DirectiveEvent)}


def _events(directive: Directive) -> list[tuple[str, str]]:
    state: DirectiveState | None = None
    for event in directive.events:
        again = DIRECTIVE.read(event.record())
        assert again == event
        state = DIRECTIVE.evolve(state, again)
    assert state == directive.state
    return [(type(event).__name__, event.record()) for event in directive.events]
