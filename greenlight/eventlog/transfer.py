"""A whole log as one file of JSON lines, and back: positions, proofs, commands, letters, files of the list,
and the secret of the tree, so that what was signed and what was published of it hold as before.

What is derived from the record is not in it, and is made anew.
"""

# ruff: noqa: S608  # What is put into the statements are names out of the catalog of the database.

import hashlib
from collections.abc import Callable
from typing import IO, NamedTuple

from greenlight.eventlog.carried import (
    AT_ONCE,
    FORMAT,
    LICENSE_NUMBER,
    Content,
    End,
    Header,
    Lines,
    TransferError,
    examine,
)
from greenlight.eventlog.database import WHOLE, Connection, DatabaseError, connection, parse
from greenlight.eventlog.derived import KNOWN_FACTS
from greenlight.eventlog.migrate import check
from greenlight.eventlog.numbers import NumbersError, leave_out
from greenlight.eventlog.rebuild import Unreadable, fill
from greenlight.eventlog.stored import Head, LogMissingError, read_head
from greenlight.eventlog.tables import tables
from greenlight.kernel.model import Model

_NOT_OF_THE_RECORD = ("migration", "derived", "superseded", *KNOWN_FACTS)

Progress = Callable[[int, int], None]
"""Called with the number of rows carried, and of all."""


class Restored(NamedTuple):
    """The contents of a file: streams of which nothing can be shown, and the license number that is given
    next: None in a rehearsal, where numbers follow from the cases."""

    header: Header
    end: End
    unreadable: tuple[Unreadable, ...]
    number: str | None


class _Table(Model):
    name: str
    key: str
    columns: tuple[str, ...]
    large: bool


# Those that refer to others come after them: none refers to one that refers to another.
_TABLES = """
SELECT c.relname AS name, (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY place) FROM pg_index i
        CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS of (number, place)
        JOIN pg_attribute ON attrelid = c.oid AND attnum = number
        WHERE i.indrelid = c.oid AND indisprimary) AS key,
    array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns,
    bool_or(a.atttypid = 'bytea'::regtype) AS large
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    AND attgenerated = ''
WHERE relnamespace = 'greenlight'::regnamespace AND relkind = 'r' AND c.relname <> ALL ($1)
GROUP BY c.oid, c.relname
ORDER BY (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f'), c.relname
"""
_SEQUENCES = """
SELECT relname AS name FROM pg_class
WHERE relnamespace = 'greenlight'::regnamespace AND relkind = 'S' ORDER BY relname
"""


async def export(dsn: str, file: IO[bytes], progress: Progress | None = None) -> tuple[Header, End]:
    """Write the log as it stands now; others go on recording.

    :raises LogMissingError: the database holds no log.
    :raises TransferError: the file cannot be written.
    :raises OSError, DatabaseError: the log cannot be read.
    """
    written = hashlib.sha256()

    def write(line: str) -> None:
        content = line.encode()
        written.update(content)
        try:
            file.write(content)
        except OSError as error:
            raise TransferError(f"it cannot be written: {error.strerror}") from error

    async with (
        connection(dsn, application="greenlight-export", limits=WHOLE) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        header = await _header(database)
        write(f"{header.model_dump_json()}\n")
        done = 0
        for table in await _tables(database):
            rows = (
                f"SELECT row_to_json(t)::text AS row FROM (SELECT {', '.join(table.columns)}"
                f" FROM greenlight.{table.name} ORDER BY {table.key}) AS t"
            )
            async for row in database.cursor(rows, prefetch=1 if table.large else AT_ONCE):
                write(f'{{"{table.name}":{row["row"]}}}\n')
                done += 1
                if progress is not None and done % AT_ONCE == 0:
                    progress(done, header.rows)
    end = End(sha256=written.hexdigest())
    write(f"{end.model_dump_json()}\n")
    return header, end


async def restore(
    dsn: str, file: IO[bytes], progress: Progress | None = None, *, margin: int = 0
) -> Restored:
    """Put a log that was written by ``export`` into a migrated database without one, all or nothing.

    ``margin`` license numbers are left out, for those that were given out after the export.

    :raises TransferError: the database holds a log already, the file is not whole or of a newer release, or
        there are not as many numbers.
    :raises MigrationError: the database is not migrated, or of another kind.
    """
    header = examine(file)
    await check(dsn, kind=header.kind)
    async with (
        connection(dsn, application="greenlight-import", limits=WHOLE) as database,
        database.transaction(),
    ):
        there = {table.name: table for table in await _tables(database)}
        await _empty(database, header, there)
        for name in there:
            await database.execute(f"ALTER TABLE greenlight.{name} DISABLE TRIGGER USER")
        # What every database has from its first moment.
        for name in header.tables:
            await database.execute(f"DELETE FROM greenlight.{name}")
        lines, done = Lines(file), 0
        for name, rows in lines.rows():
            await _insert(database, there[name], lines, rows)
            done += len(rows)
            if progress is not None:
                progress(done, header.rows)
        for name in there:
            await database.execute(f"ALTER TABLE greenlight.{name} ENABLE TRIGGER USER")
        unreadable = await fill(database, "greenlight", tables(), 0)
        await _hold(database, header)
        # Last of all: a sequence does not go back with a transaction.
        number = await _number_on(database, header, margin)
    async with connection(dsn, application="greenlight-import", limits=WHOLE) as database:
        for name in (*there, *(table.name for table in tables())):
            await database.execute(f"ANALYZE greenlight.{name}")
    return Restored(header, lines.end, tuple(unreadable), number)


async def _number_on(database: Connection, header: Header, margin: int) -> str | None:
    if header.kind.driven:
        return None
    value, called = header.sequences[LICENSE_NUMBER]
    try:
        return await leave_out(database, margin, value if called else value - 1)
    except NumbersError as error:
        raise TransferError(str(error)) from error


async def _empty(database: Connection, header: Header, there: dict[str, _Table]) -> None:
    """:raises TransferError: the database holds events, or has no place for what the file has."""
    await database.execute("SELECT FROM greenlight.log FOR UPDATE")
    head = await read_head(database)
    for name in there:
        rows = await database.fetchval(f"SELECT count(*) FROM greenlight.{name}")
        if rows and name not in {"log", "tree_secret"}:
            raise TransferError(
                f"the database holds the log {head.origin} with {head.position} events ({name}): import into "
                "a new one that is migrated and nothing else"
            )
    for name, content in header.tables.items():
        known = there[name].columns if name in there else ()
        missing = [column for column in content.columns if column not in known]
        if missing or name not in there:
            raise TransferError(
                f"line 1: a newer release wrote {name} {', '.join(missing)}: import with that one"
            )


async def _insert(database: Connection, table: _Table, lines: Lines, rows: list[str]) -> None:
    names = ", ".join(lines.header.tables[table.name].columns)
    try:
        await database.execute(
            f"INSERT INTO greenlight.{table.name} ({names}) SELECT {names}"
            f" FROM json_populate_recordset(NULL::greenlight.{table.name}, $1)",
            f"[{','.join(rows)}]",
        )
    except DatabaseError as error:
        # The server's own words may quote a filing.
        raise TransferError(
            f"before line {lines.number}: a row of {table.name} cannot be taken (SQL state {error.sqlstate}):"
            " export the log once more with the version that records in it"
        ) from error


async def _hold(database: Connection, header: Header) -> None:
    """:raises TransferError: what is there now is not what the header says."""
    head = await read_head(database)
    row = await database.fetchrow(
        "SELECT count(*) AS events, coalesce(max(position), 0) AS last FROM greenlight.event"
    )
    assert row is not None, "an aggregate has a row"
    if (head.origin, head.position, row["events"], row["last"]) != (header.log, *(header.position,) * 3):
        raise TransferError(f"the file says {header.log} with {header.position} events, and has other ones")


async def _header(database: Connection) -> Header:
    head: Head = await read_head(database)
    counts: dict[str, Content] = {}
    for table in await _tables(database):
        rows = int(str(await database.fetchval(f"SELECT count(*) FROM greenlight.{table.name}")))
        counts[table.name] = Content(columns=table.columns, rows=rows)
    sequences: dict[str, tuple[int, bool]] = {}
    for row in await database.fetch(_SEQUENCES):
        at = await database.fetchrow(f"SELECT last_value, is_called FROM greenlight.{row['name']}")
        assert at is not None, "a sequence has a row"
        sequences[str(row["name"])] = (int(str(at["last_value"])), at["is_called"] is True)
    return Header(
        greenlight_log=FORMAT,
        log=head.origin,
        kind=head.kind,
        position=head.position,
        tables=counts,
        sequences=sequences,
    )


async def _tables(database: Connection) -> list[_Table]:
    """The tables of the record: all that are not derived from it."""
    if not await database.fetchval("SELECT to_regclass('greenlight.log') IS NOT NULL"):
        raise LogMissingError("the database holds no log")
    derived = [*_NOT_OF_THE_RECORD, *(table.name for table in tables())]
    return [parse(_Table, row) for row in await database.fetch(_TABLES, derived)]
