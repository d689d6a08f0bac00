"""Reading the log and what is derived from it: for auditors, the command line and other services."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

from greenlight.eventlog.database import parse
from greenlight.eventlog.directives import read_standing
from greenlight.eventlog.due import Due, due
from greenlight.eventlog.entities import entity_versions
from greenlight.eventlog.holdings import holdings
from greenlight.eventlog.lists import read_content
from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.resolutions import words
from greenlight.eventlog.rows import ORDERS, DocketFilter, Summary, TaskFilter, TaskRow
from greenlight.eventlog.rules import read_rules
from greenlight.eventlog.terms import read_terms
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Row
from greenlight.kernel.streams import entity_stream
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.view import DocketRow
from greenlight.law.authorisation.holding import Holding
from greenlight.law.batch.view import BatchRow
from greenlight.law.directive.standing import Standing
from greenlight.law.directive.view import DirectiveRow
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.view import EntityRow
from greenlight.law.license.view import LicenseRow
from greenlight.law.officer.view import OfficerRow
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.view import ReprieveRow
from greenlight.law.rule.rules import Rule
from greenlight.law.screening_list.view import ListRow

MAX_ROWS = 1_000

R = TypeVar("R", bound=Row)


# What waits for a licensing officer may be assigned to one.
_TASKS = """
SELECT * FROM greenlight.worklist
WHERE role = ANY ($1) AND ($2::text IS NULL OR organisation IS NULL OR organisation = $2)
  AND ($3::text IS NULL OR role <> 'licensing_officer' OR assigned_to IS NULL OR assigned_to = $3)
ORDER BY expedited DESC, due NULLS LAST, "case", role, organisation LIMIT $4
"""

_SUMMARIES = """
SELECT stream, kind, key, stage, waiting_for, closed, due, version FROM greenlight.stream
WHERE kind = $1 AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR waiting_for = $3)
  AND NOT ($4 AND closed)
ORDER BY closed, due NULLS LAST, key LIMIT $5
"""
_SUMMARIES_SIZE = """
SELECT count(*) AS size FROM greenlight.stream
WHERE kind = $1 AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR waiting_for = $3)
  AND NOT ($4 AND closed)
"""
_SUMMARY = """
SELECT stream, kind, key, stage, waiting_for, closed, due, version FROM greenlight.stream
WHERE (kind, key) = ($1, $2)
"""
_LICENSES_SIZE = """
SELECT count(*) AS size FROM greenlight.license
WHERE ($1::text IS NULL OR stage = $1) AND ($2::text IS NULL OR licensee = $2)
"""
_PLACE = "SELECT due, acn FROM greenlight.docket WHERE acn = $1"
_OF_TASKS = """
SELECT DISTINCT stream FROM greenlight.stream
JOIN unnest($1::text[], $2::text[]) AS task (key, stage) USING (key, stage)
"""
_ACTED_IN = """
SELECT DISTINCT stream FROM greenlight.event WHERE stream = ANY($1::text[])
AND $2 IN (record::jsonb #>> '{by,person}', record::jsonb #>> '{author,person}')
"""
_OPEN = "SELECT stream FROM greenlight.stream WHERE NOT closed ORDER BY stream"

_OFFICERS = """
SELECT to_jsonb(o) || jsonb_build_object(
    'keys', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'officer' ORDER BY valid_from, kid), '[]')
             FROM greenlight.officer_key k WHERE k.officer = o.officer),
    'roles', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'officer' ORDER BY role, valid_from), '[]')
              FROM greenlight.officer_role r WHERE r.officer = o.officer),
    'changes', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'officer' ORDER BY at, change), '[]')
                FROM greenlight.officer_change c WHERE c.officer = o.officer)) AS row
FROM greenlight.officer o WHERE $1::text IS NULL OR o.officer = $1 ORDER BY o.officer
"""
_HOLDERS = """
SELECT o.officer, o.version FROM greenlight.officer o
WHERE EXISTS (SELECT FROM greenlight.officer_role r WHERE r.officer = o.officer AND r.role = $1
              AND r.valid_from <= now() AND (r.valid_until IS NULL OR now() < r.valid_until))
ORDER BY o.officer
"""


class Holder(NamedTuple):
    """Somebody who holds a role now, and the version of their registration."""

    officer: str
    version: int


def _columns(row: type[Row]) -> str:
    return ", ".join(row.model_fields)


def _docket_clauses(of: DocketFilter) -> tuple[list[str], list[object]]:
    """Conditions on the docket's columns, and their arguments. What is left open is not asked about, so that
    each filter finds the index that has its page in order."""
    given = {
        "stage =": of.stage,
        "waiting_for =": of.waiting_for,
        "outcome =": of.outcome,
        "assigned_to =": of.officer,
        "due <": of.due_before,
        "waiting_for <>": "nobody" if of.open_only else None,
        "acn ^@": of.number,
        "applicant =": of.applicant,
        "agencies ?": of.agency,
        "acn = ANY": None if of.among is None else sorted(of.among),
    }
    asked = {condition: value for condition, value in given.items() if value is not None}
    return [f"{condition} (${number})" for number, condition in enumerate(asked, 1)], [*asked.values()]


def docket_query(of: DocketFilter, limit: int) -> tuple[str, tuple[object, ...]]:
    """The statement for a page of the docket and its arguments."""
    clauses, values = _docket_clauses(of)
    columns = ORDERS[of.order]
    if of.after is not None:
        clauses.append(_behind(columns, of.after, of.down, values))
    way = "DESC NULLS FIRST" if of.down else "NULLS LAST"
    return (
        # Names of this module and of the model's fields, nothing from outside.
        f"SELECT {_columns(DocketRow)} FROM greenlight.docket"  # noqa: S608 - names of the row class
        f" WHERE {' AND '.join(clauses) or 'true'}"
        f" ORDER BY {', '.join(f'{column} {way}' for column in columns)} LIMIT ${len(values) + 1}",
        (*values, limit),
    )


def _behind(columns: Sequence[str], place: Sequence[object], down: bool, values: list[object]) -> str:
    """The condition on what stands behind a place in an order; its arguments join ``values``. An empty column
    stands last, or on top where the order goes down."""
    steps: list[str] = []
    same: list[str] = []
    for column, value in zip(columns, place, strict=True):
        if value is None:
            beyond, equal = f"{column} IS NOT NULL" if down else "false", f"{column} IS NULL"
        else:
            values.append(value)
            at = f"${len(values)}"
            beyond = f"{column} < {at}" if down else f"({column} > {at} OR {column} IS NULL)"
            equal = f"{column} = {at}"
        steps.append(" AND ".join((*same, beyond)))
        same.append(equal)
    return f"({' OR '.join(f'({step})' for step in steps)})"


class Reader(StreamReader):
    """Reads the log and all that is derived from it."""

    async def docket(self, wanted: DocketFilter | None = None, limit: int = 100) -> tuple[DocketRow, ...]:
        """Cases, the next due first; at most ``limit``, and never more than 1,000."""
        query, args = docket_query(wanted or DocketFilter(), min(limit, MAX_ROWS))
        return tuple(parse(DocketRow, row) for row in await self._session.fetch(query, *args))

    async def docket_size(self, wanted: DocketFilter) -> int:
        """The number of all cases that are asked for, on whatever page."""
        clauses, values = _docket_clauses(wanted)
        where = " AND ".join(clauses) or "true"
        query = f"SELECT count(*) AS size FROM greenlight.docket WHERE {where}"  # noqa: S608 - names of this module
        rows = await self._session.fetch(query, *values)
        return int(str(rows[0]["size"]))

    async def docket_place(self, acn: str) -> tuple[datetime | None, str] | None:
        """The place of a case in the docket's order, behind which the next page begins; None: there is none
        such."""
        rows = await self._session.fetch(_PLACE, acn)
        return (cast(datetime | None, rows[0]["due"]), acn) if rows else None

    async def tasks(self, wanted: TaskFilter, limit: int = MAX_ROWS) -> tuple[TaskRow, ...]:
        """Tasks that wait for these roles, those expedited on top, then the overdue and the next due; never
        more than 1,000."""
        rows = await self._session.fetch(
            _TASKS, wanted.roles, wanted.organisation, wanted.officer, min(limit, MAX_ROWS)
        )
        return tuple(parse(TaskRow, row) for row in rows)

    async def streams_of(self, tasks: Sequence[TaskRow]) -> tuple[str, ...]:
        """The streams in which these tasks wait: a case's number alone may be a license's, too."""
        keys, stages = [task.case for task in tasks], [task.stage for task in tasks]
        rows = await self._session.fetch(_OF_TASKS, keys, stages)
        return tuple(str(row["stream"]) for row in rows)

    async def acted_in(self, streams: Sequence[str], person: str) -> frozenset[str]:
        """Those of the streams in which a person has done anything."""
        rows = await self._session.fetch(_ACTED_IN, list(streams), person)
        return frozenset(str(row["stream"]) for row in rows)

    async def due(self, before: datetime) -> tuple[Due, ...]:
        """Every stream whose next deadline comes before an instant, by that deadline."""
        return await due(self._session, before)

    async def summaries(
        self,
        kind: str,
        *,
        stage: str | None = None,
        waiting_for: str | None = None,
        open_only: bool = False,
        limit: int = 100,
    ) -> tuple[Summary, ...]:
        """Streams of a kind, those due first on top; at most ``limit``, and never more than 1,000."""
        rows = await self._session.fetch(
            _SUMMARIES, kind, stage, waiting_for, open_only, min(limit, MAX_ROWS)
        )
        return tuple(parse(Summary, row) for row in rows)

    async def summary(self, stream: str) -> Summary | None:
        """The status of a stream; None: there is none."""
        kind, _, key = stream.partition("-")
        rows = await self._session.fetch(_SUMMARY, kind, key)
        return parse(Summary, rows[0]) if rows else None

    async def summaries_size(
        self, kind: str, *, stage: str | None = None, waiting_for: str | None = None, open_only: bool = False
    ) -> int:
        """The number of all streams of a kind that are asked for."""
        rows = await self._session.fetch(_SUMMARIES_SIZE, kind, stage, waiting_for, open_only)
        return int(str(rows[0]["size"]))

    async def open_streams(self) -> list[str]:
        """The streams of all cases that go on: applications that wait for somebody, licenses in force,
        reprieves that have not ended, directives that are not over, listed entities that are not removed
        or that cases are still to be held against, batches that are not delivered."""
        rows = await self._session.fetch(_OPEN)
        return [str(row["stream"]) for row in rows]

    async def licenses(
        self,
        *,
        number: str | None = None,
        stage: str | None = None,
        licensee: str | None = None,
        party: str | None = None,
        agency: str | None = None,
        after: str = "",
        limit: int = 100,
    ) -> tuple[LicenseRow, ...]:
        """Licenses by number, those behind ``after``; at most ``limit``, and never more than 1,000.

        ``party``: that have it, had it or are to have it; ``agency``: whose applications were in its matter.
        """
        rows = await self._session.fetch(
            f"SELECT {_columns(LicenseRow)} FROM greenlight.license"  # noqa: S608 - names of the row class
            " WHERE ($1::text IS NULL OR number = $1)"
            " AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR licensee = $3)"
            " AND ($4::text IS NULL OR licensees ? $4) AND ($5::text IS NULL OR EXISTS ("
            "SELECT FROM greenlight.docket d WHERE d.acn = license.acn AND d.agencies ? $5))"
            " AND number > $6 ORDER BY number LIMIT $7",
            number,
            stage,
            licensee,
            party,
            agency,
            after,
            min(limit, MAX_ROWS),
        )
        return tuple(parse(LicenseRow, row) for row in rows)

    async def licenses_size(self, *, stage: str | None = None, licensee: str | None = None) -> int:
        """The number of all licenses that are asked for."""
        rows = await self._session.fetch(_LICENSES_SIZE, stage, licensee)
        return int(str(rows[0]["size"]))

    async def _all(self, model: type[R], key: str | None, order: str = "key") -> tuple[R, ...]:
        """All rows of a read model, or the one."""
        rows = await self._session.fetch(
            f"SELECT to_jsonb(t)::text AS row FROM greenlight.{model.table.name} AS t"  # noqa: S608 - names of the row class
            f" WHERE $1::text IS NULL OR key = $1 ORDER BY {order}",
            key,
        )
        return tuple(model.model_validate_json(str(row["row"])) for row in rows)

    async def reprieves(self, key: str | None = None) -> tuple[ReprieveRow, ...]:
        """All reprieves by key, or the one."""
        return await self._all(ReprieveRow, key)

    async def entities(self, key: str | None = None) -> tuple[EntityRow, ...]:
        """All listed entities by key, or the one; those that are removed, too."""
        return await self._all(EntityRow, key)

    async def batches(self, key: str | None = None) -> tuple[BatchRow, ...]:
        """All batches, the latest first, or the one."""
        return await self._all(BatchRow, key, order="opened_at DESC, key")

    async def directives(self, key: str | None = None) -> tuple[DirectiveRow, ...]:
        """All directives by key, or the one."""
        return await self._all(DirectiveRow, key)

    async def lists(self, key: str | None = None) -> tuple[ListRow, ...]:
        """The list, if it is kept here."""
        return await self._all(ListRow, key)

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

    async def rules(self) -> tuple[Rule, ...]:
        """The rules of which something is attested and confirmed, to take the place of those shipped."""
        return await read_rules(self._session)

    async def words(self, known_at: datetime | None = None) -> tuple[Resolution, ...]:
        """The last word of officers on each pair of a party and an entry of the list, whichever case it was
        in; ``known_at``: as the log had it by then."""
        return await words(self._session, known_at)

    async def holdings(self) -> tuple[Holding, ...]:
        """All licenses with their events and parties, to make ``greenlight.law.authorisation`` answers of.

        They stand for what is on record now. With ``terms``, the control tables and whatever finds listed
        names they make an ``Authorities``, which answers in memory.
        """
        return await holdings(self._session)

    async def standing(self) -> Standing:
        """All that is in force now."""
        return await read_standing(self._session)

    async def officers(self, officer: str | None = None) -> tuple[OfficerRow, ...]:
        """All officers, or the one, with every key and role they hold or ever held, and what is proposed of
        them. Who is only proposed has no person."""
        rows = await self._session.fetch(_OFFICERS, officer)
        return tuple(OfficerRow.model_validate_json(str(row["row"])) for row in rows)

    async def holders(self, role: Role) -> tuple[Holder, ...]:
        """Those who hold a role now."""
        rows = await self._session.fetch(_HOLDERS, role.value)
        return tuple(Holder(str(row["officer"]), cast(int, row["version"])) for row in rows)
