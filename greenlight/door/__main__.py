"""The door as a program: ``greenlight-door``, and ``python -m greenlight.door``."""

import argparse
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.door.app import app
from greenlight.door.feeding import fed
from greenlight.feed.routes import end_streams
from greenlight.serving.house import furnished
from greenlight.serving.program import Program
from greenlight.serving.server import served

_HELP = """\
Answer HTTP: commands, each as its sender signed it, and readings, each to whom the law opens it. Whoever
asks needs no connection to Temporal or the database. Its document is at /openapi.json.
"""


@asynccontextmanager
async def _opened(
    settings: Settings, target: Target, opened: socket.socket, _: argparse.Namespace
) -> AsyncGenerator[None]:
    async with (
        furnished(settings, target, "greenlight-door") as within,
        fed(within, target.database_url) as feed,
        served(app(within, feed), opened, share=within.share),
    ):
        try:
            yield
        finally:
            end_streams()


PROGRAM = Program("door", "greenlight-door", _HELP, lambda settings: settings.door_address, _opened)

main = PROGRAM.main

if __name__ == "__main__":
    main()
