"""A program that answers by HTTP: it opens at its address, and ends by a signal or with who started it."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NoReturn

import structlog
import uvloop
from pydantic import ValidationError

from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, UnreachableError, embedded_target, external_target
from greenlight.embedded import running
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.migrate import MigrationError, check
from greenlight.eventlog.stored import LogMissingError
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.kernel.legible import legible
from greenlight.kernel.problems import first_problem
from greenlight.reference.errors import ReferenceDataError
from greenlight.serving.beside import LISTENING, UNTIL_EOF
from greenlight.serving.listening import AddressError, address_of, listening

_CONNECTS = """
It connects as TEMPORAL_ADDRESS and DATABASE_URL say, whose user only reads, or to the servers of
`make serve`.
Exit codes: 0 stopped, 2 usage, 3 unreachable.
"""

USAGE, UNREACHABLE = 2, 3

Opened = Callable[[Settings, Target, socket.socket, argparse.Namespace], AbstractAsyncContextManager[None]]


class UsageError(Exception):
    """It is not opened as it was asked to be. The message says why, and what to do."""


def _no_more(_: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Program:
    """``what`` people call it, ``name`` and ``says`` are for its help; ``address`` is where it listens;
    ``opened``: what answers on the socket while the context lasts; ``more``: its own arguments."""

    what: str
    name: str
    says: str
    address: Callable[[Settings], str]
    opened: Opened
    more: Callable[[argparse.ArgumentParser], None] = _no_more

    def main(self) -> NoReturn:
        """Run until SIGINT or SIGTERM, and leave with the exit code."""
        code = self.run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
        # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
        # (temporalio/sdk-python issue 300).
        os._exit(code)

    def run(self, words: Sequence[str]) -> int:
        """The exit code."""
        parser = argparse.ArgumentParser(
            prog=self.name,
            description=self.says + _CONNECTS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(UNTIL_EOF, action="store_true", help="end when standard input does")
        parser.add_argument(LISTENING, type=int, metavar="FD", help="answer on this socket, which is open")
        self.more(parser)
        asked = parser.parse_args(words)
        try:
            load_extensions()
            settings = Settings()
            configure_logs(settings)
            uvloop.run(self._open(settings, asked))
        except ValidationError as error:
            name, _, problem = first_problem(error).partition(": ")
            return self._said(USAGE, f"setting GREENLIGHT_{name.upper()}: {problem}")
        except (UsageError, ExtensionError, AddressError, ReferenceDataError, MigrationError) as error:
            return self._said(USAGE, str(error))
        except UnreachableError as error:
            return self._said(UNREACHABLE, f"unreachable: {error}")
        except (DatabaseError, LogMissingError, *LOST_CONNECTION) as error:
            return self._said(UNREACHABLE, f"unreachable: the event log is not available: {error}")
        return 0

    def _said(self, code: int, line: str) -> int:
        print(legible(f"{self.name}: {line}"), file=sys.stderr)
        return code

    async def _open(self, settings: Settings, asked: argparse.Namespace) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        if asked.until_eof:
            await loop.connect_read_pipe(lambda: _UntilEof(stop), sys.stdin)
        target = _target(settings)
        given: int | None = asked.listening
        address = self.address(settings)
        log = structlog.stdlib.get_logger(self.what)
        with listening(address, self.what) if given is None else socket.socket(fileno=given) as opened:
            await check(target.database_url, kind=settings.kind)
            async with self.opened(settings, target, opened, asked):
                log.info(f"{self.what} opened", address=address_of(opened))
                await stop.wait()
                log.info(f"{self.what} closing")


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


class _UntilEof(asyncio.Protocol):
    """Whoever started it has ended, or wants it to."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def eof_received(self) -> bool:
        self._stop.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop.set()
