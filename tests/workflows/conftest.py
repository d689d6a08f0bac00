"""A worker on the shared servers, and officers to send commands to it."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from tests.workflows.office import Office, nothing_is_a_fault, open_office


@pytest_asyncio.fixture(scope="session")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """What all tests had it record is in the end audited: none of it is a fault."""
    async with open_office(settings, target) as office:
        yield office
    await nothing_is_a_fault(target)
