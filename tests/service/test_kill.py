"""Killed at any moment, again and again, the service loses nothing and doubles nothing."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from client import LicensingClient
from eventlog.read import Reader
from eventlog.rebuild import rebuild
from eventlog.verify import verify
from licensing.application.commands import (
    Answer,
    Countersign,
    Outcome,
    Recommend,
    RequestInformation,
    SignOff,
    Withdraw,
)
from licensing.commit import Receipt
from licensing.contract import application_stream, license_stream
from licensing.decider import Body
from tests.licensing.application.cases import submission
from tests.service.site import Site, insist, site

CASES = 6
PAUSE = timedelta(milliseconds=150)
"""Between the steps of a case, so that kills fall into all of them."""

GRANTED: tuple[tuple[str, Body], ...] = (
    ("olga", RequestInformation(request="Who operates the network?")),
    ("acme", Answer(answer="The cooperative itself.")),
    ("olga", Recommend(outcome=Outcome.GRANT, reasons="Existing network", conditions=("Report each use",))),
    ("carla", Countersign(agrees=False, comment="Say more.")),
    ("olga", Recommend(outcome=Outcome.GRANT, reasons="Existing rural network")),
    ("carla", Countersign(agrees=True)),
)
DENIED: tuple[tuple[str, Body], ...] = (
    ("olga", Recommend(outcome=Outcome.DENY, reasons="Diversion")),
    ("carla", Countersign(agrees=True)),
    ("vera", SignOff(approves=True)),
)
WITHDRAWN: tuple[tuple[str, Body], ...] = (("acme", Withdraw(reason="Cancelled")),)
STORIES = (GRANTED, DENIED, WITHDRAWN)
OUTCOMES = ("granted", "intent_to_deny", "withdrawn")

Kill = Callable[[Site], Awaitable[None]]


async def _kill_worker(killed: Site) -> None:
    await killed.worker.kill()
    await killed.worker.start()


async def _kill_temporal(killed: Site) -> None:
    await _kill_process(killed.temporal.pid)
    await killed.temporal.start()


async def _kill_postgres(killed: Site) -> None:
    await _kill_process(killed.postgres.pid)
    await killed.postgres.start()


async def _kill_process(pid: int | None) -> None:
    assert pid is not None, "it is up"
    os.kill(pid, signal.SIGKILL)


KILLS: Mapping[str, tuple[Kill, int]] = {
    "worker": (_kill_worker, 5),
    "temporal": (_kill_temporal, 3),
    "postgresql": (_kill_postgres, 3),
}


@pytest.mark.parametrize("victim", KILLS)
async def test_cases_go_on_whatever_is_killed(victim: str, tmp_path: Path) -> None:
    kill, times = KILLS[victim]
    chance = random.Random(victim)
    async with site(tmp_path) as running:
        async with asyncio.TaskGroup() as group:
            cases = [group.create_task(_live(running, number)) for number in range(CASES)]
            for _ in range(times):
                await asyncio.sleep(chance.uniform(0.05, 0.6))
                await kill(running)
        receipts = [receipt for case in cases for receipt in case.result()]
        await _nothing_is_lost_or_doubled(running, receipts)


async def test_a_graceful_stop_leaves_work_to_the_next_worker(tmp_path: Path) -> None:
    async with site(tmp_path) as running:
        async with asyncio.TaskGroup() as group:
            case = group.create_task(_live(running, 0))
            await insist(lambda: _is_at_work(running))
            assert await running.worker.stop() == 0
            await running.worker.start()
        await _nothing_is_lost_or_doubled(running, case.result())


async def test_two_workers_share_the_work(tmp_path: Path) -> None:
    async with site(tmp_path) as running:
        (tmp_path / "second").mkdir()
        second = type(running.worker)(running.target, tmp_path / "second")
        await second.start()
        try:
            async with asyncio.TaskGroup() as group:
                cases = [group.create_task(_live(running, number)) for number in range(CASES)]
        finally:
            await second.stop()
        await _nothing_is_lost_or_doubled(running, [receipt for case in cases for receipt in case.result()])


async def _is_at_work(running: Site) -> None:
    """The first case is registered, so the worker is up and takes messages."""
    await (await running.officer("acme")).status(application_stream("K000000"))


async def _live(running: Site, number: int) -> list[Receipt]:
    """One case from its submission to its outcome, every command under an id of its own."""
    acn = f"K{number:06}"
    stream = application_stream(acn)
    names = ("acme", "olga", "carla", "vera")
    officers = {name: await insist(partial(running.officer, name)) for name in names}
    for officer in officers.values():
        officer.patience = timedelta(seconds=3)
    await insist(lambda: officers["acme"].submit(submission(), acn=acn, command_id=f"submit-{acn}"))
    receipts: list[Receipt] = []
    for step, (name, body) in enumerate(STORIES[number % len(STORIES)]):
        await asyncio.sleep(PAUSE.total_seconds())
        receipts.append(await _sent(officers[name], stream, body, f"{acn}-step-{step}"))
    end = await insist(lambda: officers["acme"].status(stream))
    assert end.status.outcome == OUTCOMES[number % len(STORIES)], end
    if end.status.license_number:
        number_of_license = end.status.license_number
        await insist(lambda: officers["acme"].status(license_stream(number_of_license)))
    return receipts


async def _sent(officer: LicensingClient, stream: str, body: Body, command_id: str) -> Receipt:
    return await insist(lambda: officer.decide(stream, body, command_id=command_id))


async def _nothing_is_lost_or_doubled(running: Site, receipts: list[Receipt]) -> None:
    async with Reader(running.target.database_url) as reader:
        events = [event async for event in reader.log()]
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    recorded = {(event.stream, event.version): event for event in events}
    for receipt in receipts:
        assert recorded[receipt.stream, receipt.version].command_id == receipt.command_id, receipt
    kinds = [(event.command_id, event.type) for event in events if event.command_id]
    assert len(kinds) == len(set(kinds)), "a command led to the same event twice"
    assert not [event for event in events if event.type == "CommandRefused"]
    assert (await verify(running.target.database_url)).fault is None
    assert not (await rebuild(running.target.database_url, swap=False)).differences
