"""Programs of the service that answer by HTTP, started as an operator starts them."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from greenlight.connection.target import Target

PATIENCE = 120


@asynccontextmanager
async def program(
    module: str, target: Target, *words: str, **settings: str
) -> AsyncGenerator[tuple[Process, httpx.AsyncClient]]:
    """The program and somebody who knocks at its address, ended with the context if it has not.

    :param settings: beside those that lead to the servers; its address is the one whose name ends so.
    """
    environment = {
        **os.environ,
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_CODEC_KEYS": str(target.sealing.keys),
        "GREENLIGHT_LOG_FORMAT": "json",
        **settings,
    }
    address = next(value for name, value in settings.items() if name.endswith("_ADDRESS"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words), env=environment, stdin=PIPE, stderr=PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as http:
            yield process, http
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def opened(http: httpx.AsyncClient) -> None:
    """Return once it answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                (await http.get("/healthz")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                return
