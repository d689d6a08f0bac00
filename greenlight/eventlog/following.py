"""Following the log: what is new since a position, and word of it the moment that it is committed.

A position is a cursor. None becomes visible before a lower one (ADR 11), so that whoever asks for what is
after the last one that they saw misses nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError, Row, Source, connection
from greenlight.eventlog.session import LogUnavailableError, OverSession
from greenlight.eventlog.stored import Head, LogMissingError, read_head

CHANNEL: Final = "greenlight_log"
"""`greenlight.append` says there that it has recorded something, and not what."""

PAGE_EVENTS: Final = 500
PAGE_BYTES: Final = 1024 * 1024
"""The records of a page have no more, but for the first."""
WINDOW: Final = 20_000
"""Positions that one statement looks at, however few of their events are wanted."""

LOOK: Final = 1.0
"""Seconds between two looks where no word comes, as through a pooler."""
FIRST_REST, LONGEST_REST = 0.2, 10.0
"""Seconds before another try at a server that is away."""


class BehindError(Exception):
    """The log does not reach a position: it was restored to an earlier state, or it is another log's."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as others hear of it, without the token that it was signed with.

    ``at`` is the legal time, ``recorded_at`` when the log took it in; ``record`` the event byte for byte.
    """

    position: int
    stream: str
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    command_id: str | None
    record: str


def kind_of(stream: str) -> str:
    """The word before a stream's key: ``application`` of ``application-A123456``."""
    return stream.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events somebody wants to hear of: of these types; of these streams, each by its name or, for all
    of a kind, by that (``application``). Empty: of any."""

    types: frozenset[str] = frozenset()
    streams: frozenset[str] = frozenset()

    def takes(self, event: Fact) -> bool:
        return (not self.types or event.type in self.types) and (
            not self.streams or event.stream in self.streams or kind_of(event.stream) in self.streams
        )


ANY: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Page:
    """Events in their order. ``reached``: up to this position there are no others that were wanted, so that
    it is where to go on; ``head``: where the log stood."""

    events: Sequence[Fact]
    reached: int
    head: int


_PAGE = """
SELECT log.position AS head, found.*
FROM greenlight.log LEFT JOIN LATERAL (
    SELECT *, sum(octet_length(record)) OVER (ORDER BY position) AS bytes, count(*) OVER () AS there
    FROM (
        SELECT position, stream, version, type, at, recorded_at, command_id, record FROM greenlight.event
        WHERE position > $1 AND position <= $1 + $2
          AND ($3::text[] IS NULL OR type = ANY ($3))
          AND ($4::text[] IS NULL OR stream = ANY ($4) OR split_part(stream, '-', 1) = ANY ($4))
        ORDER BY position LIMIT $5
    ) AS wanted
) AS found ON found.bytes <= $6 OR found.bytes = octet_length(found.record)
ORDER BY found.position
"""


async def read_page(
    source: Source, after: int, wanted: Wanted = ANY, limit: int = PAGE_EVENTS, *, until: int | None = None
) -> Page:
    """At most ``limit`` of the wanted events with positions above ``after``, and up to ``until``, oldest
    first.

    :raises LogMissingError: there is no log.
    """
    window = WINDOW if until is None else max(0, min(WINDOW, until - after))
    rows = await source.fetch(
        _PAGE, after, window, _listed(wanted.types), _listed(wanted.streams), limit, PAGE_BYTES
    )
    if not rows:
        raise LogMissingError("the head of the log is gone")
    head = cast(int, rows[0]["head"])
    if rows[0]["position"] is None:
        return Page((), max(after, min(after + window, head)), head)
    events = tuple(map(_fact, rows))
    there = cast(int, rows[0]["there"])
    cut = len(events) < there or there == limit
    return Page(events, events[-1].position if cut else min(after + window, head), head)


def _listed(names: Collection[str]) -> list[str] | None:
    return list(names) or None


def _fact(row: Row) -> Fact:
    # Thousands come at once, of types that the statement has: they are not held against a model.
    return Fact(
        cast(int, row["position"]),
        cast(str, row["stream"]),
        cast(int, row["version"]),
        cast(str, row["type"]),
        cast(datetime, row["at"]),
        cast(datetime, row["recorded_at"]),
        cast("str | None", row["command_id"]),
        cast(str, row["record"]),
    )


class Word:
    """A signal that something may be new since somebody last looked."""

    def __init__(self) -> None:
        self._given = asyncio.Event()
        # What was recorded before anybody listened is found by a look.
        self._given.set()
        self.lost = False
        """The connection is gone: nothing more is heard."""

    async def heard(self, seconds: float) -> bool:
        """Wait until something may be new, at most so many seconds; False: no word came."""
        try:
            async with asyncio.timeout(seconds):
                await self._given.wait()
        except TimeoutError:
            return False
        self._given.clear()
        return True

    def give(self, *_: object) -> None:
        self._given.set()

    def lose(self, *_: object) -> None:
        self.lost = True
        self._given.set()


@asynccontextmanager
async def listening(dsn: str, *, application: str) -> AsyncGenerator[Word]:
    """Word of what is committed to the log, while the context lasts. Through a pooler that hands a connection
    on after each transaction nothing is heard: so whoever listens looks now and then all the same.

    :raises OSError, DatabaseError: the server cannot be reached or does not let us in.
    """
    word = Word()
    async with connection(dsn, application=application) as opened:
        opened.add_termination_listener(word.lose)
        await opened.add_listener(CHANNEL, word.give)
        try:
            yield word
        except LOST_CONNECTION:
            opened.terminate()
            raise


def must_go_on(error: BaseException) -> None:
    """Let whoever is cancelled end: where that comes while a connection breaks, it is told by another error.

    :raises CancelledError: what runs is to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


class Follower(OverSession):
    """Reads the log by position over a connection of its own, whoever may read the database."""

    def __init__(self, dsn: str, *, application: str = "greenlight-follow") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def head(self) -> Head:
        """The position of the last event."""
        return await read_head(self._session)

    async def pages(
        self, after: int, wanted: Wanted = ANY, *, until: int | None = None
    ) -> AsyncGenerator[Page]:
        """The events after a position, up to ``until`` or else the present end, page by page."""
        while True:
            page = await read_page(self._session, after, wanted, until=until)
            end = page.head if until is None else min(until, page.head)
            yield page
            after = page.reached
            if after >= end:
                return


async def follow(
    dsn: str, after: int, wanted: Wanted = ANY, *, lost: Callable[[Exception], None], application: str
) -> AsyncGenerator[Page]:
    """All that comes after a position, without end. Where the connection breaks it is made anew, and nothing
    is missed; ``lost`` is told once for each time.

    :raises BehindError: the log does not reach the position any more, or never did.
    """
    rest = FIRST_REST
    while True:
        try:
            async with (
                Follower(dsn, application=application) as follower,
                listening(dsn, application=f"{application}-listen") as word,
            ):
                while not word.lost:
                    await word.heard(LOOK)
                    async for page in follower.pages(after, wanted):
                        if page.head < after:
                            raise BehindError(f"the log stands at {page.head}, before {after}")
                        yield page
                        after, rest = page.reached, FIRST_REST
                raise LogUnavailableError("the connection to it is lost")
        except (LogUnavailableError, DatabaseError, *LOST_CONNECTION) as error:
            must_go_on(error)
            if rest == FIRST_REST:
                lost(error)
        await asyncio.sleep(rest)
        rest = min(2 * rest, LONGEST_REST)
