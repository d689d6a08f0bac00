"""The event feed over HTTP: reading a whole log, memory of many subscribers, and how soon they hear.

The server is a process of its own (``python -m bench.feed``), whose memory is its own. Fewer events and
subscribers than are asked about are measured, and what is told is reckoned up from them.
"""

import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bench.append import opened
from bench.tree import FILL
from greenlight.connection.target import Addressed
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.database import WHOLE, connection
from greenlight.eventlog.subscribers import Hearer
from greenlight.feed.feed import Feed
from greenlight.feed.routes import MOST_EVENTS, POSITION, routes
from greenlight.kernel.roles import Role
from greenlight.signing.keys import SigningKey
from tests.addresses import free_address

EVENTS: Final = 100_000
SUBSCRIBERS: Final = 300
HEARD: Final = 40
ASKED_EVENTS: Final = 1_000_000
ASKED_SUBSCRIBERS: Final = 1_000

_CALLER: Final = Hearer(
    officer="bench",
    person="p-bench",
    organisation="agency",
    role=Role.AUDITOR,
    kid=SigningKey.generate().public.kid,
)


async def measure(empty: Addressed) -> dict[str, float]:
    """``feed_million_s``: a million events, read page by page, reckoned up from ``EVENTS``, each reading kept
    on record; ``feed_read_mib``: how much more memory the server has after them. ``feed_subscribers_mib``: of
    the server with 1,000 subscribers by SSE, reckoned up from ``SUBSCRIBERS``. ``feed_heard_ms``: from the
    answer of a commit until one of them has it, the median; ``feed_heard_p95_ms``: of most.
    """
    async with opened(empty) as log:
        async with connection(empty.owner_url, application="bench", limits=WHOLE) as owner:
            first = int(str(await owner.fetchval("SELECT position FROM greenlight.log")))
            await owner.execute(FILL, first + 1, first + EVENTS, "Y")
            await owner.execute("UPDATE greenlight.log SET position = $1", first + EVENTS)
            await owner.execute("VACUUM ANALYZE")
        async with _server(empty.database_url) as (pid, client):
            await _read(client, first + EVENTS - 5 * MOST_EVENTS)
            before = _resident_mib(pid)
            started = time.perf_counter()
            head = await _read(client, first)
            took = time.perf_counter() - started
            after = _resident_mib(pid)
            assert head == first + EVENTS
            alone = _resident_mib(pid)
            async with _subscribed(client, head) as heard:
                with_them = _resident_mib(pid)
                waits: list[float] = []
                commits = [commit for _ in range(HEARD) for commit in log.commits()][:HEARD]
                for commit in commits:
                    assert await log.ways["append"](commit) == "recorded"
                    began = time.perf_counter()
                    await heard.get()
                    waits.append(1000 * (time.perf_counter() - began))
    return {
        "feed_million_s": took * ASKED_EVENTS / EVENTS,
        "feed_read_mib": after - before,
        "feed_subscribers_mib": alone + (with_them - alone) * ASKED_SUBSCRIBERS / SUBSCRIBERS,
        "feed_heard_ms": statistics.median(waits),
        "feed_heard_p95_ms": statistics.quantiles(waits, n=20)[-1],
    }


async def _read(client: httpx.AsyncClient, after: int) -> int:
    """Everything after a position; the last one."""
    while True:
        answer = await client.get("/events", params={"after": after, "limit": MOST_EVENTS})
        answer.raise_for_status()
        reached = int(answer.headers[POSITION])
        if reached == after:
            return after
        after = reached


@asynccontextmanager
async def _subscribed(client: httpx.AsyncClient, after: int) -> AsyncGenerator[asyncio.Queue[bytes]]:
    """Many subscribers; what the last of them hears."""
    heard = asyncio.Queue[bytes]()
    host, port = client.base_url.host, client.base_url.port
    opened: list[asyncio.StreamWriter] = []
    listening: list[asyncio.Task[None]] = []
    for number in range(SUBSCRIBERS):
        reader, writer = await asyncio.open_connection(host, port)
        head = f"GET /events?after={after} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n\r\n"
        writer.write(head.encode())
        opened.append(writer)
        await reader.readuntil(b"id: ")
        last = number + 1 == SUBSCRIBERS
        listening.append(asyncio.create_task(_listen(reader, heard if last else None)))
    try:
        yield heard
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for writer in opened:
            writer.close()


async def _listen(reader: asyncio.StreamReader, heard: asyncio.Queue[bytes] | None) -> None:
    while True:
        line = await reader.readline()
        if heard is not None and line.startswith(b"data: "):
            heard.put_nowait(line)


@asynccontextmanager
async def _server(dsn: str) -> AsyncGenerator[tuple[int, httpx.AsyncClient]]:
    """The server's process, and a client of it."""
    address = free_address()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.feed", dsn, address)
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as client:
            async with asyncio.timeout(60):
                while True:
                    try:
                        await client.get("/events", params={"limit": 1})
                        break
                    except httpx.TransportError:
                        await asyncio.sleep(0.1)
            yield process.pid, client
    finally:
        process.terminate()
        await process.wait()


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


class _Keeper:
    """Lets everybody in, under another name each."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    async def proven(self, request: Request) -> Hearer | Response:
        return _CALLER.model_copy(update={"officer": f"bench-{next(self._numbers)}"})

    def problem(self, status: int, code: str, detail: str, headers: Mapping[str, str]) -> Response:
        return PlainTextResponse(detail, status, headers)


async def _serve(dsn: str, address: str) -> None:
    async def readable(_: Hearer, streams: frozenset[str]) -> frozenset[str]:
        return streams

    async def note(caller: Hearer, streams: frozenset[str]) -> None:
        await access.note_all(caller, streams, "events")

    host, _, port = address.rpartition(":")
    async with AccessLog(dsn) as access, Feed(dsn, readable, note).running() as feed:
        app = Starlette(routes=routes(feed, _Keeper()))
        await uvicorn.Server(uvicorn.Config(app, host=host, port=int(port), log_level="warning")).serve()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
