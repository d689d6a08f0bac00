"""Building the read models again from the events alone, and comparing them with those that are served."""

# ruff: noqa: S608  # What is put into the queries are the constants of _TABLES.

import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from pydantic_core import to_json

from greenlight.eventlog.aggregates import fold
from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.stored import read_head
from greenlight.kernel.commit import View
from greenlight.kernel.model import Digest, Model

_PREFETCH = 1_000
_ROWS = 500
MAX_DIFFERENCES = 100


class RebuildError(Exception):
    """A stream cannot be folded. The message names the event."""


class Difference(Model):
    """A row that is served, and the one that the events lead to; None where there is no such row."""

    table: str
    key: str
    served: str | None
    rebuilt: str | None


class TableDigest(Model):
    """SHA-256 over all rows of a table in the order of their keys."""

    table: str
    before: Digest
    after: Digest


class Rebuild(Model):
    """``position`` is how far the events were read; ``differences`` are 100 at most."""

    position: int
    tables: tuple[TableDigest, ...]
    differences: tuple[Difference, ...]


class _Record(Model):
    stream: str
    version: int
    record: str


@dataclass(frozen=True, slots=True)
class _Table:
    """``owner`` is the field of a view's row that the table's rows belong to; ``rows`` turns ``$1``, an array
    of views' rows, into rows of the table."""

    name: str
    key: str
    model: str
    owner: str
    rows: str = ""

    @property
    def insert(self) -> str:
        rows = self.rows or f"jsonb_populate_recordset(NULL::greenlight.{self.name}, $1)"
        return f"INSERT INTO pg_temp.{self.name} SELECT shown.* FROM {rows} AS shown"

    @property
    def delete(self) -> str:
        owners = f"SELECT o ->> '{self.owner}' FROM jsonb_array_elements($1) AS o"
        return f"DELETE FROM pg_temp.{self.name} WHERE {self.owner} IN ({owners})"

    @property
    def differences(self) -> str:
        return (
            f"SELECT concat_ws(' ', {self.key}) AS key, s::text AS served, r::text AS rebuilt"
            f" FROM greenlight.{self.name} s FULL JOIN pg_temp.{self.name} r USING ({self.key})"
            f" WHERE s::text IS DISTINCT FROM r::text ORDER BY {self.key} LIMIT {MAX_DIFFERENCES}"
        )


_TABLES = (
    _Table("docket", "acn", "docket", "acn"),
    _Table("task", "acn, number", "docket", "acn", "jsonb_array_elements($1) AS o, greenlight.tasks_in(o)"),
    _Table(
        "resolution",
        "acn, pair",
        "docket",
        "acn",
        "jsonb_array_elements($1) AS o, greenlight.resolutions_in(o)",
    ),
    _Table("license", "number", "license", "number"),
    _Table(
        "license_resolution",
        "number, pair",
        "license",
        "number",
        "jsonb_array_elements($1) AS o, greenlight.license_resolutions_in(o)",
    ),
    _Table("reprieve", "key", "reprieve", "key"),
    _Table("entity", "key", "entity", "key"),
    _Table("batch", "key", "batch", "key"),
    _Table("directive", "key", "directive", "key"),
    _Table("list", "key", "list", "key"),
    _Table("officer", "officer", "officer", "officer"),
    _Table(
        "officer_key", "kid", "officer", "officer", "jsonb_array_elements($1) AS o, greenlight.keys_in(o)"
    ),
    _Table(
        "officer_role",
        "officer, role, valid_from",
        "officer",
        "officer",
        "jsonb_array_elements($1) AS o, greenlight.roles_in(o)",
    ),
)

_EVENTS = """
SELECT stream, version, record FROM greenlight.event
WHERE $1::bigint = 0 OR stream IN (SELECT stream FROM greenlight.event WHERE position > $1)
ORDER BY stream, version
"""


async def rebuild(dsn: str, *, swap: bool = True) -> Rebuild:
    """Fold every stream anew and, with ``swap``, put the result in the place of what is served.

    Writers wait only for the end of it: the streams that grew meanwhile, the comparison and the exchange.

    :raises RebuildError: an event cannot be read, or cannot follow those before it; nothing was changed.
    """
    async with connection(dsn, application="greenlight-rebuild", statement_timeout_seconds=0) as database:
        for table in _TABLES:
            # Without the other indexes: streams are shown in the order of their names, so that for a while
            # two cases may hold a transaction that one has given up and the other has taken since.
            columns = f"LIKE greenlight.{table.name}, PRIMARY KEY ({table.key})"
            await database.execute(f"CREATE TEMPORARY TABLE {table.name} ({columns})")
        async with database.transaction(isolation="repeatable_read"):
            reached = (await read_head(database)).position
            await _fill(database, 0)
        async with database.transaction():
            await database.execute("SELECT FROM greenlight.log FOR UPDATE")
            position = (await read_head(database)).position
            await _fill(database, reached)
            differences = [
                difference for table in _TABLES for difference in await _differences(database, table)
            ]
            digests = [
                TableDigest(
                    table=table.name,
                    before=await _digest(database, "greenlight", table),
                    after=await _digest(database, "pg_temp", table),
                )
                for table in _TABLES
            ]
            if swap:
                for table in _TABLES:
                    await _exchange(database, table)
                if any(difference.table in {"directive", "list"} for difference in differences):
                    # Cases must be held against what stands in truth.
                    await database.execute("UPDATE greenlight.log SET directives = directives + 1")
    return Rebuild(position=position, tables=tuple(digests), differences=tuple(differences[:MAX_DIFFERENCES]))


async def _fill(database: Connection, after: int) -> None:
    """Show every stream that has events after that position."""
    views: list[View] = []
    async for view in _views(database, after):
        views.append(view)
        if len(views) == _ROWS:
            await _show(database, views)
            views.clear()
    await _show(database, views)


async def _views(database: Connection, after: int) -> AsyncGenerator[View]:
    stream, folded = "", None
    async for row in database.cursor(_EVENTS, after, prefetch=_PREFETCH):
        record = parse(_Record, row)
        try:
            if record.stream != stream or folded is None:
                if folded is not None and (view := folded.view()):
                    yield view
                stream, folded = record.stream, fold(record.stream)
            folded.add(record.record)
        except ValueError as error:
            raise RebuildError(f"{record.stream}, event {record.version}: {error}") from error
    if folded is not None and (view := folded.view()):
        yield view


async def _show(database: Connection, views: Sequence[View]) -> None:
    for table in _TABLES:
        rows = to_json([view.row for view in views if view.model == table.model]).decode()
        await database.execute(table.delete, rows)
        await database.execute(table.insert, rows)


async def _differences(database: Connection, table: _Table) -> list[Difference]:
    rows = await database.fetch(table.differences)
    return [Difference.model_validate({"table": table.name, **row}) for row in rows]


async def _digest(database: Connection, schema: str, table: _Table) -> Digest:
    rows = f"SELECT t::text AS row FROM {schema}.{table.name} AS t ORDER BY {table.key}"
    content = hashlib.sha256()
    async for row in database.cursor(rows, prefetch=_PREFETCH):
        content.update(f"{row['row']}\n".encode())
    return f"sha256:{content.hexdigest()}"


async def _exchange(database: Connection, table: _Table) -> None:
    await database.execute(f"DELETE FROM greenlight.{table.name}")
    await database.execute(f"INSERT INTO greenlight.{table.name} SELECT * FROM pg_temp.{table.name}")
