"""Killed at any moment, again and again, the service loses nothing and doubles nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests import repeating
from tests.service.audit import logs_are_clean, nothing_is_lost_or_doubled
from tests.service.cases import STORIES, Lived, live
from tests.service.processes import Worker
from tests.service.site import Site, kill

Killer = Callable[[], Awaitable[None]]

KILLED, UNREACHABLE = -9, 3
"""Exit codes of a worker that was killed, or that was started while a server was away."""


async def _under_fire(site: Site, folder: Path, name: str, killers: Callable[[Worker], list[Killer]]) -> None:
    """Six new cases before each kill, and all of them to their ends, whoever of ``killers`` strikes."""
    chance = repeating.chance(name)
    async with site.supervised(folder) as worker:
        cases: list[asyncio.Task[Lived]] = []
        async with asyncio.TaskGroup() as group:
            for killer in killers(worker):
                # Some kills fall into a start.
                if chance.random() < 0.7:
                    await worker.ready()
                cases += [group.create_task(live(site, story)) for story in STORIES]
                await asyncio.sleep(chance.uniform(0, 0.8))
                await killer()
        await nothing_is_lost_or_doubled(site, [case.result() for case in cases])
        assert set(worker.ends) <= {KILLED, UNREACHABLE}, worker.err
    logs_are_clean([worker])


async def test_the_worker_is_killed(site: Site, tmp_path: Path) -> None:
    await _under_fire(site, tmp_path, "worker", lambda worker: [worker.kill] * 10)


async def test_temporal_is_killed(site: Site, tmp_path: Path) -> None:
    await _under_fire(site, tmp_path, "temporal", lambda _: [lambda: kill(site.temporal)] * 4)


async def test_postgresql_is_killed(site: Site, tmp_path: Path) -> None:
    await _under_fire(site, tmp_path, "postgresql", lambda _: [lambda: kill(site.postgres)] * 4)
