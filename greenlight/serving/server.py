"""The server: uvicorn, held to limits that it has none of itself."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from greenlight.serving.limits import MAX_HEAD
from greenlight.serving.problems import malformed

HEAD_SECONDS = 10.0
"""For a request's head to come, from its first byte on, or from the connection's first moment."""
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 2_000
_MAX_FIELDS = 4 * MAX_HEAD
"""More than what whoever sends a large head is told of it by."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with limits: a head that does not come in time, or does not end, ends its connection.

    The parser itself keeps what comes of a head, or of fields behind a body, for as long as it comes.
    """

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._come = self._fields = 0
        self._in_head = self._delivered = False
        self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        began = self._waits_for_head
        self._delivered = False
        super().data_received(data)
        self._come = 0 if self._delivered else self._come + len(data)
        if self._come > MAX_HEAD:
            self.transport.close()
        if not self._waits_for_head:
            self._head.cancel()
        elif not began:
            self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._fields = 0
        self._in_head = True

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head = False
        self._delivered = True

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._delivered = True

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._delivered = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head.

        One that follows a body says nothing: a proxy that looked at the head has not seen it.

        :raises ValueError: there are too many; the parser answers that the request is invalid.
        """
        self._fields += len(name) + len(value)
        if self._fields > _MAX_FIELDS:
            raise ValueError(f"the fields of a request have more than {_MAX_FIELDS} bytes")
        if self._in_head:
            super().on_header(name, value)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Between requests uvicorn's own limit counts; with the first byte of the next, ours.
        self._head.cancel()
        self._head = self.loop.call_later(KEEP_ALIVE_SECONDS + HEAD_SECONDS, self._too_slow)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request of HTTP as all else that is not of its form, and close the connection."""
        said = malformed("the request cannot be read, or can be in more than one way").response()
        said.headers["Connection"] = "close"
        fields = b"".join(
            b"%b: %b\r\n" % field for field in (*self.server_state.default_headers, *said.raw_headers)
        )
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n%b\r\n%b" % (fields, said.body))
        self.transport.close()

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
