"""Metrics for Prometheus, where somebody asks for them."""

import asyncio
import re
import socket
from pathlib import Path
from urllib.request import urlopen

from greenlight.service.foreign import COUNTER
from tests.addresses import free_address
from tests.law.application.cases import new_submission
from tests.service.cases import STORIES, live
from tests.service.processes import PATIENCE, run
from tests.service.site import Site

RETURNED = STORIES[2]

WATCHED = (
    "temporal_worker_task_slots_available",
    "temporal_workflow_task_schedule_to_start_latency",
    "temporal_num_pollers",
)
"""Those of docs/deployment.md that are there while all is well."""

COMPLETED = "temporal_workflow_completed"


async def scraped(address: str) -> str:
    def scrape() -> str:
        with urlopen(f"http://{address}/metrics", timeout=5) as answer:
            assert answer.headers["content-type"].startswith("text/plain")
            return answer.read().decode()

    return await asyncio.to_thread(scrape)


def _total(text: str, counter: str) -> float:
    """Of the applications, over all labels."""
    pattern = rf'^{counter}{{.*workflow_type="LicenseApplication".*}} (\S+)$'
    return sum(float(value) for value in re.findall(pattern, text, re.MULTILINE))


async def test_a_case_is_counted(site: Site, tmp_path: Path) -> None:
    address = free_address()
    async with site.worker(tmp_path, GREENLIGHT_METRICS_ADDRESS=address):
        assert _total(await scraped(address), COMPLETED) == 0
        for _ in range(2):
            await live(site, RETURNED)
        text = await scraped(address)
        assert _total(text, COMPLETED) == 2
        for name in WATCHED:
            assert f"# TYPE {name} " in text


async def test_a_foreign_workflow_on_the_id_of_a_case_is_counted_and_told(site: Site, tmp_path: Path) -> None:
    address = free_address()
    async with site.worker(tmp_path, GREENLIGHT_METRICS_ADDRESS=address) as worker:
        acme = await site.officer("acme")
        stream = (await acme.submit(new_submission())).stream
        await acme.temporal.get_workflow_handle(stream).terminate()
        await acme.temporal.start_workflow("Squatter", id=stream, task_queue="of-somebody-else")
        counted = re.compile(rf'^{COUNTER}{{.*workflow_type="Squatter".*}} 1$', re.MULTILINE)
        async with asyncio.timeout(PATIENCE):
            while not counted.search(await scraped(address)):  # noqa: ASYNC110  # Another process counts.
                await asyncio.sleep(0.2)
        assert (await acme.status(stream)).status.stage == "review"
    told = [line for line in worker.err.splitlines() if "foreign workflow on the id of a case" in line]
    assert len(told) == 1
    assert stream in told[0]
    assert "it is a Squatter, and no LicenseApplication" in told[0]


async def test_a_taken_port_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = await run(site.environment(GREENLIGHT_METRICS_ADDRESS=address), "worker.py")
    (line,) = said.err.splitlines()
    assert (said.code, said.out) == (3, "")
    assert line.startswith(f"greenlight: metrics cannot be served at {address}: ")
    assert "in use" in line
