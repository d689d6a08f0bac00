"""Several worker processes: what dies is started again, cases go on meanwhile, none outlives the others."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from greenlight.service import workers
from greenlight.service.health import Health
from greenlight.service.workers import Workers, WorkersError, metrics_address
from tests.addresses import free_address
from tests.service.processes import PATIENCE, ROOT, Worker, run

EXAMPLE = str(ROOT / "examples" / "application.json")
BESIDE = {"publishing", "letters", "mending", "taking back"}

SPEAKS = """
import os, sys, time
number = int(sys.argv[-1])
open(f"{os.environ['FOLDER']}/{number}", "a").write(f"{os.getpid()}\\n")
print("something else", flush=True)
while True:
    print('{"well":true,"tasks":[]}', flush=True)
    time.sleep(0.05)
"""
LONG = SPEAKS.replace(
    'print("something else", flush=True)', 'if number == 1: print("x" * 100_000, flush=True)'
)
SLOW = (
    """
import os, signal, sys, time
def end(*_):
    time.sleep(2)
    os._exit(0)
if sys.argv[-1] == "0":
    signal.signal(signal.SIGTERM, end)
"""
    + SPEAKS
)
SILENT = 'import time; print(\'{"well":true,"tasks":[]}\', flush=True); time.sleep(600)'
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SILENT


def _of(code: str, count: int = 2, folder: Path = Path(), graceful: float = 5) -> Workers:
    environment = {**os.environ, "FOLDER": str(folder)}
    return Workers((sys.executable, "-c", code), count, lambda _: environment, graceful)


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _pids(folder: Path, number: int) -> list[int]:
    """Of all starts of a worker, the last one last."""
    file = folder / str(number)
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # Processes of their own, which tell nobody.
            await asyncio.sleep(0.02)


async def test_one_that_is_killed_is_started_again_and_all_end_together(tmp_path: Path) -> None:
    several = _of(SPEAKS, folder=tmp_path)
    async with several.running():
        await _until(lambda: several.health.well)
        (killed,) = _pids(tmp_path, 1)
        os.kill(killed, signal.SIGKILL)
        await _until(lambda: len(_pids(tmp_path, 1)) == 2)
        await _until(lambda: several.health.well)
        first, second = several.health.tasks
        assert (first.failures, first.error) == (0, None)
        assert (second.failures, second.error) == (1, "killed by SIGKILL")
        assert len(_pids(tmp_path, 0)) == 1, "the other one went on"
    assert not any(_there(pid) for number in (0, 1) for pid in _pids(tmp_path, number))


async def test_the_first_that_does_not_start_ends_it_all(tmp_path: Path) -> None:
    with pytest.raises(WorkersError, match="the first worker did not start"):
        async with _of("raise SystemExit(3)", folder=tmp_path).running():
            pytest.fail("it is not running")


async def test_one_that_hangs_is_killed_and_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SILENCE", 0.5)
    several = _of(SILENT, count=1)
    async with several.running():
        await _until(lambda: several.health.tasks[0].failures > 0)
        assert several.health.tasks[0].error == "killed by SIGKILL"


async def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "STOPPING", 0.0)
    async with asyncio.timeout(PATIENCE), _of(STUBBORN, count=1, graceful=0.5).running():
        pass


async def test_none_is_started_while_all_are_stopped(tmp_path: Path) -> None:
    """It would outlive them, and go on with nobody who knows of it."""
    several = _of(SLOW, folder=tmp_path)
    async with several.running():
        await _until(lambda: several.health.well)
        os.kill(_pids(tmp_path, 1)[0], signal.SIGKILL)
        await _until(lambda: several.health.tasks[1].failures == 1)
    assert len(_pids(tmp_path, 1)) == 1
    assert not any(_there(pid) for number in (0, 1) for pid in _pids(tmp_path, number))


async def test_a_long_line_of_a_library_is_read_past(tmp_path: Path) -> None:
    several = _of(LONG, folder=tmp_path)
    async with several.running():
        await _until(lambda: several.health.well)
        os.kill(_pids(tmp_path, 1)[0], signal.SIGKILL)
        await _until(lambda: len(_pids(tmp_path, 1)) == 2)


async def test_a_start_that_fails_for_a_moment_is_tried_again(tmp_path: Path) -> None:
    """As where no process is to be had, or the program is being replaced."""
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable}\n{SPEAKS}")
    program.chmod(0o755)
    several = Workers((str(program),), 2, lambda _: {**os.environ, "FOLDER": str(tmp_path)}, 5)
    async with several.running():
        await _until(lambda: several.health.well)
        program.chmod(0o644)
        os.kill(_pids(tmp_path, 1)[0], signal.SIGKILL)
        await _until(lambda: several.health.tasks[1].failures == 2)
        assert str(several.health.tasks[1].error).startswith("cannot be started: ")
        program.chmod(0o755)
        await _until(lambda: len(_pids(tmp_path, 1)) == 2)
        await _until(lambda: several.health.well)


async def test_a_first_worker_that_cannot_be_started_ends_it_all(tmp_path: Path) -> None:
    with pytest.raises(WorkersError, match="cannot be started"):
        async with Workers((str(tmp_path / "nothing"),), 2, lambda _: os.environ, 5).running():
            pytest.fail("it is not running")


def test_each_has_a_port_of_its_own_for_its_metrics() -> None:
    assert [metrics_address("127.0.0.1:9464", number) for number in (0, 1)] == [
        "127.0.0.1:9464",
        "127.0.0.1:9465",
    ]
    assert metrics_address("[::1]:0", 1) == "[::1]:0"
    assert metrics_address(None, 1) is None


@asynccontextmanager
async def _service(folder: Path, **settings: str) -> AsyncGenerator[tuple[Worker, Mapping[str, str]]]:
    ours = {
        "GREENLIGHT_DATA": str(folder / "data"),
        "GREENLIGHT_TEMPORAL_PORT": "0",
        "GREENLIGHT_UI_PORT": "0",
        "GREENLIGHT_DOOR_ADDRESS": "127.0.0.1:0",
        "GREENLIGHT_DESK_ADDRESS": "127.0.0.1:0",
        "GREENLIGHT_WORKERS": "2",
        **settings,
    }
    service = Worker(ours, folder / "said")
    await service.start()
    try:
        await service.ready()
        yield service, ours
    finally:
        if service.running:
            await service.stop()


def _asked(address: str) -> Health:
    """How it stands, well or not."""
    try:
        with urlopen(f"http://{address}/healthz", timeout=5) as answer:
            return Health.model_validate_json(answer.read())
    except HTTPError as unwell:
        with unwell:
            return Health.model_validate_json(unwell.read())


def _children(of: int) -> dict[int, int]:
    """The worker processes of a supervisor by their numbers, as Linux tells of them."""
    found: dict[int, int] = {}
    for child in Path(f"/proc/{of}/task/{of}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        if workers.SUPERVISED in words:
            found[int(words[words.index(workers.SUPERVISED) + 1])] = int(child)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="it finds the processes in /proc")
async def test_cases_go_on_while_one_of_two_is_killed(tmp_path: Path) -> None:
    """On real servers: each of the two is killed once, and every case is decided by those that are there."""
    health, metrics = free_address(), "127.0.0.1:0"
    async with _service(tmp_path, GREENLIGHT_HEALTH_ADDRESS=health, GREENLIGHT_METRICS_ADDRESS=metrics) as (
        service,
        settings,
    ):
        supervisor = service.pid
        assert supervisor is not None

        async def well() -> Health:
            async with asyncio.timeout(PATIENCE):
                while True:
                    found = await asyncio.to_thread(_asked, health)
                    if found.well and sum(task.task.startswith("worker") for task in found.tasks) == 2:
                        return found
                    await asyncio.sleep(0.1)

        tasks = [task.task for task in (await well()).tasks]
        assert all(tasks.count(name) == 1 for name in BESIDE), "what is done beside cases is done once"
        cases = [f"W10000{number}" for number in range(4)]

        async def done(*words: str) -> None:
            found = await run(settings, "starter.py", *words, "--json")
            assert found.code == 0, found.err

        async def filed(acn: str) -> None:
            await done("submit", EXAMPLE, "--as", "acme", "--acn", acn, "--reference", acn)

        await asyncio.gather(*map(filed, cases[:2]))
        for number, (acn, later) in enumerate(zip(cases[:2], cases[2:], strict=True)):
            first = _children(supervisor)
            os.kill(first[number], signal.SIGKILL)
            await asyncio.gather(done("assign", acn, "olga", "--as", "olga"), filed(later))
            await well()
            again = _children(supervisor)
            assert again.keys() == {0, 1}
            assert again[number] != first[number]
            assert again[1 - number] == first[1 - number]
        assert f"worker={1}" in service.err
        assert "killed by SIGKILL" in service.err
        last = _children(supervisor)
        assert await service.stop() == 0
        assert not any(_there(pid) for pid in last.values())
    published = int((tmp_path / "data" / "tiles" / "checkpoint").read_text().splitlines()[1])
    async with _service(tmp_path, GREENLIGHT_WORKERS="1") as (_, settings):
        checked = await run(settings, "starter.py", "verify", "--json")
        assert checked.code == 0, checked.err
        head = checked.document["head"]
        assert isinstance(head, dict)
        assert head["position"] == published, "the last to stop published all"


@pytest.mark.skipif(sys.platform != "linux", reason="it finds the processes in /proc")
async def test_workers_end_with_who_started_them(tmp_path: Path) -> None:
    async with _service(tmp_path) as (service, _):
        supervisor = service.pid
        assert supervisor is not None
        await _until(lambda: len(_children(supervisor)) == 2)
        left = _children(supervisor)
        await service.kill()
        await _until(lambda: not any(_there(pid) for pid in left.values()))
