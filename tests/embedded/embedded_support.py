"""What the tests of the private servers share."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

import asyncpg
from temporalio.client import Client, WorkflowHandle

from greenlight.embedded import TemporalServer

OWNER = Path(__file__).with_name("owner.py")
LISTENING = "0A"
LOOPBACK = "0100007F"


class Server(Protocol):
    """What both servers have in common."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


AnyServer = TypeVar("AnyServer", bound=Server)


@asynccontextmanager
async def up(server: AnyServer) -> AsyncGenerator[AnyServer]:
    """The server, started, and stopped whatever becomes of the test."""
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def temporal(folder: Path, **search_attributes: str) -> TemporalServer:
    """A Temporal server on free ports."""
    return TemporalServer(folder, port=0, ui_port=0, search_attributes=search_attributes)


async def query(url: str, sql: str) -> object:
    """The first value that the database answers."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def remember(url: str, word: str) -> None:
    """Leaves a row behind."""
    await query(url, f"create table if not exists words as select '{word}' as word")


async def remembered(url: str) -> object:
    """The row that was left behind."""
    return await query(url, "select word from words")


async def start_waiting(address: str, workflow_id: str) -> None:
    """Starts a workflow that no worker takes."""
    client = await Client.connect(address)
    await client.start_workflow("Waiting", id=workflow_id, task_queue="nobody")


async def status(address: str, workflow_id: str) -> str | None:
    """What the server says of that workflow."""
    client = await Client.connect(address)
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(workflow_id)
    described = await handle.describe()
    return described.status.name if described.status else None


def written(path: Path) -> bool:
    """Whether there is anything in the file yet."""
    return path.exists() and path.stat().st_size > 0


def alive(pid: int) -> bool:
    """Whether the process is there, and not merely waiting for its parent to notice its end."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()


async def ended(*pids: int, seconds: float = 10) -> bool:
    """Whether all of them end in time."""
    return await until(lambda: not any(alive(pid) for pid in pids), seconds)


async def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the condition comes true in time."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        await asyncio.sleep(0.01)
    return True


def server_pids(folder: Path) -> list[int]:
    """The process ids of the servers, as they wrote them down themselves."""
    return [int((folder / name / "pid").read_text()) for name in ("postgres", "temporal")]


def listens_on(pid: int) -> list[str]:
    """The addresses of the TCP ports on which a process listens, in the kernel's notation."""
    links: set[str] = set()
    for path in Path(f"/proc/{pid}/fd").iterdir():
        # It may be closed since it was listed.
        with suppress(FileNotFoundError):
            links.add(os.readlink(path))
    lines = [line.split() for table in ("tcp", "tcp6") for line in _table(table)]
    return [
        line[1].partition(":")[0] for line in lines if line[3] == LISTENING and f"socket:[{line[9]}]" in links
    ]


def _table(name: str) -> list[str]:
    return Path("/proc/net", name).read_text().splitlines()[1:]


@contextmanager
def sleeper(folder: Path, like: Path | None = None) -> Generator[int]:
    """A process that has nothing to do in this folder, of the user that owns the file `like`."""
    user = None if like is None or os.geteuid() != 0 else like.stat().st_uid
    with subprocess.Popen(["sleep", "60"], cwd=folder, user=user) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def run_owner(folder: Path) -> tuple[int, str]:
    """How another program ends that tries to start servers on `folder`, and its last words."""
    ended = subprocess.run([sys.executable, OWNER, folder], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


@contextmanager
def owner(folder: Path) -> Generator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Another program with servers up on `folder`, and what it says of them."""
    with subprocess.Popen(
        [sys.executable, OWNER, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As a shell starts a program: the leader of the group that Ctrl-C goes to.
        process_group=0,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            assert line, process.stderr.read()
            environment: dict[str, str] = json.loads(line)
            yield process, environment
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
