"""Killed at any moment, a reprieve decides, extends, lapses and ends once, and covers nothing by mistake."""

import asyncio
from itertools import cycle
from pathlib import Path

import pytest

from greenlight.eventlog.database import connection
from tests import repeating
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.reprieves import STORIES, LivedReprieve, live, nothing_is_lost_or_doubled
from tests.service.site import Site, kill
from tests.service.test_kill import KILLED, UNREACHABLE
from tests.workflows.reprieves import ENTITY

WINDOWS = ("DecisionFellDue", "DecisionMade", "OutcomeConfirmed", "ObjectionWindowClosed", "TermExpired")
"""A kill that comes as one of these is on record finds a workflow that has not heard of it, or just has."""


@pytest.mark.parametrize(
    ("whom", "windows"),
    [(("worker",), WINDOWS), (("postgresql", "temporal"), ("DecisionFellDue", "DecisionMade"))],
    ids=["worker", "servers"],
)
async def test_a_reprieve_under_fire(
    site: Site, tmp_path: Path, whom: tuple[str, ...], windows: tuple[str, ...]
) -> None:
    """Six new reprieves before each kill, and all of them to their ends."""
    async with site.supervised(tmp_path) as worker:
        killers = {
            "worker": worker.kill,
            "postgresql": lambda: kill(site.postgres),
            "temporal": lambda: kill(site.temporal),
        }
        lives: list[asyncio.Task[LivedReprieve]] = []
        async with asyncio.TaskGroup() as group:
            for window, one in zip(windows, cycle(whom), strict=False):
                known = await _recorded(site, window)
                lives += [group.create_task(live(site, story)) for story in STORIES]
                async with asyncio.timeout(PATIENCE):
                    while await _recorded(site, window) == known:
                        pass
                repeating.tell(f"{window} is on record")
                await killers[one]()
        await worker.ready()
        await nothing_is_lost_or_doubled(site, [life.result() for life in lives])
        assert set(worker.ends) <= {KILLED, UNREACHABLE}, worker.err
    logs_are_clean([worker])
    assert ENTITY not in worker.err


async def _recorded(site: Site, kind: str) -> int:
    """How many events of a type are on record."""
    async with connection(site.target.database_url, application="test") as database:
        (row,) = await database.fetch("SELECT count(*) AS n FROM greenlight.event WHERE type = $1", kind)
    return int(str(row["n"]))
