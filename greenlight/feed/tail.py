"""The end of the log, read once for all in this process who follow it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.following import LOOK, Word, listening, must_go_on, read_page
from greenlight.eventlog.session import LogUnavailableError, Session
from greenlight.eventlog.stored import read_head
from greenlight.feed.cloudevents import CloudEvent

MOST_EVENTS: Final = 5_000
MOST_CHARACTERS: Final = 8 * 1024 * 1024
"""Of what is held. Whoever is further behind reads the log themselves."""

_REST: Final = 1.0
"""Seconds before another try at a server that is away."""

_log = structlog.stdlib.get_logger("feed")


class Tail:
    """Holds the last events, and wakes who waits for the next. Run it by ``running``."""

    def __init__(self, dsn: str, *, application: str = "greenlight-feed") -> None:
        self._dsn = dsn
        self._application = application
        self._session = Session(dsn, application)
        self._held: deque[CloudEvent] = deque()
        self._characters = 0
        self._grown = asyncio.Event()
        self.source = ""
        """The log's name among all logs."""
        self.head = 0
        """The last position that is known."""

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Tail"]:
        """The tail grows with the log while the context lasts.

        :raises LogUnavailableError, LogMissingError: it cannot begin.
        """
        head = await read_head(self._session)
        self.source, self.head = head.origin, head.position
        following = asyncio.create_task(self._follow(), name="tail")
        try:
            yield self
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await self._session.close()

    def since(self, after: int) -> Sequence[CloudEvent] | None:
        """All events with positions above ``after``; None: not all of them are held."""
        first = self.head - len(self._held)
        if after < first:
            return None
        # Positions have no gaps.
        return [self._held[at] for at in range(after - first, len(self._held))]

    async def grown(self, after: int, seconds: float) -> bool:
        """Wait for an event with a position above ``after``, at most so many seconds; False: none came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.head <= after:
                    await self._grown.wait()
        return self.head > after

    async def _follow(self) -> None:
        while True:
            try:
                async with listening(self._dsn, application=f"{self._application}-listen") as word:
                    await self._heed(word)
            except (LogUnavailableError, DatabaseError, *LOST_CONNECTION) as error:
                must_go_on(error)
                # Those who wait go on waiting: they miss nothing.
                _log.warning("the log cannot be followed at the moment", error=type(error).__name__)
            await asyncio.sleep(_REST)

    async def _heed(self, word: Word) -> None:
        while not word.lost:
            await word.heard(LOOK)
            while True:
                page = await read_page(self._session, self.head)
                if page.head < self.head:
                    # It was restored to an earlier state, and goes on with other events.
                    self._forget(page.head)
                if not page.events:
                    break
                self._take([CloudEvent(fact, self.source) for fact in page.events], page.reached)
                if page.reached >= page.head:
                    break

    def _forget(self, head: int) -> None:
        self._held.clear()
        self._characters, self.head = 0, head

    def _take(self, events: Sequence[CloudEvent], reached: int) -> None:
        self._held.extend(events)
        self._characters += sum(len(event.fact.record) for event in events)
        while len(self._held) > MOST_EVENTS or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._held.popleft().fact.record)
        self.head = reached
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
