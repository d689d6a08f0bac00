"""The typed client's `events()` on the feed: through servers that come and go."""

import asyncio
from datetime import timedelta

import pytest

from greenlight.client import FeedEvent, Refused, Unanswered, events
from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.recorder import Recorder
from tests.addresses import free_address
from tests.eventlog.crowd import Crowd
from tests.feed.serving import Door, recorded, served
from tests.law.actors import EXECUTIVE


def token() -> str:
    return EXECUTIVE.officer


async def test_all_that_there_is_comes_once_and_says_what_the_log_says(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    for version in range(3):
        await recorded(recorder, crowd, "A000001", version)
    async with StreamReader(dsn) as reader:
        stored = [event async for event in reader.log()]
    async with served(dsn) as client:
        told = [event async for event in events(str(client.base_url), token, follow=False)]
        some = [
            event.position
            async for event in events(str(client.base_url), token, follow=False, after=3, streams=["officer"])
        ]
    assert [(each.position, each.stream, each.version, each.type, each.at) for each in told] == [
        (each.position, each.stream, each.version, each.type, each.at) for each in stored
    ]
    assert [each.record for each in told] == [each.content for each in stored]
    assert [each.command_id for each in told] == [each.command_id for each in stored]
    assert some == [
        each.position for each in stored if each.position > 3 and each.stream.startswith("officer")
    ]


async def test_it_goes_on_when_the_front_door_comes_back(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    address = free_address()
    got: list[FeedEvent] = []
    wanted = [await recorded(recorder, crowd, "A000001", version) for version in range(2)]

    async def follow() -> None:
        async for event in events(f"http://{address}", token, streams=["application"]):
            got.append(event)  # noqa: PERF401  # It has no end.

    following = asyncio.create_task(follow())
    for turn in range(2):
        async with served(dsn, address=address):
            wanted.append(await recorded(recorder, crowd, "A000001", len(wanted)))
            async with asyncio.timeout(60):
                while len(got) < len(wanted):  # noqa: ASYNC110  # Nothing tells.
                    await asyncio.sleep(0.05)
        wanted += [await recorded(recorder, crowd, "A000001", len(wanted))] if turn == 0 else []
    following.cancel()
    assert [event.position for event in got] == wanted


async def test_what_is_not_for_the_caller_moves_the_cursor_on(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    hidden = await recorded(recorder, crowd, "A000001")
    reached: list[int] = []
    async with served(dsn, Door(everybody=False)) as client:
        found = [
            event async for event in events(str(client.base_url), token, follow=False, reached=reached.append)
        ]
    assert (found, reached[-1]) == ([], hidden)


async def test_a_refusal_and_silence_are_told(dsn: str) -> None:
    async with served(dsn) as client:
        with pytest.raises(Refused) as refused:
            await anext(events(str(client.base_url), token, after=10_000))
        assert refused.value.code == "position_ahead"
    with pytest.raises(Unanswered, match="after the position 7"):
        await anext(events(f"http://{free_address()}", token, after=7, patience=timedelta(seconds=0.5)))
