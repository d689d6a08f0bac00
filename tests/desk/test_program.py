"""The desk as a program: open where it is set to be, for nobody but whom it was told of, and shut in time."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.desk import DEVELOPMENT
from tests.addresses import free_address
from tests.workflows.office import Office

PATIENCE = 120


@asynccontextmanager
async def program(
    target: Target, settings: Settings, address: str, *words: str
) -> AsyncGenerator[tuple[Process, httpx.AsyncClient]]:
    """The program and somebody who knocks, ended with the context if it has not."""
    environment = {
        **os.environ,
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_CODEC_KEYS": str(target.sealing.keys),
        "GREENLIGHT_KEY_FOLDER": str(settings.keys),
        "GREENLIGHT_DESK_ADDRESS": address,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "greenlight.desk", *words), env=environment, stdin=PIPE, stderr=PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as http:
            yield process, http
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


async def test_it_opens_for_made_up_people_only_where_it_is_told_to(
    office: Office, target: Target, settings: Settings
) -> None:
    address = free_address()
    async with program(target, settings, address, DEVELOPMENT) as (process, http):
        await opened(http)
        assert "olga" in (await http.get("/sign-in")).text
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    async with program(target, settings, address, "--until-eof") as (process, http):
        await opened(http)
        assert "olga" not in (await http.get("/sign-in")).text
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_it_says_what_it_lacks(target: Target, settings: Settings) -> None:
    async with program(target, settings, "nowhere") as (process, _):
        _, told = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 2
        assert "GREENLIGHT_DESK_ADDRESS" in told.decode()
