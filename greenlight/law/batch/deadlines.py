"""A batch has no deadlines: its cases have theirs."""

from greenlight.kernel.commit import Event
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.batch.state import BatchState


def deadlines(state: BatchState) -> tuple[Deadline, ...]:
    return ()


def passed(state: BatchState, deadline: Deadline) -> tuple[Event, ...]:
    return ()
