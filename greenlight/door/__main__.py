"""The door as a program: ``greenlight-door``, and ``python -m greenlight.door``."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import NoReturn

import structlog
import uvloop
from pydantic import ValidationError

from greenlight.answers.listed import Shipped
from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.connection.target import (
    Target,
    UnreachableError,
    connect,
    embedded_target,
    external_target,
)
from greenlight.door.app import app
from greenlight.door.beside import LISTENING, UNTIL_EOF
from greenlight.door.feeding import fed
from greenlight.door.house import house
from greenlight.door.listening import DoorError, address_of, listening
from greenlight.door.server import served
from greenlight.embedded import running
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.migrate import MigrationError, check
from greenlight.eventlog.stored import LogMissingError
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.feed.routes import end_streams
from greenlight.kernel.legible import legible
from greenlight.kernel.problems import first_problem
from greenlight.reference.controls import load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listings import load_listings

_log = structlog.stdlib.get_logger("door")

_HELP = """\
Answer HTTP: commands, each as its sender signed it, and readings, each to whom the law opens it. Whoever
asks needs no connection to Temporal or the database. Its document is at /openapi.json.

It connects as TEMPORAL_ADDRESS and DATABASE_URL say, whose user only reads, or to the servers of
`make serve`.
Exit codes: 0 stopped, 2 usage, 3 unreachable.
"""

USAGE, UNREACHABLE = 2, 3


def main() -> NoReturn:
    """Run until SIGINT or SIGTERM, and leave with the exit code."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
    # (temporalio/sdk-python issue 300).
    os._exit(code)


def run(words: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="greenlight-door", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(UNTIL_EOF, action="store_true", help="end when standard input does")
    parser.add_argument(LISTENING, type=int, metavar="FD", help="answer on this socket, which is open")
    asked = parser.parse_args(words)
    try:
        load_extensions()
        settings = Settings()
        configure_logs(settings)
        uvloop.run(_open(settings, until_eof=asked.until_eof, given=asked.listening))
    except ValidationError as error:
        name, _, problem = first_problem(error).partition(": ")
        return _said(USAGE, f"setting GREENLIGHT_{name.upper()}: {problem}")
    except (ExtensionError, DoorError, ReferenceDataError, MigrationError) as error:
        return _said(USAGE, str(error))
    except UnreachableError as error:
        return _said(UNREACHABLE, f"unreachable: {error}")
    except (DatabaseError, LogMissingError, *LOST_CONNECTION) as error:
        return _said(UNREACHABLE, f"unreachable: the event log is not available: {error}")
    return 0


def _said(code: int, line: str) -> int:
    print(legible(f"greenlight-door: {line}"), file=sys.stderr)
    return code


def _target(settings: Settings) -> Target:
    target = external_target(settings)
    if target is not None:
        return target
    up = running(settings.data)
    if up is None:
        raise UnreachableError(
            f"the service is not running on {settings.data}: start it with `make serve`, "
            "or set TEMPORAL_ADDRESS and DATABASE_URL"
        )
    return embedded_target(up.temporal, up.namespace, up, up.ui, sealing=settings.sealing(make=False))


async def _open(settings: Settings, *, until_eof: bool, given: int | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if until_eof:
        await loop.connect_read_pipe(lambda: _UntilEof(stop), sys.stdin)
    target = _target(settings)
    with listening(settings.door_address) if given is None else socket.socket(fileno=given) as opened:
        await check(target.database_url, kind=settings.kind)
        temporal = await connect(target)
        tables = load_tables()
        shipped = Shipped(load_listings(settings.listings), settings.listings_max_age_days)
        async with (
            house(
                target.database_url,
                temporal,
                tiles=settings.tile_path,
                patience=timedelta(seconds=settings.door_patience),
                shipped=shipped,
                tables=tables,
                rate=settings.door_rate,
                burst=2 * settings.door_rate,
            ) as within,
            fed(within, target.database_url) as feed,
            served(app(within, feed), opened),
        ):
            _log.info("door opened", address=address_of(opened))
            await stop.wait()
            end_streams()
            _log.info("door closing")


class _UntilEof(asyncio.Protocol):
    """Whoever started it has ended, or wants it to."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def eof_received(self) -> bool:
        self._stop.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop.set()


if __name__ == "__main__":
    main()
