"""Many cases as they stand, folded from the log."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import StreamPage

S = TypeVar("S", bound=Staged)

FOLDED = 25
"""So many cases are read by one statement, and folded off the event loop."""


class Streams(Protocol):
    """The part of the log that is needed here."""

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]: ...


@dataclass(slots=True)
class Folded(Generic[S]):
    """A case as far as its stream was read."""

    state: S | None = None
    version: int = 0


def parts(streams: Sequence[str]) -> list[Sequence[str]]:
    """The streams in their order, as many at a time as are read by one statement."""
    return [streams[first : first + FOLDED] for first in range(0, len(streams), FOLDED)]


async def folded(log: Streams, aggregate: Aggregate[S], streams: Sequence[str]) -> dict[str, S]:
    """The state of each of the streams; one that is not there is left out."""
    cases = {stream: Folded[S]() for stream in streams}
    for part in parts(streams):
        await catch_up(log, aggregate, {stream: cases[stream] for stream in part})
    return {stream: case.state for stream, case in cases.items() if case.state is not None}


async def catch_up(log: Streams, aggregate: Aggregate[S], cases: Mapping[str, Folded[S]]) -> None:
    """Bring each case up to the log."""
    behind = cases
    while behind:
        pages = await log.read_streams({stream: case.version for stream, case in behind.items()})
        await asyncio.to_thread(_fold, aggregate, cases, pages)
        behind = {stream: cases[stream] for stream, page in pages.items() if page.more}


def _fold(aggregate: Aggregate[S], cases: Mapping[str, Folded[S]], pages: Mapping[str, StreamPage]) -> None:
    for stream, page in pages.items():
        case = cases[stream]
        case.state = aggregate.replay(case.state, page.records)
        case.version += len(page.records)
