"""Metrics for Prometheus, where somebody asks for them."""

import asyncio
import re
import socket
from pathlib import Path
from urllib.request import urlopen

from tests.service.cases import STORIES, live
from tests.service.processes import run
from tests.service.site import Site

RETURNED = STORIES[2]

WATCHED = (
    "temporal_worker_task_slots_available",
    "temporal_workflow_task_schedule_to_start_latency",
    "temporal_num_pollers",
)
"""Those of docs/deployment.md that are there while all is well."""

COMPLETED = "temporal_workflow_completed"


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


async def _scraped(address: str) -> str:
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
    address = _free_address()
    async with site.worker(tmp_path, GREENLIGHT_METRICS_ADDRESS=address):
        assert _total(await _scraped(address), COMPLETED) == 0
        for _ in range(2):
            await live(site, RETURNED)
        text = await _scraped(address)
        assert _total(text, COMPLETED) == 2
        for name in WATCHED:
            assert f"# TYPE {name} " in text


async def test_a_taken_port_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = await run(site.environment(GREENLIGHT_METRICS_ADDRESS=address), "worker.py")
    (line,) = said.err.splitlines()
    assert (said.code, said.out) == (3, "")
    assert line.startswith(f"greenlight: metrics cannot be served at {address}: ")
    assert "in use" in line
