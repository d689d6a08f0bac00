"""A probe hears of a real service whether it can do its work, and what is wrong where it cannot."""

import asyncio
import re
from pathlib import Path

from greenlight.service.background import FAILURES, LAST_SUCCESS, RESTING
from tests.addresses import free_address
from tests.service.processes import PATIENCE, Said, run
from tests.service.site import Site
from tests.service.test_metrics import scraped

BY_ITSELF = {"publishing", "letters", "mending", "taking back", "attachments", "moments"}
TASKS = BY_ITSELF | {"reading ahead", "webhooks"}


async def _health(site: Site, **settings: str) -> Said:
    return await run(site.environment(**settings), "starter.py", "health", "--json")


def _parts(said: Said) -> dict[str, tuple[bool, str]]:
    parts = said.document["parts"]
    assert isinstance(parts, list)
    found = [part for part in parts if isinstance(part, dict)]
    return {str(part["name"]): (part["well"] is True, str(part["said"])) for part in found}


async def test_a_worker_that_works_is_well(site: Site, tmp_path: Path) -> None:
    health, metrics = free_address(), free_address()
    addresses = {"GREENLIGHT_HEALTH_ADDRESS": health, "GREENLIGHT_METRICS_ADDRESS": metrics}
    async with site.worker(tmp_path, **addresses):
        async with asyncio.timeout(PATIENCE):
            # What it does every few seconds has been done once by then.
            while True:
                said = await _health(site, **addresses)
                if all(" s ago" in what for name, (_, what) in _parts(said).items() if name in TASKS):
                    break
        assert said.code == 0
        assert said.document["well"] is True
        assert _parts(said).keys() == {"event log", "task queue", *TASKS}
        table = await run(site.environment(**addresses), "starter.py", "health")
        assert (table.code, table.err) == (0, "")
        assert any(line.startswith("letters") and " well " in line for line in table.out.splitlines())
        text = await scraped(metrics)
        shown = re.findall(rf'^{LAST_SUCCESS}{{.*task="(.*?)".*}} [1-9]', text, re.MULTILINE)
        assert {*shown} == TASKS
        assert f"# TYPE {FAILURES} " not in text, "nothing failed"
        assert re.search(rf'^{RESTING}{{.*task="letters".*}} 0$', text, re.MULTILINE)
    gone = await _health(site, **addresses)
    assert gone.code == 3
    assert _parts(gone)["worker"][0] is False


async def test_without_a_worker_nothing_is_well_but_the_servers(site: Site) -> None:
    target = await site.new_namespace("without-a-worker")
    said = await _health(site, TEMPORAL_NAMESPACE=target.namespace)
    assert (said.code, said.document["well"]) == (3, False)
    parts = _parts(said)
    assert parts["event log"][0]
    assert parts["task queue"] == (
        False,
        "no worker asks the task queue licensing of without-a-worker for work",
    )


async def test_servers_that_are_away_are_told_each_by_itself(site: Site) -> None:
    said = await _health(
        site, TEMPORAL_ADDRESS="127.0.0.1:1", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"
    )
    assert said.code == 3
    assert {name: well for name, (well, _) in _parts(said).items()} == {
        "event log": False,
        "task queue": False,
    }
