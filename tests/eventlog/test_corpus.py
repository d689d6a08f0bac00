"""The corpus: every event of every release is read, folded, verified and projected again by this one.

It is the golden rows (``tests/contract/golden``: every type of event, in every version that it ever had, as
PostgreSQL had them) and whole databases of before (``*.sql.gz`` here). A release adds its own, as
CONTRIBUTING.md says.
"""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.stored import COLUMNS, StoredEvent
from greenlight.eventlog.tables import tables
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import VERSION
from greenlight.kernel.model import JsonObject
from greenlight.law.registry import aggregate_of, event_types
from tests.contract.golden import rows

DATABASES: Mapping[str, Path] = {
    path.name.partition(".sql")[0]: path for path in sorted(Path(__file__).parent.glob("*.sql.gz"))
}
GOLDEN: Mapping[str, Sequence[StoredEvent]] = rows()

COVERS = """
every type of event, and every version of it
golden rows: log-1 to log-14
databases of before: earlier, former
"""
"""A release that adds to the corpus says so here."""


def test_the_corpus_is_what_is_said_here() -> None:
    assert list(GOLDEN) == [f"log-{number}" for number in range(1, len(GOLDEN) + 1)]
    said = f"\nevery type of event, and every version of it\ngolden rows: log-1 to log-{len(GOLDEN)}\n"
    assert said + f"databases of before: {', '.join(DATABASES)}\n" == COVERS


def test_it_has_every_version_of_every_type() -> None:
    form = TypeAdapter[JsonObject](JsonObject)
    of_all = [event for events in GOLDEN.values() for event in events]
    there = {(event.type, form.validate_json(event.record).get(VERSION, 1)) for event in of_all}
    versions = {
        (name, version)
        for name, event in event_types().items()
        for version in range(1, event.declared.version + 1)
    }
    assert versions - there == set(), "add rows: python -m tests.contract.golden"


@pytest.mark.parametrize("log", GOLDEN)
async def test_golden_rows_are_read_folded_and_projected(log: str, empty: str) -> None:
    events = GOLDEN[log]
    await migrate(empty)
    async with connection(empty, application="test") as database:
        for position, event in enumerate(events, 1):
            await database.execute(
                f"INSERT INTO greenlight.event ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                *(position if name == "position" else getattr(event, name) for name in _COLUMNS),
            )
        await database.execute("UPDATE greenlight.log SET position = $1", len(events))
        assert _read(events) == len(events)
    await _projected(empty)
    async with connection(empty, application="test") as database:
        assert await _shown(database) == {
            event.stream for event in events if _has_a_state(events, event.stream)
        }


@pytest.mark.parametrize("name", DATABASES)
async def test_a_database_of_before_is_read_folded_verified_and_projected(name: str, empty: str) -> None:
    async with connection(empty, application="test") as database:
        await database.execute(gzip.decompress(DATABASES[name].read_bytes()).decode())
    await migrate(empty)
    async with connection(empty, application="test") as database:
        query = f"SELECT {COLUMNS} FROM greenlight.event ORDER BY position"
        events = [parse(StoredEvent, row) for row in await database.fetch(query)]
    assert 0 < len(events) == _read(events)
    walked = await verify(empty)
    assert (walked.fault, walked.head.position) == (None, len(events))
    assert (await rebuild(empty)).differences == (), "migration has projected it"
    async with connection(empty, application="test") as database:
        for table in tables():
            await database.execute(f"DELETE FROM greenlight.{table.name}")
    await _projected(empty)
    assert (await verify(empty)).fault is None


_COLUMNS = COLUMNS.split(", ")


def _read(events: Sequence[StoredEvent]) -> int:
    """How many are read whole, each as it was written."""
    whole = 0
    for event in events:
        read, unknown = aggregate_of(event.stream).read_whole(event.record)
        whole += (type(read).__name__, read.at, unknown) == (event.type, event.at, ())
    return whole


async def _projected(dsn: str) -> None:
    """Read models are made of all of it, and made of it again are the same."""
    made = await rebuild(dsn)
    assert made.unreadable == ()
    assert made.differences, "nothing was there"
    again = await rebuild(dsn)
    assert (again.differences, again.unreadable) == ((), ())
    assert [table.after for table in again.tables] == [table.after for table in made.tables]


def _has_a_state(events: Sequence[StoredEvent], stream: str) -> bool:
    records = tuple(event.record for event in events if event.stream == stream)
    return aggregate_of(stream).replay(None, records) is not None


async def _shown(database: Connection) -> set[str]:
    """The streams that have a row."""
    shown: set[str] = set()
    for table in tables():
        owners = f"SELECT '{table.kind}-' || {table.owner} AS stream FROM greenlight.{table.name}"
        shown |= {str(row["stream"]) for row in await database.fetch(owners)}
    return shown
