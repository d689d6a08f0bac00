"""Migrations: once, in order, by one process at a time, and never by other files than before."""

import asyncio
import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from greenlight.embedded import Postgres
from greenlight.eventlog.database import Connection, DatabaseError, Row, connection
from greenlight.eventlog.derived import _note as noted  # pyright: ignore[reportPrivateUsage]
from greenlight.eventlog.derived import wanted
from greenlight.eventlog.migrate import OUTSIDE, Migration, MigrationError, check, migrate, read_migrations
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.stored import COLUMNS, read_head
from greenlight.eventlog.tables import tables
from greenlight.eventlog.transfer import export, restore
from greenlight.eventlog.tree import read_secret
from greenlight.eventlog.verify import verify
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.row import StreamRow
from greenlight.kernel.row import Table as StreamTable
from greenlight.law.application.view import DocketRow
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.registry import aggregates
from tests.addresses import create_database
from tests.audit.forging import LACKING, Forger, unreadable
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.histories import Story, live
from tests.eventlog.server import as_writer, database_url

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


MORE = Migration(
    len(KNOWN) + 1,
    "0004_more.sql",
    "ALTER TABLE greenlight.log ADD COLUMN more integer NOT NULL DEFAULT 7;"
    "ALTER TABLE greenlight.event ADD COLUMN note text;"
    "CREATE TABLE greenlight.more (id integer);",
)
INDEX = Migration(
    len(KNOWN) + 2,
    "0005_index.sql",
    f"{OUTSIDE}CREATE INDEX CONCURRENTLY IF NOT EXISTS event_noted ON greenlight.event (note)",
)
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'greenlight.event_noted'::regclass"
WRITERS = 16


async def test_sixteen_who_record_meanwhile_notice_nothing(dsn: str, crowd: Crowd) -> None:
    """The record gets columns and an index, and everything derived from it is made anew under them."""
    begun, over = asyncio.Event(), asyncio.Event()
    lived = [0] * WRITERS

    async def write(number: int) -> None:
        async with Recorder(as_writer(dsn)) as recorder:
            while not over.is_set() or not lived[number]:
                acn = f"{'ABCDEFGHIJKLMNOP'[number]}{lived[number]:06}"
                await live(recorder, crowd, acn, seed=16 * lived[number] + number)
                lived[number] += 1
                begun.set()

    async def migrated() -> tuple[str, ...]:
        try:
            await begun.wait()
            async with connection(dsn, application="test") as database:
                await database.execute("UPDATE greenlight.derived SET digest = 'old'")
            return await migrate(dsn, [*KNOWN, MORE, INDEX])
        finally:
            over.set()

    async with asyncio.TaskGroup() as group:
        done = group.create_task(migrated())
        for number in range(WRITERS):
            group.create_task(write(number))
    assert set(done.result()) == {MORE.name, INDEX.name, *DERIVED}
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn)).differences == ()
    async with connection(dsn, application="test") as database:
        assert await database.fetchval(IS_VALID)
        assert await database.fetchval("SELECT to_regnamespace('greenlight_anew')") is None


async def test_who_waits_while_all_is_made_anew_finds_what_is_there_then(
    dsn: str, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name IN ('greenlight', 'greenlight-read') AND wait_event_type = 'Lock'"
    )
    async with (
        Recorder(as_writer(dsn)) as recorder,
        Reader(as_writer(dsn)) as reader,
        connection(dsn, application="test") as watching,
    ):
        # They have their plans, and what these name is about to go.
        await live(recorder, crowd, "Z000001", seed=1)
        before = await reader.docket()
        recording: list[asyncio.Task[Story]] = []
        reading: list[asyncio.Task[tuple[DocketRow, ...]]] = []

        async def note(database: Connection) -> None:
            await noted(database)
            recording.append(asyncio.create_task(live(recorder, crowd, "Z000002", seed=2)))
            reading.append(asyncio.create_task(reader.docket()))
            async with asyncio.timeout(30):
                while await watching.fetchval(waiting) != 2:  # noqa: ASYNC110 - it is the server that goes on
                    await asyncio.sleep(0.02)

        monkeypatch.setattr("greenlight.eventlog.derived._note", note)
        await watching.execute("UPDATE greenlight.derived SET digest = 'old'")
        assert set(await migrate(dsn)) == {*DERIVED}
        assert (await recording[0]).version > 0
        assert set(before) <= set(await reading[0])


async def test_who_is_in_the_way_is_waited_for_a_moment_at_a_time(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.eventlog.migrate.WAIT_SECONDS", 0.1)
    told: list[str] = []
    first = asyncio.Event()

    def tell(line: str) -> None:
        told.append(line)
        first.set()

    async with connection(dsn, application="a-long-report") as report:
        await report.execute("BEGIN")
        await report.execute("SELECT count(*) FROM greenlight.event")
        migrating = asyncio.create_task(migrate(dsn, [*KNOWN, MORE], told=tell))
        async with asyncio.timeout(30):
            await first.wait()
            # Whoever records waits behind the migration for as long as that waits, and not for the report.
            assert (await recorder.record(assignment(crowd.officer, "Z000001", 0))).status == "recorded"
        assert not migrating.done()
        await report.execute("COMMIT")
        assert MORE.name in await migrating
    assert told[0].startswith("0004_more.sql: somebody is in the way, trying again; at work: ")


async def test_who_stays_in_the_way_stops_a_migration_with_nothing_half_done(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.eventlog.migrate.WAIT_SECONDS", 0.4)
    monkeypatch.setattr("greenlight.eventlog.migrate.TRIES", 3)
    told: list[str] = []
    async with connection(dsn, application="a-long-report") as report, report.transaction():
        await report.execute("SELECT count(*) FROM greenlight.event")
        with pytest.raises(MigrationError, match=r"0004_more.sql: somebody is in the way .*a-long-report"):
            await migrate(dsn, [*KNOWN, MORE], told=told.append)
    assert len(told) == 2
    assert await migrate(dsn, [*KNOWN, MORE]) == (MORE.name,)


async def test_an_index_that_died_half_made_is_made_whole(dsn: str) -> None:
    await migrate(dsn, [*KNOWN, MORE])
    async with connection(dsn, application="test") as database:
        await database.execute(INDEX.sql)
        await database.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'greenlight.event_noted'::regclass"
        )
        assert await migrate(dsn, [*KNOWN, MORE, INDEX]) == (INDEX.name,)
        assert await database.fetchval(IS_VALID)


def test_outside_a_transaction_there_is_one_index_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "0001_index.sql"
    one = "CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON greenlight.event (at);"
    path.write_text(f"{OUTSIDE}-- Why.\n{one}\n")
    assert read_migrations(tmp_path)[0].outside
    path.write_text(f"{OUTSIDE}{one} DROP TABLE greenlight.letter")
    with pytest.raises(MigrationError, match="expected one CREATE INDEX CONCURRENTLY"):
        read_migrations(tmp_path)


# Databases as the files of before made them, with what lived in them then (`pg_dump --inserts`, compressed).
FORMER = Path(__file__).with_name("former.sql.gz").read_bytes()
EARLIER = Path(__file__).with_name("earlier.sql.gz").read_bytes()
"""Of the revision 946e721, by its own code."""
RECORD = (
    f"SELECT {COLUMNS} FROM greenlight.event",
    "SELECT command_id, stream, name, body, version, position, recorded_at FROM greenlight.command",
    "SELECT letter_id, stream, version, kind, position, attempts, sent_at FROM greenlight.outbox",
    "SELECT log_id, kind, position, directives FROM greenlight.log",
)
BOTH = (
    "SELECT acn, stage, waiting_for, due, pending_transaction, version FROM greenlight.docket",
    "SELECT number, stage, licensee, due, version FROM greenlight.license",
    "SELECT kid, officer, x, valid_from, valid_until, revoked_at FROM greenlight.officer_key",
)
LATER = (
    "SELECT * FROM greenlight.task",
    "SELECT acn, tasks FROM greenlight.docket",
    "SELECT key, stage, effective, decided, version FROM greenlight.entity",
    "SELECT * FROM greenlight.resolution",
)
EARLY = ("SELECT acn, number, role FROM greenlight.task",)


@pytest.mark.parametrize(
    ("dump", "shown", "number"),
    [(FORMER, (*BOTH, *LATER), "D000006"), (EARLIER, (*BOTH, *EARLY), "D000004")],
    ids=["former", "946e721"],
)
async def test_a_database_of_before_comes_through_with_nothing_lost(
    server: Postgres, empty: str, crowd: Crowd, dump: bytes, shown: tuple[str, ...], number: str
) -> None:
    async with connection(empty, application="test") as database:
        await database.execute(gzip.decompress(dump).decode())

    async def there(dsn: str) -> list[set[Row]]:
        async with connection(dsn, application="test") as database:
            return [set(await database.fetch(query)) for query in (*shown, *RECORD)]

    before = await there(empty)
    assert all(before[: len(BOTH) + 1]), "it holds cases, licenses, keys and tasks"
    with pytest.raises(MigrationError, match="lacks 0001_record"):
        await check(empty)
    newer = (migration.name for migration in KNOWN[1:])
    assert set(await migrate(empty)) == {*newer, "functions", *(table.name for table in tables())}
    assert await there(empty) == before
    await check(empty)
    assert await migrate(empty) == ()
    assert (await verify(empty)).fault is None
    assert (await rebuild(empty)).differences == ()
    file = io.BytesIO()
    await export(empty, file)
    file.seek(0)
    await create_database(server.database_url, f"carried_{number.lower()}")
    carried = database_url(server, f"carried_{number.lower()}")
    await migrate(carried)
    await restore(carried, file)
    assert await there(carried) == before
    assert (await verify(carried)).fault is None
    async with Recorder(carried) as recorder:
        assert await recorder.reserve_license_number("application-Z000001") == number
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


async def shown(database: Connection) -> list[Row]:
    return [*await database.fetch("SELECT * FROM greenlight.docket ORDER BY acn")]


async def test_a_stream_that_cannot_be_read_is_not_shown_in_a_table_that_is_made_anew(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    for number in range(2):
        await live(recorder, crowd, f"Z{number:06}", seed=1)
    at = await Forger(database).commit(None, unreadable("application-Z000999", 0))
    before = await shown(database)
    await database.execute("UPDATE greenlight.derived SET digest = 'old' WHERE name = 'docket'")
    told: list[str] = []
    assert await migrate(dsn, told=told.append) == ("docket",)
    assert told == [
        f"not shown, everything else is: application-Z000999, position {at}: {LACKING};"
        " `starter.py verify` says more"
    ]
    assert await shown(database) == before
    assert len(before) == 2
    assert await migrate(dsn) == ()


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
            "SELECT greenlight.show('noise_permit', ARRAY[$1::jsonb])",
            json.dumps(row | {"due": None, "version": 1}),
        )
        assert (
            await database.fetchval("SELECT stage FROM greenlight.stream WHERE stream = 'noise-n-1'")
            == "open"
        )
    async with Reader(dsn) as reader:
        assert "n-1" in {task.case for task in await reader.tasks(TaskFilter(roles=(Role.APPLICANT,)))}
