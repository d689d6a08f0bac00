"""Building the read models again from the events alone, and comparing them with those that are served.

All of it is read and compared in one view of the database, which holds no writer up. What differs is then
set right under the log's lock, a few streams at a time: folded before the lock is taken, and only if they
have not grown until it is.

A stream of which nothing can be made is named and left out; all others go on. The log is never only as good
as its worst event.
"""

# ruff: noqa: S608  # What is put into the queries are the names of tables and columns.

import hashlib
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic_core import to_json

from greenlight.eventlog.aggregates import Fold, fold
from greenlight.eventlog.database import NOT_TAKEN, WHOLE, Connection, connection, parse
from greenlight.eventlog.stored import read_head
from greenlight.eventlog.tables import Table, tables
from greenlight.kernel.commit import View
from greenlight.kernel.model import Digest, Model
from greenlight.kernel.past import UnreadableError
from greenlight.law.registry import aggregate_of

_PREFETCH = 1_000
_ROWS = 500
MAX_DIFFERENCES = 100
AT_ONCE = 20
"""Streams that are set right under one lock of the log: a few milliseconds."""
_TRIES = 1_000
"""Steps for one stream that grows faster than it is folded; each is a few milliseconds."""


class RebuildError(Exception):
    """A stream grows too fast to be set right. The message names it."""


class Unreadable(Model):
    """A stream of which nothing can be shown, the position of the event that is in the way, and why. The
    reason has no words of the record."""

    stream: str
    position: int
    reason: str

    def __str__(self) -> str:
        return f"{self.stream}, position {self.position}: {self.reason}"


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
    """``position`` is how far the events were read; ``differences`` are 100 at most. What is served of the
    ``unreadable`` streams is left as it is."""

    position: int
    tables: tuple[TableDigest, ...]
    differences: tuple[Difference, ...]
    unreadable: tuple[Unreadable, ...]


class _Record(Model):
    stream: str
    version: int
    position: int
    record: str


class Folded(NamedTuple):
    """A stream up to a version, the position of its last event, and what is shown of it: None where it has no
    row, or is unreadable."""

    stream: str
    version: int = 0
    position: int = 0
    view: View | None = None
    unreadable: Unreadable | None = None


class Exchanged(NamedTuple):
    """The streams that are to be folded and set right next, and those of which nothing could be shown."""

    again: list[str]
    unreadable: list[Unreadable]


class _Folding:
    """A stream whose events come one after the other."""

    def __init__(self, stream: str) -> None:
        self._folded = Folded(stream)
        self._fold: Fold | None = None

    @property
    def stream(self) -> str:
        return self._folded.stream

    def add(self, record: _Record) -> None:
        self._folded = self._folded._replace(version=record.version, position=record.position)
        if self._folded.unreadable is not None:
            return
        try:
            if self._fold is None:
                self._fold = fold(record.stream)
            self._fold.add(record.record)
        except UnreadableError as error:
            self._give_up(str(error))
        except Exception as error:  # noqa: BLE001 - a forged record leads where the law never goes.
            self._give_up(f"the event cannot follow in this stream ({type(error).__name__})")

    def end(self) -> Folded:
        if self._fold is None or self._folded.unreadable is not None:
            return self._folded
        try:
            view = self._fold.view()
        except Exception as error:  # noqa: BLE001 - as above.
            self._give_up(f"nothing can be shown of what the events lead to ({type(error).__name__})")
            return self._folded
        if view is not None and not _is_own(self.stream, view):
            self._give_up("the events tell of another stream")
            return self._folded
        return self._folded._replace(view=view)

    def _give_up(self, reason: str) -> None:
        self._folded = self._folded._replace(unreadable=_unreadable(self._folded, reason))


def _is_own(stream: str, view: View) -> bool:
    aggregate = aggregate_of(stream)
    return aggregate.stream(str(view.row[aggregate.row.table.key])) == stream


def _unreadable(folded: Folded, reason: str) -> Unreadable:
    return Unreadable(stream=folded.stream, position=folded.position, reason=reason)


_IN_ORDER = (
    "SELECT stream, version, position, record FROM greenlight.event WHERE {which} ORDER BY stream, version"
)

_OF_KINDS = _IN_ORDER.format(
    which="split_part(stream, '-', 1) = ANY ($2) AND ($1::bigint = 0"
    " OR stream IN (SELECT stream FROM greenlight.event WHERE position > $1))"
)
_OF_STREAMS = _IN_ORDER.format(which="stream = ANY ($1)")

_VERSIONS = (
    "SELECT stream, max(version) AS version FROM greenlight.event WHERE stream = ANY ($1) GROUP BY stream"
)


async def rebuild(dsn: str, *, swap: bool = True) -> Rebuild:
    """Fold every stream anew, compare with what is served and, with ``swap``, set right what differs.

    :raises RebuildError: a stream grows faster than it can be read; others were set right.
    """
    async with connection(dsn, application="greenlight-rebuild", limits=WHOLE) as database:
        every = tables()
        async with database.transaction(isolation="repeatable_read"):
            for table in every:
                # With the indexes: what two streams claim, only one is shown to have.
                columns = f"LIKE greenlight.{table.name} INCLUDING INDEXES"
                await database.execute(f"CREATE TEMPORARY TABLE {table.name} ({columns})")
            position = (await read_head(database)).position
            unreadable = {each.stream: each for each in await fill(database, "pg_temp", every, 0)}
            for table in every:
                await _leave(database, table, unreadable)
            differences = [
                difference for table in every for difference in await _differences(database, table)
            ]
            wrong = {stream: None for table in every for stream in await _wrong(database, table)}
            digests = [
                TableDigest(
                    table=table.name,
                    before=await _digest(database, "greenlight", table),
                    after=await _digest(database, "pg_temp", table),
                )
                for table in every
            ]
        if swap:
            await _set_right(database, every, wrong, unreadable)
    return Rebuild(
        position=position,
        tables=tuple(digests),
        differences=tuple(differences[:MAX_DIFFERENCES]),
        unreadable=tuple(unreadable.values()),
    )


async def _leave(database: Connection, table: Table, unreadable: Iterable[str]) -> None:
    """Take over what is served of these streams, unless it is another's by now."""
    await database.execute(
        f"INSERT INTO pg_temp.{table.name} SELECT * FROM greenlight.{table.name}"
        f" WHERE '{table.kind}-' || {table.owner} = ANY ($1) ON CONFLICT DO NOTHING",
        list(unreadable),
    )


async def _set_right(
    database: Connection, every: Sequence[Table], wrong: Iterable[str], unreadable: dict[str, Unreadable]
) -> None:
    """Set right what is wrong; streams that turn out to be ``unreadable`` are added to those."""
    waiting = deque(stream for stream in wrong if stream not in unreadable)
    steps = _TRIES + len(waiting)
    while waiting:
        some = dict.fromkeys(waiting.popleft() for _ in range(min(AT_ONCE, len(waiting))))
        folded = {each.stream: each async for each in _folded(database, _OF_STREAMS, list(some))}
        found = [each.unreadable for each in folded.values() if each.unreadable is not None]
        for each in found:
            del some[each.stream]
        exchanged = await exchange(database, every, some, folded)
        unreadable.update((each.stream, each) for each in (*found, *exchanged.unreadable))
        waiting.extend(stream for stream in exchanged.again if stream not in unreadable)
        steps -= 1
        if waiting and not steps:
            raise RebuildError(
                f"{waiting[0]} grows faster than it can be read: rebuild again when it is quiet"
            )


async def exchange(
    database: Connection, every: Sequence[Table], streams: Iterable[str], folded: Mapping[str, Folded]
) -> Exchanged:
    """Put what is shown of these streams in the place of what is served; again are those that have grown
    since they were folded, and others whose rows were in the way."""
    async with database.transaction():
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        rows = await database.fetch(_VERSIONS, list(streams))
        now = {str(row["stream"]): row["version"] for row in rows}
        still = {each: folded.get(each, Folded(each)) for each in streams}
        moved = [each for each, was in still.items() if now.get(each, 0) != was.version]
        owners: dict[str, list[str]] = {}
        shown = [was for stream, was in still.items() if stream not in moved]
        for was in shown:
            kind, _, key = was.stream.partition("-")
            owners.setdefault(kind, []).append(key)
        for table in every:
            await database.execute(
                f"DELETE FROM greenlight.{table.name} WHERE {table.owner} = ANY ($1)",
                owners.get(table.kind, []),
            )
        for table in every:
            moved += await _make_way(database, table, shown)
        unreadable = await _show(database, "greenlight", every, shown)
        # Cases must be held against what stands in truth.
        await database.execute("UPDATE greenlight.log SET directives = directives + 1")
    return Exchanged(moved, unreadable)


async def _make_way(database: Connection, table: Table, shown: Sequence[Folded]) -> list[str]:
    """Take away rows of others that claim what these views show as theirs: they are wrong as well."""
    claimed = " OR ".join(
        f"({', '.join(key)}) IN (SELECT {', '.join(f't.{column}' for column in key)}"
        f" FROM jsonb_array_elements($1) AS shown, {table.rows})"
        for key in (table.key, *((column,) for column in table.unique))
    )
    rows = await database.fetch(
        f"DELETE FROM greenlight.{table.name} WHERE {claimed}"
        f" RETURNING '{table.kind}-' || {table.owner} AS stream",
        _rows(table, shown),
    )
    return [str(row["stream"]) for row in rows]


async def fill(database: Connection, schema: str, into: Sequence[Table], after: int) -> list[Unreadable]:
    """Show in these tables every stream that has events after that position, but for those of which nothing
    can be shown: returns them. Where two claim the same, the first by its name has it."""
    if after:
        # All that have changed give up what they hold before one of them takes it.
        for table in into:
            await database.execute(
                f"DELETE FROM {schema}.{table.name} WHERE '{table.kind}-' || {table.owner} IN"
                " (SELECT stream FROM greenlight.event WHERE position > $1)",
                after,
            )
    unreadable: list[Unreadable] = []
    some: list[Folded] = []
    async for folded in _folded(database, _OF_KINDS, after, sorted({table.kind for table in into})):
        if folded.unreadable is not None:
            unreadable.append(folded.unreadable)
        elif folded.view is not None:
            some.append(folded)
        if len(some) == _ROWS:
            unreadable += await _show(database, schema, into, some)
            some.clear()
    return unreadable + await _show(database, schema, into, some)


async def _folded(database: Connection, query: str, *args: object) -> AsyncGenerator[Folded]:
    """Streams, each with its events in order."""
    async with database.transaction():
        folding: _Folding | None = None
        async for row in database.cursor(query, *args, prefetch=_PREFETCH):
            record = parse(_Record, row)
            if folding is None or folding.stream != record.stream:
                if folding is not None:
                    yield folding.end()
                folding = _Folding(record.stream)
            folding.add(record)
        if folding is not None:
            yield folding.end()


async def _show(
    database: Connection, schema: str, into: Sequence[Table], some: Sequence[Folded]
) -> list[Unreadable]:
    """Show these streams, all at once; where the database does not take them, half and half, so that it is
    found which it is. Returns those that it does not take."""
    try:
        async with database.transaction():
            await _replace(database, schema, into, some)
    except NOT_TAKEN as error:
        if len(some) == 1:
            why = "its row cannot be shown beside those of others"
            return [_unreadable(some[0], f"{why} (SQL state {error.sqlstate})")]
        half = len(some) // 2
        first = await _show(database, schema, into, some[:half])
        return first + await _show(database, schema, into, some[half:])
    return []


async def _replace(database: Connection, schema: str, into: Sequence[Table], some: Sequence[Folded]) -> None:
    for table in into:
        rows = _rows(table, some)
        owners = f"SELECT o ->> '{table.owner}' FROM jsonb_array_elements($1) AS o"
        await database.execute(f"DELETE FROM {schema}.{table.name} WHERE {table.owner} IN ({owners})", rows)
        # The types of rows are those of the tables into which they go.
        of_these = table.rows.replace("NULL::greenlight.", f"NULL::{schema}.")
        shown = f"SELECT t.* FROM jsonb_array_elements($1) AS shown, {of_these}"
        await database.execute(f"INSERT INTO {schema}.{table.name} {shown}", rows)


def _rows(table: Table, some: Sequence[Folded]) -> str:
    views = (each.view for each in some)
    return to_json([view.row for view in views if view is not None and view.model == table.model]).decode()


async def _differences(database: Connection, table: Table) -> list[Difference]:
    rows = await database.fetch(
        f"SELECT concat_ws(' ', {table.keys}) AS key, s::text AS served, r::text AS rebuilt"
        f" FROM greenlight.{table.name} s FULL JOIN pg_temp.{table.name} r USING ({table.keys})"
        f" WHERE s::text IS DISTINCT FROM r::text ORDER BY {table.keys} LIMIT {MAX_DIFFERENCES}"
    )
    return [Difference.model_validate({"table": table.name, **row}) for row in rows]


async def _wrong(database: Connection, table: Table) -> list[str]:
    """The streams of all rows that differ: of those that are served, and of those that should be."""
    rows = await database.fetch(
        f"SELECT DISTINCT '{table.kind}-' || owner AS stream"
        f" FROM greenlight.{table.name} s FULL JOIN pg_temp.{table.name} r USING ({table.keys}),"
        f" unnest(ARRAY[s.{table.owner}, r.{table.owner}]) AS owner"
        " WHERE s::text IS DISTINCT FROM r::text AND owner IS NOT NULL ORDER BY stream"
    )
    return [str(row["stream"]) for row in rows]


async def _digest(database: Connection, schema: str, table: Table) -> Digest:
    rows = f"SELECT t::text AS row FROM {schema}.{table.name} AS t ORDER BY {table.keys}"
    content = hashlib.sha256()
    async for row in database.cursor(rows, prefetch=_PREFETCH):
        content.update(f"{row['row']}\n".encode())
    return f"sha256:{content.hexdigest()}"
