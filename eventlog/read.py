"""Reading the log and what is derived from it: for auditors, the command line and other services."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self, TypeVar

from eventlog.database import parse
from eventlog.session import Session
from eventlog.stored import COLUMNS, StoredEvent
from licensing.authority import Role
from licensing.decider import Decider
from licensing.model import Instant, Model
from licensing.officer.keys import KeyId

PAGE_EVENTS = 500
MAX_ROWS = 1_000

S = TypeVar("S")


class DocketRow(Model):
    """A case as the docket shows it. ``overdue`` names the deadlines that passed unmet."""

    acn: str
    stage: str
    waiting_for: str
    assigned_to: str | None
    listed: bool | None
    due: Instant | None
    registered_at: Instant
    decided_at: Instant | None
    outcome: str | None
    license_number: str | None
    overdue: str | None
    version: int


@dataclass(frozen=True, slots=True)
class DocketFilter:
    """What to list; None leaves a field open. ``waiting_for``: any of these. ``free_for``: assigned to this
    officer or to nobody. ``open_only``: cases that wait for somebody."""

    stage: str | None = None
    waiting_for: tuple[str, ...] | None = None
    free_for: str | None = None
    outcome: str | None = None
    officer: str | None = None
    due_before: datetime | None = None
    open_only: bool = False


class LicenseRow(Model):
    """``valid_through`` is the last day of validity, in Washington; ``conditions`` counts them."""

    number: str
    acn: str
    stage: str
    issued_at: Instant
    valid_through: date
    conditions: int
    version: int


class KeyRow(Model):
    kid: KeyId
    x: str
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None


class RoleRow(Model):
    role: Role
    valid_from: Instant
    valid_until: Instant | None


class OfficerRow(Model):
    officer: str
    person: str
    organisation: str
    version: int
    keys: tuple[KeyRow, ...]
    roles: tuple[RoleRow, ...]


_DOCKET = """
SELECT acn, stage, waiting_for, assigned_to, listed, due, registered_at, decided_at, outcome, license_number,
       overdue, version
FROM greenlight.docket
WHERE ($1::text IS NULL OR stage = $1) AND ($2::text[] IS NULL OR waiting_for = ANY ($2))
  AND ($3::text IS NULL OR outcome = $3) AND ($4::text IS NULL OR assigned_to = $4)
  AND ($5::timestamptz IS NULL OR due < $5) AND (NOT $6 OR waiting_for <> 'nobody')
  AND ($8::text IS NULL OR assigned_to IS NULL OR assigned_to = $8)
ORDER BY due NULLS LAST, acn LIMIT $7
"""

_OFFICERS = """
SELECT to_jsonb(o) || jsonb_build_object(
    'keys', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'officer' ORDER BY valid_from, kid), '[]')
             FROM greenlight.officer_key k WHERE k.officer = o.officer),
    'roles', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'officer' ORDER BY role, valid_from), '[]')
              FROM greenlight.officer_role r WHERE r.officer = o.officer)) AS officer
FROM greenlight.officer o WHERE $1::text IS NULL OR o.officer = $1 ORDER BY o.officer
"""


class Reader:
    """Reads over a connection of its own; close it, or use it in ``async with``.

    Every method raises ``LogUnavailableError`` when the database cannot be reached.
    """

    def __init__(self, dsn: str, *, application: str = "greenlight-read") -> None:
        """Connects on first use."""
        self._session = Session(dsn, application)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def stream(self, stream: str, after: int = 0) -> AsyncGenerator[StoredEvent]:
        """The events of a stream with versions above ``after``, oldest first."""
        while True:
            rows = await self._session.fetch(
                f"SELECT {COLUMNS} FROM greenlight.event"  # noqa: S608  # A constant.
                " WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3",
                stream,
                after,
                PAGE_EVENTS,
            )
            for row in rows:
                event = parse(StoredEvent, row)
                yield event
                after = event.version
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

    async def docket(self, wanted: DocketFilter | None = None, limit: int = 100) -> tuple[DocketRow, ...]:
        """Cases, the next due first; at most ``limit``, and never more than 1,000."""
        of = wanted or DocketFilter()
        rows = await self._session.fetch(
            _DOCKET,
            of.stage,
            of.waiting_for,
            of.outcome,
            of.officer,
            of.due_before,
            of.open_only,
            min(limit, MAX_ROWS),
            of.free_for,
        )
        return tuple(parse(DocketRow, row) for row in rows)

    async def licenses(
        self, *, number: str | None = None, stage: str | None = None, limit: int = 100
    ) -> tuple[LicenseRow, ...]:
        """Licenses by number; at most ``limit``, and never more than 1,000."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.license WHERE ($1::text IS NULL OR number = $1)"
            " AND ($2::text IS NULL OR stage = $2) ORDER BY number LIMIT $3",
            number,
            stage,
            min(limit, MAX_ROWS),
        )
        return tuple(parse(LicenseRow, row) for row in rows)

    async def officers(self, officer: str | None = None) -> tuple[OfficerRow, ...]:
        """All officers, or the one, with every key and role they hold or ever held."""
        rows = await self._session.fetch(_OFFICERS, officer)
        return tuple(OfficerRow.model_validate_json(str(row["officer"])) for row in rows)

    async def as_of(
        self, decider: Decider[S], stream: str, at: datetime, *, known_at: datetime | None = None
    ) -> S | None:
        """The state of a stream as it was in law at the instant ``at``; None if it did not exist.

        ``known_at``: leave out what the log had not taken in by then, such as a deadline noticed late.
        """
        state: S | None = None
        async for event in self.stream(stream):
            if event.at <= at and (known_at is None or event.recorded_at <= known_at):
                state = decider.apply(state, decider.read(event.record))
        return state
