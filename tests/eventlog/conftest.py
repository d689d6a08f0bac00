"""A PostgreSQL for these tests, and for each test a database of its own with everybody registered in it."""

import itertools
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.embedded import Postgres
from greenlight.embedded.users import OWNER
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from tests.addresses import as_administrator, as_user, create_database, drop_database
from tests.eventlog.crowd import TIMELESS, Crowd
from tests.eventlog.server import as_writer, database_url

_numbers = itertools.count(1)


@pytest_asyncio.fixture(scope="session")
async def server() -> AsyncGenerator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="eventlog-") as folder:
        postgres = Postgres(Path(folder))
        await postgres.start()
        try:
            yield postgres
        finally:
            await postgres.stop()


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    return Crowd()


@pytest_asyncio.fixture(scope="session")
async def template(server: Postgres, crowd: Crowd) -> str:
    """The name of a database with the schema and the crowd in it, to be copied."""
    dsn = await _create(server, "template_log", "template1")
    await migrate(as_user(dsn, OWNER))
    async with connection(as_administrator(dsn), application="test") as database:
        await database.execute(TIMELESS)
    async with Recorder(as_writer(dsn)) as recorder:
        await crowd.register(recorder)
    return "template_log"


@pytest_asyncio.fixture
async def dsn(server: Postgres, template: str) -> AsyncGenerator[str]:
    """A superuser's address; the service records by that of ``as_writer``."""
    name = f"log_{next(_numbers)}"
    yield await _create(server, name, template)
    await drop_database(server.database_url, name)


@pytest_asyncio.fixture
async def empty(server: Postgres) -> str:
    """A database without any schema."""
    return await _create(server, f"empty_{next(_numbers)}", "template1")


@pytest_asyncio.fixture
async def recorder(dsn: str) -> AsyncGenerator[Recorder]:
    async with Recorder(as_writer(dsn)) as recorder:
        yield recorder


@pytest_asyncio.fixture
async def database(dsn: str) -> AsyncGenerator[Connection]:
    """A superuser's connection."""
    async with connection(dsn, application="test") as database:
        yield database


async def _create(server: Postgres, name: str, template: str) -> str:
    await create_database(server.database_url, name, template)
    return database_url(server, name)
