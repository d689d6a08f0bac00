"""The read models follow from the events, byte for byte."""

import asyncio

import pytest

from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import RebuildError, rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from tests.eventlog.crowd import Crowd, Signer, assignment
from tests.eventlog.histories import Story, live

CASES = 12


async def lived(recorder: Recorder, crowd: Crowd, first: int = 0) -> list[Story]:
    numbers = range(first, first + CASES)
    return await asyncio.gather(*(live(recorder, crowd, f"Z{n:06}", seed=n) for n in numbers))


async def test_random_histories_give_the_same_rows_again(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    for story in await lived(recorder, crowd):
        unknown = assignment(Signer(crowd.officer.actor), story.acn, story.version)
        assert (await recorder.record(unknown)).status == "refused"
    async with Reader(dsn) as reader:
        docket, licenses = await reader.docket(), await reader.licenses()
        assert len(docket) == CASES
        assert licenses, "no case was granted: choose other seeds"
        rebuilt = await rebuild(dsn)
        assert rebuilt.differences == ()
        assert all(table.before == table.after for table in rebuilt.tables)
        assert await reader.docket() == docket
        assert await reader.licenses() == licenses
    assert (await verify(dsn)).fault is None


async def test_writers_go_on_meanwhile(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    await lived(recorder, crowd)
    rebuilt, _ = await asyncio.gather(rebuild(dsn), lived(recorder, crowd, first=CASES))
    assert rebuilt.differences == ()
    assert (await rebuild(dsn)).differences == ()


@pytest.mark.parametrize(
    ("tampering", "table"),
    [
        ("UPDATE greenlight.docket SET stage = 'granted' WHERE acn = 'Z000003'", "docket"),
        ("DELETE FROM greenlight.docket WHERE acn = 'Z000003'", "docket"),
        (
            "INSERT INTO greenlight.license (number, acn, stage, licensee, waiting_for, issued_at,"
            " valid_through, retained_through, conditions, listed, possible, closed, version)"
            " VALUES ('D999999', 'Z000003', 'active', 'example-networks', 'nobody', now(), now(), now(), 0,"
            " 0, 0, false, 1)",
            "license",
        ),
        ("INSERT INTO greenlight.task VALUES ('Z000003', 9, 'executive')", "task"),
        ("UPDATE greenlight.officer SET organisation = 'other' WHERE officer = 'lee'", "officer"),
        ("UPDATE greenlight.officer_key SET valid_until = now() WHERE officer = 'lee'", "officer_key"),
        ("UPDATE greenlight.officer_role SET role = 'executive' WHERE officer = 'lee'", "officer_role"),
    ],
)
async def test_a_row_that_does_not_follow_is_found_and_mended(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tampering: str, table: str
) -> None:
    await lived(recorder, crowd)
    await database.execute(tampering)
    looked = await rebuild(dsn, swap=False)
    assert {difference.table for difference in looked.differences} == {table}
    (changed,) = (each for each in looked.tables if each.before != each.after)
    assert changed.table == table
    assert await rebuild(dsn) == looked
    assert (await rebuild(dsn)).differences == ()


async def test_a_stream_that_cannot_be_folded_changes_nothing(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    with pytest.raises(RebuildError, match="application-Z000001, event 1"):
        await rebuild(dsn)
    async with connection(dsn, application="test") as other:
        assert await other.fetchval("SELECT count(*) FROM greenlight.officer") == len(crowd.members)
