"""Reading the log itself: streams, and all events in their order."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from greenlight.eventlog.database import Source, parse
from greenlight.eventlog.session import OverSession
from greenlight.eventlog.stored import (
    COLUMNS,
    Head,
    Place,
    StoredEvent,
    read_head,
    read_log_name,
    read_place,
)
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.authority import LogName
from greenlight.kernel.model import Digest, Model

PAGE_EVENTS = 500

_LED_TO = f"""
SELECT {COLUMNS} FROM greenlight.event,
    (SELECT first_position, last_position FROM greenlight.command
     WHERE (stream, sender, command_id) = ($1, $2, $3)) AS sent
WHERE stream = $1 AND position BETWEEN first_position AND last_position ORDER BY version
"""  # noqa: S608  # A constant.

S = TypeVar("S", bound=Staged)


class Accepted(Model):
    """A command on record: the digest of its body, and the last event that it led to in its stream."""

    body: Digest
    version: int
    position: int


class StreamReader(OverSession):
    """Reads streams, the whole log, and where it stands."""

    def __init__(self, dsn: str, *, application: str = "greenlight-read") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def log_name(self) -> LogName:
        """The name that tokens must have for this log."""
        return await read_log_name(self._session)

    @property
    def source(self) -> Source:
        """The connection, for what reads more than this class does."""
        return self._session

    async def version(self, stream: str) -> int:
        """The number of a stream's last event; 0: it does not exist."""
        (row,) = await self._session.fetch("SELECT greenlight.version_of($1) AS version", stream)
        return int(str(row["version"]))

    async def accepted(self, stream: str, sender: str, command_id: str) -> Accepted | None:
        """The receipt of an accepted command; None: none of that id is on record."""
        rows = await self._session.fetch(
            "SELECT body, version, position FROM greenlight.command"
            " WHERE (stream, sender, command_id) = ($1, $2, $3)",
            stream,
            sender,
            command_id,
        )
        return parse(Accepted, rows[0]) if rows else None

    async def led_to(self, stream: str, sender: str, command_id: str) -> tuple[StoredEvent, ...]:
        """The events of a stream that a command of that sender to it led to; none: it was not accepted."""
        rows = await self._session.fetch(_LED_TO, stream, sender, command_id)
        return tuple(parse(StoredEvent, row) for row in rows)

    async def place(self) -> Place:
        """The log's name, and the database that it stands in."""
        return await read_place(self._session)

    async def head(self) -> Head:
        """The position of the last event."""
        return await read_head(self._session)

    async def stream(self, stream: str, after: int = 0) -> AsyncGenerator[StoredEvent]:
        """The events of a stream with versions above ``after``, oldest first."""
        where = "stream = $1 AND version > $2 ORDER BY version"
        async for event in self._paged(where, stream, after, attrgetter("version")):
            yield event

    async def first_events(self, prefix: str) -> AsyncGenerator[StoredEvent]:
        """The first event of every stream whose name begins so, by their names."""
        where = "stream ^@ $1 AND stream > $2 AND version = 1 ORDER BY stream"
        async for event in self._paged(where, prefix, prefix, attrgetter("stream")):
            yield event

    async def _paged(
        self, where: str, of: str, after: int | str, place: Callable[[StoredEvent], int | str]
    ) -> AsyncGenerator[StoredEvent]:
        """All that meet a condition on ``of`` and what comes ``after``, page by page: each goes on behind the
        ``place`` of the last event of the one before."""
        query = f"SELECT {COLUMNS} FROM greenlight.event WHERE {where} LIMIT $3"  # noqa: S608  # Constants.
        while True:
            rows = await self._session.fetch(query, of, after, PAGE_EVENTS)
            for row in rows:
                event = parse(StoredEvent, row)
                yield event
                after = place(event)
            if len(rows) < PAGE_EVENTS:
                return

    async def log(self, after: int = 0) -> AsyncGenerator[StoredEvent]:
        """The events of the whole log with positions above ``after``, up to its present end.

        Nothing is skipped, ever: positions are given out under a lock that is held until the commit, so that
        none becomes visible before a lower one. Call again with the last position to go on.
        """
        while True:
            rows = await self._session.fetch(
                f"SELECT {COLUMNS} FROM greenlight.event"  # noqa: S608  # A constant.
                " WHERE position > $1 ORDER BY position LIMIT $2",
                after,
                PAGE_EVENTS,
            )
            for row in rows:
                event = parse(StoredEvent, row)
                yield event
                after = event.position
            if len(rows) < PAGE_EVENTS:
                return

    async def as_of(
        self, decider: Aggregate[S], stream: str, at: datetime, *, known_at: datetime | None = None
    ) -> S | None:
        """The state of a stream as it was in law at the instant ``at``; None if it did not exist.

        ``known_at``: leave out what the log had not taken in by then, such as a deadline noticed late.
        """
        state: S | None = None
        async for event in self.stream(stream):
            if event.at <= at and (known_at is None or event.recorded_at <= known_at):
                state = decider.apply(state, decider.read(event.record))
        return state
