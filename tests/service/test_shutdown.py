"""A worker that is told to stop finishes what it has begun, and another one goes on with its cases."""

import asyncio
import signal
from pathlib import Path

import pytest

from greenlight.eventlog.database import connection
from greenlight.eventlog.stored import Head, read_head
from greenlight.tlog.folder import TileFolder
from tests.service.audit import logs_are_clean, nothing_is_lost_or_doubled
from tests.service.cases import STORIES, Lived, live
from tests.service.processes import PATIENCE, Worker
from tests.service.site import Site

RARELY = "3600"
"""Seconds between checkpoints: none but the last one is written while a test lasts."""


async def _head(site: Site) -> Head:
    async with connection(site.target.database_url, application="test") as database:
        return await read_head(database)


def _accepted(worker: Worker) -> int:
    """How many commands it has accepted."""
    return worker.err.count('"accepted"')


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stopped_in_the_middle_of_cases(site: Site, tmp_path: Path, number: signal.Signals) -> None:
    folder = TileFolder(tmp_path / "tiles")
    rarely = {"GREENLIGHT_CHECKPOINT_INTERVAL": RARELY, "GREENLIGHT_TILE_FOLDER": str(folder.path)}
    async with asyncio.TaskGroup() as group, site.worker(tmp_path / "first", **rarely) as first:
        cases = [group.create_task(live(site, story)) for story in STORIES[:3]]
        async with asyncio.timeout(PATIENCE):
            while _accepted(first) < 5:
                assert first.running, first.err
                await asyncio.sleep(0.01)
        assert await first.stop(number) == 0
        assert not all(case.done() for case in cases)
        head = await _head(site)
        assert folder.sizes() == [head.position]
        assert [key.name for key in folder.read_keys()] == [head.origin]
        events = [line["event"] for line in first.lines if line["logger"] == "worker"]
        assert events == ["worker started", "worker stopping"]
        async with site.worker(tmp_path / "second") as second:
            await nothing_is_lost_or_doubled(site, [await case for case in cases])
    logs_are_clean([first, second])


async def test_two_workers_share_the_cases_and_one_of_them_is_stopped(site: Site, tmp_path: Path) -> None:
    async with (
        site.worker(tmp_path / "one") as one,
        site.worker(tmp_path / "other") as other,
        asyncio.TaskGroup() as group,
    ):
        cases: list[asyncio.Task[Lived]] = []
        async with asyncio.timeout(PATIENCE):
            while not (_accepted(one) and _accepted(other)):
                cases.append(group.create_task(live(site, STORIES[0])))
                await asyncio.sleep(0.1)
        cases.append(group.create_task(live(site, STORIES[0])))
        assert await one.stop() == 0
        before = _accepted(other)
        await nothing_is_lost_or_doubled(site, [await case for case in cases])
        assert _accepted(other) > before
    logs_are_clean([one, other])
