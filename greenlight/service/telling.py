"""Workflows told that others have recorded in their streams, in the background and one at a time.

What is on record counts already. A workflow that takes it over sets its timers and shows itself as the case
stands; one that was never told does so at its next message, or at its deadline.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode

from greenlight.kernel.clock_kind import TICK, Tick
from greenlight.law.contract import LOOK, TAKE_OVER
from greenlight.service.licenses import Licenses

AT_ONCE = 1
"""Workflows told at one time by a worker. With two, a person's command waits longer, and all are told hardly
sooner."""

_ANSWER = timedelta(seconds=10)
"""A workflow that does not answer in this time is left a signal."""

_SILENT = (RPCError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError)

_MOST = 1.0
"""Seconds for which one waits, at the most, for what is being decided."""


class Teller:
    """Tells workflows, whoever asks, so many at a time."""

    def __init__(self, temporal: Client, licenses: Licenses, deciding: Callable[[], Awaitable[None]]) -> None:
        """``deciding`` comes to its end when no case is being decided here: those come first."""
        self._temporal = temporal
        self._licenses = licenses
        self._deciding = deciding
        self._room = asyncio.Semaphore(AT_ONCE)

    async def tell(
        self, streams: Sequence[str], at: datetime | None, told: Callable[[int], None] | None = None
    ) -> None:
        """Have the workflow of each stream take over what is on record. ``told`` hears of how many are, in
        their order.

        ``at``: what time it is for them, in a rehearsal.

        :raises RPCError: Temporal is away.
        """
        begun = [asyncio.create_task(self._one(stream, at)) for stream in streams]
        try:
            for number, each in enumerate(begun, 1):
                await each
                if told is not None:
                    told(number)
        finally:
            for each in begun:
                each.cancel()

    async def knock(self, stream: str, at: datetime | None) -> None:
        """Have a case look now. Whether it did the log says, and not its answer or silence."""
        handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(stream)
        with suppress(*_SILENT):
            # As below.
            if at is not None:
                await handle.execute_update(TICK, Tick(at=at), rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]
            await handle.execute_update(LOOK, rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]

    async def now_or_later(
        self, streams: Sequence[str], at: datetime | None, *, later: bool
    ) -> tuple[str, ...]:
        """The streams whose workflows are still to be told, if whoever asks tells them ``later``. In a
        rehearsal, where time stands still meanwhile, they are told before anybody goes on."""
        if later and at is None:
            return tuple(streams)
        await self.tell(streams, at)
        return ()

    async def _one(self, stream: str, at: datetime | None) -> None:
        async with self._room:
            with suppress(TimeoutError):
                async with asyncio.timeout(_MOST):
                    await self._deciding()
            handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(stream)
            try:
                await self._update(handle, at)
            except _SILENT as error:
                if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                    # Whoever starts it has it read the log. The license that it granted waits for nobody.
                    await self._licenses.of(stream)
                    return
                await _left(handle)

    async def _update(self, handle: WorkflowHandle[object, object], at: datetime | None) -> None:
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(TAKE_OVER, rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]
        if at is not None:
            # A clock that is further on already says so.
            with suppress(WorkflowUpdateFailedError):
                await handle.execute_update(TICK, Tick(at=at), rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]


async def _left(handle: WorkflowHandle[object, object]) -> None:
    """Leave a signal, which Temporal keeps until the workflow takes it: one that is paused, say, or that a
    release before this one runs, which knows no other word."""
    try:
        await handle.signal(LOOK)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
