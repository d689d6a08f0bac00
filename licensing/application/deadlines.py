"""The statutory deadlines of an application (15 CFR 750.4)."""

from licensing.application.events import DeadlinePassed
from licensing.application.state import ApplicationState
from licensing.commit import Event
from licensing.time.deadlines import Deadline, Period, period_deadline
from licensing.time.holds import HeldDays

INITIAL_ACTION = Period(
    kind="initial_action",
    label="Initial action",
    days=9,
    counted_from="registered",
    citation="15 CFR 750.4(c)",
)
RESOLUTION = Period(
    kind="resolution",
    label="Resolution",
    days=90,
    counted_from="registered",
    citation="15 CFR 750.4(a)(1)",
)
PERIODS = (INITIAL_ACTION, RESOLUTION)


def deadlines(state: ApplicationState) -> tuple[Deadline, ...]:
    """The deadlines still to be met: running ones by date, then those whose clock stands still."""
    if state.stage.closed:
        return ()
    done = state.passed | state.acted
    held = HeldDays.of(state.holds)
    pending = [
        period_deadline(period, state.registered_at, held) for period in PERIODS if period.kind not in done
    ]
    running = sorted((d for d in pending if d.due is not None), key=lambda d: d.due or d.started_at)
    return (*running, *(d for d in pending if d.due is None))


def passed(state: ApplicationState, deadline: Deadline) -> tuple[Event, ...]:
    """The record that a deadline came before its action; the case goes on, overdue."""
    if deadline.due is None:
        return ()
    kind = "initial_action" if deadline.kind == INITIAL_ACTION.kind else "resolution"
    return (
        DeadlinePassed(
            at=deadline.due, deadline=kind, started_at=deadline.started_at, citation=deadline.citation
        ),
    )
