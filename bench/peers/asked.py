"""A peer in a process of its own, asked a line at a time."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

PROGRAMS: Final = Path(__file__).with_name("programs")

Ask = Callable[..., Awaitable[float]]
"""Asks by members of one JSON object; the figure that comes back."""


class PeerError(Exception):
    """A peer ended. What it said is on standard error."""


@asynccontextmanager
async def peer(interpreter: Path, program: str, **settings: object) -> AsyncGenerator[Ask]:
    """A program of this folder, run by the interpreter of its packages while the context lasts."""
    process = await asyncio.create_subprocess_exec(
        *(str(interpreter), str(PROGRAMS / program), json.dumps(settings)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None, "it was asked for"
    assert process.stdout is not None, "it was asked for"
    asked, answers = process.stdin, process.stdout

    async def ask(**members: object) -> float:
        asked.write(json.dumps(members).encode() + b"\n")
        await asked.drain()
        line = await answers.readline()
        if not line:
            raise PeerError(f"{program} ended with code {await process.wait()}")
        return float(line)

    try:
        yield ask
    finally:
        asked.close()
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
