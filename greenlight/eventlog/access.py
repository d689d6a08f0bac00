"""Access records: who was shown what of a case that is confidential (15 CFR 748.1(c), 50 U.S.C. 4820(h)).

A reading is noted before anything is shown: what cannot be noted is not shown. Readings that come while
others are being noted go into the database together, so that a page of a hundred cases, or a hundred callers
at once, are one statement.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from datetime import datetime
from typing import Protocol

from pydantic_core import to_json

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import OverSession
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import KeyId

PAGE_READINGS = 500


class Reading(Model):
    """A reading: by whom in which capacity, shown by which key, of which stream, and the thing that was read
    of it, as a word such as ``dossier``."""

    officer: str
    person: str
    organisation: str
    role: Role
    kid: KeyId
    stream: str
    what: str


class Access(Reading):
    """A reading that is on record. ``login`` is the user of the database by whom it was noted."""

    at: Instant
    login: str


class Reader(Protocol):
    """Somebody who reads, proven to be who they are."""

    @property
    def officer(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def kid(self) -> KeyId: ...


_READ = """
SELECT officer, person, organisation, role, kid, stream, what, at, login FROM greenlight.access
WHERE ($1::text IS NULL OR stream = $1) AND ($2::text IS NULL OR officer = $2) AND at >= $3 AND at < $4
ORDER BY at, id OFFSET $5 LIMIT $6
"""


class AccessLog(OverSession):
    """Notes readings, over a connection of its own; close it, or use it in ``async with``."""

    def __init__(self, dsn: str, *, application: str = "greenlight-access") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)
        self._waiting: list[Reading] = []
        self._next: asyncio.Task[None] | None = None
        self._at_work = asyncio.Lock()

    async def note(self, by: Reader, stream: str, what: str) -> None:
        """Note that somebody reads something of a stream, and return once that is on disk.

        :raises LogUnavailableError: it is not known whether it was noted; show nothing.
        """
        await self.note_all(by, (stream,), what)

    async def note_all(self, by: Reader, streams: Iterable[str], what: str) -> None:
        """Note that somebody reads something of each of these streams.

        :raises LogUnavailableError: it is not known whether it was noted; show nothing.
        """
        readings = [
            Reading(
                officer=by.officer,
                person=by.person,
                organisation=by.organisation,
                role=by.role,
                kid=by.kid,
                stream=stream,
                what=what,
            )
            for stream in streams
        ]
        if not readings:
            return
        self._waiting += readings
        if self._next is None:
            self._next = asyncio.create_task(self._write())
            self._next.add_done_callback(_heard)
        # Whoever gives up waiting takes nothing from the others.
        await asyncio.shield(self._next)

    async def _write(self) -> None:
        async with self._at_work:
            readings, self._waiting, self._next = self._waiting, [], None
            await self._session.fetch("SELECT greenlight.note_access($1)", to_json(readings).decode())


def _heard(written: asyncio.Task[None]) -> None:
    """Nobody may be left to hear that it failed."""
    if not written.cancelled():
        written.exception()


class AccessReader(OverSession):
    """Reads access records, as the auditor."""

    def __init__(self, dsn: str, *, application: str = "greenlight-access") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def readings(
        self, *, stream: str | None = None, officer: str | None = None, since: datetime, until: datetime
    ) -> AsyncGenerator[Access]:
        """The readings from ``since`` until before ``until``, oldest first: of a stream or of all, by an
        officer or by all."""
        offset = 0
        while True:
            rows = await self._session.fetch(_READ, stream, officer, since, until, offset, PAGE_READINGS)
            for row in rows:
                yield parse(Access, row)
            if len(rows) < PAGE_READINGS:
                return
            offset += PAGE_READINGS
