"""The fan-out of a directive over many pending cases, against as many updates to bare workflows."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client

from bench.cases import Drivers, application
from bench.floor import FLOOR_QUEUE
from client import LicensingClient
from eventlog.read import Reader
from licensing.application.commands import Submit
from licensing.contract import LICENSE_APPLICATION, REGISTERED, TASK_QUEUE, application_stream
from licensing.directive.commands import IssueDirective
from licensing.directive.scope import Posture, Scope
from licensing.messages import CaseStatus

T = TypeVar("T")

CASES = 1_000
AT_ONCE = 8
"""As many knocks as the fan-out has under way."""
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
    drivers: Drivers, executive: LicensingClient, database_url: str, numbers: Iterator[int]
) -> dict[str, float]:
    """Cases per second, from the order to the last one on record, as a multiple of the floor's updates."""
    client = drivers.client
    await _each(lambda number: _submitted(drivers, number), itertools.islice(numbers, CASES), 30)
    bare = [f"FloorApplication-fan-out-{number}" for number in range(CASES)]
    await _each(lambda name: _floor(client, name), bare, 30)
    began = time.perf_counter()
    await _each(lambda name: _knock(client, name), bare, AT_ONCE)
    floor = CASES / (time.perf_counter() - began)
    began = time.perf_counter()
    await executive.issue_directive(KEY, ORDER)
    async with Reader(database_url) as reader:
        done = await _done(reader)
    seconds = time.perf_counter() - began
    return {
        "fanout_vs_floor": done / seconds / floor,
        "fanout_cases_per_second": done / seconds,
        "fanout_floor_messages_per_second": floor,
        "fanout_1000_cases_s": seconds * CASES / done,
    }


async def _submitted(drivers: Drivers, number: int) -> None:
    stream = application_stream(f"F{number:06}")
    command = drivers.signers["acme"].sign("submit", stream, Submit(application=application(number)))
    await drivers.started(LICENSE_APPLICATION, command, stream, TASK_QUEUE, CaseStatus)


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


async def _each(action: Callable[[T], Awaitable[None]], of: Iterable[T], at_once: int) -> None:
    gate = asyncio.Semaphore(at_once)

    async def one(each: T) -> None:
        async with gate:
            await action(each)

    await asyncio.gather(*map(one, of))
