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
from bench.named import NotOurs, in_role, is_named, named_servers, on_run, sealed
from greenlight.cli.operations.development import ensure_development_officers
from greenlight.client import Keyring
from greenlight.codec.sealing import CodecMode
from greenlight.connection.target import Target, connect, embedded_target
from greenlight.embedded import Postgres, TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.embedded.users import ADMINISTRATOR, OWNER
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
    temporal: TemporalServer | NotOurs


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
    """Those that the environment names, or servers on a folder of their own, which goes with them."""
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as name:
        folder = Path(name)
        async with named_servers(folder) as named:
            if named is not None:
                await migrate(named.owner_url)
                yield await _with_empty(folder, named, NotOurs())
                return
        async with _own_servers(folder, dynamic_config) as up:
            yield up


@asynccontextmanager
async def _own_servers(folder: Path, dynamic_config: Mapping[str, str] | None) -> AsyncGenerator[Servers]:
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres = Postgres(folder)
    temporal = TemporalServer(
        folder, port=0, ui_port=0, search_attributes=attributes, dynamic_config=dynamic_config
    )
    try:
        await postgres.start()
        await temporal.start()
        await migrate(postgres.owner_url)
        sealing = sealed(folder)
        target = embedded_target(temporal.address, NAMESPACE, postgres, temporal.ui, sealing=sealing)
        yield await _with_empty(folder, target, temporal)
    finally:
        await temporal.stop()
        await postgres.stop()


async def _with_empty(folder: Path, target: Target, temporal: TemporalServer | NotOurs) -> Servers:
    administrator = (
        in_role(target.owner_url, None)
        if is_named(target.owner_url)
        else urlsplit(target.owner_url)._replace(netloc=f"{ADMINISTRATOR}@").geturl()
    )
    async with connection(administrator, application="bench") as database:
        await database.execute(f"CREATE DATABASE {on_run(target.owner_url, 'bench')} OWNER {OWNER}")
    empty = replace(
        target,
        database_url=_beside(target.database_url),
        writer_url=_beside(target.writer_url),
        auditor_url=_beside(target.auditor_url),
        owner_url=_beside(target.owner_url),
    )
    return Servers(folder=folder, target=target, empty=empty, temporal=temporal)


def _beside(url: str) -> str:
    return urlsplit(url)._replace(path=f"/{on_run(url, 'bench')}").geturl()


@asynccontextmanager
async def office(
    dynamic_config: Mapping[str, str] | None = None, *, codec: CodecMode = CodecMode.ACCEPT_PLAIN
) -> AsyncGenerator[Office]:
    """Servers with officers, and no worker yet; whoever works there encrypts as ``codec`` says."""
    async with servers(dynamic_config) as found:
        sealing = replace(found.target.sealing, mode=codec)
        up = replace(found, target=replace(found.target, sealing=sealing))
        keyring = Keyring(up.folder / "keys")
        await ensure_development_officers(up.target.writer_url, keyring)
        client = await connect(up.target)
        signers = {officer: keyring.signer(officer) for officer in OFFICERS}
        officers = {officer: PlayedOfficer(client, signer) for officer, signer in signers.items()}
        yield Office(servers=up, client=client, officers=officers, drivers=Drivers(client, signers))


def environment(up: Servers) -> dict[str, str]:
    """Settings that lead a program to these servers, as an operator would write them."""
    return os.environ | {
        "TEMPORAL_ADDRESS": up.target.address,
        "TEMPORAL_NAMESPACE": up.target.namespace,
        "DATABASE_URL": up.target.writer_url,
        "GREENLIGHT_DATA": str(up.folder),
        "GREENLIGHT_CODEC": up.target.sealing.mode,
        # Letters wait for a quiet hour; letter_ms is what each costs.
        "GREENLIGHT_LETTER_INTERVAL": "86400",
    }


def reading_environment(up: Servers) -> dict[str, str]:
    """The same for a program that only reads the database."""
    return environment(up) | {"DATABASE_URL": up.target.database_url}


@asynccontextmanager
async def worker(up: Servers) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The worker in a process of its own, as in production."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.worker", env=environment(up), stdout=subprocess.PIPE
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
