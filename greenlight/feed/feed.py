"""The part of the log that a caller hears: page by page, or as it grows."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Generic

from greenlight.eventlog.following import PAGE_EVENTS, BehindError, Wanted, read_page
from greenlight.eventlog.session import Session
from greenlight.feed.audience import Audience, C, Note, Readable
from greenlight.feed.cloudevents import CloudEvent
from greenlight.feed.tail import Tail

READERS: Final = 4
"""Connections that read the log for those who are behind."""

MOST_NOTED: Final = 10_000
"""Streams of which is remembered that it is on record who hears of them, for one connection."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Events that somebody may hear of, and the position to go on after: what they may not hear of, and what
    they did not want, is behind it as well."""

    events: Sequence[CloudEvent]
    reached: int


class Feed(Generic[C]):
    """One for a process: it reads the end of the log once for all."""

    def __init__(
        self, dsn: str, readable: Readable[C], note: Note[C], *, application: str = "greenlight-feed"
    ) -> None:
        """``readable`` says which streams a caller may read; ``note`` is told before they hear of any."""
        self._tail = Tail(dsn, application=application)
        self._audience = Audience(readable)
        self._note = note
        self._sessions = [Session(dsn, application) for _ in range(READERS)]
        self._free = asyncio.LifoQueue[Session]()
        for session in self._sessions:
            self._free.put_nowait(session)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Feed[C]"]:
        """It follows the log while the context lasts.

        :raises LogUnavailableError, LogMissingError: it cannot begin.
        """
        async with self._tail.running():
            try:
                yield self
            finally:
                for session in self._sessions:
                    await session.close()

    @property
    def head(self) -> int:
        """The last position that is known here."""
        return self._tail.head

    async def grown(self, after: int, seconds: float) -> bool:
        """Wait for an event after a position, at most so many seconds; False: none came."""
        return await self._tail.grown(after, seconds)

    async def page(
        self, caller: C, after: int, wanted: Wanted, *, limit: int = PAGE_EVENTS, wait: float = 0
    ) -> Heard:
        """At most ``limit`` events after a position. Where there are none, ``wait`` so many seconds for one.

        :raises BehindError: the log has not reached the position.
        :raises LogUnavailableError: the log cannot be read at the moment.
        """
        end = time.monotonic() + wait
        heard = await self._next(caller, after, wanted, limit)
        while not heard.events and (seconds := end - time.monotonic()) > 0:
            # Beyond the window of one look there may be more already.
            await self._tail.grown(heard.reached, seconds)
            heard = await self._next(caller, heard.reached, wanted, limit)
        await self._noted(caller, heard, set())
        return heard

    async def follow(self, caller: C, after: int, wanted: Wanted, *, pulse: float) -> AsyncGenerator[Heard]:
        """All that comes after a position, without end. At the latest after ``pulse`` seconds there is word
        of how far it is, with or without events.

        :raises BehindError, LogUnavailableError: as ``page`` does.
        """
        told, noted = time.monotonic(), set[str]()
        while True:
            heard = await self._next(caller, after, wanted, PAGE_EVENTS)
            await self._noted(caller, heard, noted)
            after = heard.reached
            if heard.events or time.monotonic() - told >= pulse:
                told = time.monotonic()
                yield heard
            await self._tail.grown(after, max(0.0, told + pulse - time.monotonic()))

    async def has(self, after: int) -> None:
        """Look whether the log has reached a position.

        :raises BehindError: it has not.
        """
        # The tail learns of an event a moment after whoever recorded it.
        if after > self.head and not await self._tail.grown(after - 1, 2):
            raise BehindError(f"the log has not reached the position {after}: it stands at {self.head}")

    async def _noted(self, caller: C, heard: Heard, noted: set[str]) -> None:
        """Keep on record of which streams somebody hears, of each once."""
        if streams := frozenset(event.fact.stream for event in heard.events) - noted:
            await self._note(caller, streams)
            if len(noted) > MOST_NOTED:
                noted.clear()
            noted |= streams

    async def _next(self, caller: C, after: int, wanted: Wanted, limit: int) -> Heard:
        await self.has(after)
        held = self._tail.since(after)
        if held is None:
            return await self._read(caller, after, wanted, limit)
        chosen = [event for event in held if wanted.takes(event.fact)]
        reached = self.head if len(chosen) <= limit else chosen[limit - 1].fact.position
        head = self.head
        return Heard(await self._audience.heard(caller, chosen[:limit], head), reached)

    async def _read(self, caller: C, after: int, wanted: Wanted, limit: int) -> Heard:
        """Read from the log what is held no longer, by few at a time."""
        session = await self._free.get()
        try:
            page = await read_page(session, after, wanted, limit)
        finally:
            self._free.put_nowait(session)
        events = [CloudEvent(fact, self._tail.source) for fact in page.events]
        return Heard(await self._audience.heard(caller, events, page.head), page.reached)
