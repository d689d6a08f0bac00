"""Workflows that cannot go on, started again from the log."""

from collections.abc import Mapping

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from greenlight.kernel.messages import Resume
from greenlight.law.contract import TASK_QUEUE

_PROBLEMS = "TemporalReportedProblems"
_TORN = "cause=WorkflowTaskFailedCauseBadUpdateWorkflowExecutionMessage"
"""The mark that Temporal puts on a workflow that promises an update's answer and does not give it.

It names the first trouble alone. Where that was a time-out, as after a kill, only the attempts tell.
"""
_ATTEMPTS = 3
"""With the third attempt under way, a worker's death was not the only trouble."""

_GONE = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.RESOURCE_EXHAUSTED})
"""It has ended, or was started again only a moment ago, by another worker."""


async def mend(temporal: Client) -> tuple[str, ...]:
    """Start each workflow again that an error of the SDK keeps from going on, and name them.

    A query that comes while a command is recorded may split the workflow task in two: the first part tells
    what was recorded, the second gives the answer. A worker that dies in between leaves a history on which
    the SDK's core answers in the replay, where it drops the answer and keeps the promise of it; the server
    refuses that task, now and for ever. The log has the command, so a new run takes over from there.

    Any number of workers may do so at once.

    :raises RPCError: where Temporal is away; the next try finds the same workflows.
    """
    troubled = f"TaskQueue = '{TASK_QUEUE}' AND ExecutionStatus = 'Running' AND {_PROBLEMS} IS NOT NULL"
    mended: list[str] = []
    async for found in temporal.list_workflows(troubled):
        try:
            # The list may be a moment behind.
            handle = temporal.get_workflow_handle(found.id, run_id=found.run_id)
            seen = await handle.describe()
            if await _is_torn(handle, seen):
                await _start_again(temporal, seen)
                mended.append(found.id)
        except RPCError as error:
            if error.status not in _GONE:
                raise
    return tuple(mended)


async def _is_torn(handle: WorkflowHandle[object, object], seen: WorkflowExecutionDescription) -> bool:
    if _TORN in seen.search_attributes.get(_PROBLEMS, ()):
        return True
    if seen.raw_description.pending_workflow_task.attempt < _ATTEMPTS:
        return False
    unanswered: set[str] = set()
    async for event in handle.fetch_history_events():
        if event.HasField("workflow_execution_update_accepted_event_attributes"):
            accepted = event.workflow_execution_update_accepted_event_attributes
            unanswered.add(accepted.accepted_request.meta.update_id)
        unanswered.discard(event.workflow_execution_update_completed_event_attributes.meta.update_id)
    return bool(unanswered)


async def _start_again(temporal: Client, seen: WorkflowExecutionDescription) -> None:
    """In one step, so that whoever dies here leaves either the old run or the new one."""
    memo: Mapping[str, object] = await seen.memo()
    await temporal.start_workflow(
        seen.workflow_type,
        Resume(),
        id=seen.id,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=await seen.static_summary(),
        static_details=await seen.static_details(),
        memo=memo,
    )
