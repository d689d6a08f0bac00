"""A worker on the shared servers, and officers to send commands to it."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from tests.workflows.office import Office, open_office


@pytest_asyncio.fixture(scope="session")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office
