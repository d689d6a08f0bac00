"""The door as a program: opened where it is set to be, shut when it is told to or when nobody is left."""

import asyncio
import signal
from collections.abc import AsyncGenerator

import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.roles import Role
from greenlight.signing.reading import sign_reading
from tests.addresses import free_address
from tests.programs import PATIENCE, opened, program
from tests.workflows.office import Office, open_office

DOOR = "greenlight.door"


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


async def test_it_opens_answers_and_ends_when_it_is_told_to(office: Office, target: Target) -> None:
    address = free_address()
    acme = office["acme"].signer
    assert acme.log is not None
    token = sign_reading("acme", Role.APPLICANT, acme.log, acme.key)
    async with program(DOOR, target, GREENLIGHT_DOOR_ADDRESS=address) as (running, http):
        await opened(http)
        said = await http.get("/docket", headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 200, said.text
        async with program(DOOR, target, GREENLIGHT_DOOR_ADDRESS=address) as (second, _):
            _, told = await asyncio.wait_for(second.communicate(), PATIENCE)
            assert second.returncode == 2
            assert f"the door cannot be opened at {address}" in told.decode()
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), PATIENCE) == 0


async def test_it_ends_where_whoever_started_it_is_no_more(office: Office, target: Target) -> None:
    address = free_address()
    async with program(DOOR, target, "--until-eof", GREENLIGHT_DOOR_ADDRESS=address) as (running, http):
        await opened(http)
        assert running.stdin is not None
        running.stdin.close()
        assert await asyncio.wait_for(running.wait(), PATIENCE) == 0


async def test_it_says_what_it_lacks(target: Target) -> None:
    async with program(DOOR, target, GREENLIGHT_DOOR_ADDRESS="nowhere") as (running, _):
        _, told = await asyncio.wait_for(running.communicate(), PATIENCE)
        assert running.returncode == 2
        assert "GREENLIGHT_DOOR_ADDRESS" in told.decode()
