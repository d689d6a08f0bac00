"""Rehearsals on the real servers: each with a database and a namespace of its own."""

import itertools
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio.client import Client

from bench.named import namespace_on_run, new_namespace
from greenlight.cli.operations.development import OFFICERS, ensure_development_officers
from greenlight.client import Keyring, Signer
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.read import Reader
from greenlight.kernel.clock_kind import Kind
from greenlight.rehearsal import Driver
from tests import addresses
from worker import service

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """A rehearsal that runs, and everybody's signer."""

    temporal: Client
    target: Target
    reader: Reader
    signers: Mapping[str, Signer]

    def driver(self, seed: int, start: datetime, *, at_once: int = 8, days: int = 7) -> Driver:
        window = timedelta(days=days)
        return Driver(self.temporal, self.reader, seed=seed, start=start, at_once=at_once, window=window)

    async def records(self) -> dict[str, list[str]]:
        """The records of every case, byte for byte, by stream."""
        found: dict[str, list[str]] = {}
        async for event in self.reader.log():
            if not event.stream.startswith("officer-"):
                found.setdefault(event.stream, []).append(event.record)
        return found


async def elsewhere(target: Target, kind: Kind = Kind.REHEARSAL) -> Target:
    """A database of this kind and an empty namespace on the same servers."""
    name = f"rehearsal_{next(_numbers)}"
    await addresses.create_database(target.database_url, name)
    there = addresses.elsewhere(target, name)
    await migrate(there.owner_url, kind=kind)
    return await new_namespace(there, namespace_on_run(there, name))


@asynccontextmanager
async def open_stage(settings: Settings, target: Target) -> AsyncGenerator[Stage]:
    """A worker, in this process, on a rehearsal that is there."""
    async with service(rehearsing(settings), target), seats(settings, target) as stage:
        yield stage


@asynccontextmanager
async def seats(settings: Settings, target: Target) -> AsyncGenerator[Stage]:
    """Without a worker."""
    keyring = Keyring(settings.keys)
    await ensure_development_officers(target.writer_url, keyring)
    async with Reader(target.database_url) as reader:
        signers = {name: keyring.signer(name) for name in OFFICERS}
        yield Stage(await connect(target), target, reader, signers)


def rehearsing(settings: Settings) -> Settings:
    return settings.model_copy(update={"kind": Kind.REHEARSAL})
