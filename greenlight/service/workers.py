"""Several worker processes under one that starts no case itself: it starts them, and starts again what dies.

A worker process is told its number, and ends when its standard input does, so that none outlives who started
it. Once a second it says on standard output how it stands. The first alone does the work beside the cases
(publishing, letters, repair), so that nothing of it is done twice; it is stopped last, and publishes what the
others recorded.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from pydantic import ValidationError

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.migrate import migrate
from greenlight.service.background import Backoff
from greenlight.service.health import Health, TaskHealth, served

SUPERVISED = "--supervised"
"""With a number behind it: the program is one of several workers."""

_ABOUT = """\
Run the service: a worker on the task queue `licensing`. It starts a private Temporal and a private PostgreSQL
first, and the desk, the front door and the codec server beside them; with TEMPORAL_ADDRESS and DATABASE_URL
it uses those servers and starts nothing. Settings are in docs/reference/settings.md.
Exit codes: 0 stopped, 2 usage or a wrong setting, 3 a server cannot be started or reached.
"""

FIRST_REST, LONGEST_REST = 0.5, 30.0
"""Seconds until one that died is started again."""
LASTING = 60.0
"""Seconds after which one that died did not die of its start."""
TELLING = 1.0
"""Seconds between two words of a worker on how it stands."""
SILENCE = 60.0
"""Seconds without a word after which a worker hangs, and is killed."""
STOPPING = 15.0
"""Seconds beyond the graceful ones after which a worker that was asked to stop is killed."""


def number_of(words: Sequence[str]) -> int | None:
    """The number of a worker among several, by the words after the program's name; None: it is alone.

    :raises SystemExit: help was asked for, or the words are wrong.
    """
    parser = argparse.ArgumentParser(
        prog="worker.py", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(SUPERVISED, type=int, metavar="NUMBER", help="be this one of several workers")
    asked = parser.parse_args(words)
    number: int | None = asked.supervised
    return number


_log = structlog.stdlib.get_logger("workers")


class WorkersError(Exception):
    """The workers cannot be started. The message says why."""


@dataclass(slots=True)
class _One:
    """A worker process, and its next if it dies. Ages are by the monotonic clock: the other may be set."""

    number: int
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST_REST, LONGEST_REST))
    process: asyncio.subprocess.Process | None = None
    started: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)
    last: datetime | None = None
    said: Health | None = None
    end: str | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def health(self) -> TaskHealth:
        quiet = time.monotonic() - self.heard
        return TaskHealth(
            task=f"worker {self.number}",
            well=self.said is not None and quiet < 5 * TELLING,
            last_success=self.last,
            age=round(quiet, 1),
            failures=self.backoff.failures,
            resting=0,
            error=self.end,
        )


class Workers:
    """So many processes of one program."""

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        environment: Callable[[int], Mapping[str, str]],
        graceful: float,
    ) -> None:
        """``environment`` is that of a process by its number, from 0; ``graceful`` how many seconds it takes
        to end what it has in hand."""
        self._command = tuple(command)
        self._environment = environment
        self._graceful = graceful + STOPPING
        self._all = [_One(number) for number in range(count)]
        self._stopping = False

    @property
    def health(self) -> Health:
        """Of each process, and what those say that do work beside the cases."""
        said = [each.said for each in self._all if each.said is not None]
        tasks = (*(each.health for each in self._all), *(task for each in said for task in each.tasks))
        return Health(well=all(task.well for task in tasks), tasks=tasks)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """All are up while the context lasts; the first is ready before the others are started.

        :raises WorkersError: the first ends before it is ready. What is wrong it has said on standard error.
        """
        loops = [asyncio.create_task(self._kept(self._all[0]), name="worker 0")]
        try:
            await _first_of(self._all[0].ready.wait(), loops[0])
            loops += [
                asyncio.create_task(self._kept(each), name=f"worker {each.number}") for each in self._all[1:]
            ]
            yield
        finally:
            self._stopping = True
            await asyncio.gather(*(self._stop(each) for each in self._all[1:]))
            await self._stop(self._all[0])
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)

    async def _kept(self, one: _One) -> None:
        """Start it, and start it again when it has ended."""
        while not self._stopping:
            one.started = one.heard = time.monotonic()
            try:
                one.process = process = await self._start(one)
            except OSError as error:
                # For a moment no process can be had, or the program is being replaced.
                end = f"cannot be started: {error}"
            else:
                await self._heard(one, process)
                end = _told(await process.wait())
                one.said = None
            if self._stopping:
                return
            if not one.ready.is_set() and one.number == 0:
                raise WorkersError(f"the first worker did not start ({end}); what is wrong is said above")
            if time.monotonic() - one.started > LASTING:
                one.backoff.succeeded()
            rest = one.backoff.failed()
            one.end = end
            _log.error("worker ended", worker=one.number, how=one.end, again_in=round(rest, 1))
            await asyncio.sleep(rest)

    async def _start(self, one: _One) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(*self._command, SUPERVISED, str(one.number)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=dict(self._environment(one.number)),
            # A terminal's Ctrl-C is for whoever supervises, who stops them in their order.
            start_new_session=True,
        )

    async def _heard(self, one: _One, process: asyncio.subprocess.Process) -> None:
        """Listen to a worker until it ends or hangs."""
        assert process.stdout is not None, "it was asked for"
        while True:
            try:
                async with asyncio.timeout(SILENCE):
                    line = await process.stdout.readline()
            except ValueError:
                # A line of a library's beyond the reader's bound; it is dropped, and the next one is read.
                continue
            except TimeoutError:
                _log.error("worker says nothing and is killed", worker=one.number, seconds=SILENCE)
                with suppress(ProcessLookupError):
                    process.kill()
                return
            if not line:
                return
            try:
                one.said = Health.model_validate_json(line)
            except ValidationError:
                # Whatever else a library prints.
                continue
            one.heard, one.last = time.monotonic(), datetime.now(UTC)
            one.ready.set()

    async def _stop(self, one: _One) -> None:
        process = one.process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(self._graceful):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _first_of(ready: Awaitable[object], loop: "asyncio.Task[None]") -> None:
    """Wait until it is ready, or raise what its loop ended by."""
    waiting = asyncio.ensure_future(ready)
    try:
        await asyncio.wait((waiting, loop), return_when=asyncio.FIRST_COMPLETED)
        if loop.done():
            await loop
    finally:
        waiting.cancel()


def _told(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def metrics_address(address: str | None, number: int) -> str | None:
    """The address at which a worker process serves its metrics: ports follow one another; 0 is a free one."""
    if address is None:
        return None
    host, _, port = address.rpartition(":")
    return f"{host}:{int(port) + number if int(port) else 0}"


def worker_environment(servers: Mapping[str, str], metrics: str | None, number: int) -> Mapping[str, str]:
    """The environment of a worker process: ours, the servers, and what only one of them can have."""
    own = {"GREENLIGHT_WORKERS": "1", **servers}
    if address := metrics_address(metrics, number):
        own["GREENLIGHT_METRICS_ADDRESS"] = address
    others = {name: value for name, value in os.environ.items() if name != "GREENLIGHT_HEALTH_ADDRESS"}
    return others | own


@asynccontextmanager
async def supervised(settings: Settings, target: Target, program: str) -> AsyncGenerator[None]:
    """As many processes of ``program`` as ``settings`` say, all up while the context lasts."""
    named: Mapping[str, str] = {}
    if target.embedded:
        # Theirs are servers that somebody else started, whose database is not for them to migrate.
        await migrate(target.owner_url, kind=settings.kind, seed=settings.seed)
        named = {
            "TEMPORAL_ADDRESS": target.address,
            "TEMPORAL_NAMESPACE": target.namespace,
            "DATABASE_URL": target.database_url,
            "GREENLIGHT_WRITER_URL": target.writer_url,
        }
    several = Workers(
        (sys.executable, program),
        settings.workers,
        lambda number: worker_environment(named, settings.metrics_address, number),
        settings.graceful_shutdown,
    )
    async with AsyncExitStack() as stack:
        if settings.health_address is not None:
            await stack.enter_async_context(served(settings.health_address, lambda: several.health))
        await stack.enter_async_context(several.running())
        yield


async def told(health: Callable[[], Health]) -> None:
    """Say on standard output how this worker process stands, without end."""
    while True:
        line = health().model_dump_json() + "\n"
        # It is a pipe, with room for more lines than are unread by one who lives.
        with suppress(BrokenPipeError):
            sys.stdout.write(line)
            sys.stdout.flush()
        await asyncio.sleep(TELLING)


async def until_eof(stop: asyncio.Event) -> None:
    """Ask to stop when standard input ends: whoever started this worker process is no more."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    stop.set()
