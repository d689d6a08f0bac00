"""Asking a workflow until it can answer: what Temporal refuses for a moment is asked again."""

import asyncio
from contextlib import suppress
from typing import TypeVar

from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from greenlight.client.answers import refusal
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import Model
from greenlight.law.contract import REGISTERED

A = TypeVar("A", bound=Model)

_PAUSE = 0.2
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
"""Temporal's words for an update that it took in and whose workflow ended before the answer."""


async def answered(
    handle: WorkflowHandle[object, object], name: str, command: SignedCommand, command_id: str
) -> Receipt:
    """The receipt of a command.

    It is sent again where Temporal gave up the workflow task that had the update, as it may when a case
    continues as new, where a case has ten updates in hand, which is the server's limit, and where the
    workflow was started again from the log under it. The command's id makes another try harmless.
    """
    while True:
        try:
            # One of the SDK's overloads leaves a type open; the one used here does not.
            return await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
                name, command, id=command_id, result_type=Receipt
            )
        except RPCError as error:
            again = error.status in {RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED}
            if not (again or await missed(handle, error, WorkflowExecutionStatus.RUNNING)):
                raise
        except WorkflowUpdateFailedError as error:
            if refusal(error).code != _CUT_OFF:
                raise
        await asyncio.sleep(_PAUSE)


async def missed(
    handle: WorkflowHandle[object, object], error: RPCError, status: WorkflowExecutionStatus
) -> bool:
    """Tell whether Temporal found nobody to take a message, and the workflow is there in this status."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    with suppress(RPCError):
        return (await handle.describe()).status is status
    return False


async def asked(
    handle: WorkflowHandle[object, object], name: str, answer: type[A], inputs: tuple[Model, ...]
) -> A:
    """The answer to a query, once the workflow can be asked: its first task may not be scheduled yet."""
    while True:
        try:
            return await handle.query(name, args=inputs, result_type=answer)
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_PAUSE)


async def until_registered(handle: WorkflowHandle[object, object]) -> None:
    """Wait for a run that has only just begun, perhaps anew, to have its case from the log."""
    with suppress(WorkflowUpdateFailedError, RPCError):
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]
