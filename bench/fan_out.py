"""The fan-out of a directive over many pending cases, against as many updates to bare workflows: until all
are decided and on record, until all their workflows have heard of it; and single commands meanwhile."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client

from bench.cases import Drivers, application
from bench.floor import FLOOR_QUEUE
from bench.histories import granted, shipment
from greenlight.eventlog.read import Reader
from greenlight.kernel.messages import CaseStatus, Told
from greenlight.kernel.streams import application_stream, directive_stream
from greenlight.law.application.commands import Submit
from greenlight.law.contract import REGISTERED, TASK_QUEUE, workflow_type
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.rehearsal.played import PlayedOfficer

T = TypeVar("T")

CASES = 1_000
AT_ONCE = 8
"""Updates to bare workflows under way at one time."""
IDLE = 60
"""Single commands before the fan-out."""
PAUSE = 0.1
"""Seconds between single commands, so that they are no load of their own."""
KEY = "bench"
ORDER = IssueDirective(
    title="Every case",
    scope=Scope(),
    posture=Posture.DENY,
    citation="Bench",
    reasons="By order.",
)
_PATIENCE = timedelta(minutes=10)


async def measure(
    drivers: Drivers, officers: Mapping[str, PlayedOfficer], database_url: str, numbers: Iterator[int]
) -> dict[str, float]:
    """Cases per second, from the order to the last one on record, and to the last workflow told, as a
    multiple of the floor's updates; and how much longer than before a single command takes until then, one
    that the directive is not about."""
    client = drivers.client
    await _each(lambda number: _submitted(drivers, number), itertools.islice(numbers, CASES), 30)
    bare = [f"FloorApplication-fan-out-{number}" for number in range(CASES)]
    await _each(lambda name: _floor(client, name), bare, 30)
    began = time.perf_counter()
    await _each(lambda name: _knock(client, name), bare, AT_ONCE)
    floor = CASES / (time.perf_counter() - began)
    single = Single(officers["acme"], await granted(officers, "B000003"))
    idle = await single.sent(IDLE)
    began = time.perf_counter()
    await officers["vera"].issue_directive(KEY, ORDER)
    meanwhile = asyncio.create_task(single.sent())
    async with Reader(database_url) as reader:
        done = await _done(reader)
    seconds = time.perf_counter() - began
    await _told(client)
    until_told = time.perf_counter() - began
    single.enough = True
    busy = await meanwhile
    return {
        "fanout_vs_floor": done / seconds / floor,
        "fanout_cases_per_second": done / seconds,
        "fanout_floor_messages_per_second": floor,
        "fanout_told_vs_floor": done / until_told / floor,
        "fanout_1000_cases_s": seconds * CASES / done,
        "fanout_1000_told_s": until_told * CASES / done,
        "command_p95_vs_idle_during_fanout": _p95(busy) / _p95(idle),
        "command_median_vs_idle_during_fanout": statistics.median(busy) / statistics.median(idle),
        "command_p95_ms_during_fanout": _p95(busy) * 1000,
    }


@dataclass(slots=True)
class Single:
    """Somebody who reports shipments, one at a time, with a pause after each."""

    licensee: PlayedOfficer
    license_id: str
    reported: int = 0
    enough: bool = False

    async def sent(self, most: int | None = None) -> list[float]:
        """The seconds that each took: ``most`` of them, or until it is ``enough``."""
        seconds: list[float] = []
        while not self.enough and (most is None or len(seconds) < most):
            began = time.perf_counter()
            await self.licensee.decide(self.license_id, shipment(self.reported))
            seconds.append(time.perf_counter() - began)
            self.reported += 1
            await asyncio.sleep(PAUSE)
        return seconds


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


async def _submitted(drivers: Drivers, number: int) -> None:
    stream = application_stream(f"F{number:06}")
    command = drivers.signers["acme"].sign("submit", stream, Submit(application=application(number)))
    await drivers.started(workflow_type(stream), command, stream, TASK_QUEUE, CaseStatus)


async def _floor(client: Client, name: str) -> None:
    await client.start_workflow("FloorApplication", {}, id=name, task_queue=FLOOR_QUEUE)
    await _knock(client, name)


async def _knock(client: Client, name: str) -> None:
    # One of the SDK's overloads leaves a type open; the one used here does not.
    await client.get_workflow_handle(name).execute_update(REGISTERED, result_type=dict)  # pyright: ignore[reportUnknownMemberType]


async def _done(reader: Reader) -> int:
    async with asyncio.timeout(_PATIENCE.total_seconds()):
        while True:
            (row,) = await reader.directives(KEY)
            if row.fan_out is not None and row.remaining == 0:
                return row.done
            await asyncio.sleep(0.02)


async def _told(client: Client) -> None:
    handle = client.get_workflow_handle(directive_stream(KEY))
    async with asyncio.timeout(_PATIENCE.total_seconds()):
        while True:
            # As above.
            told = await handle.query("telling", result_type=Told)  # pyright: ignore[reportUnknownMemberType]
            if told.left == 0:
                return
            await asyncio.sleep(0.1)


async def _each(action: Callable[[T], Awaitable[None]], of: Iterable[T], at_once: int) -> None:
    gate = asyncio.Semaphore(at_once)

    async def one(each: T) -> None:
        async with gate:
            await action(each)

    await asyncio.gather(*map(one, of))
