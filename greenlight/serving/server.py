"""The server: uvicorn, held to limits that it has none of itself."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from greenlight.serving.limits import MAX_HEAD, Shares, part
from greenlight.serving.networks import network_of
from greenlight.serving.problems import Problem, malformed

HEAD_SECONDS = 10.0
"""For a request's head to come, from its first byte on, or from the connection's first moment."""
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 2_000
MOST_WAITING = 16
"""Requests of one connection behind the one that is answered."""
UNREAD_SECONDS = 30.0
"""For a client to read of its answer what the buffer cannot hold."""
_MAX_FIELDS, _BETWEEN = 4 * MAX_HEAD, 4
"""More than what whoever sends a large head is told of it by; what stands between the parts of a field."""


class _Config(uvicorn.Config):
    """``networks``: the connections that each has; ``proxies``: those that are believed, as uvicorn reads
    them, nobody where it is empty."""

    def __init__(self, app: Any, networks: Shares, proxies: str, **more: Any) -> None:
        # Anybody could say that they ask for somebody else: who is named there, alone, is believed.
        super().__init__(app, proxy_headers=bool(proxies), forwarded_allow_ips=proxies, **more)
        self.networks = networks
        self._proxies = ProxyHeadersMiddleware(app, proxies)

    def trusts(self, host: str) -> bool:
        """Tell whether a proxy asks from there."""
        return host in self._proxies.trusted_hosts


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with limits: a network has a share of the connections; a head that does not come in time, or
    does not end, ends its connection, and an answer that nobody reads does, too.

    The parser itself keeps what comes of a head for as long as it comes. After what may be read in two ways
    nothing more is read of a connection: what is under way is answered, and it is closed.
    """

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._whose: str | None = None
        self._raw = bytearray()
        self._come = self._fields = 0
        self._in_head = self._delivered = self._deaf = False
        self._running: RequestResponseCycle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._count_connection()

    def _count_connection(self) -> None:
        """Have it count for its network; that of a proxy which is trusted counts for nobody."""
        host = self.client[0] if self.client else ""
        if not isinstance(self.config, _Config) or self.config.trusts(host):
            return
        try:
            self.config.networks.take(whose := network_of(host))
        except Problem as problem:
            self._end_with(problem)
        else:
            self._whose = whose

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        if not self._in_head:
            self._raw.clear()
        self._raw += data
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

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target.

        :raises ValueError: as ``on_header``.
        """
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head. None follows a body: a proxy that looked at the head has not seen it.

        :raises ValueError: there are too many, or it is not of the head; the request is answered as invalid.
        """
        if not self._in_head:
            raise ValueError("a field follows the body")
        self._count(len(name) + len(value) + _BETWEEN)
        super().on_header(name, value)

    def _count(self, more: int) -> None:
        self._fields += more
        if self._fields > _MAX_FIELDS:
            raise ValueError(f"the head of a request has more than {_MAX_FIELDS} bytes")

    def on_headers_complete(self) -> None:
        """Begin a request, or have it wait for those before it.

        :raises ValueError: too many wait, or it is no request of HTTP, or one for another host.
        """
        self._must_be_spoken_here()
        if len(self.pipeline) >= MOST_WAITING:
            raise ValueError(f"{MOST_WAITING} requests of the connection wait already")
        super().on_headers_complete()
        self._in_head = False
        self._delivered = True
        if self._asks_for_another_protocol:
            # The parser takes what follows for another protocol, which is not spoken here.
            self.cycle.keep_alive = False
            self._deaf = True

    def _must_be_spoken_here(self) -> None:
        """Hold the request's line against what the parser takes it for (RFC 9112, section 3): it reads lines
        of other protocols, and other spaces, as if they were of this one.

        :raises ValueError: it is another one.
        """
        parser: Any = self.parser
        line = b"%b %b HTTP/1." % (parser.get_method(), self.url)
        at = self._raw.find(line)
        while at >= 0:
            behind = bytes(self._raw[at + len(line) : at + len(line) + 2])
            if (not at or self._raw[at - 1] == ord("\n")) and behind in {b"0\r", b"1\r"}:
                break
            at = self._raw.find(line, at + 1)
        else:
            raise ValueError("the line of the request is none of HTTP/1.1")
        if not self.url.startswith(b"/") and self.url != b"*":
            named = urlsplit(self.url)
            hosts = [value.lower() for name, value in self.headers if name == b"host"]
            if named.scheme not in {b"http", b"https"} or [named.netloc.lower()] != hosts:
                raise ValueError("the target names another host than the request (RFC 9112, section 3.2.2)")

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._delivered = True

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._delivered = True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Between requests uvicorn's own limit counts; with the first byte of the next, ours.
        self._head.cancel()
        self._head = self.loop.call_later(KEEP_ALIVE_SECONDS + HEAD_SECONDS, self._too_slow)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request of HTTP as all else that is not of its form, behind what is under way."""
        self._deaf = True
        running = self._running
        if running is not None and not running.response_complete and not running.more_body:
            self.pipeline.clear()
            running.keep_alive = False
            return
        if running is not None and running.response_started and not running.response_complete:
            self.transport.abort()
            return
        self._end_with(malformed("the request cannot be read, or can be in more than one way"))

    def _end_with(self, problem: Problem) -> None:
        """Say what is wrong, and end the connection."""
        self._deaf = True
        said = problem.response()
        said.headers["Connection"] = "close"
        fields = b"".join(
            b"%b: %b\r\n" % field for field in (*self.server_state.default_headers, *said.raw_headers)
        )
        line = f"HTTP/1.1 {said.status_code} {HTTPStatus(said.status_code).phrase}\r\n"
        self.transport.write(line.encode() + b"%b\r\n%b" % (fields, said.body))
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read()

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.cancel()
        self._read()
        self.pipeline.clear()
        if self._whose is not None and isinstance(self.config, _Config):
            self.config.networks.give_back(self._whose)
        if self._running is not None:
            # Uvicorn tells the last that came, not the one that is answered.
            self._running.disconnected = not self._running.response_complete
            self._running.message_event.set()
        super().connection_lost(exc)

    @property
    def _asks_for_another_protocol(self) -> bool:
        # Uvicorn says that there is none once the connection is lost.
        parser: Any = self.parser
        return parser.should_upgrade()

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
async def served(app: ASGIApp, opened: socket.socket, *, share: float) -> AsyncGenerator[None]:
    """Answer on a socket while the context lasts; requests under way are answered before it ends. ``share``:
    the part of the connections that one network has."""
    most = part(share, MOST_CONNECTIONS)
    config = _Config(
        app,
        Shares(most, what="connections of your network are open (GREENLIGHT_NETWORK_SHARE)"),
        os.environ.get("FORWARDED_ALLOW_IPS", ""),
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
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
