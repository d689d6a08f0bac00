"""The docket of 2019-2020 while all that it runs on is killed, one after the other: the same events."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.verify import verify
from tests import repeating
from tests.rehearsal.stage import Stage, elsewhere, open_stage, seats
from tests.rehearsal.test_huawei import lived
from tests.service.processes import Worker
from tests.service.site import Site, kill, open_site

PAUSES = 4.0, 10.0
"""Seconds, at least and at most, from when one is up again until the next is killed: whoever is killed all
the time does nothing."""


@pytest.mark.large
async def test_whatever_is_killed_the_docket_ends_with_the_same_events(
    settings: Settings, target: Target, tmp_path: Path
) -> None:
    async with open_stage(settings, await elsewhere(target)) as stage:
        undisturbed = await lived(stage)
    async with open_site(tmp_path / "site") as site:
        site.target = await elsewhere(site.target)
        async with (
            site.supervised(tmp_path / "worker", GREENLIGHT_KIND="rehearsal") as worker,
            seats(site.settings, site.target) as stage,
        ):
            assert await _lived_through(stage, site, worker) == undisturbed
        assert (await verify(site.target.database_url)).fault is None


async def _lived_through(stage: Stage, site: Site, worker: Worker) -> dict[str, list[str]]:
    killer = asyncio.create_task(_strike(site, worker))
    life = asyncio.create_task(lived(stage))
    await asyncio.wait([killer, life], return_when=asyncio.FIRST_COMPLETED)
    assert not killer.done(), killer.exception()
    killer.cancel()
    await asyncio.wait([killer])
    return await life


async def _strike(site: Site, worker: Worker) -> None:
    """For ever, at instants by chance."""
    chance = repeating.chance("kills")
    struck: Iterator[Callable[[], Awaitable[None]]] = cycle(
        (worker.kill, lambda: kill(site.temporal), lambda: kill(site.postgres))
    )
    for strike in struck:
        await asyncio.sleep(chance.uniform(*PAUSES))
        await strike()
        if strike == worker.kill:
            await worker.ready()
