"""Servers, a worker, an auditor and clients, with a link between each pair that can be cut."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from greenlight.connection.target import Target
from tests.chaos.link import Link, to_address, to_socket
from tests.service.beneath import Beneath, available, beneath, under_postgres
from tests.service.processes import Worker
from tests.service.site import Server, Site, addressed, open_site

AUDITOR = ("-m", "greenlight.audit", "follow")


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that something can happen to."""

    site: Site
    worker: Worker
    auditor: Worker
    worker_to_temporal: Link
    worker_to_postgres: Link
    clients_to_temporal: Link
    below_worker: Beneath | None
    below_postgres: Beneath | None
    """Where it is available."""

    async def stop(self, pid: int | None, seconds: float) -> None:
        """Stop a process, and all that it started, for so long; nothing if it is not there at the moment."""
        if pid is None:
            return
        stopped = [pid, *descendants(pid)]
        _send(stopped, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            _send(reversed(stopped), signal.SIGCONT)

    async def kill(self, server: Server) -> None:
        """Kill a server and start it again on what it left behind."""
        if server.pid is not None:
            os.kill(server.pid, signal.SIGKILL)
        await server.start()


@asynccontextmanager
async def scene(folder: Path) -> AsyncGenerator[Scene]:
    """All of it up, worker and auditor started again whenever they end."""
    async with AsyncExitStack() as stack:
        below_worker = stack.enter_context(beneath()) if available() else None
        below_postgres = stack.enter_context(beneath()) if available() else None
        if below_postgres is not None:
            stack.enter_context(under_postgres(below_postgres))
        site = await stack.enter_async_context(open_site(folder / "site"))
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="greenlight-link-")))
        worker_to_temporal, temporal = await stack.enter_async_context(to_address(site.target.address))
        clients_to_temporal, here = await stack.enter_async_context(to_address(site.target.address))
        worker_to_postgres = await stack.enter_async_context(
            to_socket(_socket(site.target.writer_url), sockets)
        )
        settings = {"TEMPORAL_ADDRESS": temporal, **addressed(_through(site.target, sockets))}
        site.target = replace(site.target, temporal={**site.target.temporal, "target_host": here})
        below = settings if below_worker is None else {**settings, **below_worker.environment}
        worker = await stack.enter_async_context(site.supervised(folder / "worker", **below))
        auditor = await stack.enter_async_context(_auditor(site.environment(**settings), folder / "auditor"))
        yield Scene(
            site,
            worker,
            auditor,
            worker_to_temporal,
            worker_to_postgres,
            clients_to_temporal,
            below_worker,
            below_postgres,
        )


@asynccontextmanager
async def _auditor(settings: Mapping[str, str], folder: Path) -> AsyncGenerator[Worker]:
    auditor = Worker(settings, folder, AUDITOR)
    await auditor.start()
    supervisor = asyncio.create_task(auditor.supervise())
    try:
        yield auditor
    finally:
        supervisor.cancel()
        await asyncio.wait([supervisor])
        await auditor.kill()


def _socket(url: str) -> Path:
    asked = parse_qs(urlsplit(url).query)
    return Path(asked["host"][0]) / f".s.PGSQL.{asked['port'][0]}"


def _through(target: Target, folder: Path) -> Target:
    """The same database, by way of the sockets in ``folder``."""

    def led(url: str) -> str:
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"host": str(folder)}
        return parts._replace(query=urlencode(asked)).geturl()

    return replace(
        target,
        database_url=led(target.database_url),
        writer_url=led(target.writer_url),
        auditor_url=led(target.auditor_url),
        owner_url=led(target.owner_url),
    )


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(each.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        of = children.get(waiting.pop(), [])
        found += of
        waiting += of
    return found


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
