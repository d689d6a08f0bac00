"""Reading the log and what is derived from it: for auditors, the command line and other services."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Self, TypeVar

from greenlight.eventlog.database import parse
from greenlight.eventlog.due import Due, due
from greenlight.eventlog.entities import entity_versions
from greenlight.eventlog.holdings import holdings
from greenlight.eventlog.lists import read_content
from greenlight.eventlog.resolutions import words
from greenlight.eventlog.rows import (
    BatchRow,
    DirectiveRow,
    DocketFilter,
    DocketRow,
    EntityRow,
    LicenseRow,
    ListRow,
    OfficerRow,
    ReprieveRow,
    TaskFilter,
    TaskRow,
)
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import COLUMNS, StoredEvent
from greenlight.eventlog.terms import read_terms
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import Event
from greenlight.kernel.streams import entity_stream
from greenlight.law.application.screening.language import Resolution
from greenlight.law.authorisation.holding import Holding
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.license.state import CLOSED as CLOSED_LICENSES
from greenlight.law.reprieve.coverage import Terms

PAGE_EVENTS = 500
MAX_ROWS = 1_000

S = TypeVar("S", bound=Staged)


# What waits for a licensing officer may be assigned to one. Licenses wait for at most one role, and for no
# deadline; for an applicant only if it is the licensee.
_TASKS = """
SELECT acn AS case, stage, role, organisation, assigned_to, task.due, deadline,
       coalesce(matter, CASE WHEN listed THEN 'listed' END) AS parties
FROM greenlight.task JOIN greenlight.docket USING (acn)
WHERE role = ANY ($1) AND ($2::text IS NULL OR organisation IS NULL OR organisation = $2)
  AND ($3::text IS NULL OR role <> 'licensing_officer' OR assigned_to IS NULL OR assigned_to = $3)
UNION ALL
SELECT number, stage, waiting_for, whose, NULL, NULL, NULL,
       CASE WHEN listed > 0 THEN 'listed' WHEN possible > 0 THEN 'possible_match' END
FROM (SELECT *, CASE waiting_for WHEN 'applicant' THEN licensee END AS whose FROM greenlight.license
      WHERE waiting_for <> 'nobody') AS license
WHERE waiting_for = ANY ($1) AND ($2::text IS NULL OR whose IS NULL OR whose = $2)
UNION ALL
SELECT key, stage, waiting_for, NULL, NULL, due, NULL, NULL FROM greenlight.reprieve
WHERE waiting_for = ANY ($1)
UNION ALL
SELECT key, stage, 'licensing_officer', NULL, NULL, unpublished_since, 'publication', NULL
FROM greenlight.reprieve WHERE unpublished > 0 AND 'licensing_officer' = ANY ($1)
UNION ALL
SELECT key, stage, waiting_for, NULL, NULL, NULL, NULL, NULL FROM greenlight.batch
WHERE waiting_for = ANY ($1)
UNION ALL
SELECT key, stage, waiting_for, NULL, NULL, due, NULL, NULL FROM greenlight.directive
WHERE waiting_for = ANY ($1)
UNION ALL
SELECT key, stage, waiting_for, NULL, NULL, due, NULL, NULL FROM greenlight.list
WHERE waiting_for = ANY ($1)
ORDER BY due NULLS LAST, "case", role, organisation LIMIT $4
"""

_OPEN = """
SELECT 'application-' || acn AS stream FROM greenlight.docket WHERE waiting_for <> 'nobody'
UNION ALL SELECT 'license-' || number FROM greenlight.license WHERE stage <> ALL ($1)
UNION ALL SELECT 'reprieve-' || key FROM greenlight.reprieve WHERE stage <> 'ended'
UNION ALL SELECT 'entity-' || key FROM greenlight.entity WHERE stage <> 'removed' OR waiting_for <> 'nobody'
UNION ALL SELECT 'batch-' || key FROM greenlight.batch WHERE waiting_for <> 'nobody'
UNION ALL SELECT 'directive-' || key FROM greenlight.directive
    WHERE stage NOT IN ('expired', 'rescinded', 'superseded')
UNION ALL SELECT 'list-' || key FROM greenlight.list
ORDER BY stream
"""

_OFFICERS = """
SELECT to_jsonb(o) || jsonb_build_object(
    'keys', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'officer' ORDER BY valid_from, kid), '[]')
             FROM greenlight.officer_key k WHERE k.officer = o.officer),
    'roles', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'officer' ORDER BY role, valid_from), '[]')
              FROM greenlight.officer_role r WHERE r.officer = o.officer)) AS officer
FROM greenlight.officer o WHERE $1::text IS NULL OR o.officer = $1 ORDER BY o.officer
"""


def docket_query(of: DocketFilter, limit: int) -> tuple[str, tuple[object, ...]]:
    """The statement and its arguments. What is left open is not asked about, so that each filter finds the
    index that has its page in order."""
    given = {
        "stage =": of.stage,
        "waiting_for =": of.waiting_for,
        "outcome =": of.outcome,
        "assigned_to =": of.officer,
        "due <": of.due_before,
        "waiting_for <>": "nobody" if of.open_only else None,
    }
    asked = {condition: value for condition, value in given.items() if value is not None}
    where = " AND ".join(f"{condition} ${number}" for number, condition in enumerate(asked, 1))
    return (
        # Names of this module and of the model's fields, nothing from outside.
        f"SELECT {', '.join(DocketRow.model_fields)} FROM greenlight.docket"  # noqa: S608 - constants.
        f" WHERE {where or 'true'} ORDER BY due NULLS LAST, acn LIMIT ${len(asked) + 1}",
        (*asked.values(), limit),
    )


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
        query, args = docket_query(wanted or DocketFilter(), min(limit, MAX_ROWS))
        return tuple(parse(DocketRow, row) for row in await self._session.fetch(query, *args))

    async def tasks(self, wanted: TaskFilter, limit: int = MAX_ROWS) -> tuple[TaskRow, ...]:
        """What waits for these roles, the overdue and then the next due first; never more than 1,000."""
        rows = await self._session.fetch(
            _TASKS, wanted.roles, wanted.organisation, wanted.officer, min(limit, MAX_ROWS)
        )
        return tuple(parse(TaskRow, row) for row in rows)

    async def due(self, before: datetime) -> tuple[Due, ...]:
        """Every stream whose next deadline comes before an instant, by that deadline."""
        return await due(self._session, before)

    async def open_streams(self) -> list[str]:
        """The streams of all cases that go on: applications that wait for somebody, licenses in force,
        reprieves that have not ended, directives that are not over, listed entities that are not removed
        or that cases are still to be held against, batches that are not delivered."""
        rows = await self._session.fetch(_OPEN, tuple(stage.value for stage in CLOSED_LICENSES))
        return [str(row["stream"]) for row in rows]

    async def licenses(
        self,
        *,
        number: str | None = None,
        stage: str | None = None,
        licensee: str | None = None,
        limit: int = 100,
    ) -> tuple[LicenseRow, ...]:
        """Licenses by number; at most ``limit``, and never more than 1,000."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.license WHERE ($1::text IS NULL OR number = $1)"
            " AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR licensee = $3)"
            " ORDER BY number LIMIT $4",
            number,
            stage,
            licensee,
            min(limit, MAX_ROWS),
        )
        return tuple(parse(LicenseRow, row) for row in rows)

    async def reprieves(self, key: str | None = None) -> tuple[ReprieveRow, ...]:
        """All reprieves by key, or the one."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.reprieve WHERE $1::text IS NULL OR key = $1 ORDER BY key", key
        )
        return tuple(parse(ReprieveRow, row) for row in rows)

    async def entities(self, key: str | None = None) -> tuple[EntityRow, ...]:
        """All listed entities by key, or the one; those that are removed, too."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.entity WHERE $1::text IS NULL OR key = $1 ORDER BY key", key
        )
        return tuple(parse(EntityRow, row) for row in rows)

    async def batches(self, key: str | None = None) -> tuple[BatchRow, ...]:
        """All batches, the latest first, or the one."""
        rows = await self._session.fetch(
            f"SELECT {', '.join(BatchRow.model_fields)} FROM greenlight.batch"  # noqa: S608  # The model's fields.
            " WHERE $1::text IS NULL OR key = $1 ORDER BY opened_at DESC, key",
            key,
        )
        return tuple(parse(BatchRow, row) for row in rows)

    async def directives(self, key: str | None = None) -> tuple[DirectiveRow, ...]:
        """All directives by key, or the one."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.directive WHERE $1::text IS NULL OR key = $1 ORDER BY key", key
        )
        return tuple(parse(DirectiveRow, row) for row in rows)

    async def lists(self, key: str | None = None) -> tuple[ListRow, ...]:
        """The list, if it is kept here."""
        rows = await self._session.fetch(
            "SELECT * FROM greenlight.list WHERE $1::text IS NULL OR key = $1 ORDER BY key", key
        )
        return tuple(parse(ListRow, row) for row in rows)

    async def list_content(self, digest: str) -> bytes | None:
        """The file of a version of the list, byte for byte; None: it is not stored here."""
        return await read_content(self._session, digest)

    async def entity_events(self, known_at: datetime | None = None) -> dict[str, list[Event]]:
        """By key what was decided of every listed entity; ``known_at``: as the log had it by then."""
        found: dict[str, list[Event]] = {}
        for key in await entity_versions(self._session):
            found[key] = [
                ENTITY.read(event.record)
                async for event in self.stream(entity_stream(key))
                if known_at is None or event.recorded_at <= known_at
            ]
        return found

    async def terms(self) -> Terms:
        """All terms of all reprieves, to ask ``greenlight.law.reprieve.coverage.covered`` of.

        They stand for what is on record now; read them anew when a row of ``reprieves`` has moved on.
        """
        return await read_terms(self._session)

    async def words(self, known_at: datetime | None = None) -> tuple[Resolution, ...]:
        """What officers said last of each pair of a party and an entry of the list, whichever case it was
        in; ``known_at``: as the log had it by then."""
        return await words(self._session, known_at)

    async def holdings(self) -> tuple[Holding, ...]:
        """All licenses with their events and parties, to make ``greenlight.law.authorisation`` answers of.

        They stand for what is on record now. With ``terms``, the control tables and whatever finds listed
        names they make an ``Authorities``, which answers in memory.
        """
        return await holdings(self._session)

    async def officers(self, officer: str | None = None) -> tuple[OfficerRow, ...]:
        """All officers, or the one, with every key and role they hold or ever held."""
        rows = await self._session.fetch(_OFFICERS, officer)
        return tuple(OfficerRow.model_validate_json(str(row["officer"])) for row in rows)

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
