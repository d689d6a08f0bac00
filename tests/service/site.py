"""The whole service as real processes, each of which a test may kill."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from temporalio.service import RPCError

from cli.development import OFFICERS, ensure_development_officers
from client import Keyring, LicensingClient, Refused, Unanswered
from connection.target import Target, UnreachableError, connect, embedded_target
from embedded import Postgres, TemporalServer
from embedded.temporal import NAMESPACE
from eventlog.migrate import migrate
from licensing.contract import SearchAttribute

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
"""Seconds within which a case must go on after whatever was killed."""


@dataclass
class WorkerProcess:
    """``python worker.py`` on servers that its environment names."""

    target: Target
    folder: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        environment = os.environ | {
            "TEMPORAL_ADDRESS": self.target.address,
            "DATABASE_URL": self.target.database_url,
            "GREENLIGHT_DATA": str(self.folder),
            "GREENLIGHT_LOG_FORMAT": "json",
            **self.settings,
        }
        log = (self.folder / "worker.log").open("ab")
        with log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "worker.py", cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it has said that it takes work; without its servers it would end instead."""
        log = self.folder / "worker.log"
        async with asyncio.timeout(PATIENCE):
            while "worker started" not in log.read_text():
                assert self.process is not None, "it was started"
                assert self.process.returncode is None, log.read_text()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        await self.stop(signal.SIGKILL)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None, "it was started"
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()


@dataclass
class Site:
    """Servers on durable folders, a worker, and officers with clients."""

    postgres: Postgres
    temporal: TemporalServer
    worker: WorkerProcess
    target: Target
    keyring: Keyring

    async def officer(self, name: str) -> LicensingClient:
        return LicensingClient(await connect(self.target), self.keyring.signer(name))


@asynccontextmanager
async def site(folder: Path) -> AsyncGenerator[Site]:
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres = Postgres(folder)
    temporal = TemporalServer(folder, port=0, ui_port=0, search_attributes=attributes)
    try:
        await postgres.start()
        await temporal.start()
        await migrate(postgres.database_url)
        keyring = Keyring(folder / "keys")
        await ensure_development_officers(postgres.database_url, keyring)
        target = embedded_target(temporal.address, NAMESPACE, postgres.database_url, temporal.ui)
        worker = WorkerProcess(target, folder)
        await worker.start()
        try:
            await worker.ready()
            yield Site(postgres, temporal, worker, target, keyring)
        finally:
            await worker.kill()
    finally:
        await temporal.stop()
        await postgres.stop()


async def insist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try until there is an answer, as a client does that sends the same command under the same id again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await attempt()
            except (Unanswered, UnreachableError, RPCError, OSError):
                await asyncio.sleep(0.1)
            except Refused as refused:
                # A server that is just coming back may not know the workflow yet.
                if refused.code not in {"no_such_case"}:
                    raise
                await asyncio.sleep(0.1)


__all__ = ["OFFICERS", "Site", "WorkerProcess", "insist", "site"]
