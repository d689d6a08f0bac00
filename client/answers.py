"""What Temporal's answers mean: a refusal, silence, or something to be tried again."""

import asyncio
from contextlib import suppress

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from licensing.authority import SignedCommand
from licensing.commit import Receipt
from licensing.contract import REGISTERED
from licensing.refusal import RefusalCode

_PAUSE = 0.2
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
"""What Temporal says of an update that it took in and whose workflow ended before the answer."""
_PASSING = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
    }
)
"""What Temporal says while it, or every worker, is away or has too much to do."""


class Refused(Exception):  # noqa: N818 - the field's word for a command that was not accepted
    """A command was not accepted. ``code`` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Unanswered(Exception):  # noqa: N818 - says what is the case: nobody answered, the outcome is open
    """Nobody answered in time, or Temporal is away. To send the same command again under its id is safe."""


def passing(error: RPCError, message: str) -> Exception:
    """What Temporal said, as what it means where it may say something else a moment later."""
    return Unanswered(f"{message}: {error.message}") if error.status in _PASSING else error


def silence(message: str) -> BaseException:
    """Nobody answered in time; or, which the SDK tells with the same error, the caller was cancelled."""
    task = asyncio.current_task()
    return asyncio.CancelledError() if task is not None and task.cancelling() else Unanswered(message)


async def look_at_start(start: WithStartWorkflowOperation[object, object]) -> None:
    """The SDK keeps a failure of the start a second time, and complains if nobody looks at it."""
    with suppress(Exception, asyncio.CancelledError):
        # It is there already, or never comes.
        async with asyncio.timeout(0):
            await start.workflow_handle()


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
            if as_refused(error).code != _CUT_OFF:
                raise
        await asyncio.sleep(_PAUSE)


async def missed(
    handle: WorkflowHandle[object, object], error: RPCError, status: WorkflowExecutionStatus
) -> bool:
    """Whether Temporal found nobody to take a message, and the workflow is there in this status."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    with suppress(RPCError):
        return (await handle.describe()).status is status
    return False


async def until_registered(handle: WorkflowHandle[object, object]) -> None:
    """Wait for a run that has only just begun, perhaps anew, to have its case from the log."""
    with suppress(WorkflowUpdateFailedError, RPCError):
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]


def as_refused(error: WorkflowUpdateFailedError) -> Refused:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return Refused(cause.type or RefusalCode.MALFORMED, cause.message)
    return Refused(RefusalCode.MALFORMED, str(cause))


async def start_refused(handle: WorkflowHandle[object, object]) -> Exception:
    """Why a start that Temporal accepted came to nothing; or that another run goes on with it."""
    try:
        now = (await handle.describe()).status
    except RPCError as error:
        return passing(error, f"it is not known whether {handle.id} is on record")
    if now in {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.TERMINATED}:
        return Unanswered(f"{handle.id} was cut off; what was recorded of it stands")
    try:
        await handle.result()
    except WorkflowFailureError as error:
        if isinstance(error.cause, ApplicationError):
            return Refused(error.cause.type or RefusalCode.MALFORMED, error.cause.message)
        return error
    return Refused(RefusalCode.CASE_CLOSED, f"{handle.id} has its outcome")
