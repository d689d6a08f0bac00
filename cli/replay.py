"""A case from the log, as the commands that look at one need it."""

from datetime import datetime
from typing import TypeVar

from cli.output import fail
from cli.session import REFUSED, Session
from licensing.application.state import ApplicationState
from licensing.batch.state import BatchState
from licensing.commit import Event
from licensing.decider import Decider
from licensing.directive.state import DirectiveState
from licensing.entity.state import EntityState
from licensing.license.state import LicenseState
from licensing.list.state import ListState
from licensing.reprieve.state import ReprieveState

S = TypeVar(
    "S",
    ApplicationState,
    LicenseState,
    ReprieveState,
    EntityState,
    BatchState,
    DirectiveState,
    ListState,
)


async def replayed(
    session: Session,
    decider: Decider[S],
    stream: str,
    until: datetime | None = None,
    known: datetime | None = None,
) -> tuple[S, list[Event]]:
    """The state at a legal time as the log knew it, and the events that led to it."""
    state: S | None = None
    events: list[Event] = []
    async with session.reader() as reader:
        async for event in reader.stream(stream):
            if (until is None or event.at <= until) and (known is None or event.recorded_at <= known):
                try:
                    events.append(decider.read(event.record))
                    state = decider.apply(state, events[-1])
                except ValueError:
                    problem = f"{stream}, event {event.version} cannot be read: run starter.py verify"
                    raise fail(REFUSED, problem) from None
    if state is None:
        then = " at that time" if until or known else ""
        raise fail(REFUSED, f"refused: no_such_case: there is no {stream}{then}")
    return state, events
