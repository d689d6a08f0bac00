"""A case from the log, as the commands that look at one need it."""

from datetime import datetime
from typing import TypeVar

from greenlight.cli.base.output import fail
from greenlight.cli.base.session import REFUSED, Session
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import Event

S = TypeVar("S", bound=Staged)


async def replayed(
    session: Session,
    aggregate: Aggregate[S],
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
                    events.append(aggregate.read(event.record))
                    state = aggregate.apply(state, events[-1])
                except ValueError:
                    problem = f"{stream}, event {event.version} cannot be read: run starter.py verify"
                    raise fail(REFUSED, problem) from None
    if state is None:
        then = " at that time" if until or known else ""
        raise fail(REFUSED, f"refused: no_such_case: there is no {stream}{then}")
    return state, events
