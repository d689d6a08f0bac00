"""The standing of a worker, over HTTP: for probes, and for ``starter.py health``.

``/healthz`` answers 200 where all tasks are well and 503 where one is not; ``/livez`` answers 200 as long as
the worker has its turn at all, whatever it lacks: a worker that is started anew for a full disk helps nobody.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict

from greenlight.kernel.model import Instant

HEALTHZ = "/healthz"
LIVEZ = "/livez"
_SECONDS_FOR_A_REQUEST = 1.5
_LONGEST_REQUEST = 8 * 1024
_MOST_AT_ONCE = 256
"""Connections; one more puts an end to the oldest, for whoever has come last is most likely to ask."""


class HealthError(Exception):
    """Health cannot be told at the address. The message says where and why."""


class TaskHealth(BaseModel):
    """A task of a worker: ``age`` is seconds since its last success, or since the start where it had none;
    ``failures`` are in a row; ``resting`` counts the items that failed and are tried more rarely,
    ``given_up`` those that wait for somebody."""

    # Another release of the program may read it.
    model_config = ConfigDict(frozen=True, extra="ignore")

    task: str
    well: bool
    last_success: Instant | None
    age: float
    failures: int
    resting: int
    given_up: int = 0
    error: str | None


class Health(BaseModel):
    """All tasks of a worker."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    well: bool
    tasks: tuple[TaskHealth, ...]


@asynccontextmanager
async def served(address: str, health: Callable[[], Health]) -> AsyncGenerator[None]:
    """Answer at ``address`` while the context lasts. The answers come from the worker's own event loop: where
    that hangs, nobody answers.

    :raises HealthError: the address is taken or not this machine's.
    """
    # The oldest comes first.
    answering: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "every connection has a task of its own"
        waiting = [each for each in answering.values() if not each.is_closing()]
        if len(waiting) >= _MOST_AT_ONCE:
            waiting[0].transport.abort()
        answering[task] = writer
        try:
            # Whoever asked may be gone, silent, or no HTTP client at all.
            with suppress(TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
                async with asyncio.timeout(_SECONDS_FOR_A_REQUEST):
                    asked = await reader.readuntil(b"\r\n\r\n")
                    writer.write(_answer(asked, health))
                    await writer.drain()
        finally:
            del answering[task]
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    host, _, port = address.rpartition(":")
    try:
        server = await asyncio.start_server(connected, host.strip("[]"), int(port), limit=_LONGEST_REQUEST)
    except OSError as error:
        raise HealthError(f"health cannot be served at {address}: {error.strerror or error}") from error
    try:
        yield
    finally:
        server.close()
        for writer in answering.values():
            writer.transport.abort()
        # Each hears of it, and ends by itself.
        await asyncio.gather(*answering)


def _answer(asked: bytes, health: Callable[[], Health]) -> bytes:
    method, _, rest = asked.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].decode("ascii", "replace")
    body = b""
    if method not in {b"GET", b"HEAD"}:
        status = HTTPStatus.METHOD_NOT_ALLOWED
    elif path == HEALTHZ:
        found = health()
        status = HTTPStatus.OK if found.well else HTTPStatus.SERVICE_UNAVAILABLE
        body = found.model_dump_json().encode()
    else:
        status = HTTPStatus.OK if path == LIVEZ else HTTPStatus.NOT_FOUND
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if method == b"HEAD" else body)
