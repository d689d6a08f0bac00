"""The door as a program: opened where it is set to be, shut when it is told to or when nobody is left."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.roles import Role
from greenlight.signing.reading import sign_reading
from tests.addresses import free_address
from tests.workflows.office import Office, open_office

PATIENCE = 120


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


@asynccontextmanager
async def program(target: Target, address: str, *words: str) -> AsyncGenerator[Process]:
    """The program, ended with the context if it has not."""
    environment = {
        **os.environ,
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_CODEC_KEYS": str(target.sealing.keys),
        "GREENLIGHT_DOOR_ADDRESS": address,
        "GREENLIGHT_LOG_FORMAT": "json",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "greenlight.door", *words), env=environment, stdin=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def opened(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                (await http.get("/healthz")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_it_opens_answers_and_ends_when_it_is_told_to(office: Office, target: Target) -> None:
    address = free_address()
    acme = office["acme"].signer
    assert acme.log is not None
    token = sign_reading("acme", Role.APPLICANT, acme.log, acme.key)
    async with (
        program(target, address) as running,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as http,
    ):
        await opened(http)
        said = await http.get("/docket", headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 200, said.text
        async with program(target, address) as second:
            _, told = await asyncio.wait_for(second.communicate(), PATIENCE)
            assert second.returncode == 2
            assert f"the door cannot be opened at {address}" in told.decode()
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), PATIENCE) == 0


async def test_it_ends_where_whoever_started_it_is_no_more(office: Office, target: Target) -> None:
    address = free_address()
    async with (
        program(target, address, "--until-eof") as running,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as http,
    ):
        await opened(http)
        assert running.stdin is not None
        running.stdin.close()
        assert await asyncio.wait_for(running.wait(), PATIENCE) == 0


async def test_it_says_what_it_lacks(target: Target) -> None:
    async with program(target, "nowhere") as running:
        _, told = await asyncio.wait_for(running.communicate(), PATIENCE)
        assert running.returncode == 2
        assert "GREENLIGHT_DOOR_ADDRESS" in told.decode()
