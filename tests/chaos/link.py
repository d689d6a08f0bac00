"""Relays between programs and servers, which can be slow, still or cut."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

CHUNK: Final = 64 * 1024

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[], Awaitable[Streams]]


class Link:
    """All connections of some programs to one server."""

    def __init__(self, dial: Dial) -> None:
        """``dial`` connects to the server."""
        self._dial = dial
        self._open: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._cut = False
        self._seconds = 0.0

    async def cut(self, seconds: float) -> None:
        """For so long every connection is broken, and new ones are closed at once."""
        self._cut = True
        for writer in tuple(self._open):
            writer.transport.abort()
        await asyncio.sleep(seconds)
        self._cut = False

    async def still(self, seconds: float) -> None:
        """For so long nothing passes, and nobody is told."""
        self._flows.clear()
        await asyncio.sleep(seconds)
        self._flows.set()

    async def slow(self, seconds: float, each: float) -> None:
        """For so long everything that passes takes ``each`` seconds longer."""
        self._seconds = each
        await asyncio.sleep(seconds)
        self._seconds = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection until either side ends it."""
        if self._cut:
            writer.transport.abort()
            return
        try:
            there, back = await self._dial()
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, back}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back))
                group.create_task(self._pump(there, writer))
        finally:
            self._open -= {writer, back}
            writer.transport.abort()
            back.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        # uvloop tells of a transport that was aborted by a RuntimeError.
        with suppress(ConnectionError, RuntimeError):
            while content := await source.read(CHUNK):
                await self._flows.wait()
                if self._seconds:
                    await asyncio.sleep(self._seconds)
                sink.write(content)
                await sink.drain()
            sink.write_eof()


@asynccontextmanager
async def to_address(address: str) -> AsyncGenerator[tuple[Link, str]]:
    """A link to a server that listens at ``host:port``, and the address that leads through it."""
    host, _, port = address.rpartition(":")
    link = Link(lambda: asyncio.open_connection(host, int(port)))
    server = await asyncio.start_server(link.serve, "127.0.0.1", 0)
    try:
        yield link, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def to_socket(path: Path, folder: Path) -> AsyncGenerator[Link]:
    """A link to a server that listens at a socket; it leads through one of the same name in ``folder``."""
    link = Link(lambda: asyncio.open_unix_connection(path))
    server = await asyncio.start_unix_server(link.serve, folder / path.name)
    try:
        yield link
    finally:
        server.close()
