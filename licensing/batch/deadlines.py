"""A batch has no deadlines: its cases have theirs."""

from licensing.batch.state import BatchState
from licensing.commit import Event
from licensing.time.deadlines import Deadline


def deadlines(state: BatchState) -> tuple[Deadline, ...]:
    return ()


def passed(state: BatchState, deadline: Deadline) -> tuple[Event, ...]:
    return ()
