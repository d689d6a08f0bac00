"""Migrations: once, in order, by one process at a time, and never by other files than before."""

import asyncio
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from greenlight.embedded import Postgres
from greenlight.eventlog.database import DatabaseError, Row, connection
from greenlight.eventlog.derived import wanted
from greenlight.eventlog.migrate import Migration, MigrationError, check, migrate, read_migrations
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.stored import COLUMNS, read_head
from greenlight.eventlog.tables import tables
from greenlight.eventlog.tree import read_secret
from greenlight.eventlog.verify import verify
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.row import StreamRow
from greenlight.kernel.row import Table as StreamTable
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.registry import aggregates
from tests.addresses import create_database
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.histories import live
from tests.eventlog.server import database_url

KNOWN = read_migrations()
NEXT = Migration(len(KNOWN) + 1, "next.sql", "CREATE TABLE greenlight.next (id integer)")
DERIVED = tuple(wanted())


async def test_eight_at_once_do_the_work_of_one(empty: str) -> None:
    done = await asyncio.gather(*(migrate(empty) for _ in range(8)))
    assert sorted(done) == [*[()] * 7, (*(migration.name for migration in KNOWN), *DERIVED)]


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
    with pytest.raises(MigrationError, match="missing"):
        await migrate(dsn, [replace(KNOWN[0], name="0001_other.sql"), *KNOWN[1:]])


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


async def test_the_secret_of_a_tree_is_chance_but_for_a_rehearsal_with_a_seed(server: Postgres) -> None:
    secrets: list[bytes] = []
    for number, (kind, seed) in enumerate((kind, seed) for kind in Kind for seed in (None, None, 7, 7)):
        await create_database(server.database_url, f"secret_{number}")
        dsn = database_url(server, f"secret_{number}")
        await migrate(dsn, kind=kind, seed=seed)
        async with connection(dsn, application="test") as database:
            secrets.append(await read_secret(database))
    assert secrets.pop() == secrets[-1], "a second rehearsal with the seed"
    assert len(set(secrets)) == 7
    assert {len(secret) for secret in secrets} == {32}


async def test_a_log_without_a_word_is_of_production(dsn: str) -> None:
    async with connection(dsn, application="test") as database:
        assert (await read_head(database)).kind is Kind.PRODUCTION
    with pytest.raises(MigrationError, match="created for production and is refused for rehearsal"):
        await migrate(dsn, kind=Kind.REHEARSAL)


# A database as the files of before made it, with what lived in it then (`pg_dump --inserts`, compressed).
FORMER = Path(__file__).with_name("former.sql.gz")
BEFORE = (
    "SELECT acn, stage, waiting_for, due, pending_transaction, tasks, version FROM greenlight.docket",
    "SELECT number, stage, licensee, due, version FROM greenlight.license",
    "SELECT key, stage, effective, decided, version FROM greenlight.entity",
    "SELECT * FROM greenlight.task",
    "SELECT * FROM greenlight.resolution",
    "SELECT kid, officer, x, valid_from, valid_until, revoked_at FROM greenlight.officer_key",
    f"SELECT {COLUMNS} FROM greenlight.event",
    "SELECT command_id, stream, name, body, version, position, recorded_at FROM greenlight.command",
    "SELECT * FROM greenlight.outbox",
    "SELECT log_id, kind, position, directives FROM greenlight.log",
)


async def test_a_database_of_before_comes_through_with_nothing_lost(empty: str, crowd: Crowd) -> None:
    async with connection(empty, application="test") as database:
        await database.execute(gzip.decompress(FORMER.read_bytes()).decode())

    async def there() -> list[set[Row]]:
        async with connection(empty, application="test") as database:
            return [set(await database.fetch(query)) for query in BEFORE]

    before = await there()
    assert all(before[:4]), "it holds cases, licenses, entities and tasks"
    with pytest.raises(MigrationError, match="lacks 0001_record"):
        await check(empty)
    newer = (migration.name for migration in KNOWN[1:])
    assert set(await migrate(empty)) == {*newer, "functions", *(table.name for table in tables())}
    assert await there() == before
    await check(empty)
    assert await migrate(empty) == ()
    assert (await verify(empty)).fault is None
    assert (await rebuild(empty)).differences == ()
    async with Recorder(empty) as recorder:
        assert await recorder.reserve_license_number("application-Z000001") == "D000006"
        said = await recorder.record(assignment(crowd.officer, "Z000001", 0))
        assert (said.status, said.code) == ("refused", RefusalCode.KEY_NOT_VALID), "another crowd lived here"


async def test_what_the_code_says_otherwise_is_made_anew_and_nothing_else(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await live(recorder, crowd, "Z000001", seed=1)
    async with connection(dsn, application="test") as database:
        await database.execute("UPDATE greenlight.derived SET digest = 'old' WHERE name = 'docket'")
        with pytest.raises(MigrationError, match="lacks docket"):
            await check(dsn)
        kept = await database.fetchval("SELECT 'greenlight.license'::regclass::oid")
        assert await migrate(dsn) == ("docket",)
        assert await database.fetchval("SELECT 'greenlight.license'::regclass::oid") == kept
    assert (await rebuild(dsn)).differences == ()


class PermitRow(StreamRow, table=StreamTable("noise_permit")):
    key: str
    decibels: int


async def test_an_aggregate_that_is_registered_gets_its_tables(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = replace(ENTITY, kind="noise", row=PermitRow)
    monkeypatch.setattr("greenlight.eventlog.tables.aggregates", lambda: (*aggregates(), permit))
    monkeypatch.setattr("greenlight.eventlog.upkeep.aggregates", lambda: (*aggregates(), permit))
    monkeypatch.setattr("greenlight.eventlog.derived.aggregates", lambda: (*aggregates(), permit))
    assert await migrate(dsn) == ("functions", "noise_permit")
    async with connection(dsn, application="test") as database:
        row = {"key": "n-1", "decibels": 80, "stage": "open", "waiting_for": "applicant", "closed": False}
        await database.execute(
            "SELECT greenlight.show('noise-n-1', 1, $1)",
            json.dumps({"model": "noise_permit", "row": row | {"due": None, "version": 1}}),
        )
        assert (
            await database.fetchval("SELECT stage FROM greenlight.stream WHERE stream = 'noise-n-1'")
            == "open"
        )
    async with Reader(dsn) as reader:
        assert "n-1" in {task.case for task in await reader.tasks(TaskFilter(roles=(Role.APPLICANT,)))}
