"""Bring a database to the schema that this code knows.

The record is made by numbered files, each applied once, never changed. What is derived from it is made anew
where it is not as the code says (``greenlight.eventlog.derived``).
"""

import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from greenlight.eventlog.database import Connection, DatabaseError, connection, parse
from greenlight.eventlog.derived import derive, stale
from greenlight.eventlog.roles import become_owner, ensure_groups
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Model

SCHEMA = Path(__file__).parent / "schema"
_LOCK = 0x677265656E6C6974  # "greenlit": one key for all who migrate this database.
_FORMER = (
    "be95c9f5d252999539c1ff1334d51af2ab87845d1a976edad5f940f746c2067e",  # 0001_log.sql
    "374ddb577207decae30eb0de4b7af77e8092cc73a0c8386f7ce686ce4afa8dc3",  # 0002_read_models.sql
    "c625ba7fc2d79a20a70eb0b3f822803133f38be838390ad55f357eb90b1f4514",  # 0003_letters.sql
    "6c4054f776d4f335328a2b84b48aa98ee4611fc4025e583b2cc9fed60570d5d4",  # 0004_append.sql
    "bd601c569a1b6a7b05cbca561a86c1661795b843c1a4fa6794ca072e2f7591c0",  # 0005_lists.sql
)
"""The files that made the record, and what is derived from it, before the first file of now."""

_FORMER_TABLES = (
    "batch", "directive", "docket", "entity", "license", "license_resolution", "list", "officer",
    "officer_key", "officer_role", "reprieve", "resolution", "task",
)  # fmt: skip
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
    dsn: str,
    migrations: Sequence[Migration] | None = None,
    *,
    kind: Kind = Kind.PRODUCTION,
    seed: int | None = None,
) -> tuple[str, ...]:
    """Apply what is missing, each file in a transaction of its own, and make anew what is derived and not as
    the code says; returns the names of what was applied and made.

    A database without a log gets one of this kind, for good. In a rehearsal the secret of its tree follows
    from ``seed``; without one, from the log's id.

    Any number of processes may do this at once: one works, the others wait and find it done.

    :raises MigrationError: the database is newer than the code, was made by other files, or is of
        another kind.
    :raises RebuildError: an event cannot be read, so that no read model can be made of it.
    """
    known = read_migrations() if migrations is None else migrations
    # A migration may take its time; whoever waits for it must wait as long.
    async with connection(dsn, application="greenlight-migrate", statement_timeout_seconds=0) as database:
        await database.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _take_office(database)
        await _prepare(database)
        await _adopt(database, known)
        applied = await _applied(database)
        _compare(applied, known)
        await _compare_kind(database, kind)
        await database.execute(
            "SELECT set_config('greenlight.kind', $1, false), set_config('greenlight.seed', $2, false)",
            kind.value,
            "" if seed is None else str(seed),
        )
        missing = known[len(applied) :]
        for migration in missing:
            async with database.transaction():
                await database.execute(migration.sql)
                await _applied_now(database, migration)
        # The lock ends with the session.
        return (*(migration.name for migration in missing), *await derive(database))


async def check(
    dsn: str, migrations: Sequence[Migration] | None = None, *, kind: Kind = Kind.PRODUCTION
) -> None:
    """Check that the database is where this code needs it; this changes nothing, and needs no right to.

    :raises MigrationError: it lacks migrations, is newer than the code, was made by other files, or is of
        another kind.
    """
    known = read_migrations() if migrations is None else migrations
    async with connection(dsn, application="greenlight-check") as database:
        there = await database.fetchval("SELECT to_regclass('greenlight.migration') IS NOT NULL")
        applied = await _applied(database) if there else ()
        if _is_former(applied):
            applied = ()
        _compare(applied, known)
        await _compare_kind(database, kind)
        lacking = [each.name for each in known[len(applied) :]]
        if not lacking:
            lacking = list(await stale(database))
    if lacking:
        raise MigrationError(
            f"the database lacks {lacking[0]}: run `python -m greenlight.eventlog.migrate` as its owner"
        )


async def _take_office(database: Connection) -> None:
    """Go on as the database's owner, with the groups there to which something is granted."""
    missing = await ensure_groups(database)
    if missing:
        raise MigrationError(
            f"the server lacks the role {missing[0]}, and this user may not make it: run "
            "deploy/postgresql/10-databases.sh as the server's administrator, then migrate again"
        )
    await become_owner(database)


async def _prepare(database: Connection) -> None:
    encoding = await database.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise MigrationError(f"the database is encoded in {encoding}; create one in UTF8")
    await database.execute("CREATE SCHEMA IF NOT EXISTS greenlight")
    await database.execute(
        "CREATE TABLE IF NOT EXISTS greenlight.migration (number integer PRIMARY KEY, name text NOT NULL,"
        " sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    await database.execute(
        "CREATE TABLE IF NOT EXISTS greenlight.derived (name text PRIMARY KEY, digest text NOT NULL)"
    )


async def _adopt(database: Connection, known: Sequence[Migration]) -> None:
    """Let the first file stand for the former ones: they made the same record. What they derived from it is
    to be made anew."""
    if not _is_former(await _applied(database)):
        return
    async with database.transaction():
        await database.execute("DELETE FROM greenlight.migration")
        await _applied_now(database, known[0])
        for name in _FORMER_TABLES:
            await database.execute("INSERT INTO greenlight.derived VALUES ($1, '')", name)


def _is_former(applied: Sequence[_Applied]) -> bool:
    return tuple(each.sha256 for each in applied) == _FORMER


async def _applied_now(database: Connection, migration: Migration) -> None:
    await database.execute(
        "INSERT INTO greenlight.migration (number, name, sha256) VALUES ($1, $2, $3)",
        migration.number,
        migration.name,
        migration.sha256,
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
    """Migrate the database that ``GREENLIGHT_OWNER_URL`` or else ``DATABASE_URL`` names, as its owner; where
    it has no log yet, for what ``GREENLIGHT_KIND`` says. 0 done, 1 impossible, 2 not named."""
    dsn = os.environ.get("GREENLIGHT_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not dsn:
        print("DATABASE_URL is not set: it must name the event log's database", file=sys.stderr)
        return 2
    try:
        kind = Kind(os.environ.get("GREENLIGHT_KIND") or Kind.PRODUCTION)
    except ValueError:
        print(f"GREENLIGHT_KIND is one of {', '.join(Kind)}", file=sys.stderr)
        return 2
    try:
        # Their tables and types of events are part of what is derived, and would be taken away.
        load_extensions()
        applied = asyncio.run(migrate(dsn, kind=kind))
    except (ExtensionError, MigrationError, DatabaseError, OSError) as error:
        print(f"cannot migrate: {error}", file=sys.stderr)
        return 1
    print("applied: " + ", ".join(applied) if applied else "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
