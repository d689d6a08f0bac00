"""The log from one position to another, checked by as many processes as there are processors."""

import asyncio
import os
import signal
import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Protocol

from greenlight.audit.checker import SHARED, Checker
from greenlight.audit.fault import Fault
from greenlight.audit.log import AFTER, Commit, commits
from greenlight.audit.shard import Given, Shard, begin, check, run
from greenlight.audit.shown import nobodys
from greenlight.audit.unexamined import Unexamined, unexamined
from greenlight.eventlog.database import WHOLE, Connection, Row, connection
from greenlight.eventlog.stored import Head, read_head
from greenlight.kernel.model import Model

Progress = Callable[[int, int], None]
"""Called with the position up to which was read, and the last one."""

PREFETCH = 1_000
FEW = 5_000
"""Events for which it does not pay to start a process."""

CHUNK = 40
"""Commits that are handed over at once: few enough for people to see how far it is."""

STOP_SECONDS = 10
"""For a process to end by itself."""

# A command that is on file without its event; that an event's command is not, the walk finds.
_COMMANDS = """
SELECT c.position FROM greenlight.command c
LEFT JOIN greenlight.event e ON (e.position, e.command_id, e.stream, e.version, e.recorded_at)
                              = (c.position, c.command_id, c.stream, c.version, c.recorded_at)
WHERE (e.position IS NULL OR c.position NOT BETWEEN c.first_position AND c.last_position) AND c.position > $1
ORDER BY c.position LIMIT 1000
"""


class Audit(Model):
    """The end of the log, the position after which it was checked, and every fault by its position;
    ``unexamined``: what could not be checked, which is no fault."""

    head: Head
    after: int
    faults: tuple[Fault, ...]
    unexamined: tuple[Unexamined, ...] = ()


class Hand(Protocol):
    """Whoever checks a part of the streams."""

    async def take(self, given: Given) -> None: ...

    async def done(self) -> None:
        """Wait until all that was taken is checked."""
        ...


async def audit(
    dsn: str,
    *,
    after: int = 0,
    processes: int | None = None,
    law: bool = True,
    progress: Progress | None = None,
    taken: Callable[[Row], None] | None = None,
    tables: Path | None = None,
) -> Audit:
    """Check everything after a position, in one consistent view of the database; writers are not held up.

    ``processes``: as many as there are processors, where that is not said and the log is long; 1: this one.
    ``law`` False: who signed what, and nothing else. ``taken`` is given each event as it was read.
    ``tables``: the folder of control tables.

    :raises LogMissingError: the database holds no log.
    :raises OSError, DatabaseError: it cannot be read.
    """
    async with (
        connection(dsn, application="greenlight-audit", limits=WHOLE) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await read_head(database)
        faults: list[Fault] = []
        shard = Shard(dsn, head, after, law=law, tables=tables)
        many = 1 if head.position - after < FEW else os.cpu_count() or 1
        async with hands(shard, processes or many, faults) as found:
            rows = without_gaps(
                database.cursor(AFTER, after, head.position, prefetch=PREFETCH), after, head.position, faults
            )
            await _walk(seen(rows, taken), head, after, Router(found), progress)
        for row in await database.fetch(_COMMANDS, after):
            reason = "a command is on file that did not lead to it"
            faults.append(Fault(position=int(str(row["position"])), reason=reason))
        faults.extend(await nobodys(database, head.position))
        left = await unexamined(database, tables, after, head.position) if law else ()
        return Audit(head=head, after=after, faults=first_of_each(faults), unexamined=left)


def first_of_each(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """One fault for a position, the first that was told of it, in the order of positions."""
    by_position: dict[int, Fault] = {}
    for fault in faults:
        by_position.setdefault(fault.position, fault)
    return tuple(by_position[position] for position in sorted(by_position))


async def seen(rows: AsyncIterable[Row], taken: Callable[[Row], None] | None) -> AsyncGenerator[Row]:
    """The rows, of which somebody else hears as well."""
    async for row in rows:
        if taken is not None:
            taken(row)
        yield row


async def _walk(
    rows: AsyncIterable[Row], head: Head, after: int, router: "Router", progress: Progress | None
) -> None:
    last = after
    async for commit in commits(rows):
        await router.take(commit)
        last = int(str(commit[-1]["position"]))
        if progress is not None:
            progress(last, head.position)
    await router.done()
    if progress is not None:
        progress(head.position, head.position)


async def without_gaps(
    rows: AsyncIterable[Row], after: int, through: int, faults: list[Fault]
) -> AsyncGenerator[Row]:
    """The rows; a fault for each stretch of positions that is missing between them."""
    last = after
    async for row in rows:
        position = int(str(row["position"]))
        if position != last + 1:
            faults.append(_gap(last + 1, position - 1))
        last = position
        yield row
    if last < through:
        faults.append(_gap(last + 1, through))


def _gap(first: int, last: int) -> Fault:
    return Fault(position=first, reason="missing" if first == last else f"missing, up to {last}")


class Router:
    """Gives each commit to whoever has its stream, and what others rest on to all."""

    def __init__(self, hands: Sequence[Hand]) -> None:
        self._hands = hands
        self._batches: dict[str, str] = {}

    async def take(self, commit: Commit) -> None:
        first = commit[0]
        stream = str(first["command_stream"] or first["stream"])
        if first["type"] == "CommandRefused":
            stream = str(first["stream"])
        owner = zlib.crc32(stream.encode()) % len(self._hands)
        rows = [dict(row) for row in commit]
        await self._hands[owner].take(Given(mine=True, rows=rows))
        if self._is_shared(commit, stream):
            for other in self._hands:
                if other is not self._hands[owner]:
                    await other.take(Given(mine=False, rows=rows))

    async def done(self) -> None:
        for hand in self._hands:
            await hand.done()

    def _is_shared(self, commit: Commit, stream: str) -> bool:
        """So is what a batch has decided: the batch tells of it again."""
        for row in commit:
            if row["type"] == "BatchSigned":
                self._batches[stream] = str(row["proof"])
            elif row["type"] == "BatchDelivered":
                self._batches.pop(stream, None)
        return stream.startswith(SHARED) or commit[0]["proof"] in self._batches.values()


@asynccontextmanager
async def hands(shard: Shard, processes: int, faults: list[Fault]) -> AsyncGenerator[list[Hand]]:
    """Those who check: this process, or so many others; what they find goes to ``faults``."""
    async with AsyncExitStack() as stack:
        if processes == 1:
            database = await stack.enter_async_context(
                connection(shard.dsn, application="greenlight-audit", limits=WHOLE)
            )
            yield [_Here(await begin(shard, database), database, faults)]
        else:
            yield [await stack.enter_async_context(_elsewhere(shard, faults)) for _ in range(processes)]


class _Here:
    """This process itself."""

    def __init__(self, checker: Checker, database: Connection, faults: list[Fault]) -> None:
        self._checker = checker
        self._database = database
        self._faults = faults

    async def take(self, given: Given) -> None:
        self._faults.extend(await check(self._checker, given))
        self._faults.extend(await self._checker.compare(self._database, at_the_end=False))

    async def done(self) -> None:
        self._faults.extend(await self._checker.compare(self._database, at_the_end=True))


class _Elsewhere:
    """A process of its own, which is given much at once and not more than it has time for."""

    def __init__(self, pipe: Pipe, faults: list[Fault]) -> None:
        self._pipe = pipe
        self._faults = faults
        self._gathered: list[Given] = []
        self._sent: asyncio.Queue[list[Given] | None] = asyncio.Queue(maxsize=4)
        self.talking = asyncio.create_task(self._talk())

    async def take(self, given: Given) -> None:
        self._gathered.append(given)
        if len(self._gathered) >= CHUNK:
            await self._send()

    async def done(self) -> None:
        """Every part is checked, or the process died and that is told."""
        await self._send()
        await self._put(None)
        finished = asyncio.create_task(self._sent.join())
        await asyncio.wait((finished, self.talking), return_when=asyncio.FIRST_COMPLETED)
        if self.talking.done():
            finished.cancel()
            self.talking.result()

    async def _send(self) -> None:
        gathered, self._gathered = self._gathered, []
        await self._put(gathered)

    async def _put(self, part: list[Given] | None) -> None:
        putting = asyncio.create_task(self._sent.put(part))
        await asyncio.wait((putting, self.talking), return_when=asyncio.FIRST_COMPLETED)
        if self.talking.done():
            putting.cancel()
            self.talking.result()

    async def _talk(self) -> None:
        while True:
            part = await self._sent.get()
            await asyncio.to_thread(self._pipe.send, part)
            for position, reason in await asyncio.to_thread(self._pipe.recv):
                self._faults.append(Fault(position=position, reason=reason))
            self._sent.task_done()


@contextmanager
def _unheard() -> Generator[None]:
    """Programs that are started meanwhile do not hear Ctrl-C, which goes to all at a terminal: who started
    them ends them."""
    # Where this is started on the way, it lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@asynccontextmanager
async def _elsewhere(shard: Shard, faults: list[Fault]) -> AsyncGenerator[_Elsewhere]:
    # Not forked: this process has threads and connections that belong to it alone.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run, args=(shard, theirs), daemon=True)
    with _unheard():
        process.start()
    theirs.close()
    hand = _Elsewhere(ours, faults)
    try:
        yield hand
    except BaseException:
        # Nobody waits for what it would still find.
        process.kill()
        raise
    finally:
        hand.talking.cancel()
        with suppress(OSError):
            ours.send(None)
        process.join(STOP_SECONDS)
        if process.is_alive():
            process.kill()
        ours.close()
