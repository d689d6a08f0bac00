"""Letters that are owed, and those that were made, byte for byte.

That a letter is owed is written by ``greenlight.append`` together with the event that calls for it.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from greenlight.eventlog.database import parse
from greenlight.eventlog.pages import PAGE_RECORDS, read_page
from greenlight.eventlog.session import OverSession
from greenlight.kernel.clock_kind import Kind as LogKind
from greenlight.kernel.model import Digest, Instant, Model
from greenlight.kernel.streams import officer_stream
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.denial.language import notice_due
from greenlight.law.letter import NOTICES

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
    """A letter of a case. ``digest`` and ``code`` are None until it was made, ``sent_at`` until it went out;
    ``due`` is until when it is to go out, None once it has. ``problem``: why the last try failed;
    ``given_up``: no further one is made until somebody asks for it."""

    letter_id: str
    kind: str
    version: int
    digest: Digest | None
    code: str | None
    sent_at: Instant | None
    due: Instant | None
    overdue: bool
    problem: str | None
    given_up: bool


class Kept(Model):
    """A letter that was made or sent. ``digest`` is the one on file, ``of_pdf`` that of the stored bytes;
    both are None where nothing is stored, as ``rests_on`` is. ``sheet`` and ``code``: the paper, None of
    before that was kept."""

    letter_id: str
    stream: str
    version: int
    kind: str
    position: int
    rests_on: Digest | None
    digest: Digest | None
    of_pdf: Digest | None
    sheet: str | None
    code: str | None


class StoredLetter(Model):
    """``rests_on`` is the digest of the events that the letter was made from, ``digest`` that of the PDF."""

    letter_id: str
    rests_on: Digest
    digest: Digest
    pdf: bytes
    recorded_at: Instant


class Found(Model):
    """The letter that a code is printed on. ``position``: of its event; ``at``: when it was made."""

    letter_id: str
    stream: str
    version: int
    kind: str
    position: int
    rests_on: Digest
    digest: Digest
    at: Instant
    sent_at: Instant | None


class LetterConflictError(Exception):
    """Under this id another letter is on record."""


_PENDING = """
SELECT letter_id, stream, version, kind, position, attempts FROM greenlight.outbox
WHERE sent_at IS NULL AND given_up_at IS NULL AND letter_id <> ALL ($2) ORDER BY attempts, position LIMIT $1
"""

_LISTED = """
SELECT letter_id, o.kind, o.version, l.digest, p.code, o.sent_at, e.at, o.problem,
    o.given_up_at IS NOT NULL AS given_up
FROM greenlight.outbox o JOIN greenlight.event e USING (position)
LEFT JOIN greenlight.letter l USING (letter_id) LEFT JOIN greenlight.letter_paper p USING (letter_id)
"""
_OF = _LISTED + "WHERE o.stream = $1 ORDER BY o.version, letter_id"
_UNSENT = _LISTED + "WHERE o.sent_at IS NULL ORDER BY e.at, letter_id LIMIT $1"

_KEPT_LETTERS = """
FROM greenlight.outbox o LEFT JOIN greenlight.letter l USING (letter_id)
LEFT JOIN greenlight.letter_paper p USING (letter_id)
WHERE (l.letter_id IS NOT NULL OR o.sent_at IS NOT NULL) AND ($1::text IS NULL OR o.stream = $1)
"""
_KEPT_COLUMNS = (
    "SELECT letter_id, o.stream, o.version, o.kind, o.position, l.rests_on, l.digest, p.sheet, p.code,"
    f" 'sha256:' || encode(sha256(l.pdf), 'hex') AS of_pdf {_KEPT_LETTERS}"
)
_KEPT = f"{_KEPT_COLUMNS} AND letter_id > $2 ORDER BY letter_id LIMIT $3"
_ONE_KEPT = f"{_KEPT_COLUMNS} AND letter_id = $2"
_HOW_MANY = f"SELECT count(*) AS kept {_KEPT_LETTERS}"


_FOUND = """
SELECT letter_id, o.stream, o.version, o.kind, o.position, l.rests_on, l.digest,
    l.recorded_at AS at, o.sent_at
FROM greenlight.letter_paper p JOIN greenlight.letter l USING (letter_id)
JOIN greenlight.outbox o USING (letter_id) WHERE p.code = $1
"""
_REGISTER = """
SELECT stream, record FROM greenlight.event WHERE stream = ANY ($1) AND position < $2 ORDER BY stream, version
"""
# By the index on streams, one officer after the other: there are few, and of each few events.
_DEVELOPMENT = """
SELECT EXISTS (SELECT FROM greenlight.officer o JOIN greenlight.event e ON e.stream = 'officer-' || o.officer
               WHERE e.type IN ('FounderRegistered', 'OfficerAdded', 'KeyAdded')
                   AND (e.record::jsonb #> '{key,development}') = 'true') AS found
"""


def _listed(rows: Sequence[Mapping[str, object]]) -> tuple[Listed, ...]:
    now = datetime.now(UTC)
    return tuple(_with_due(row, now) for row in rows)


def _with_due(row: Mapping[str, object], now: datetime) -> Listed:
    at = row["at"]
    assert isinstance(at, datetime), "legal time is a timestamp"
    due = _due(str(row["kind"]), at) if row["sent_at"] is None else None
    fields = {name: value for name, value in row.items() if name != "at"}
    return Listed.model_validate(fields | {"due": due, "overdue": due is not None and due <= now})


def _due(kind: str, at: datetime) -> datetime:
    """By when a letter on an event goes out: notices on its day, whoever is to act may have few."""
    return end_of_day(agency_date(at)) if kind in NOTICES else notice_due(at)


class LetterBox(OverSession):
    """Reads and writes letters. Whoever sends them needs a box of their own: a claim lasts as long as its
    connection."""

    def __init__(self, dsn: str, *, application: str = "greenlight-letters") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def rehearsal(self) -> bool:
        """Tell whether the log is a rehearsal's: its letters bind nobody, and say so."""
        return (await self._session.fetch("SELECT kind FROM greenlight.log"))[0]["kind"] == LogKind.REHEARSAL

    async def development(self) -> bool:
        """Tell whether the register has a key for trying things out: then nothing that is signed here binds
        anybody, for whoever has it may be in every decision."""
        return bool((await self._session.fetch(_DEVELOPMENT))[0]["found"])

    async def secret(self) -> bytes:
        """The secret of the tree, of which the codes on letters are made."""
        rows = await self._session.fetch("SELECT secret FROM greenlight.tree_secret")
        secret = rows[0]["secret"]
        assert isinstance(secret, bytes), "a column of bytes"
        return secret

    async def register(self, officers: Iterable[str], before: int) -> dict[str, tuple[str, ...]]:
        """Of each officer the records below that position."""
        streams = {officer_stream(officer): officer for officer in officers}
        found: dict[str, list[str]] = {}
        for row in await self._session.fetch(_REGISTER, list(streams), before):
            found.setdefault(streams[str(row["stream"])], []).append(str(row["record"]))
        return {officer: tuple(records) for officer, records in found.items()}

    async def by_code(self, code: str) -> Found | None:
        """The letter that the code is printed on."""
        rows = await self._session.fetch(_FOUND, code)
        return parse(Found, rows[0]) if rows else None

    async def failed(self, letter_id: str, problem: str, *, for_good: bool) -> None:
        """Say why a letter did not go out, and whether no further try helps."""
        await self._session.fetch("SELECT greenlight.letter_failed($1, $2, $3)", letter_id, problem, for_good)

    async def retry(self, letter_id: str) -> bool:
        """Have a letter tried again that was given up; False: it was not."""
        rows = await self._session.fetch("SELECT greenlight.retry_letter($1) AS owed", letter_id)
        return bool(rows[0]["owed"])

    async def given_up(self) -> int:
        """Count the letters that wait for somebody, since no further try helps."""
        rows = await self._session.fetch(
            "SELECT count(*) AS letters FROM greenlight.outbox"
            " WHERE sent_at IS NULL AND given_up_at IS NOT NULL"
        )
        return int(str(rows[0]["letters"]))

    async def pending(self, limit: int = 100, *, but: Sequence[str] = ()) -> tuple[Owed, ...]:
        """Letters that were not sent yet, but for those named: first those tried least often, then the
        oldest."""
        return tuple(parse(Owed, row) for row in await self._session.fetch(_PENDING, limit, list(but)))

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

    async def one_kept(self, letter_id: str) -> Kept | None:
        """That letter, if it was made or sent."""
        rows = await self._session.fetch(_ONE_KEPT, None, letter_id)
        return parse(Kept, rows[0]) if rows else None

    async def letter(self, letter_id: str) -> StoredLetter | None:
        """The letter as it was made, sent or not."""
        rows = await self._session.fetch("SELECT * FROM greenlight.letter WHERE letter_id = $1", letter_id)
        return parse(StoredLetter, rows[0]) if rows else None

    async def put(
        self, letter_id: str, *, rests_on: Digest, digest: Digest, pdf: bytes, sheet: str, code: str
    ) -> None:
        """Store a letter that is owed, with its paper and its code; the same letter again changes nothing.

        :raises LetterConflictError: another letter is stored under the id.
        :raises DatabaseError: no such letter is owed, or the digest is not that of the PDF.
        """
        await self._session.fetch(
            "SELECT greenlight.put_letter($1, $2, $3, $4, $5, $6)",
            *(letter_id, rests_on, digest, pdf, sheet, code),
        )
        stored = await self.letter(letter_id)
        if stored is None or (stored.digest, stored.rests_on) != (digest, rests_on):
            raise LetterConflictError(f"{letter_id}: another letter is on record")

    async def mark_sent(self, letter_id: str) -> None:
        """The letter has been delivered; the first time counts.

        :raises DatabaseError: no such letter is stored.
        """
        await self._session.fetch("SELECT greenlight.mark_sent($1)", letter_id)
