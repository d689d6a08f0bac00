"""The desk as a program: ``greenlight-desk``, and ``python -m greenlight.desk``."""

import argparse
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.desk import DEVELOPMENT
from greenlight.desk.app import app
from greenlight.desk.asked import Desk
from greenlight.desk.news import news_of
from greenlight.desk.sessions import Sessions
from greenlight.desk.ways import DevelopmentKeys
from greenlight.embedded.users import is_private
from greenlight.kernel.clock_kind import Kind
from greenlight.serving.house import furnished
from greenlight.serving.program import Program, UsageError
from greenlight.serving.server import served

_HELP = """\
Show people in a browser what waits for them, and take what they sign: by what they were shown. It holds no
key of anybody, but with the argument below, which `make serve` gives on servers of its own.
"""


def origin_of(settings: Settings, opened: socket.socket) -> str:
    """The origin by which browsers reach it."""
    return settings.desk_origin or f"http://localhost:{opened.getsockname()[1]}"


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        DEVELOPMENT,
        action="store_true",
        help="sign, too, with the keys of made-up people in the folder of keys, on a log begun with such: "
        "on the servers of `make serve`, in a rehearsal, and where GREENLIGHT_DEVELOPMENT_KEYS says so",
    )


async def _is_for_trial(settings: Settings, target: Target) -> bool:
    """Tell whether nothing that is signed there can bind anybody."""
    if settings.development_keys or settings.kind is Kind.REHEARSAL or target.embedded:
        return True
    # The servers of this machine are named by an address, too.
    return await is_private(target.database_url)


@asynccontextmanager
async def _opened(
    settings: Settings, target: Target, opened: socket.socket, asked: argparse.Namespace
) -> AsyncGenerator[None]:
    if asked.development_keys and not await _is_for_trial(settings, target):
        raise UsageError(
            f"{DEVELOPMENT} is for the servers of `make serve` and for rehearsals, and these are others:"
            " whoever opens the desk could sign as anybody. If that is what they are for, set"
            " GREENLIGHT_DEVELOPMENT_KEYS=true"
        )
    keys = DevelopmentKeys(settings.keys) if asked.development_keys else None
    async with furnished(settings, target, "greenlight-desk") as within, news_of(target.database_url) as news:
        desk = Desk(within, Sessions(), origin_of(settings, opened), keys, news)
        async with served(app(desk), opened, share=within.share):
            try:
                yield
            finally:
                # Whoever serves waits for what is under way.
                news.close()


PROGRAM = Program("desk", "greenlight-desk", _HELP, lambda settings: settings.desk_address, _opened, _more)

main = PROGRAM.main

if __name__ == "__main__":
    main()
