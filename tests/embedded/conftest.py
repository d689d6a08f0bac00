"""Data folders for the tests."""

import asyncio
import shutil
from pathlib import Path

import pytest

from greenlight.embedded import Postgres


@pytest.fixture(scope="session")
def new_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first start leaves it."""
    folder = tmp_path_factory.mktemp("cluster")

    async def start_and_stop() -> None:
        postgres = Postgres(folder)
        await postgres.start()
        await postgres.stop()

    asyncio.run(start_and_stop())
    return folder


@pytest.fixture
def folder(tmp_path: Path, new_cluster: Path) -> Path:
    """A data folder with a new cluster: copied, which takes less time than a first start."""
    folder = tmp_path / "data"
    shutil.copytree(new_cluster / "postgres" / "data", folder / "postgres" / "data")
    return folder
