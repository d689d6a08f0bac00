"""The feed behind a real HTTP server, with a door that knows callers by their names."""

import asyncio
import json
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.feed.feed import Feed
from greenlight.feed.routes import routes
from greenlight.kernel.roles import Actor
from tests.addresses import as_user, free_address
from tests.eventlog.crowd import Crowd, assignment
from tests.law.actors import EXECUTIVE, REVIEWERS

Event = dict[str, Any]
REVIEWER = REVIEWERS["state"]


@dataclass
class Door:
    """Lets in who says their name; whoever is no executive reads the streams that are named."""

    open_to: set[str] = field(default_factory=set[str])
    everybody: bool = True
    """Every executive reads everything."""
    closed: bool = False
    """Nobody is let in any more."""
    asked: int = 0
    noted: list[tuple[str, frozenset[str]]] = field(default_factory=list[tuple[str, frozenset[str]]])

    async def proven(self, request: Request) -> Actor | Response:
        known = {actor.officer: actor for actor in (EXECUTIVE, REVIEWER)}
        if self.closed:
            return self.problem(401, "key_not_valid", "not any more", {})
        actor = known.get(request.headers.get("x-officer", EXECUTIVE.officer))
        return actor or self.problem(401, "unsigned", "who are you?", {})

    def problem(self, status: int, code: str, detail: str, headers: Mapping[str, str]) -> Response:
        said = {"status": status, "code": code, "detail": detail}
        return JSONResponse(said, status, headers, "application/problem+json")

    async def readable(self, caller: Actor, streams: frozenset[str]) -> frozenset[str]:
        self.asked += 1
        return streams if caller == EXECUTIVE and self.everybody else streams & self.open_to

    async def note(self, caller: Actor, streams: frozenset[str]) -> None:
        self.noted.append((caller.officer, streams))


@asynccontextmanager
async def served(
    dsn: str, door: Door | None = None, *, address: str | None = None
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the feed on a log, whose server is up while the context lasts."""
    door = door or Door()
    address = address or free_address()
    async with Feed(as_user(dsn, READER), door.readable, door.note).running() as feed:
        app = Starlette(routes=routes(feed, door))
        host, _, port = address.rpartition(":")
        server = uvicorn.Server(uvicorn.Config(app, host=host, port=int(port), log_level="error"))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110  # Nothing tells.
            await asyncio.sleep(0.01)
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=30, limits=limits) as client:
            yield client
        server.should_exit = True
        await serving


async def recorded(recorder: Recorder, crowd: Crowd, acn: str, version: int = 0) -> int:
    """One more event, of a case; its position."""
    said = await recorder.record(assignment(crowd.officer, acn, version))
    assert said.status == "recorded", said
    assert said.position is not None
    return said.position


async def read(client: httpx.AsyncClient, **asked: str | int) -> list[Event]:
    """Everything from ``after`` on, page by page, each by the link in the one before."""
    found: list[Event] = []
    answer = await client.get("/events", params=asked)
    while True:
        assert answer.status_code == 200, answer.text
        found += answer.json()
        at, url = answer.headers["greenlight-position"], answer.links["next"]["url"]
        answer = await client.get(url)
        if answer.headers["greenlight-position"] == at:
            assert answer.json() == []
            return found


def ids(events: Collection[Event]) -> list[int]:
    return [int(event["id"]) for event in events]


@dataclass
class Stream:
    """A subscriber by Server-Sent Events: what came, and the last id."""

    lines: AsyncGenerator[str]
    last: int = -1

    async def next(self) -> Event:
        """The next event; ids without data are taken note of."""
        while True:
            line = await anext(self.lines)
            name, _, value = line.partition(": ")
            if name == "id":
                self.last = int(value)
            elif name == "data":
                return json.loads(value)

    async def until(self, position: int) -> list[Event]:
        """The events that come until the cursor is at a position."""
        found: list[Event] = []
        while self.last < position:
            name, _, value = (await anext(self.lines)).partition(": ")
            if name == "id":
                self.last = int(value)
            elif name == "data":
                found.append(json.loads(value))
        return found

    async def rest(self) -> list[Event]:
        """The events that come until the stream ends, which it does."""
        async with asyncio.timeout(60):
            lines = [line async for line in self.lines]
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]

    async def some(self, number: int) -> list[Event]:
        return [await self.next() for _ in range(number)]


@asynccontextmanager
async def subscribed(
    client: httpx.AsyncClient, path: str = "/events", **headers: str
) -> AsyncGenerator[Stream]:
    """A subscriber, once it is heard."""
    accept = {"accept": "text/event-stream", **{name.replace("_", "-"): it for name, it in headers.items()}}
    async with client.stream("GET", path, headers=accept) as answer:
        assert answer.status_code == 200, await answer.aread()
        lines = answer.aiter_lines()
        stream = Stream(lines)  # pyright: ignore[reportArgumentType]  # It is an async generator.
        while stream.last < 0:
            name, _, value = (await anext(lines)).partition(": ")
            stream.last = int(value) if name == "id" else -1
        yield stream
