"""A log of its own for the desk, with everybody registered in it."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from greenlight.connection.target import Target
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.clock_kind import Kind
from tests.addresses import as_administrator, create_database, drop_database, elsewhere
from tests.eventlog.crowd import TIMELESS, Crowd


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    return Crowd()


@pytest_asyncio.fixture(scope="session")
async def log(target: Target, crowd: Crowd) -> AsyncGenerator[Recorder]:
    await create_database(target.database_url, "desk")
    desk = elsewhere(target, "desk")
    await migrate(desk.owner_url)
    async with connection(as_administrator(desk.database_url), application="test") as made:
        await made.execute(TIMELESS)
    async with Recorder(desk.writer_url) as log:
        await crowd.register(log)
        await crowd.enlist(log)
        yield log


@pytest_asyncio.fixture
async def letter_log(target: Target, crowd: Crowd) -> AsyncGenerator[str]:
    """A worker's address of a database in which no letter is owed yet, with everybody registered in it."""
    async with _database(target, crowd, Kind.PRODUCTION) as dsn:
        yield dsn


@pytest_asyncio.fixture
async def rehearsal_log(target: Target, crowd: Crowd) -> AsyncGenerator[str]:
    """The same for a rehearsal."""
    async with _database(target, crowd, Kind.REHEARSAL) as dsn:
        yield dsn


@asynccontextmanager
async def _database(target: Target, crowd: Crowd, kind: Kind) -> AsyncGenerator[str]:
    name = f"letters_{uuid.uuid4().hex}"
    await create_database(target.database_url, name)
    there = elsewhere(target, name)
    await migrate(there.owner_url, kind=kind)
    async with connection(as_administrator(there.database_url), application="test") as made:
        await made.execute(TIMELESS)
    before = crowd.registrar.log
    async with Recorder(there.writer_url) as log:
        await crowd.register(log)
    yield there.writer_url
    crowd.sign_for(before)
    await drop_database(target.database_url, name)
