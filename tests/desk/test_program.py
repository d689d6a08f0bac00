"""The desk as a program: open where it is set to be, for nobody but whom it was told of, and shut in time."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.desk import DEVELOPMENT
from greenlight.embedded import Postgres
from greenlight.embedded.postgres import _SETTINGS  # pyright: ignore[reportPrivateUsage] - to leave one out
from greenlight.eventlog.migrate import migrate
from tests.addresses import free_address
from tests.programs import PATIENCE, opened, program
from tests.workflows.office import Office

DESK = "greenlight.desk"


async def test_it_opens_for_made_up_people_only_where_it_is_told_to(
    office: Office, target: Target, settings: Settings
) -> None:
    said = {"GREENLIGHT_DESK_ADDRESS": free_address(), "GREENLIGHT_KEY_FOLDER": str(settings.keys)}
    if "GREENLIGHT_TEST_DATABASE" in os.environ:
        said["GREENLIGHT_DEVELOPMENT_KEYS"] = "true"
    async with program(DESK, target, DEVELOPMENT, **said) as (process, http):
        await opened(http)
        assert "olga" in (await http.get("/sign-in")).text
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    async with program(DESK, target, "--until-eof", **said) as (process, http):
        await opened(http)
        assert "olga" not in (await http.get("/sign-in")).text
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_made_up_people_sign_on_no_server_of_somebody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: Target, settings: Settings
) -> None:
    """They do once the deployment says so, on a log whose registrars are such."""
    monkeypatch.setattr(
        "greenlight.embedded.postgres._SETTINGS",
        tuple(each for each in _SETTINGS if not each.startswith("cluster_name")),
    )
    postgres = Postgres(tmp_path)
    await postgres.start()
    try:
        await migrate(postgres.owner_url)
        elsewhere = replace(target, database_url=postgres.database_url)
        address = free_address()
        said = {"GREENLIGHT_DESK_ADDRESS": address, "GREENLIGHT_KEY_FOLDER": str(settings.keys)}
        async with program(DESK, elsewhere, DEVELOPMENT, **said) as (process, _):
            _, told = await asyncio.wait_for(process.communicate(), PATIENCE)
            assert process.returncode == 2
            assert "GREENLIGHT_DEVELOPMENT_KEYS" in told.decode()
        async with program(DESK, elsewhere, **said) as (_, http):
            await opened(http)
        said["GREENLIGHT_DEVELOPMENT_KEYS"] = "true"
        async with program(DESK, elsewhere, DEVELOPMENT, **said) as (_, http):
            await opened(http)
            assert "The people below are made up" in (await http.get("/sign-in")).text
    finally:
        await postgres.stop()


async def test_it_says_what_it_lacks(target: Target) -> None:
    async with program(DESK, target, GREENLIGHT_DESK_ADDRESS="nowhere") as (process, _):
        _, told = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 2
        assert "GREENLIGHT_DESK_ADDRESS" in told.decode()
