"""Building the read models again from the events alone, and comparing them with those that are served."""

# ruff: noqa: S608  # What is put into the queries are the names of tables and columns.

import hashlib
from collections.abc import AsyncGenerator, Sequence

from pydantic_core import to_json

from greenlight.eventlog.aggregates import fold
from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.stored import read_head
from greenlight.eventlog.tables import Table, tables
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


_EVENTS = """
SELECT stream, version, record FROM greenlight.event
WHERE split_part(stream, '-', 1) = ANY ($2)
  AND ($1::bigint = 0 OR stream IN (SELECT stream FROM greenlight.event WHERE position > $1))
ORDER BY stream, version
"""


async def rebuild(dsn: str, *, swap: bool = True) -> Rebuild:
    """Fold every stream anew and, with ``swap``, put the result in the place of what is served.

    Writers wait only for the end of it: the streams that grew meanwhile, the comparison and the exchange.

    :raises RebuildError: an event cannot be read, or cannot follow those before it; nothing was changed.
    """
    async with connection(dsn, application="greenlight-rebuild", statement_timeout_seconds=0) as database:
        every = tables()
        for table in every:
            # Without the other indexes: streams are shown in the order of their names, so that for a while
            # two cases may hold a transaction that one has given up and the other has taken since.
            columns = f"LIKE greenlight.{table.name}, PRIMARY KEY ({table.keys})"
            await database.execute(f"CREATE TEMPORARY TABLE {table.name} ({columns})")
        async with database.transaction(isolation="repeatable_read"):
            reached = (await read_head(database)).position
            await fill(database, "pg_temp", every, 0)
        async with database.transaction():
            await database.execute("SELECT FROM greenlight.log FOR UPDATE")
            position = (await read_head(database)).position
            await fill(database, "pg_temp", every, reached)
            differences = [
                difference for table in every for difference in await _differences(database, table)
            ]
            digests = [
                TableDigest(
                    table=table.name,
                    before=await _digest(database, "greenlight", table),
                    after=await _digest(database, "pg_temp", table),
                )
                for table in every
            ]
            if swap:
                for table in every:
                    await _exchange(database, table)
                if differences:
                    # Cases must be held against what stands in truth.
                    await database.execute("UPDATE greenlight.log SET directives = directives + 1")
    return Rebuild(position=position, tables=tuple(digests), differences=tuple(differences[:MAX_DIFFERENCES]))


async def fill(database: Connection, schema: str, into: Sequence[Table], after: int) -> None:
    """Show in these tables every stream that has events after that position.

    :raises RebuildError: an event cannot be read, or cannot follow those before it.
    """
    views: list[View] = []
    async for view in _views(database, {table.kind for table in into}, after):
        views.append(view)
        if len(views) == _ROWS:
            await _show(database, schema, into, views)
            views.clear()
    await _show(database, schema, into, views)


async def _views(database: Connection, kinds: set[str], after: int) -> AsyncGenerator[View]:
    stream, folded = "", None
    async for row in database.cursor(_EVENTS, after, sorted(kinds), prefetch=_PREFETCH):
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


async def _show(database: Connection, schema: str, into: Sequence[Table], views: Sequence[View]) -> None:
    for table in into:
        rows = to_json([view.row for view in views if view.model == table.model]).decode()
        owners = f"SELECT o ->> '{table.owner}' FROM jsonb_array_elements($1) AS o"
        await database.execute(f"DELETE FROM {schema}.{table.name} WHERE {table.owner} IN ({owners})", rows)
        shown = f"SELECT t.* FROM jsonb_array_elements($1) AS shown, {table.rows}"
        await database.execute(f"INSERT INTO {schema}.{table.name} {shown}", rows)


async def _differences(database: Connection, table: Table) -> list[Difference]:
    rows = await database.fetch(
        f"SELECT concat_ws(' ', {table.keys}) AS key, s::text AS served, r::text AS rebuilt"
        f" FROM greenlight.{table.name} s FULL JOIN pg_temp.{table.name} r USING ({table.keys})"
        f" WHERE s::text IS DISTINCT FROM r::text ORDER BY {table.keys} LIMIT {MAX_DIFFERENCES}"
    )
    return [Difference.model_validate({"table": table.name, **row}) for row in rows]


async def _digest(database: Connection, schema: str, table: Table) -> Digest:
    rows = f"SELECT t::text AS row FROM {schema}.{table.name} AS t ORDER BY {table.keys}"
    content = hashlib.sha256()
    async for row in database.cursor(rows, prefetch=_PREFETCH):
        content.update(f"{row['row']}\n".encode())
    return f"sha256:{content.hexdigest()}"


async def _exchange(database: Connection, table: Table) -> None:
    await database.execute(f"DELETE FROM greenlight.{table.name}")
    await database.execute(f"INSERT INTO greenlight.{table.name} SELECT * FROM pg_temp.{table.name}")
