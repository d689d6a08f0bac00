"""A registration has no deadlines: terms end by themselves, because every check asks for the time."""

from greenlight.kernel.commit import Event
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.officer.state import OfficerState


def deadlines(state: OfficerState) -> tuple[Deadline, ...]:
    return ()


def passed(state: OfficerState, deadline: Deadline) -> tuple[Event, ...]:
    return ()
