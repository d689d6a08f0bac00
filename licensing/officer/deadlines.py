"""A registration has no deadlines: terms end by themselves, because every check asks for the time."""

from licensing.commit import Event
from licensing.officer.state import OfficerState
from licensing.time.deadlines import Deadline


def deadlines(state: OfficerState) -> tuple[Deadline, ...]:
    return ()


def passed(state: OfficerState, deadline: Deadline) -> tuple[Event, ...]:
    return ()
