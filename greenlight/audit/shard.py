"""A process that checks some of the streams: commits come in, faults go out."""

import asyncio
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from greenlight.audit.checker import Checker
from greenlight.audit.fault import Fault
from greenlight.audit.log import LogHistory, shared
from greenlight.audit.streams import KEPT
from greenlight.eventlog.database import WHOLE, Source, connection
from greenlight.eventlog.signed import Line
from greenlight.eventlog.stored import Head
from greenlight.extensions import load_extensions

NOT_AN_EVENT = "the columns do not have the form of an event"


class Given(NamedTuple):
    """A commit; ``mine`` False: only to be known, because others rest on it."""

    mine: bool
    rows: Sequence[Mapping[str, object]]


class Shard(NamedTuple):
    """The share of one process: the log, after which position; how many streams it keeps, and whether it goes
    by the law, too, and by the control tables of which folder."""

    dsn: str
    log: Head
    after: int = 0
    kept: int = KEPT
    law: bool = True
    tables: Path | None = None


async def begin(shard: Shard, source: Source) -> Checker:
    """A checker that knows what others rest on, up to where it begins."""
    checker = Checker(shard.log, LogHistory(source), shard.kept, law=shard.law, tables=shard.tables)
    if shard.after:
        for line in await shared(source, shard.after):
            checker.know((line,))
    return checker


async def check(checker: Checker, given: Given) -> list[Fault]:
    """The faults of a commit, at most one a position."""
    lines: list[Line] = []
    faults: dict[int, Fault] = {}
    for row in given.rows:
        try:
            lines.append(Line.model_validate(row))
        except ValidationError:
            position = row["position"]
            if isinstance(position, int):
                faults[position] = Fault(position=position, reason=NOT_AN_EVENT)
    if lines and not given.mine:
        checker.know(lines)
    elif lines:
        for fault in await checker.check(lines):
            faults.setdefault(fault.position, fault)
    return list(faults.values()) if given.mine else []


def run(shard: Shard, pipe: Pipe) -> None:
    """Check what comes until None comes; each list of commits is answered by its faults, and so is None."""
    load_extensions()
    asyncio.run(_run(shard, pipe))


async def _run(shard: Shard, pipe: Pipe) -> None:
    async with connection(shard.dsn, application="greenlight-audit", limits=WHOLE) as database:
        checker = await begin(shard, database)
        while (commits := await asyncio.to_thread(pipe.recv)) is not None:
            faults = [fault for given in commits for fault in await check(checker, given)]
            await asyncio.to_thread(
                pipe.send, _told(faults + await checker.compare(database, at_the_end=False))
            )
        await asyncio.to_thread(pipe.send, _told(await checker.compare(database, at_the_end=True)))


def _told(faults: Sequence[Fault]) -> list[tuple[int, str]]:
    return [(fault.position, fault.reason) for fault in faults]
