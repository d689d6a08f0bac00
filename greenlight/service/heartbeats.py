"""Heartbeats, which an activity sends Temporal while it lasts: that the worker lives, and how far it is."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio import activity

_BEAT = 2.0


@dataclass(slots=True)
class Progress:
    """The number of a batch that is done: whoever tries it again is told so by ``heartbeat_details``."""

    reached: int = 0


@asynccontextmanager
async def heartbeats() -> AsyncGenerator[Progress]:
    """Tell Temporal that this worker lives, while a batch is gone through, and how far it is."""

    progress = Progress()

    async def beat() -> None:
        while True:
            activity.heartbeat(progress.reached)
            await asyncio.sleep(_BEAT)

    beating = asyncio.create_task(beat())
    try:
        yield progress
    finally:
        beating.cancel()
