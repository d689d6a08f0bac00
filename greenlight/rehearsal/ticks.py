"""Moving the clock of one case."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from greenlight.client import Refused, Unanswered
from greenlight.client.answers import PASSING, is_cancelled
from greenlight.connection.executions import RunStatus, described
from greenlight.kernel.clock_kind import TICK, Tick, Ticked
from greenlight.kernel.refusal import known_codes

PAUSE = 0.1
_AGAIN = PASSING | {RPCStatusCode.NOT_FOUND}
"""Temporal's answers where a run is just followed by another, or while it is away."""


async def tick(temporal: Client, stream: str, at: datetime, patience: timedelta) -> Ticked:
    """It is ``at`` now for this case. Returns once the case has nothing left to do by then.

    :raises Refused: its clock is further already, or it goes by the time of day.
    :raises Unanswered: nobody answered in time; the same tick again is harmless.
    """
    handle = temporal.get_workflow_handle(stream)
    why = "in time"
    try:
        async with asyncio.timeout(patience.total_seconds()):
            while True:
                try:
                    # One of the SDK's overloads leaves a type open; the one used here does not.
                    return await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
                        TICK, Tick(at=at), id=f"{TICK}-{at.isoformat()}", result_type=Ticked
                    )
                except RPCError as error:
                    if error.status not in _AGAIN:
                        raise
                    why = f"in time; the last answer of Temporal was {error.status.name}: {error.message}"
                    if error.status is RPCStatusCode.NOT_FOUND and await _has_ended(temporal, stream):
                        return Ticked(now=at, due=None)
                except WorkflowUpdateFailedError as error:
                    refused = _refused(error)
                    if refused is not None:
                        raise refused from error
                await asyncio.sleep(PAUSE)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        if is_cancelled():
            raise asyncio.CancelledError from error
        raise Unanswered(f"no worker answered {TICK} on {stream} {why}") from error


async def _has_ended(temporal: Client, stream: str) -> bool:
    """Tell whether the case has its outcome: a command may have come before the deadline."""
    with suppress(RPCError):
        return (await described(temporal, stream)).status is RunStatus.COMPLETED
    return False


def _refused(error: WorkflowUpdateFailedError) -> Refused | None:
    """The service's word; None where the run ended over the update."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in known_codes():
        return Refused(cause.type or "", cause.message)
    return None
