"""An auditor in a process of its own beside a service on this machine, for as long as that runs."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from greenlight.audit import place as places
from greenlight.audit.fault import Fault
from greenlight.audit.follow import PLACE
from greenlight.connection.settings import Settings

STOP_SECONDS = 15
LOOK_SECONDS = 0.2

UNTIL_EOF = "--until-eof"


@asynccontextmanager
async def beside(settings: Settings, auditor_url: str) -> AsyncGenerator[None]:
    """The auditor follows the log while the context lasts; it ends, too, where this program is killed."""
    environment = os.environ | {
        "GREENLIGHT_AUDITOR_URL": auditor_url,
        "GREENLIGHT_AUDITOR_FOLDER": str(settings.auditor_path),
        "GREENLIGHT_TILE_FOLDER": str(settings.tile_path),
        "GREENLIGHT_LOG_LEVEL": settings.log_level,
    }
    # That address is the worker's.
    environment.pop("GREENLIGHT_METRICS_ADDRESS", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "greenlight.audit",
        "follow",
        UNTIL_EOF,
        stdin=asyncio.subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None, "it was asked for"
    try:
        yield
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def audited(folder: Path, position: int, seconds: float) -> tuple[Fault, ...] | None:
    """The faults that the auditor found up to a position; None if it has not come so far in that time."""
    try:
        async with asyncio.timeout(seconds):
            # It is another process that goes on, and tells by a file alone.
            while (place := places.read(folder / PLACE)) is None or place.position < position:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            return place.faults
    except TimeoutError:
        return None
