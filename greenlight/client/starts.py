"""Starting the workflow of a case: a new one with its first command, or one that ended, from the log."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TypedDict

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from greenlight.client.answers import Paused, Refused, Unanswered, passing, refusal, silence
from greenlight.client.asking import update_id
from greenlight.connection.executions import RunStatus, described
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus, Resume
from greenlight.kernel.refusal import RefusalCode, known_codes
from greenlight.kernel.streams import stream_key
from greenlight.law.contract import REGISTERED, TASK_QUEUE, about, workflow_type
from greenlight.law.registry import aggregate_of


class Opening(TypedDict):
    """The options by which the workflow of a case is started, whoever starts it."""

    workflow: str
    id: str
    task_queue: str
    id_reuse_policy: WorkflowIDReusePolicy
    static_summary: str
    static_details: str
    memo: Mapping[str, object]


def opening(stream: str, submission: str) -> Opening:
    """The options for a new case of that stream; ``submission``: what it is known again by."""
    aggregate = aggregate_of(stream)
    return Opening(
        workflow=workflow_type(stream),
        id=stream,
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary=f"{aggregate.title} {stream_key(stream)}",
        static_details=about(stream),
        memo={"submission": submission},
    )


async def start(
    temporal: Client,
    patience: timedelta,
    stream: str,
    command: SignedCommand,
    submission: str,
) -> CaseStatus:
    """Start a case and wait until it is on record, or learn why it is not.

    ``submission``: what the case is known again by.
    """
    operation: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
        arg=command, id_conflict_policy=WorkflowIDConflictPolicy.FAIL, **opening(stream, submission)
    )
    try:
        async with asyncio.timeout(patience.total_seconds()):
            # One of the SDK's overloads leaves a type open; the one used here does not.
            return await temporal.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
                REGISTERED, start_workflow_operation=operation, result_type=CaseStatus
            )
    except WorkflowUpdateFailedError as error:
        refused = refusal(error)
        if refused.code in known_codes():
            raise refused from error
        raise await _start_refused(temporal, stream) from error
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise silence(f"{stream} was started, but no worker has put it on record yet") from error
    except RPCError as error:
        raise passing(error, f"it is not known whether {stream} is on record") from error
    finally:
        await _look_at_start(operation)


async def send_late(
    temporal: Client, stream: str, name: str, command: SignedCommand, command_id: str
) -> Receipt:
    """Take an ended case up again, and let the log say; then its workflow ends again.

    A license and a reprieve take some commands after their end, and a command that ended a case may be
    sent again by somebody who never got the answer.
    """
    operation: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
        workflow_type(stream),
        Resume(),
        id=stream,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"{stream}, taken up again after its end",
    )
    # One of the SDK's overloads leaves a type open; the one used here does not.
    return await temporal.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
        name,
        command,
        start_workflow_operation=operation,
        id=update_id(stream, name, command, command_id),
        result_type=Receipt,
    )


async def _look_at_start(start: WithStartWorkflowOperation[object, object]) -> None:
    """The SDK keeps a failure of the start a second time, and complains if nobody looks at it."""
    with suppress(Exception, asyncio.CancelledError):
        # It is there already, or never comes.
        async with asyncio.timeout(0):
            await start.workflow_handle()


async def _start_refused(temporal: Client, stream: str) -> Exception:
    """Find out why a start that Temporal accepted came to nothing; or that another run goes on with it."""
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    try:
        now = (await described(temporal, handle.id)).status
    except RPCError as error:
        return passing(error, f"it is not known whether {handle.id} is on record")
    if now is RunStatus.PAUSED:
        return Paused(handle.id)
    if now in {RunStatus.RUNNING, RunStatus.TERMINATED}:
        return Unanswered(f"{handle.id} was cut off; what was recorded of it stands")
    try:
        await handle.result()
    except WorkflowFailureError as error:
        if isinstance(error.cause, ApplicationError):
            return Refused(error.cause.type or RefusalCode.MALFORMED, error.cause.message)
        return error
    return Refused(RefusalCode.CASE_CLOSED, f"{handle.id} has its outcome")
