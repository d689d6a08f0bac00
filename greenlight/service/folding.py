"""Many cases as they stand, folded from the log."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import StreamPage, last_of

S = TypeVar("S", bound=Staged)

FOLDED = 100
"""So many cases are read by one statement, and folded off the event loop."""


class Streams(Protocol):
    """The part of the log that is needed here."""

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]: ...


class Stream(Protocol):
    """The part of the log that is needed for one case."""

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...


class PageMissingError(Exception):
    """More was said to follow, and nothing did: the log was restored meanwhile. Trying again is harmless."""


async def records_of(log: Stream, stream: str) -> list[str]:
    """All records of a stream, read page by page.

    :raises PageMissingError: it did not come to its end.
    """
    records: list[str] = []
    more = True
    while more:
        page = await log.read_stream(stream, len(records))
        records += page.records
        more = _goes_on(stream, page)
    return records


def _goes_on(stream: str, page: StreamPage) -> bool:
    if page.more and not page.records:
        raise PageMissingError(stream)
    return page.more


@dataclass(slots=True)
class Folded(Generic[S]):
    """A case as far as its stream was read: its state at ``version``.

    ``last`` is the digest of the record at that version; None: any record will do. ``at``: the latest legal
    time of the events that were read. ``newer``: the type of the event that follows and that cannot be read
    here. ``size``: about how many characters all of it has. ``past``: the digest of all its records, where
    it is held for a workflow.
    """

    stream: str
    state: S | None = None
    version: int = 0
    last: str | None = None
    at: datetime | None = None
    newer: str | None = None
    size: int = 0
    past: str | None = None


def parts(streams: Sequence[str]) -> list[Sequence[str]]:
    """The streams in their order, as many at a time as are read by one statement."""
    return [streams[first : first + FOLDED] for first in range(0, len(streams), FOLDED)]


async def folded(log: Streams, aggregate: Aggregate[S], streams: Sequence[str]) -> dict[str, S]:
    """The state of each of the streams; one that is not there, or goes on with what only a newer release can
    read, is left out.

    :raises PageMissingError: one did not come to its end.
    """
    cases = await read(log, aggregate, streams)
    return {stream: case.state for stream, case in cases.items() if case.state}


async def read(log: Streams, aggregate: Aggregate[S], streams: Sequence[str]) -> dict[str, Folded[S]]:
    """Each of the streams as it stands; the same are left out.

    :raises PageMissingError: one did not come to its end.
    """
    cases = {stream: Folded[S](stream) for stream in streams}
    for part in parts(streams):
        await catch_up(log, aggregate, {stream: cases[stream] for stream in part})
    return {stream: case for stream, case in cases.items() if case.state and case.newer is None}


async def catch_up(log: Streams, aggregate: Aggregate[S], cases: Mapping[str, Folded[S]]) -> None:
    """Bring each case up to the log.

    :raises PageMissingError: one did not come to its end.
    """
    behind = cases
    while behind:
        pages = await log.read_streams({stream: case.version for stream, case in behind.items()})
        await asyncio.to_thread(_fold, aggregate, cases, pages)
        behind = {
            stream: cases[stream]
            for stream, page in pages.items()
            if cases[stream].newer is None and _goes_on(stream, page)
        }


def _fold(aggregate: Aggregate[S], cases: Mapping[str, Folded[S]], pages: Mapping[str, StreamPage]) -> None:
    for stream, page in pages.items():
        case = cases[stream]
        events, case.newer = aggregate.known_of(page.records)
        known = page.records[: len(events)]
        case.state = aggregate.folded(case.state, events)
        case.version, case.last = case.version + len(known), last_of(known, case.last)
        before = () if case.at is None else (case.at,)
        case.at = max((*before, *(event.at for event in events)), default=None)
        case.size += sum(map(len, known))
