"""A docket lives through fifteen months in seconds, and through the very same ones again."""

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest_asyncio

from greenlight.audit.walk import audit
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.verify import verify
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.reprieve.aggregate import REPRIEVE as REPRIEVE_DECIDER
from greenlight.law.reprieve.events import DecisionMade, TermExpired, TermIssued
from tests import repeating
from tests.conftest import temporal_server
from tests.rehearsal.docket import END, OPENING, REPRIEVE, START, docket
from tests.rehearsal.stage import Stage, elsewhere, open_stage, seats
from tests.service.processes import Worker
from tests.workflows.test_continue_as_new import SHORT_HISTORIES

Records = dict[str, list[str]]

KILLS = 2


async def live(stage: Stage, *, seed: int = 1, at_once: int = 8, days: int = 7) -> Records:
    driver = stage.driver(seed, START, at_once=at_once, days=days)
    docket(driver, stage.signers)
    await driver.run(END)
    assert (await verify(stage.target.database_url)).fault is None
    assert (await audit(stage.target.auditor_url)).faults == ()
    return await stage.records()


@pytest_asyncio.fixture(scope="module")
async def first(settings: Settings, target: Target) -> Records:
    """The first run."""
    async with open_stage(settings, await elsewhere(target)) as stage:
        return await live(stage)


def of(records: Records, kind: str) -> Counter[str]:
    """How many events there are of each type in streams of this kind."""
    names = (
        re.findall(r'"type":"([A-Z]\w+)"', record)[-1]
        for stream, told in records.items()
        if stream.startswith(kind)
        for record in told
    )
    return Counter(names)


async def test_a_docket_lives_through_fifteen_months(first: Records) -> None:
    seen = of(first, "application")
    assert seen["ApplicationSubmitted"] == 20
    assert seen["CommandRefused"] == 0
    assert seen["ApplicationWithdrawn"] == 5
    assert seen["InformationAnswered"] == seen["InformationRequested"] == 10
    assert seen["ApplicationGranted"] == of(first, "license")["LicenseIssued"] == 10
    assert seen["AppealPeriodEnded"] == seen["ApplicationDenied"] == 5
    # Five cases of which nobody decides miss both of their deadlines, and few others miss any.
    assert seen["DeadlinePassed"] >= 10


async def test_a_license_is_numbered_after_its_application(first: Records) -> None:
    licenses = {stream[-6:] for stream in first if stream.startswith("license")}
    assert licenses <= {stream[-6:] for stream in first if stream.startswith("application")}


async def test_a_reprieve_extends_itself_at_its_instants(first: Records) -> None:
    events = [REPRIEVE_DECIDER.read(record) for record in first[REPRIEVE]]
    decided = [event for event in events if isinstance(event, DecisionMade)]
    assert len(decided) == 5
    assert all(event.at == event.due for event in decided), "at the very instant at which it fell due"
    over = [event.at for event in events if isinstance(event, TermExpired)]
    following = [event.at for event in events if isinstance(event, TermIssued)][1:]
    assert over[0] == end_of_day(OPENING.term.valid_through)
    assert len(following) == len(over) == 5
    assert all(issued <= end for issued, end in zip(following, over, strict=True)), "no day between terms"


async def test_a_second_run_is_the_first_byte_for_byte(
    first: Records, settings: Settings, target: Target
) -> None:
    """One case at a time and day by day, or many at once and a week of each: it makes no difference."""
    async with open_stage(settings, await elsewhere(target)) as stage:
        assert await live(stage, at_once=1, days=1) == first


async def test_another_seed_is_another_docket(first: Records, settings: Settings, target: Target) -> None:
    async with open_stage(settings, await elsewhere(target)) as stage:
        assert (await live(stage, seed=2)).keys() != first.keys()


async def test_a_case_that_continues_as_new_keeps_its_clock(
    first: Records, settings: Settings, target: Target, tmp_path: Path
) -> None:
    async with (
        temporal_server(tmp_path, target, SHORT_HISTORIES) as short,
        open_stage(settings, await elsewhere(short)) as stage,
    ):
        assert await live(stage) == first
        info = await stage.temporal.get_workflow_handle(REPRIEVE).describe()
        assert info.raw_description.workflow_execution_info.first_run_id != info.run_id, "a run ended"


async def test_a_worker_that_is_killed_makes_no_difference(
    first: Records, settings: Settings, target: Target, tmp_path: Path
) -> None:
    there = await elsewhere(target)
    environment = {
        "TEMPORAL_ADDRESS": there.address,
        "TEMPORAL_NAMESPACE": there.namespace,
        "DATABASE_URL": there.database_url,
        "GREENLIGHT_WRITER_URL": there.writer_url,
        "GREENLIGHT_CODEC_KEYS": str(there.sealing.keys),
        "GREENLIGHT_DATA": str(tmp_path / "data"),
        "GREENLIGHT_KIND": "rehearsal",
    }
    worker = Worker(environment, tmp_path)
    await worker.start()
    supervisor = asyncio.create_task(worker.supervise())
    try:
        async with seats(settings, there) as stage:
            killer = asyncio.create_task(_strike(stage, worker))
            assert await live(stage) == first
            # Whoever has not struck by now never will, which the count of kills shows.
            killer.cancel()
    finally:
        supervisor.cancel()
        await asyncio.wait([supervisor])
        await worker.kill()
    assert worker.ends == [-9] * KILLS


async def _strike(stage: Stage, worker: Worker) -> None:
    """Each time when some more has happened."""
    for wanted in range(100, 100 + 80 * KILLS, 80):
        # Nothing here is set when another process writes.
        while len([event async for event in stage.reader.log()]) < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        repeating.tell(f"{wanted} events are on record")
        await worker.kill()
