"""Letters that are owed, and those that were made, byte for byte.

That a letter is owed is written by ``greenlight.append`` together with the event that calls for it.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self

from greenlight.eventlog.database import parse
from greenlight.eventlog.pages import PAGE_RECORDS, read_page
from greenlight.eventlog.session import Session
from greenlight.kernel.clock_kind import Kind as LogKind
from greenlight.kernel.model import Digest, Instant, Model
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.denial.language import notice_due

PAGE_LETTERS = 100


class Owed(Model):
    """A letter that was not sent yet. ``position`` is that of its event in the log."""

    letter_id: str
    stream: str
    version: int
    kind: str
    position: int
    attempts: int


class Listed(Model):
    """A letter of a case. ``digest`` is None until it was made, ``sent_at`` until it went out; ``due`` is
    until when it is to go out, None once it has."""

    letter_id: str
    kind: str
    version: int
    digest: Digest | None
    sent_at: Instant | None
    due: Instant | None
    overdue: bool


class Kept(Model):
    """A letter that was made or sent. ``digest`` is the one on file, ``of_pdf`` that of the stored bytes;
    both are None where nothing is stored, as ``rests_on`` is."""

    letter_id: str
    stream: str
    version: int
    kind: str
    rests_on: Digest | None
    digest: Digest | None
    of_pdf: Digest | None


class StoredLetter(Model):
    """``rests_on`` is the digest of the events that the letter was made from, ``digest`` that of the PDF."""

    letter_id: str
    rests_on: Digest
    digest: Digest
    pdf: bytes
    recorded_at: Instant


class LetterConflictError(Exception):
    """Under this id another letter is on record."""


_PENDING = """
SELECT letter_id, stream, version, kind, position, attempts FROM greenlight.outbox
WHERE sent_at IS NULL ORDER BY attempts, position LIMIT $1
"""

_LISTED = """
SELECT letter_id, o.kind, o.version, l.digest, o.sent_at, e.at
FROM greenlight.outbox o JOIN greenlight.event e USING (position)
LEFT JOIN greenlight.letter l USING (letter_id)
"""
_OF = _LISTED + "WHERE o.stream = $1 ORDER BY o.version, letter_id"
_UNSENT = _LISTED + "WHERE o.sent_at IS NULL ORDER BY e.at, letter_id LIMIT $1"

_KEPT_LETTERS = """
FROM greenlight.outbox o LEFT JOIN greenlight.letter l USING (letter_id)
WHERE (l.letter_id IS NOT NULL OR o.sent_at IS NOT NULL) AND ($1::text IS NULL OR o.stream = $1)
"""
_KEPT = (
    "SELECT letter_id, o.stream, o.version, o.kind, l.rests_on, l.digest,"
    f" 'sha256:' || encode(sha256(l.pdf), 'hex') AS of_pdf {_KEPT_LETTERS}"
    " AND letter_id > $2 ORDER BY letter_id LIMIT $3"
)
_HOW_MANY = f"SELECT count(*) AS kept {_KEPT_LETTERS}"


def _listed(rows: Sequence[Mapping[str, object]]) -> tuple[Listed, ...]:
    now = datetime.now(UTC)
    return tuple(_with_due(row, now) for row in rows)


def _with_due(row: Mapping[str, object], now: datetime) -> Listed:
    at = row["at"]
    assert isinstance(at, datetime), "legal time is a timestamp"
    due = _due(str(row["letter_id"]), at) if row["sent_at"] is None else None
    fields = {name: value for name, value in row.items() if name != "at"}
    return Listed.model_validate(fields | {"due": due, "overdue": due is not None and due <= now})


def _due(letter_id: str, at: datetime) -> datetime:
    """A reprieve's notices go out on the day of their event: an executive may have few days to object."""
    return end_of_day(agency_date(at)) if letter_id.startswith("reprieve-") else notice_due(at)


class LetterBox:
    """Reads and writes over a connection of its own; close it, or use it in ``async with``.

    Whoever sends letters needs a box of their own: a claim lasts as long as its connection.
    Every method raises ``LogUnavailableError`` when the database cannot be reached.
    """

    def __init__(self, dsn: str, *, application: str = "greenlight-letters") -> None:
        """Connects on first use."""
        self._session = Session(dsn, application)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def rehearsal(self) -> bool:
        """Tell whether the log is a rehearsal's: its letters bind nobody, and say so."""
        return (await self._session.fetch("SELECT kind FROM greenlight.log"))[0]["kind"] == LogKind.REHEARSAL

    async def pending(self, limit: int = 100) -> tuple[Owed, ...]:
        """Letters that were not sent yet: those tried least often first, then the oldest."""
        return tuple(parse(Owed, row) for row in await self._session.fetch(_PENDING, limit))

    @asynccontextmanager
    async def claim(self, letter_id: str) -> AsyncGenerator[bool]:
        """Try to send a letter. False: somebody else is at it, or it was sent meanwhile.

        The claim ends with the context or, if this process dies, with its connection.
        """
        rows = await self._session.fetch(
            "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free", letter_id
        )
        if not rows[0]["free"]:
            yield False
            return
        try:
            tried = await self._session.fetch("SELECT greenlight.try_letter($1) AS owed", letter_id)
            yield bool(tried[0]["owed"])
        finally:
            await self._session.fetch("SELECT pg_advisory_unlock(hashtextextended($1, 0))", letter_id)

    async def records(self, stream: str, through: int | None = None) -> tuple[str, ...]:
        """The records of a stream, up to a version or its end."""
        records: list[str] = []
        more = True
        while more and (through is None or len(records) < through):
            page = await read_page(self._session, stream, len(records), PAGE_RECORDS)
            records += page.records
            more = page.more
        return tuple(records[:through])

    async def of(self, stream: str) -> tuple[Listed, ...]:
        """Every letter that a case has called for, in the order of its events."""
        return _listed(await self._session.fetch(_OF, stream))

    async def unsent(self, limit: int = 100) -> tuple[Listed, ...]:
        """The letters of all cases that did not go out yet, those due first on top."""
        return _listed(await self._session.fetch(_UNSENT, limit))

    async def how_many(self, stream: str | None = None) -> int:
        """Count the letters that ``kept`` goes through."""
        return int(str((await self._session.fetch(_HOW_MANY, stream))[0]["kept"]))

    async def kept(self, stream: str | None = None) -> AsyncGenerator[Kept]:
        """Every letter that was made or sent, of a case or of all, in the order of their ids."""
        after = ""
        while True:
            rows = await self._session.fetch(_KEPT, stream, after, PAGE_LETTERS)
            for row in rows:
                letter = parse(Kept, row)
                yield letter
                after = letter.letter_id
            if len(rows) < PAGE_LETTERS:
                return

    async def letter(self, letter_id: str) -> StoredLetter | None:
        """The letter as it was made, sent or not."""
        rows = await self._session.fetch("SELECT * FROM greenlight.letter WHERE letter_id = $1", letter_id)
        return parse(StoredLetter, rows[0]) if rows else None

    async def put(self, letter_id: str, *, rests_on: Digest, digest: Digest, pdf: bytes) -> None:
        """Store a letter that is owed; the same letter again changes nothing.

        :raises LetterConflictError: another letter is stored under the id.
        :raises DatabaseError: no such letter is owed, or the digest is not that of the PDF.
        """
        await self._session.fetch(
            "SELECT greenlight.put_letter($1, $2, $3, $4)", letter_id, rests_on, digest, pdf
        )
        stored = await self.letter(letter_id)
        if stored is None or (stored.digest, stored.rests_on) != (digest, rests_on):
            raise LetterConflictError(f"{letter_id}: another letter is on record")

    async def mark_sent(self, letter_id: str) -> None:
        """The letter has been delivered; the first time counts.

        :raises DatabaseError: no such letter is stored.
        """
        await self._session.fetch("SELECT greenlight.mark_sent($1)", letter_id)
