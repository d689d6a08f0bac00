"""Documents are in memory while they come and go: few at once, of one key, of one organisation and of all."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.law.application.attachments import MAX_BYTES, MediaType
from greenlight.law.application.commands import Submit
from greenlight.serving.limits import Documents
from greenlight.serving.problems import Problem
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_attachments import named
from tests.door.test_caller import reading
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.histories import Story
from tests.law import actors
from tests.law.application.cases import submission

LARGE = b"x" * MAX_BYTES
"""More than the buffers between two programs of this machine take from one that does not read."""
NAMED = named(LARGE, MediaType.TEXT, "Long list")
STREAM = "application-Z000062"
PATH = f"/cases/{STREAM}/attachments/1"


@pytest.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncIterator[Door]:
    filed = submission().model_copy(update={"attachments": (NAMED,)})
    await Story(STREAM.partition("-")[2]).sent(recorder, crowd, "submit", Submit(application=filed))
    async with door(as_user(dsn, READER), await nowhere(), tmp_path / "tiles", feeds=False) as opened:
        yield opened


async def unread(at_door: Door, by: Signer, stack: ExitStack) -> socket.socket:
    """A connection that has asked for the document and takes no more of the answer than how it begins."""
    where, loop = urlsplit(at_door.url), asyncio.get_running_loop()
    asks = stack.enter_context(socket.socket())
    asks.setblocking(False)
    asks.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    await loop.sock_connect(asks, (where.hostname, where.port))
    said = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {reading(by)}\r\n\r\n"
    await loop.sock_sendall(asks, said.encode())
    assert await loop.sock_recv(asks, 12) == b"HTTP/1.1 200"
    return asks


async def test_who_does_not_read_holds_two_documents_and_no_more(at_door: Door, crowd: Crowd) -> None:
    log = (await at_door.within.reader.head()).name
    await at_door.within.attachments.put(log, STREAM, NAMED, LARGE)
    with ExitStack() as stack:
        first = await unread(at_door, crowd.officer, stack)
        await unread(at_door, crowd.officer, stack)
        answer = await at_door.get(PATH, crowd.officer)
        assert (answer.status_code, answer.json()["detail"]) == (429, "2 documents of yours are under way")
        assert answer.headers["retry-after"] == "1"
        assert (await at_door.get(PATH, crowd.applicant)).content == LARGE
        # Its place is another's once the connection is gone.
        first.close()
        async with asyncio.timeout(20):
            while (await at_door.get(PATH, crowd.officer)).status_code != 200:  # noqa: ASYNC110  # Nothing tells.
                await asyncio.sleep(0.05)
    # Whatever becomes of an answer, its place is given back: what is sent, and what is not there.
    for _ in range(4):
        assert (await at_door.get(PATH, crowd.applicant)).status_code == 200
        assert (await at_door.get(f"{PATH}1", crowd.applicant)).status_code == 404


async def test_keys_of_one_organisation_bring_three_documents_and_no_more(
    at_door: Door, crowd: Crowd, recorder: Recorder
) -> None:
    colleague = Signer(actors.APPLICANTS_COLLEAGUE)
    for each in (colleague, crowd.other_applicant):
        await crowd.add(recorder, each)
    come, organisation = asyncio.Event(), crowd.applicant.actor.organisation

    async def slowly() -> AsyncIterator[bytes]:
        yield LARGE[:1]
        await come.wait()
        yield LARGE[1:]

    async def bring(by: Signer, content: AsyncIterator[bytes] | bytes) -> tuple[int, str]:
        headers = {"Authorization": reading(by), "Content-Type": "text/plain"}
        answer = await at_door.http.put(PATH, content=content, headers=headers)
        return answer.status_code, answer.json()["detail"] if answer.content else ""

    async with asyncio.TaskGroup() as tasks:
        slow = [
            tasks.create_task(bring(by, slowly())) for by in (crowd.applicant, crowd.applicant, colleague)
        ]
        try:
            async with asyncio.timeout(20):
                while not full(at_door.within.brought, organisation):  # noqa: ASYNC110  # Nothing tells.
                    await asyncio.sleep(0.05)
            assert await bring(colleague, b"x") == (429, "3 documents of your organisation are under way")
            # Of others' there are places still: what they are told is about the case.
            assert (await bring(crowd.other_applicant, b"x"))[0] == 404
        finally:
            come.set()
    assert {each.result()[0] for each in slow} <= {201, 204}


def full(places: Documents, organisation: str) -> bool:
    """Tell whether the organisation has all places that it may have."""
    try:
        with places.of("a key that nobody has", organisation):
            return False
    except Problem:
        return True


def test_all_have_six_places_and_each_gives_its_own_back() -> None:
    places = Documents()
    for _ in range(2):
        with ExitStack() as stack:
            for each in range(6):
                stack.enter_context(places.of(f"key {each}", f"organisation {each % 2}"))
            with pytest.raises(Problem, match="6 requests are under way"), places.of("key 7", "another"):
                pass
            stack.pop_all().close()
            for key in ("a", "a", "b"):
                stack.enter_context(places.of(key, "one"))
            # What is refused for the one takes nothing of the other.
            for _ in range(4):
                with pytest.raises(Problem, match="3 documents of your organisation"), places.of("c", "one"):
                    pass
            with places.of("d", "two"):
                pass
