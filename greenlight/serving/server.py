"""The server: uvicorn, held to limits that it has none of itself."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from greenlight.serving.limits import MAX_HEAD

HEAD_SECONDS = 10.0
"""For a request's head to come, from its first byte on, or from the connection's first moment."""
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 2_000


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request's head does not come: uvicorn would wait for ever."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        began = self._waits_for_head
        super().data_received(data)
        if not self._waits_for_head:
            self._head.cancel()
        elif not began:
            self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Between requests uvicorn's own limit counts; with the first byte of the next, ours.
        self._head.cancel()
        self._head = self.loop.call_later(KEEP_ALIVE_SECONDS + HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.cancel()
        super().connection_lost(exc)

    @property
    def _waits_for_head(self) -> bool:
        # Uvicorn says that there always is one.
        cycle: Any = self.cycle
        return cycle is None or cycle.response_complete

    def _too_slow(self) -> None:
        if self._waits_for_head and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """Signals are its caller's business."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp, opened: socket.socket) -> AsyncGenerator[None]:
    """Answer on a socket while the context lasts; requests under way are answered before it ends."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Anybody could say that they ask for somebody else: who is named there, alone, is believed.
        proxy_headers=bool(os.environ.get("FORWARDED_ALLOW_IPS")),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=MAX_HEAD,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[opened]))
    try:
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await serving
