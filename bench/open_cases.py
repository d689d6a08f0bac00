"""Ten thousand open cases on one machine: the worker's memory, its restart, and the docket's queries."""

import asyncio
import random
import statistics
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bench.cases import application
from bench.memory import peak_mib
from bench.named import namespace_on_run, new_namespace
from bench.servers import Office, environment, worker
from greenlight.cli.base.output import warn
from greenlight.client import LicensingClient
from greenlight.connection.target import connect
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rows import DocketFilter, TaskFilter
from greenlight.eventlog.statistics import statistics as counted
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, stream_key
from greenlight.law.application.commands import Assign
from greenlight.law.contract import LOOK

T = TypeVar("T")

OPEN, ASSIGNED, DECIDED = 10_000, 500, 200
AT_ONCE = 40
RESTARTS = 3
RESUMED, LOOKED_AT = 300, 100
QUERIES = 25
PAGE = 50
SEED = 20190516

OFFICER = "olga"
PATIENCE = timedelta(minutes=5)
"""A restart that takes longer than the target is to be measured, too."""


async def measure(office: Office) -> dict[str, float]:
    """On servers of its own, whose worker is killed several times."""
    streams = [application_stream(f"K{number:06}") for number in range(OPEN)]
    chosen = random.Random(SEED)
    olga = LicensingClient(office.client, office.officers[OFFICER].signer, patience=PATIENCE)
    began = time.perf_counter()
    async with worker(office.servers) as process:
        await _file(office)
        filing = OPEN / (time.perf_counter() - began)
        peaks = [peak_mib(process.pid)]
        await _kill(process)
    restarts: list[float] = []
    for stream in chosen.sample(streams[ASSIGNED:], RESTARTS):
        began = time.perf_counter()
        async with worker(office.servers) as process:
            await olga.decide(stream, Assign(officer=OFFICER))
            restarts.append(time.perf_counter() - began)
            await _kill(process)
    async with worker(office.servers) as process:
        warn(f"  looking at all {OPEN:,} after a restart …")
        await _each(streams, lambda stream: _look(office, stream))
        peaks.append(peak_mib(process.pid))
        queries = await _queries(office.servers.target.database_url)
    resumed = {f"resume_{len(of)}_s": await _resumed(office, of) for of in (streams[:RESUMED], streams)}
    # Unknown of a server that the environment names.
    temporal = office.servers.temporal.pid
    return (
        queries
        | resumed
        | {
            "open_cases_worker_mib": max(peaks),
            "open_cases_filed_worker_mib": peaks[0],
            **({"open_cases_temporal_mib": peak_mib(temporal)} if temporal is not None else {}),
            "open_cases_filed_per_second": filing,
            "restart_to_first_answer_s": statistics.median(restarts),
        }
    )


async def _file(office: Office) -> None:
    """Every case is screened and waits, with its deadlines; some are assigned. Others have been decided."""
    acme, olga = office.officers["acme"], office.officers[OFFICER]

    async def filed(number: int) -> None:
        acn = f"K{number:06}"
        await acme.submit(application(number), acn=acn)
        if number < ASSIGNED:
            await olga.decide(application_stream(acn), Assign(officer=OFFICER))

    async def decided(number: int) -> None:
        await office.drivers.service(number)

    warn(f"  filing {OPEN:,} applications …")
    await _each(range(OPEN), filed)
    await _each(range(OPEN, OPEN + DECIDED), decided)


async def _resumed(office: Office, streams: Sequence[str]) -> float:
    """Seconds until cases have workflows again in a Temporal that lost everything, and answer."""
    target = office.servers.target
    name = namespace_on_run(target, f"resumed-{len(streams)}")
    there = replace(office.servers, target=await new_namespace(target, name))
    asked = await connect(there.target)
    warn(f"  resuming {len(streams):,} from the log …")
    async with worker(there) as process:
        began = time.perf_counter()
        words = ("starter.py", "resume", *map(stream_key, streams))
        program = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=environment(there), stdout=asyncio.subprocess.DEVNULL
        )
        if await program.wait() != 0:
            raise RuntimeError("the cases were not resumed; the error is above")
        client = LicensingClient(asked, office.officers[OFFICER].signer, patience=PATIENCE)

        async def answers(stream: str) -> None:
            await client.status(stream)

        await _each(streams[-LOOKED_AT:], answers)
        seconds = time.perf_counter() - began
        await _kill(process)
    return seconds


async def _look(office: Office, stream: str) -> None:
    # One of the SDK's overloads leaves a type open; the one used here does not.
    await office.client.get_workflow_handle(stream).execute_update(LOOK, result_type=dict)  # pyright: ignore[reportUnknownMemberType]


async def _queries(database_url: str) -> dict[str, float]:
    """Of the docket, the listing that takes longest."""
    soon = datetime.now(UTC) + timedelta(days=30)
    listings = (
        DocketFilter(),
        DocketFilter(open_only=True),
        DocketFilter(officer=OFFICER),
        DocketFilter(open_only=True, due_before=soon),
        DocketFilter(stage="review", waiting_for=Role.LICENSING_OFFICER),
        DocketFilter(outcome="granted"),
    )
    async with Reader(database_url) as reader:

        async def listed(of: DocketFilter) -> None:
            assert len(await reader.docket(of, PAGE)) == PAGE, f"{of} finds too few"

        medians = [await _median_ms(lambda of=of: listed(of)) for of in listings]
        tasks = TaskFilter(roles=(Role.LICENSING_OFFICER,), officer=OFFICER)
        worklist = await _median_ms(lambda: reader.tasks(tasks, PAGE))
    return {
        "docket_query_ms": max(medians),
        "worklist_query_ms": worklist,
        "statistics_query_ms": await _median_ms(lambda: counted(database_url, datetime.now(UTC))),
    }


async def _median_ms(query: Callable[[], Awaitable[object]]) -> float:
    taken: list[float] = []
    for _ in range(QUERIES):
        began = time.perf_counter()
        await query()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def _each(of: Iterable[T], action: Callable[[T], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(each: T) -> None:
        async with gate:
            await action(each)

    await asyncio.gather(*map(one, of))


async def _kill(process: Process) -> None:
    process.kill()
    await process.wait()
