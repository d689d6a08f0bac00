"""A log of its own for the desk, with everybody registered in it."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from greenlight.connection.target import Target
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.clock_kind import Kind
from tests.eventlog.crowd import TIMELESS, Crowd


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    return Crowd()


@pytest_asyncio.fixture(scope="session")
async def log(target: Target, crowd: Crowd) -> AsyncGenerator[Recorder]:
    async with connection(target.database_url, application="test") as admin:
        await admin.execute("CREATE DATABASE desk")
    dsn = urlsplit(target.database_url)._replace(path="/desk").geturl()
    await migrate(dsn)
    async with connection(dsn, application="test") as made:
        await made.execute(TIMELESS)
    async with Recorder(dsn) as log:
        await crowd.register(log)
        await crowd.enlist(log)
        yield log


@pytest_asyncio.fixture
async def letter_log(target: Target, crowd: Crowd) -> AsyncGenerator[str]:
    """A database in which no letter is owed yet, with everybody registered in it."""
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
    async with connection(target.database_url, application="test") as admin:
        await admin.execute(f"CREATE DATABASE {name}")
        dsn = urlsplit(target.database_url)._replace(path=f"/{name}").geturl()
        await migrate(dsn, kind=kind)
        async with connection(dsn, application="test") as made:
            await made.execute(TIMELESS)
        before = crowd.registrar.log
        async with Recorder(dsn) as log:
            await crowd.register(log)
        yield dsn
        crowd.sign_for(before)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
