"""Migrations: once, in order, by one process at a time, and never by other files than before."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from greenlight.eventlog.database import DatabaseError, connection
from greenlight.eventlog.migrate import Migration, MigrationError, check, migrate, read_migrations
from greenlight.eventlog.stored import read_head
from greenlight.kernel.clock_kind import Kind

KNOWN = read_migrations()
NEXT = Migration(len(KNOWN) + 1, "next.sql", "CREATE TABLE greenlight.next (id integer)")


async def test_eight_at_once_do_the_work_of_one(empty: str) -> None:
    done = await asyncio.gather(*(migrate(empty) for _ in range(8)))
    assert sorted(done) == [*[()] * 7, tuple(migration.name for migration in KNOWN)]


async def test_only_what_is_missing_is_applied(dsn: str) -> None:
    assert await migrate(dsn, [*KNOWN, NEXT]) == ("next.sql",)
    assert await migrate(dsn, [*KNOWN, NEXT]) == ()


async def test_every_log_has_an_id_of_its_own(dsn: str, empty: str) -> None:
    await migrate(empty)
    ids: list[object] = []
    for each in (dsn, empty):
        async with connection(each, application="test") as database:
            ids.append(await database.fetchval("SELECT log_id FROM greenlight.log"))
    assert ids[0] != ids[1]


async def test_a_changed_file_is_refused(dsn: str) -> None:
    changed = replace(KNOWN[0], sql=KNOWN[0].sql + "-- more")
    with pytest.raises(MigrationError, match="changed"):
        await migrate(dsn, [changed, *KNOWN[1:]])


async def test_a_missing_file_is_refused(dsn: str) -> None:
    others = [KNOWN[0], replace(KNOWN[1], name="0002_other.sql"), *KNOWN[2:]]
    with pytest.raises(MigrationError, match="missing"):
        await migrate(dsn, others)


async def test_a_newer_database_is_refused(dsn: str) -> None:
    await migrate(dsn, [*KNOWN, NEXT])
    with pytest.raises(MigrationError, match="newer"):
        await migrate(dsn)


async def test_a_file_that_fails_leaves_nothing_behind(dsn: str) -> None:
    broken = replace(NEXT, sql=f"{NEXT.sql}; SELECT 1 / 0")
    with pytest.raises(DatabaseError, match="division"):
        await migrate(dsn, [*KNOWN, broken])
    assert await migrate(dsn, [*KNOWN, NEXT]) == ("next.sql",)


@pytest.mark.parametrize("names", [["0001_a.sql", "0003_c.sql"], ["1_a.sql"], ["0001_a.sql", "0001_b.sql"]])
def test_files_are_numbered_without_gaps(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(MigrationError, match="expected"):
        read_migrations(tmp_path)


async def test_a_log_is_of_one_kind_for_good(empty: str) -> None:
    await migrate(empty, kind=Kind.REHEARSAL)
    refused = "created for rehearsal and is refused for production.*GREENLIGHT_KIND=rehearsal"
    with pytest.raises(MigrationError, match=refused):
        await migrate(empty)
    with pytest.raises(MigrationError, match=refused):
        await check(empty)
    await check(empty, kind=Kind.REHEARSAL)
    async with connection(empty, application="test") as database:
        with pytest.raises(DatabaseError, match="only appended to"):
            await database.execute("UPDATE greenlight.log SET kind = 'production'")


async def test_a_log_without_a_word_is_of_production(dsn: str) -> None:
    async with connection(dsn, application="test") as database:
        assert (await read_head(database)).kind is Kind.PRODUCTION
    with pytest.raises(MigrationError, match="created for production and is refused for rehearsal"):
        await migrate(dsn, kind=Kind.REHEARSAL)
