"""The service as it is, for each file of these tests, and a desk at it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from tests.desk.desks import Opened, open_desk
from tests.workflows.office import Office, open_office


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


@pytest_asyncio.fixture(scope="module")
async def desk(
    office: Office, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Opened]:
    tiles: Path = tmp_path_factory.mktemp("tiles")
    async with open_desk(office, settings.keys, tiles) as opened:
        yield opened
