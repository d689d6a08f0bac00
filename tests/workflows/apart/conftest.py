"""A worker on servers of its own for each module: what is decided here is asked of all open cases, and tests
on the shared servers leave some behind that do not answer and are waited for."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from tests.conftest import servers
from tests.workflows.office import Office, nothing_is_a_fault, open_office


@pytest.fixture(scope="module")
def settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings.model_copy(update={"data": tmp_path_factory.mktemp("data")})


@pytest_asyncio.fixture(scope="module")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    async with servers(tmp_path_factory.mktemp("servers")) as target:
        yield target


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """What a module had it record is in the end audited: none of it is a fault."""
    async with open_office(settings, target) as office:
        yield office
    await nothing_is_a_fault(target)
