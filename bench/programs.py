"""Programs that answer HTTP, each in a process of its own."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import httpx

from greenlight.serving.listening import address_of, listening

Environment = Mapping[str, str]


@asynccontextmanager
async def program(environment: Environment, name: str, *words: str) -> AsyncGenerator[tuple[str, int]]:
    """The address and the process of ``greenlight.NAME``, which asks nobody to ask less often."""
    with listening("127.0.0.1:0", name) as opened:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"greenlight.{name}", *words, "--listening", str(opened.fileno())),
            env={**environment, "GREENLIGHT_DOOR_RATE": "1000000", "GREENLIGHT_LOG_FORMAT": "json"},
            pass_fds=(opened.fileno(),),
            stdout=asyncio.subprocess.DEVNULL,
        )
        address = address_of(opened)
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as http:
            (await http.get("/healthz")).raise_for_status()
        yield address, process.pid
    finally:
        process.terminate()
        await process.wait()
