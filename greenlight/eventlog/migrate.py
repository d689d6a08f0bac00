"""Bring a database to the schema that this code knows: numbered files, each applied once, never changed."""

import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from greenlight.eventlog.database import Connection, DatabaseError, connection, parse
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Model

SCHEMA = Path(__file__).parent / "schema"
_LOCK = 0x677265656E6C6974  # "greenlit": one key for all who migrate this database.
_FILE_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


class MigrationError(Exception):
    """The database cannot be brought to this code's schema. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


class _Applied(Model):
    number: int
    name: str
    sha256: str


def read_migrations(folder: Path = SCHEMA) -> tuple[Migration, ...]:
    """The migrations in ``folder``, in order.

    :raises MigrationError: for a file with another name than ``0001_what.sql``, or a gap in the numbers.
    """
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if not match or int(match[1]) != len(found) + 1:
            raise MigrationError(f"{path.name}: expected a name like {len(found) + 1:04}_what_it_does.sql")
        found.append(Migration(int(match[1]), path.name, path.read_text(encoding="utf-8")))
    return tuple(found)


async def migrate(
    dsn: str, migrations: Sequence[Migration] | None = None, *, kind: Kind = Kind.PRODUCTION
) -> tuple[str, ...]:
    """Apply what is missing, each file in a transaction of its own; returns the names of what was applied.

    A database without a log gets one of this kind, for good.

    Any number of processes may do this at once: one works, the others wait and find it done.

    :raises MigrationError: the database is newer than the code, was made by other files, or is of
        another kind.
    """
    known = read_migrations() if migrations is None else migrations
    # A migration may take its time; whoever waits for it must wait as long.
    async with connection(dsn, application="greenlight-migrate", statement_timeout_seconds=0) as database:
        await database.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _prepare(database)
        applied = await _applied(database)
        _compare(applied, known)
        await _compare_kind(database, kind)
        await database.execute("SELECT set_config('greenlight.kind', $1, false)", kind.value)
        missing = known[len(applied) :]
        for migration in missing:
            async with database.transaction():
                await database.execute(migration.sql)
                await database.execute(
                    "INSERT INTO greenlight.migration (number, name, sha256) VALUES ($1, $2, $3)",
                    migration.number,
                    migration.name,
                    migration.sha256,
                )
        # The lock ends with the session.
        return tuple(migration.name for migration in missing)


async def check(
    dsn: str, migrations: Sequence[Migration] | None = None, *, kind: Kind = Kind.PRODUCTION
) -> None:
    """Whether the database is where this code needs it; changes nothing, and needs no right to.

    :raises MigrationError: it lacks migrations, is newer than the code, was made by other files, or is of
        another kind.
    """
    known = read_migrations() if migrations is None else migrations
    async with connection(dsn, application="greenlight-check") as database:
        there = await database.fetchval("SELECT to_regclass('greenlight.migration') IS NOT NULL")
        applied = await _applied(database) if there else ()
        _compare(applied, known)
        await _compare_kind(database, kind)
    if len(applied) < len(known):
        raise MigrationError(
            f"the database lacks {known[len(applied)].name}: "
            "run `python -m greenlight.eventlog.migrate` as its owner"
        )


async def _prepare(database: Connection) -> None:
    encoding = await database.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise MigrationError(f"the database is encoded in {encoding}; create one in UTF8")
    await database.execute("CREATE SCHEMA IF NOT EXISTS greenlight")
    await database.execute(
        "CREATE TABLE IF NOT EXISTS greenlight.migration (number integer PRIMARY KEY, name text NOT NULL,"
        " sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )


async def _applied(database: Connection) -> tuple[_Applied, ...]:
    rows = await database.fetch("SELECT number, name, sha256 FROM greenlight.migration ORDER BY number")
    return tuple(parse(_Applied, row) for row in rows)


def _compare(applied: Sequence[_Applied], known: Sequence[Migration]) -> None:
    for position, done in enumerate(applied):
        if position >= len(known):
            raise MigrationError(
                f"the database is newer than this program: {done.name} is unknown here; update the program"
            )
        file = known[position]
        if (done.number, done.name) != (file.number, file.name):
            raise MigrationError(
                f"{done.name} was applied to the database but is missing here: another version of this "
                "program made it; run that one, or begin anew (GREENLIGHT_DATA, DATABASE_URL)"
            )
        if done.sha256 != file.sha256:
            raise MigrationError(
                f"{done.name} was changed after it was applied; restore it and write the change as a new file"
            )


async def _compare_kind(database: Connection, kind: Kind) -> None:
    if not await database.fetchval("SELECT to_regclass('greenlight.log') IS NOT NULL"):
        return
    there = await database.fetchval("SELECT kind FROM greenlight.log")
    if there is not None and there != kind:
        raise MigrationError(
            f"the database was created for {there} and is refused for {kind}: name another one "
            f"(GREENLIGHT_DATA, DATABASE_URL), or set GREENLIGHT_KIND={there}"
        )


def main() -> int:
    """Migrate the database that ``DATABASE_URL`` names, as its owner; where it has no log yet, for what
    ``GREENLIGHT_KIND`` says. 0 done, 1 impossible, 2 not named."""
    dsn = os.environ.get("DATABASE_URL")
    if not dsn:
        print("DATABASE_URL is not set: it must name the event log's database", file=sys.stderr)
        return 2
    try:
        kind = Kind(os.environ.get("GREENLIGHT_KIND") or Kind.PRODUCTION)
    except ValueError:
        print(f"GREENLIGHT_KIND is one of {', '.join(Kind)}", file=sys.stderr)
        return 2
    try:
        applied = asyncio.run(migrate(dsn, kind=kind))
    except (MigrationError, DatabaseError, OSError) as error:
        print(f"cannot migrate: {error}", file=sys.stderr)
        return 1
    print("applied: " + ", ".join(applied) if applied else "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
