"""Servers that the tests share: one PostgreSQL and one Temporal for the whole run of a process."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from connection.settings import Settings
from connection.target import Target, embedded_target
from embedded import Postgres, TemporalServer
from embedded.temporal import NAMESPACE
from licensing.contract import SearchAttribute

TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}


@pytest_asyncio.fixture(scope="session")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """Real servers on free ports, with time skipping switched on in Temporal."""
    folder = tmp_path_factory.mktemp("servers")
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres = Postgres(folder)
    temporal = TemporalServer(
        folder, port=0, ui_port=0, search_attributes=attributes, dynamic_config=TIME_SKIPPING
    )
    try:
        await postgres.start()
        await temporal.start()
        yield embedded_target(temporal.address, NAMESPACE, postgres.database_url, temporal.ui)
    finally:
        await temporal.stop()
        await postgres.stop()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a worker under test: everything in a folder of its own, workflows in the sandbox."""
    folder: Path = tmp_path_factory.mktemp("data")
    return Settings(data=folder, sandbox=True, graceful_shutdown=5)
