"""The server is killed in the middle of writing, again and again."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from greenlight.embedded import Postgres
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Commit, Recorded
from greenlight.kernel.streams import application_stream
from tests import repeating
from tests.eventlog.crowd import TIMELESS, Crowd, assignment

WRITERS = 8
COMMITS_EACH = 40
KILLS_AT = (60, 180)
"""How many commits are acknowledged when the server is killed."""


@pytest_asyncio.fixture
async def mortal() -> AsyncGenerator[Postgres]:
    """A server of this test's own."""
    with tempfile.TemporaryDirectory(prefix="mortal-") as folder:
        postgres = Postgres(Path(folder))
        await postgres.start()
        try:
            yield postgres
        finally:
            await postgres.stop()


async def test_nothing_acknowledged_is_lost_and_nothing_doubled(mortal: Postgres) -> None:
    crowd = Crowd()
    acknowledged: dict[str, Recorded] = {}
    interrupted: list[Commit] = []
    reached = {enough: asyncio.Event() for enough in KILLS_AT}
    dsn = mortal.writer_url
    await migrate(mortal.owner_url)
    async with connection(mortal.owner_url, application="test") as owner:
        await owner.execute(TIMELESS)

    async def patiently(recorder: Recorder, commit: Commit) -> Recorded:
        """As an activity records: until there is an answer."""
        while True:
            try:
                return await recorder.record(commit)
            except LogUnavailableError:
                interrupted.append(commit)
                await asyncio.sleep(0.05)

    async def write(recorder: Recorder, acn: str) -> None:
        for version in range(COMMITS_EACH):
            commit = assignment(crowd.officer, acn, version)
            said = await patiently(recorder, commit)
            assert said.status in {"recorded", "duplicate"}, said
            assert said.version == version + 1
            assert commit.proof is not None
            acknowledged[commit.proof.claims.jti] = said
            if len(acknowledged) in reached:
                reached[len(acknowledged)].set()

    async def kill() -> None:
        for enough in KILLS_AT:
            await reached[enough].wait()
            assert mortal.pid is not None
            repeating.tell(f"the server is killed: {len(acknowledged)} commits are acknowledged")
            os.kill(mortal.pid, signal.SIGKILL)
            await mortal.start()

    async with Recorder(dsn) as recorder:
        await crowd.register(recorder)
        writers = (write(recorder, f"Z00000{number}") for number in range(WRITERS))
        await asyncio.gather(kill(), *writers)

    async with Reader(dsn) as reader:
        events = [event async for event in reader.log(crowd.events)]
    assert len(interrupted) >= len(KILLS_AT) * WRITERS // 2, "the server was killed while nobody wrote"
    assert len(acknowledged) == WRITERS * COMMITS_EACH
    assert {event.command_id: event.position for event in events} == {
        command: said.position for command, said in acknowledged.items()
    }
    assert len(events) == len(acknowledged)
    assert (await verify(dsn)).fault is None
    async with connection(dsn, application="test") as database:
        for number in range(WRITERS):
            stream = application_stream(f"Z00000{number}")
            assert await database.fetchval("SELECT greenlight.version_of($1)", stream) == COMMITS_EACH
