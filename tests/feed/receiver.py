"""A receiver of webhooks: a real HTTP server that keeps what it was sent, and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.addresses import free_address


@dataclass
class Receiver:
    """``answer`` gives the status for a message by its number, from 0."""

    url: str = ""
    answer: Callable[[int], int] = lambda _: 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        number = len(self.got)
        self.got.append((dict(request.headers), await request.body()))
        self.grown.set()
        return Response(status_code=self.answer(number), headers=self.headers)

    @property
    def positions(self) -> list[int]:
        """The events that came, each as often as it came."""
        return [int(json.loads(body)["id"]) for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    async def until(self, there: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something holds of what has come."""
        async with asyncio.timeout(seconds):
            while not there():
                self.grown.clear()
                await self.grown.wait()


@asynccontextmanager
async def receiving() -> AsyncGenerator[Receiver]:
    """A receiver that is up while the context lasts."""
    address = free_address()
    receiver = Receiver(url=f"http://{address}/hook")
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    host, _, port = address.rpartition(":")
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=int(port), log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # Nothing tells.
        await asyncio.sleep(0.01)
    try:
        yield receiver
    finally:
        server.should_exit = True
        await serving
