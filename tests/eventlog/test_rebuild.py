"""The read models follow from the events, byte for byte."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import Exchanged, Folded, exchange, rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.tables import Table
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Append
from greenlight.kernel.streams import application_stream, officer_stream
from tests.audit.forging import LACKING, Forger, unreadable
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
        ("UPDATE greenlight.docket SET acn = 'Z999999' WHERE acn = 'Z000003'", "docket"),
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


async def test_what_is_as_it_should_be_is_read_without_a_lock(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """A writer that holds the log all the while is not waited for, and so does not wait."""
    await lived(recorder, crowd)
    async with asyncio.timeout(60), database.transaction():
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        assert (await rebuild(dsn)).differences == ()
        assert (await verify(dsn)).fault is None


async def test_writers_come_in_between_the_few_that_are_set_right_at_once(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(recorder, crowd)
    await database.execute("UPDATE greenlight.docket SET version = version + 1")
    steps: list[int] = []

    async def in_between(
        database: Connection, every: Sequence[Table], streams: Mapping[str, None], folded: dict[str, Folded]
    ) -> Exchanged:
        await live(recorder, crowd, f"Y{len(steps):06}", seed=len(steps))
        steps.append(len(streams))
        if len(steps) == 1:
            # As if it had been folded before its last event came.
            stream, was = next(iter(folded.items()))
            folded[stream] = was._replace(version=was.version - 1, view=None)
        return await exchange(database, every, streams, folded)

    monkeypatch.setattr("greenlight.eventlog.rebuild.exchange", in_between)
    monkeypatch.setattr("greenlight.eventlog.rebuild.AT_ONCE", 5)
    assert len((await rebuild(dsn)).differences) > 0
    assert steps == [5, 5, 3], "twelve, of which one was folded twice"
    assert (await rebuild(dsn)).differences == ()


async def test_what_is_served_of_a_stream_stays_where_a_newer_release_went_on_with_it(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await lived(recorder, crowd)
    await database.execute("UPDATE greenlight.docket SET stage = 'of_a_newer_release' WHERE acn = 'Z000003'")
    await database.execute(
        "INSERT INTO greenlight.event SELECT (SELECT max(position) + 1 FROM greenlight.event), stream,"
        " version + 1, 'CaseMislaid', at, recorded_at, NULL,"
        ' \'{"at":"2026-09-01T14:00:00Z","type":"CaseMislaid"}\', NULL'
        " FROM greenlight.event WHERE stream = 'application-Z000003' ORDER BY version DESC LIMIT 1"
    )
    looked = await rebuild(dsn)
    assert looked.differences == ()
    (unreadable,) = looked.unreadable
    assert unreadable.stream == "application-Z000003"
    assert "CaseMislaid cannot be read here" in unreadable.reason


async def position_of(database: Connection, stream: str) -> int:
    return int(
        str(await database.fetchval("SELECT max(position) FROM greenlight.event WHERE stream = $1", stream))
    )


async def test_a_stream_that_cannot_be_read_is_left_as_it_is_shown_and_named_and_no_other_waits_for_it(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    [third, fourth] = [story for story in await lived(recorder, crowd) if story.acn in ("Z000003", "Z000004")]
    at = await Forger(database).commit(None, unreadable(application_stream(third.acn), third.version))
    # Signed, but there is no such case.
    await recorder.record(assignment(crowd.officer, "Z000999", 0))
    await database.execute(
        "UPDATE greenlight.docket SET waiting_for = 'other' WHERE acn IN ('Z000003', 'Z000004')"
    )
    looked = await rebuild(dsn, swap=False)
    assert [each.key for each in looked.differences] == [fourth.acn]
    assert [str(each) for each in looked.unreadable] == [
        f"{application_stream(third.acn)}, position {at}: {LACKING}",
        f"application-Z000999, position {await position_of(database, 'application-Z000999')}:"
        " the event cannot follow in this stream (ValueError)",
    ]
    assert await rebuild(dsn) == looked
    again = await rebuild(dsn)
    assert (again.differences, again.unreadable) == ((), looked.unreadable)
    shown = await database.fetch("SELECT acn, waiting_for = 'other' AS left FROM greenlight.docket")
    assert {row["acn"] for row in shown if row["left"]} == {third.acn}


async def test_of_two_that_claim_the_same_one_is_shown_and_the_other_named(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """One key of two officers: the register would not have let the second in."""
    deputy = officer_stream(crowd.deputy.actor.officer)
    async with Reader(dsn) as reader:
        [record, *_] = [event.record async for event in reader.stream(deputy)]
    for name in ("a-later-one", "z-later-one"):
        stolen = record.replace(f'"{crowd.deputy.actor.officer}"', f'"{name}"')
        append = Append(stream=officer_stream(name), expected_version=0, events=(stolen,), view=None)
        await Forger(database).commit(None, append)
    rebuilt = await rebuild(dsn)
    assert {each.stream for each in rebuilt.unreadable} == {deputy, "officer-z-later-one"}
    assert {each.reason for each in rebuilt.unreadable} == {
        "its row cannot be shown beside those of others (SQL state 23505)"
    }
    again = await rebuild(dsn)
    assert (again.differences, again.unreadable) == ((), rebuilt.unreadable)


async def test_events_that_tell_of_another_stream_do_not_take_its_place(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await live(recorder, crowd, "Z000003", seed=3)
    async with Reader(dsn) as reader:
        records = tuple([event.record async for event in reader.stream(application_stream(story.acn))])
    await Forger(database).commit(
        None, Append(stream="application-Z000004", expected_version=0, events=records, view=None)
    )
    rebuilt = await rebuild(dsn)
    assert rebuilt.differences == ()
    assert [(each.stream, each.reason) for each in rebuilt.unreadable] == [
        ("application-Z000004", "the events tell of another stream")
    ]
