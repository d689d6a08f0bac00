"""The desk as a program: open where it is set to be, for nobody but whom it was told of, and shut in time."""

import asyncio
import signal

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.desk import DEVELOPMENT
from tests.addresses import free_address
from tests.programs import PATIENCE, opened, program
from tests.workflows.office import Office

DESK = "greenlight.desk"


async def test_it_opens_for_made_up_people_only_where_it_is_told_to(
    office: Office, target: Target, settings: Settings
) -> None:
    said = {"GREENLIGHT_DESK_ADDRESS": free_address(), "GREENLIGHT_KEY_FOLDER": str(settings.keys)}
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


async def test_it_says_what_it_lacks(target: Target) -> None:
    async with program(DESK, target, GREENLIGHT_DESK_ADDRESS="nowhere") as (process, _):
        _, told = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 2
        assert "GREENLIGHT_DESK_ADDRESS" in told.decode()
