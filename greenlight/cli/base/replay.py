"""A case from the log, as the commands that look at one need it."""

from datetime import datetime
from typing import TypeVar

from greenlight.cli.base.output import fail, warn
from greenlight.cli.base.session import REFUSED, Session
from greenlight.kernel.aggregate import Aggregate, CommandRefused, Staged
from greenlight.kernel.commit import Event
from greenlight.kernel.past import UnreadableError

S = TypeVar("S", bound=Staged)


async def replayed(
    session: Session,
    aggregate: Aggregate[S],
    stream: str,
    until: datetime | None = None,
    known: datetime | None = None,
) -> tuple[S, list[Event]]:
    """The state at a legal time as the log knew it, and the events that led to it; as far as they can be read
    here, and a word of warning where others follow. The end of the command, where there is no such case."""
    state, events = await as_far_as_read(session, aggregate, stream, until, known)
    if state is None:
        then = " at that time" if until or known else ""
        raise fail(REFUSED, f"refused: no_such_case: there is no {stream}{then}")
    return state, events


async def as_far_as_read(
    session: Session,
    aggregate: Aggregate[S],
    stream: str,
    until: datetime | None = None,
    known: datetime | None = None,
) -> tuple[S | None, list[Event]]:
    """As ``replayed``; None: there is no such case."""
    state: S | None = None
    events: list[Event] = []
    async with session.events() as reader:
        async for event in reader.stream(stream):
            if (until is None or event.at <= until) and (known is None or event.recorded_at <= known):
                try:
                    events.append(aggregate.read(event.record))
                    state = aggregate.apply(state, events[-1])
                except UnreadableError as error:
                    warn(
                        f"{stream} goes on with event {event.version}, and is told as it was before: {error}"
                    )
                    break
                except ValueError:
                    problem = f"{stream}, event {event.version} cannot be read: run starter.py verify"
                    raise fail(REFUSED, problem) from None
    return state, events


async def insist_on(session: Session, stream: str) -> None:
    """End with a refusal if there is no such case; a stream that has refusals alone is none."""
    async with session.reader() as reader:
        async for event in reader.stream(stream):
            if event.type != CommandRefused.__name__:
                return
    raise fail(REFUSED, f"refused: no_such_case: there is no {stream}")
