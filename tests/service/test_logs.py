"""Logs as a machine reads them: one JSON object a line, Temporal's own included, and nothing confidential."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from greenlight.client import Refused
from greenlight.kernel.model import JsonObject
from tests.service.audit import logs_are_clean
from tests.service.cases import AGREE, CONFIDENTIAL, STORIES, live
from tests.service.processes import PATIENCE, Worker
from tests.service.site import Site, insist, kill

ALWAYS = {"event", "level", "logger", "timestamp"}
ANSWERED = STORIES[4]


def _of(worker: Worker, logger: str) -> list[JsonObject]:
    return [line for line in worker.lines if line["logger"] == logger]


async def test_a_line_about_a_case_says_which_run_and_which_command(site: Site, tmp_path: Path) -> None:
    async with site.worker(tmp_path) as worker:
        lived = await live(site, ANSWERED)
        acme, carla = await site.officer("acme"), await site.officer("carla")
        with pytest.raises(Refused):
            await insist(partial(carla.decide, lived.stream, AGREE, command_id="countersign-too-early"))
        run = (await acme.temporal.get_workflow_handle(lived.stream).describe()).run_id
        assert await worker.stop() == 0
    *accepted, refused = _of(worker, "desk")
    assert [line["command_id"] for line in accepted] == list(lived.command_ids)
    assert {(line["event"], line["level"]) for line in accepted} == {("accepted", "info")}
    assert (refused["event"], refused["level"], refused["code"]) == ("refused", "warning", "wrong_stage")
    assert refused["command_id"] == "countersign-too-early"
    for line in (*accepted, refused):
        assert line.keys() >= ALWAYS
        assert (line["case"], line["run_id"]) == (lived.stream, run)
    assert worker.out == ""


async def test_whatever_happens_each_line_has_the_same_form_and_tells_nothing(
    site: Site, tmp_path: Path
) -> None:
    async with site.worker(tmp_path, GREENLIGHT_LOG_LEVEL="debug") as worker:
        async with asyncio.TaskGroup() as group:
            for story in STORIES:
                group.create_task(live(site, story))
            await asyncio.sleep(0.3)
            await kill(site.postgres)
            # Back so soon, its absence may pass unnoticed.
            async with asyncio.timeout(PATIENCE):
                while "temporalio.core" not in worker.err:
                    await kill(site.temporal)
                    await asyncio.sleep(0.5)
        assert await worker.stop() == 0
    assert all(line.keys() >= ALWAYS for line in worker.lines)
    # The core is in the native part of the SDK; its lines say in `target` where in there they come from.
    core = _of(worker, "temporalio.core")
    assert core, "Temporal was away"
    assert all(str(line["target"]).startswith("temporalio") for line in core)
    logs_are_clean([worker])


async def test_a_person_reads_as_little_whatever_happens(site: Site, tmp_path: Path) -> None:
    async with site.worker(tmp_path, GREENLIGHT_LOG_FORMAT="console", GREENLIGHT_LOG_LEVEL="debug") as worker:
        async with asyncio.TaskGroup() as group:
            cases = [group.create_task(live(site, story)) for story in STORIES]
            await asyncio.sleep(0.3)
            await kill(site.postgres)
        assert await worker.stop() == 0
    for case in cases:
        assert f"case={case.result().stream}" in worker.err
    assert "LogUnavailableError" in worker.err
    for word in (*CONFIDENTIAL, "eyJ", "\x1b"):
        assert word not in worker.err
    assert worker.out == ""
