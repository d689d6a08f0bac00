"""A release of before starts and records on a log that a later one has migrated, where it finds all that it
uses."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from greenlight.eventlog import derived, tables, upkeep
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.migrate import ADDS, Migration, MigrationError, check, migrate, read_migrations
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.row import StreamRow
from greenlight.kernel.row import Table as StreamTable
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.registry import aggregates
from tests.eventlog.crowd import Crowd
from tests.eventlog.histories import live
from tests.eventlog.server import as_writer

KNOWN = read_migrations()
MORE = Migration(
    len(KNOWN) + 1, "0004_more.sql", f"{ADDS}ALTER TABLE greenlight.event ADD COLUMN note text DEFAULT '';"
)


class PermitRow(StreamRow, table=StreamTable("noise_permit")):
    key: str
    decibels: int


@contextmanager
def later_release() -> Generator[None]:
    """The code that knows another aggregate, while the context lasts."""
    permit = replace(ENTITY, kind="noise", row=PermitRow)
    with pytest.MonkeyPatch.context() as patch:
        for module in (derived, tables, upkeep):
            patch.setattr(module, "aggregates", lambda: (*aggregates(), permit))
        yield


async def test_the_release_before_goes_on_where_a_later_one_has_migrated(dsn: str, crowd: Crowd) -> None:
    with later_release():
        assert await migrate(dsn, [*KNOWN, MORE]) == (MORE.name, "functions", "noise_permit")
        await check(dsn, [*KNOWN, MORE])
    await check(as_writer(dsn))
    assert await migrate(dsn) == (), "it takes nothing of the later one's away"
    async with Recorder(as_writer(dsn)) as recorder:
        assert (await live(recorder, crowd, "Z000001", seed=1)).version > 0
    assert (await verify(dsn)).fault is None
    with later_release():
        await check(dsn, [*KNOWN, MORE])


class UndoError(Exception):
    """Takes back what was tried."""


async def covers_after(database: Connection, statement: str) -> bool:
    """Tell what would be found after a statement that is then taken back."""
    found = True
    with suppress(UndoError):
        async with database.transaction():
            await database.execute(statement)
            found = await derived.covers(database)
            raise UndoError
    return found


LOST = (
    "DELETE FROM greenlight.event_type WHERE type = 'CaseAssigned'",
    "UPDATE greenlight.event_type SET commands = '[]' WHERE type = 'CaseAssigned'",
    "UPDATE greenlight.command_type SET roles = '[]' WHERE name = 'assign'",
    "DELETE FROM greenlight.read_model WHERE kind = 'license'",
    "ALTER TABLE greenlight.docket DROP COLUMN stage CASCADE",
    "ALTER TABLE greenlight.docket ADD COLUMN more text NOT NULL DEFAULT ''",
    "DROP TABLE greenlight.task CASCADE",
    "DROP FUNCTION greenlight.put_letter",
)


async def test_what_a_later_release_has_taken_away_is_missed_at_the_start(
    dsn: str,
) -> None:
    with later_release():
        await migrate(dsn)
    async with connection(dsn, application="test") as database:
        assert await covers_after(database, "ALTER TABLE greenlight.docket ADD COLUMN more text")
        assert [lost for lost in LOST if await covers_after(database, lost)] == []
        await database.execute(LOST[0])
    with pytest.raises(MigrationError, match="lacks functions"):
        await check(dsn)


async def test_what_a_later_release_has_made_is_made_as_it_was_where_an_owner_wants_it(dsn: str) -> None:
    with later_release():
        await migrate(dsn)
    assert await migrate(dsn, anew=True) == ("functions", "noise_permit")
    await check(dsn)
    with later_release(), pytest.raises(MigrationError, match="lacks "):
        await check(dsn)


async def test_who_was_never_here_must_migrate_first(dsn: str) -> None:
    with later_release(), pytest.raises(MigrationError, match="lacks functions"):
        await check(dsn)


async def test_a_file_that_does_not_only_add_keeps_the_release_before_away(dsn: str) -> None:
    taking = replace(MORE, sql="ALTER TABLE greenlight.event ADD COLUMN note text NOT NULL DEFAULT '';")
    await migrate(dsn, [*KNOWN, taking])
    with pytest.raises(MigrationError, match=r"newer than this program: 0004_more\.sql"):
        await check(dsn)
