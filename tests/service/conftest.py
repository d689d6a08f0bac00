"""Servers for these tests alone: they are killed here."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.service.site import Site, open_site


@pytest_asyncio.fixture(scope="package")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Site]:
    async with open_site(tmp_path_factory.mktemp("site")) as site:
        yield site
