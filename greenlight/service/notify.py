"""Knocking at cases, so that each looks at what changed, and what goes with that in an activity."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from greenlight.kernel.clock_kind import TICK, Tick
from greenlight.law.contract import LOOK

AT_ONCE = 8
_ANSWER = timedelta(seconds=10)
"""A case that does not answer in this time is tried again later."""
_BEAT = 2.0
_SILENT = (RPCError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError)


class Knocker:
    """Knocks at eight cases at a time, whoever asks. ``at``: what time it is for them, in a rehearsal."""

    def __init__(self, temporal: Client, at: datetime | None) -> None:
        self._temporal = temporal
        self._at = at
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def knock(self, streams: Iterable[str]) -> None:
        """Have each case look now. Whether one did the log says, and not its answer or silence."""
        await asyncio.gather(*map(self._one, streams))

    async def _one(self, stream: str) -> None:
        async with self._gate:
            with suppress(*_SILENT):
                await self._look(stream)

    async def _look(self, stream: str) -> None:
        handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(stream)
        # One of the SDK's overloads leaves a type open; the one used here does not.
        if self._at is not None:
            await handle.execute_update(TICK, Tick(at=self._at), rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]
        await handle.execute_update(LOOK, rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]


@asynccontextmanager
async def heartbeats() -> AsyncGenerator[None]:
    """Tell Temporal that this worker lives, while a batch is gone through."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_BEAT)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
