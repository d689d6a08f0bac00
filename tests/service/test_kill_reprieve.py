"""Killed at any moment, a reprieve decides, extends, lapses and ends once, and covers nothing by mistake."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.service.audit import logs_are_clean
from tests.service.reprieves import STORIES, LivedReprieve, live, nothing_is_lost_or_doubled
from tests.service.site import Site, kill
from tests.service.test_kill import KILLED, UNREACHABLE
from tests.workflows.reprieves import ENTITY


@pytest.mark.parametrize("whom", [("worker",) * 5, ("postgresql", "temporal")], ids=["worker", "servers"])
async def test_a_reprieve_under_fire(site: Site, tmp_path: Path, whom: tuple[str, ...]) -> None:
    """Six new reprieves before each kill, and all of them to their ends."""
    chance = random.Random("-".join(whom))
    async with site.supervised(tmp_path) as worker:
        killers = {
            "worker": worker.kill,
            "postgresql": lambda: kill(site.postgres),
            "temporal": lambda: kill(site.temporal),
        }
        lives: list[asyncio.Task[LivedReprieve]] = []
        async with asyncio.TaskGroup() as group:
            for one in whom:
                # Some kills fall into a start.
                if chance.random() < 0.7:
                    await worker.ready()
                lives += [group.create_task(live(site, story)) for story in STORIES]
                await asyncio.sleep(chance.uniform(0, 1.2))
                await killers[one]()
        await worker.ready()
        await nothing_is_lost_or_doubled(site, [life.result() for life in lives])
        assert set(worker.ends) <= {KILLED, UNREACHABLE}, worker.err
    logs_are_clean([worker])
    assert ENTITY not in worker.err
