"""A program that answers, in a process of its own beside a service on this machine, while that runs."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.serving.listening import address_of, listening

STOP_SECONDS = 15
UNTIL_EOF = "--until-eof"
LISTENING = "--listening"

_NOT_ITS_OWN = (
    "GREENLIGHT_METRICS_ADDRESS",
    "GREENLIGHT_HEALTH_ADDRESS",
    "GREENLIGHT_WRITER_URL",
    "GREENLIGHT_AUDITOR_URL",
    "GREENLIGHT_OWNER_URL",
)


@asynccontextmanager
async def beside(
    settings: Settings, target: Target, module: str, address: str, what: str, *words: str
) -> AsyncGenerator[str]:
    """The program of a module is open at an address while the context lasts, at this URL; it ends, too, where
    this program is killed. ``what`` people call it; ``words``: more that it is told.

    :raises AddressError: its address is taken, or not this machine's.
    """
    environment = os.environ | {
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_TILE_FOLDER": str(settings.tile_path),
        "GREENLIGHT_KIND": settings.kind.value,
        "GREENLIGHT_CODEC": settings.codec.value,
        "GREENLIGHT_CODEC_KEYS": str(settings.codec_keys_file.absolute()),
        "GREENLIGHT_LOG_LEVEL": settings.log_level,
    }
    for name in _NOT_ITS_OWN:
        environment.pop(name, None)
    with listening(address, what) as opened:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            UNTIL_EOF,
            LISTENING,
            str(opened.fileno()),
            *words,
            stdin=asyncio.subprocess.PIPE,
            env=environment,
            pass_fds=(opened.fileno(),),
        )
        url = f"http://{address_of(opened)}"
    assert process.stdin is not None, "it was asked for"
    try:
        yield url
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
