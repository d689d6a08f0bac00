"""Asking a workflow until it can answer: what Temporal refuses for a moment is asked again."""

import asyncio
from contextlib import suppress
from typing import TypeVar

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from greenlight.client.answers import Paused, refusal
from greenlight.connection.executions import RunStatus, described, is_paused
from greenlight.kernel.authority import SignedCommand, read_claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Refusal
from greenlight.law.contract import REGISTERED

A = TypeVar("A", bound=Model)

_PAUSE = 0.2
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
"""Temporal's words for an update that it took in and whose workflow ended before the answer."""


_AGAIN = frozenset(
    {RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED}
)
"""Temporal's words for an update that it took in and let go, or will take in a moment."""
_LET_GO = "aborted"
"""A word in its message where it says so as if it were away itself."""


async def answered(
    temporal: Client, stream: str, name: str, command: SignedCommand, command_id: str
) -> Receipt:
    """The receipt of a command.

    It is sent again where Temporal gave up the workflow task that had the update, as it may when a case
    continues as new or has too much to do at once, and where the workflow was started again from the log
    under it. The command's id makes another try harmless.

    :raises Paused: an operator paused the case.
    """
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    while True:
        try:
            # One of the SDK's overloads leaves a type open; the one used here does not.
            return await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
                name, command, id=update_id(stream, name, command, command_id), result_type=Receipt
            )
        except RPCError as error:
            if not (sent_again(error) or await missed(temporal, stream, error, RunStatus.RUNNING)):
                raise
            await _must_not_be_paused(temporal, stream, error)
        except WorkflowUpdateFailedError as error:
            if refusal(error).code != _CUT_OFF:
                raise
        await asyncio.sleep(_PAUSE)


def update_id(stream: str, name: str, command: SignedCommand, command_id: str) -> str:
    """The id by which Temporal knows an update again: by the same sender, under the same id, of one body.

    Temporal compares nothing else, and would give the first answer to whoever uses that id for anything.
    """
    claims = read_claims(command.token)
    sender = command.token if isinstance(claims, Refusal) else claims.sub
    return digest([sender, stream, name, command_id, command.model_dump(mode="json", exclude={"token"})])


def sent_again(error: RPCError) -> bool:
    """Tell whether Temporal let an update go that may be sent again at once."""
    let_go = error.status is RPCStatusCode.UNAVAILABLE and _LET_GO in error.message.lower()
    return let_go or error.status in _AGAIN


async def _must_not_be_paused(temporal: Client, stream: str, error: RPCError) -> None:
    if error.status is RPCStatusCode.FAILED_PRECONDITION and await is_paused(temporal, stream):
        raise Paused(stream) from error


async def missed(temporal: Client, stream: str, error: RPCError, status: RunStatus) -> bool:
    """Tell whether Temporal found nobody to take a message, and the workflow is there in this status."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    with suppress(RPCError):
        return (await described(temporal, stream)).status is status
    return False


async def asked(temporal: Client, stream: str, name: str, answer: type[A], inputs: tuple[Model, ...]) -> A:
    """The answer to a query, once the workflow can be asked: its first task may not be scheduled yet.

    :raises Paused: an operator paused the case.
    """
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    while True:
        try:
            return await handle.query(name, args=inputs, result_type=answer)
        except ValueError:
            # The SDK does not know the status by which Temporal refuses to ask.
            if await is_paused(temporal, stream):
                raise Paused(stream) from None
            raise
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await _must_not_be_paused(temporal, stream, error)
            await asyncio.sleep(_PAUSE)


async def until_registered(temporal: Client, stream: str) -> None:
    """Wait for a run that has only just begun, perhaps anew, to have its case from the log."""
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    with suppress(WorkflowUpdateFailedError, RPCError):
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]
