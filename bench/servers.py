"""The servers and the worker that measurements run on, and who sends the commands."""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from temporalio.client import Client

from bench.cases import Drivers
from bench.histories import OFFICERS
from greenlight.cli.operations.development import ensure_development_officers
from greenlight.client import Keyring
from greenlight.connection.target import Target, connect, embedded_target
from greenlight.embedded import Postgres, TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.embedded.users import OWNER
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.law.contract import SearchAttribute
from greenlight.rehearsal.played import PlayedOfficer


@dataclass(frozen=True, slots=True)
class Servers:
    """One PostgreSQL and one Temporal, migrated; ``empty``: the same with a second, empty database."""

    folder: Path
    target: Target
    empty: Target
    temporal: TemporalServer


@dataclass(frozen=True, slots=True)
class Office:
    """Servers and everybody who works there. ``numbers`` gives every case a number of its own."""

    servers: Servers
    client: Client
    officers: Mapping[str, PlayedOfficer]
    drivers: Drivers
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


@asynccontextmanager
async def servers(dynamic_config: Mapping[str, str] | None = None) -> AsyncGenerator[Servers]:
    """Servers on a folder of their own, which goes with them."""
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as name:
        folder = Path(name)
        postgres = Postgres(folder)
        temporal = TemporalServer(
            folder, port=0, ui_port=0, search_attributes=attributes, dynamic_config=dynamic_config
        )
        try:
            await postgres.start()
            await temporal.start()
            await migrate(postgres.owner_url)
            async with connection(postgres.administrator_url, application="bench") as database:
                await database.execute(f"CREATE DATABASE bench OWNER {OWNER}")
            target = embedded_target(temporal.address, NAMESPACE, postgres, temporal.ui)
            empty = replace(
                target,
                database_url=_beside(target.database_url),
                writer_url=_beside(target.writer_url),
                auditor_url=_beside(target.auditor_url),
                owner_url=_beside(target.owner_url),
            )
            yield Servers(folder=folder, target=target, empty=empty, temporal=temporal)
        finally:
            await temporal.stop()
            await postgres.stop()


def _beside(url: str) -> str:
    return urlsplit(url)._replace(path="/bench").geturl()


@asynccontextmanager
async def office(dynamic_config: Mapping[str, str] | None = None) -> AsyncGenerator[Office]:
    """Servers with officers, and no worker yet."""
    async with servers(dynamic_config) as up:
        keyring = Keyring(up.folder / "keys")
        await ensure_development_officers(up.target.writer_url, keyring)
        client = await connect(up.target)
        signers = {officer: keyring.signer(officer) for officer in OFFICERS}
        officers = {officer: PlayedOfficer(client, signer) for officer, signer in signers.items()}
        yield Office(servers=up, client=client, officers=officers, drivers=Drivers(client, signers))


@asynccontextmanager
async def worker(up: Servers) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The worker in a process of its own, as in production."""
    environment = os.environ | {
        "TEMPORAL_ADDRESS": up.target.address,
        "DATABASE_URL": up.target.writer_url,
        "GREENLIGHT_DATA": str(up.folder),
        # Letters wait for a quiet hour; letter_ms is what each costs.
        "GREENLIGHT_LETTER_INTERVAL": "86400",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.worker", env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None, "it was asked for"
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("the worker did not start; its error is above")
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
