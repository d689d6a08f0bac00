"""Bring a database to the schema that this code knows.

The record is made by numbered files, each applied once, never changed. What is derived from it is made anew
where it is not as the code says (``greenlight.eventlog.derived``).

Others may record meanwhile. Whatever takes locks waits a second for each, lets go of all and tries again:
those who want to record something queue up behind whoever waits.
"""

import asyncio
import hashlib
import os
import random
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from greenlight.eventlog.database import IN_THE_WAY, WHOLE, Connection, DatabaseError, connection, parse
from greenlight.eventlog.derived import Told, derive, stale
from greenlight.eventlog.roles import become_owner, ensure_groups
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Model

_log = structlog.stdlib.get_logger("migrate")

SCHEMA = Path(__file__).parent / "schema"
_LOCK = 0x677265656E6C6974  # "greenlit": one key for all who migrate this database.
_FORMER: tuple[frozenset[str], ...] = (
    frozenset(  # 0001_log.sql
        {
            "be95c9f5d252999539c1ff1334d51af2ab87845d1a976edad5f940f746c2067e",
            "afab9114d48f9f1fd7178945b815212c31c5e0fb1eef74f5db1db7086b3cd4b4",
        }
    ),
    frozenset(  # 0002_read_models.sql
        {
            "374ddb577207decae30eb0de4b7af77e8092cc73a0c8386f7ce686ce4afa8dc3",
            "4e7799b21fb84b36336ea6fd6934883a60e751ff4f5af4206e2b1f795fe39c70",
            "2499ed27a0f53e943df6b4008e8709648352d5a540dcb9ab7a050453c0034442",
        }
    ),
    # 0003_letters.sql, 0004_append.sql, 0005_lists.sql
    frozenset({"c625ba7fc2d79a20a70eb0b3f822803133f38be838390ad55f357eb90b1f4514"}),
    frozenset({"6c4054f776d4f335328a2b84b48aa98ee4611fc4025e583b2cc9fed60570d5d4"}),
    frozenset({"bd601c569a1b6a7b05cbca561a86c1661795b843c1a4fa6794ca072e2f7591c0"}),
)
"""By their digests the files that made the record, and what is derived from it, before the first file of now:
all these made the same record."""

_FORMER_TABLES = (
    "batch", "directive", "docket", "entity", "license", "license_resolution", "list", "officer",
    "officer_key", "officer_role", "reprieve", "resolution", "task",
)  # fmt: skip
OUTSIDE = "-- Outside a transaction\n"
"""The first line of a file that makes an index on a table of the record, which may be large."""
ADDS = "-- Adds alone\n"
"""The first line of a file that takes nothing away, and demands nothing, that a release of before knows."""
_INDEX = re.compile(r"\s*(--.*\n\s*)*CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS [^;]*;?\s*")

WAIT_SECONDS = 1.0
"""For a lock. Whoever wants to read or record what we wait for waits behind us as long."""
TRIES = 40
"""Of what somebody is in the way of; about two minutes."""
_TURN_SECONDS = 0.2

_IN_THE_WAY = """
SELECT DISTINCT format('%s (process %s)', application_name, pid) AS who
FROM pg_locks JOIN pg_class c ON c.oid = relation JOIN pg_stat_activity USING (pid)
WHERE relnamespace = 'greenlight'::regnamespace AND granted AND pid <> pg_backend_pid() LIMIT 5
"""
"""The part of what others do that any user may see."""

_INVALID = """
SELECT format('DROP INDEX CONCURRENTLY %s', indexrelid::regclass) AS statement FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'greenlight'::regnamespace AND NOT indisvalid
"""
"""The remains of an attempt that died: it would pass for the index."""

_HAS_ADDS = """
SELECT EXISTS (SELECT FROM pg_attribute
               WHERE attrelid = 'greenlight.migration'::regclass AND attname = 'adds')
"""
_APPLIED = """
SELECT number, name, sha256, coalesce((to_jsonb(m) ->> 'adds')::boolean, false) AS adds
FROM greenlight.migration m ORDER BY number
"""
"""Also where nothing was migrated since the column is known."""

_FILE_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


class MigrationError(Exception):
    """The database cannot be brought to this code's schema. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A file. One that begins with ``OUTSIDE`` is one statement that makes an index while others write. With
    one that only adds, which begins with ``ADDS`` if it is no index, releases of before go on."""

    number: int
    name: str
    sql: str

    @property
    def outside(self) -> bool:
        """Tells that the file is carried out in no transaction."""
        return self.sql.startswith(OUTSIDE)

    @property
    def adds(self) -> bool:
        """Tells that whoever does not know the file may go on as before."""
        return self.outside or self.sql.startswith(ADDS)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


class _Applied(Model):
    number: int
    name: str
    sha256: str
    adds: bool


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
        if found[-1].outside and not _INDEX.fullmatch(found[-1].sql):
            raise MigrationError(
                f"{path.name}: outside a transaction expected one CREATE INDEX CONCURRENTLY IF NOT EXISTS"
            )
    return tuple(found)


async def migrate(
    dsn: str,
    migrations: Sequence[Migration] | None = None,
    *,
    kind: Kind = Kind.PRODUCTION,
    seed: int | None = None,
    told: Told = _log.warning,
    anew: bool = False,
) -> tuple[str, ...]:
    """Apply what is missing, each file in a transaction of its own, and make anew what is derived and not as
    the code says; returns the names of what was applied and made.

    A database without a log gets one of this kind, for good. In a rehearsal the secret of its tree follows
    from ``seed``; without one, from the log's id.

    Any number of processes may do this at once: one works, the others wait and find it done; and others may
    record. ``told`` is given a line wherever somebody is in the way, and for each stream of which
    nothing can be shown in a table that was made anew. What a later release made is left as it is where this
    one can work with it, or else, with ``anew``, made as this one has it.

    :raises MigrationError: the database is newer than the code, was made by other files, is of another
        kind, or somebody is in the way for too long.
    """
    known = read_migrations() if migrations is None else migrations
    # A migration may take its time; whoever waits for it must wait as long.
    async with connection(dsn, application="greenlight-migrate", limits=WHOLE) as database:
        # Asked again and again: whoever waited in a statement would be waited for by what makes an index.
        while not await database.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110  # Nothing tells.
            await asyncio.sleep(_TURN_SECONDS)
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
        patiently = partial(_patiently, database, told)
        for migration in missing:
            if migration.outside:
                await _index(database, migration)
            else:
                await patiently(migration.name, partial(_apply, database, migration))
        # The lock ends with the session.
        derived = await derive(database, patiently, told, anew=anew)
        return (*(migration.name for migration in missing), *derived)


async def _patiently(
    database: Connection, told: Told, what: str, work: Callable[[], Awaitable[None]]
) -> None:
    for attempt in range(TRIES):
        try:
            async with database.transaction():
                await database.execute(f"SET LOCAL lock_timeout = {int(WAIT_SECONDS * 1000)}")
                await work()
        except IN_THE_WAY as error:
            others = "; ".join(str(row["who"]) for row in await database.fetch(_IN_THE_WAY)) or "nobody now"
            if attempt + 1 == TRIES:
                raise MigrationError(
                    f"{what}: somebody is in the way ({error}): end what has been at work for long and "
                    f"migrate again, nothing is half done; at work: {others}"
                ) from error
            told(f"{what}: somebody is in the way, trying again; at work: {others}")
        else:
            return
        # Those who queued up behind us have their turn.
        await asyncio.sleep(random.uniform(1, 3) * WAIT_SECONDS)  # noqa: S311 - a rest, no secret


async def _apply(database: Connection, migration: Migration) -> None:
    await database.execute(migration.sql)
    await _applied_now(database, migration)


async def _index(database: Connection, migration: Migration) -> None:
    """Make an index while others write. It waits for those who were at work before, and holds nobody up."""
    await database.execute("SET lock_timeout = 0")
    for row in await database.fetch(_INVALID):
        await database.execute(str(row["statement"]))
    await database.execute(migration.sql)
    await _applied_now(database, migration)


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
    await database.execute("CREATE TABLE IF NOT EXISTS greenlight.superseded (digest text PRIMARY KEY)")
    if not await database.fetchval(_HAS_ADDS):
        await database.execute("ALTER TABLE greenlight.migration ADD adds boolean NOT NULL DEFAULT false")


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
    return len(applied) == len(_FORMER) and all(
        each.sha256 in known for each, known in zip(applied, _FORMER, strict=True)
    )


async def _applied_now(database: Connection, migration: Migration) -> None:
    await database.execute(
        "INSERT INTO greenlight.migration (number, name, sha256, adds) VALUES ($1, $2, $3, $4)",
        migration.number,
        migration.name,
        migration.sha256,
        migration.adds,
    )


async def _applied(database: Connection) -> tuple[_Applied, ...]:
    rows = await database.fetch(_APPLIED)
    return tuple(parse(_Applied, row) for row in rows)


def _compare(applied: Sequence[_Applied], known: Sequence[Migration]) -> None:
    for position, done in enumerate(applied):
        if position >= len(known):
            if done.adds:
                continue
            raise MigrationError(
                f"the database is newer than this program: {done.name} is unknown here; update the program"
            )
        file = known[position]
        if (done.number, done.name) != (file.number, file.name):
            raise MigrationError(
                f"{done.name} was applied to the database but is missing here: another version of this "
                "program made it; move its log with that one (`starter.py log export FILE`) into a new "
                "database (GREENLIGHT_DATA, DATABASE_URL; `starter.py log import FILE`), or begin anew there"
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
    it has no log yet, for what ``GREENLIGHT_KIND`` says. ``--anew``: what a later release
    derived is made as this one has it. 0 done, 1 impossible, 2 not named."""
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
        anew = sys.argv[1:] == ["--anew"]
        applied = asyncio.run(
            migrate(dsn, kind=kind, told=lambda line: print(line, file=sys.stderr), anew=anew)
        )
    except (ExtensionError, MigrationError, DatabaseError, OSError) as error:
        print(f"cannot migrate: {error}", file=sys.stderr)
        return 1
    print("applied: " + ", ".join(applied) if applied else "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
