"""Following the log: word of each commit, pages that are cut where they are large."""

import asyncio

import pytest

from greenlight.eventlog import following
from greenlight.eventlog.database import Connection
from greenlight.eventlog.following import Wanted, listening, read_page
from greenlight.eventlog.recorder import Recorder
from tests.addresses import as_user
from tests.eventlog.crowd import Crowd, assignment, commit

LONG = 60
"""Seconds in which word comes, or it is lost."""


async def test_word_comes_with_a_commit_and_with_nothing_else(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with listening(as_user(dsn, "greenlight_cli"), application="test") as word:
        assert await word.heard(0), "nobody knows what was recorded before"
        assert not await word.heard(0.2)
        said = await recorder.record(assignment(crowd.officer, "A000001", 0))
        assert said.status == "recorded"
        assert await word.heard(LONG)
        # It is behind, so that nothing is recorded.
        said = await recorder.record(commit(None, 7, stream="application-A000001"))
        assert said.status != "recorded"
        assert not await word.heard(0.2)


async def test_word_comes_when_the_connection_is_lost(dsn: str, database: Connection) -> None:
    async with listening(dsn, application="test-listens") as word:
        await word.heard(0)
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test-listens'"
        )
        assert await word.heard(LONG)
        assert word.lost


async def test_word_comes_after_what_it_is_of_can_be_read(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    """Many record at once; at each word all is there that it is given for."""
    first = (await read_page(database, 0)).head
    told: list[int] = []
    async with listening(dsn, application="test") as word:

        async def look() -> None:
            while not told or told[-1] < first + 20:
                assert await word.heard(LONG)
                told.append((await read_page(database, 0)).head)

        looking = asyncio.create_task(look())
        for number in range(20):
            await recorder.record(assignment(crowd.officer, f"A0000{number:02}", 0))
        await looking
    assert told == sorted(told)


async def test_a_page_ends_where_its_records_are_large(
    recorder: Recorder, crowd: Crowd, database: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = (await read_page(database, 0)).head
    for version in range(4):
        await recorder.record(assignment(crowd.officer, "A000001", version))
    monkeypatch.setattr(following, "PAGE_BYTES", 1)
    page = await read_page(database, head)
    assert [event.position for event in page.events] == [head + 1], "one at least"
    assert (page.reached, page.head) == (head + 1, head + 4)


async def test_a_page_ends_at_the_position_that_is_asked_for(
    recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    head = (await read_page(database, 0)).head
    for version in range(4):
        await recorder.record(assignment(crowd.officer, "A000001", version))
    page = await read_page(database, head, until=head + 2)
    assert ([event.position for event in page.events], page.reached) == ([head + 1, head + 2], head + 2)
    assert (await read_page(database, head + 2, until=head + 2)).events == ()
    nothing = await read_page(database, head, Wanted(frozenset({"Nothing"})))
    assert (nothing.events, nothing.reached) == ((), head + 4)
