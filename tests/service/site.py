"""The whole service as real processes on durable folders, each of which a test may kill."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from bench.named import NotOurs, named_servers, namespace_on_run, new_namespace, sealed
from greenlight.cli.operations.development import ensure_development_officers
from greenlight.client import Keyring, Unanswered
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, UnreachableError, connect, embedded_target
from greenlight.embedded import Postgres, TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.read import Reader
from greenlight.law.contract import SearchAttribute
from greenlight.rehearsal.played import PlayedOfficer
from tests.addresses import create_database, elsewhere
from tests.conftest import TIME_SKIPPING
from tests.eventlog.crowd import TIMELESS
from tests.service.processes import PATIENCE, Patience, Worker, stirs, waits

T = TypeVar("T")

IMPATIENCE = timedelta(seconds=3)
"""How long a client waits before it sends the same command again."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 3.2
"""Seconds between its tries."""

CHECKPOINT_INTERVAL = 0.2
"""Seconds; often, so that kills fall into the writing of checkpoints as well."""


class Server(Protocol):
    """What both embedded servers have in common."""

    @property
    def pid(self) -> int | None: ...

    async def start(self) -> None: ...


def addressed(target: Target) -> dict[str, str]:
    """The settings that lead a program to this database, as whoever it works there, with the codec keys."""
    return {
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_WRITER_URL": target.writer_url,
        "GREENLIGHT_AUDITOR_URL": target.auditor_url,
        "GREENLIGHT_OWNER_URL": target.owner_url,
        "GREENLIGHT_CODEC_KEYS": str(target.sealing.keys),
    }


@dataclass
class Site:
    """Servers that last, a database and a namespace on them, officers with clients, and workers."""

    postgres: Server
    temporal: Server
    target: Target
    folder: Path
    officers: dict[str, PlayedOfficer] = field(default_factory=dict[str, PlayedOfficer])

    @property
    def settings(self) -> Settings:
        """What its workers are set to, where a test needs it too."""
        return Settings(data=self.folder)

    def environment(self, **settings: str) -> dict[str, str]:
        """What leads a program here, as an operator would write it."""
        return {
            "TEMPORAL_ADDRESS": self.target.address,
            "TEMPORAL_NAMESPACE": self.target.namespace,
            **addressed(self.target),
            "GREENLIGHT_DATA": str(self.folder),
            "GREENLIGHT_LOG_FORMAT": "json",
            "GREENLIGHT_CHECKPOINT_INTERVAL": str(CHECKPOINT_INTERVAL),
            **settings,
        }

    @asynccontextmanager
    async def worker(self, folder: Path, **settings: str) -> AsyncGenerator[Worker]:
        """A worker that is ready; killed at the end, if it is still there."""
        worker = Worker(self.environment(**settings), folder)
        await worker.start()
        try:
            await worker.ready()
            yield worker
        finally:
            await worker.kill()

    @asynccontextmanager
    async def supervised(self, folder: Path, **settings: str) -> AsyncGenerator[Worker]:
        """A worker that is started again whenever it ends."""
        async with self.worker(folder, **settings) as worker:
            supervisor = asyncio.create_task(worker.supervise())
            try:
                yield worker
            finally:
                supervisor.cancel()
                await asyncio.wait([supervisor])

    async def officer(self, name: str) -> PlayedOfficer:
        """A client that signs as this officer, and is quick to try again."""
        if name not in self.officers:
            signer = Keyring(self.settings.keys).signer(name)
            self.officers[name] = PlayedOfficer(await connect(self.target), signer, patience=IMPATIENCE)
        return self.officers[name]

    async def new_database(self, name: str, template: str = "template1") -> Target:
        """An empty database, or a copy of one that nobody uses at the moment."""
        await create_database(self.target.database_url, name, template)
        return elsewhere(self.target, name)

    async def new_namespace(self, name: str) -> Target:
        """An empty namespace on the same server; what leads a client there."""
        return await new_namespace(self.target, namespace_on_run(self.target, name))


@asynccontextmanager
async def open_site(folder: Path) -> AsyncGenerator[Site]:
    """Both servers up, or those that the environment names; everybody registered in a new database."""
    async with named_servers(folder) as named:
        if named is not None:
            yield await _prepared(Site(NotOurs(), NotOurs(), named, folder))
            return
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres = Postgres(folder)
    temporal = TemporalServer(
        folder, port=0, ui_port=0, search_attributes=attributes, dynamic_config=TIME_SKIPPING
    )
    try:
        await postgres.start()
        await temporal.start()
        sealing = sealed(folder)
        target = embedded_target(temporal.address, NAMESPACE, postgres, temporal.ui, sealing=sealing)
        yield await _prepared(Site(postgres, temporal, target, folder))
    finally:
        await temporal.stop()
        await postgres.stop()


async def _prepared(site: Site) -> Site:
    """The database migrated by its owner, and everybody registered in it."""
    await migrate(site.target.owner_url)
    async with connection(site.target.owner_url, application="test") as owner:
        await owner.execute(TIMELESS)
    await ensure_development_officers(site.target.writer_url, Keyring(site.settings.keys), called={})
    return site


async def kill(server: Server) -> None:
    """Kill a server as a power cut would, and start it again on what it left behind.

    The test is skipped where the environment names the server.
    """
    if isinstance(server, NotOurs):
        pytest.skip("the environment names the server, and nobody kills it")
    assert server.pid is not None, "it is up"
    name = type(server).__name__
    stirs(f"{name} is killed")
    os.kill(server.pid, signal.SIGKILL)
    await server.start()
    stirs(f"{name} is up again")


async def insist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try until there is an answer, as a client does that sends the same command under the same id again."""
    patience, pause = Patience(), SHORTEST_PAUSE
    with waits.one():
        while True:
            try:
                return await attempt()
            except (Unanswered, UnreachableError):
                if patience.over:
                    raise
                await asyncio.sleep(pause)
                # A crowd that asks without a pause leaves a busy service no time to answer anybody.
                pause = min(2 * pause, LONGEST_PAUSE)


async def all_have_heard(site: Site, streams: Sequence[str]) -> None:
    """Wait until the workflow of each case says what is on record."""
    acme = await site.officer("acme")
    async with Reader(site.target.database_url) as reader, asyncio.timeout(5 * PATIENCE):
        for stream in streams:
            reached = [event.version async for event in reader.stream(stream)][-1]
            # A workflow tells nobody when it has heard.
            while (await insist(partial(acme.status, stream))).version < reached:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
