"""A workflow that an error of the SDK keeps from going on is started again from the log, by the worker."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.api.command.v1 import (
    Command,
    ProtocolMessageCommandAttributes,
    RecordMarkerCommandAttributes,
)
from temporalio.api.enums.v1 import CommandType, EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.protocol.v1 import Message
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.update.v1 import Acceptance, Request
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    PollWorkflowTaskQueueResponse,
    RespondWorkflowTaskCompletedRequest,
)
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from greenlight.client import Keyring, LicensingClient
from greenlight.connection.target import connect
from greenlight.kernel.streams import application_stream, stream_key
from greenlight.law.application.commands import Submit, Withdraw
from greenlight.law.contract import REGISTERED, TASK_QUEUE
from tests.law.application.cases import new_submission
from tests.service.processes import PATIENCE
from tests.service.site import IMPATIENCE, Site, insist

A_SECOND = timedelta(seconds=1)
"""How long Temporal waits for a worker that took a task of these cases."""


@pytest.mark.parametrize(
    ("acn", "taken"), [("M000001", 0), ("M000002", 2)], ids=["at once", "after time-outs"]
)
async def test_an_answer_torn_in_two_is_mended(site: Site, tmp_path: Path, acn: str, taken: int) -> None:
    """What a kill leaves behind perhaps once in a thousand; here it is made on purpose.

    Workers that die with the next tasks hide the cause: Temporal then speaks of time-outs.
    """
    stream = application_stream(acn)
    seen = await _first_history(site, tmp_path / "first", acn)
    target = await site.new_namespace(f"torn-{taken}")
    signer = Keyring(site.settings.keys).signer("acme")
    acme = LicensingClient(await connect(target), signer, patience=IMPATIENCE)
    submitting = asyncio.create_task(_submit(acme, stream))
    task = await _take_a_task(acme.temporal)
    await _half_an_answer(acme.temporal, task, seen)
    for _ in range(taken):
        await _take_a_task(acme.temporal)
    async with site.worker(tmp_path / "second", TEMPORAL_NAMESPACE=target.namespace) as worker:
        with pytest.raises((RPCError, WorkflowUpdateFailedError)):
            await asyncio.wait_for(submitting, PATIENCE)
        filed = await insist(partial(acme.status, stream))
        torn = await _described(acme.temporal, stream, task.workflow_execution.run_id)
        anew = await _described(acme.temporal, stream)
        withdraw = partial(acme.decide, stream, Withdraw(), command_id=f"{acn}-withdraw")
        receipt = await insist(withdraw)
    assert (filed.version, filed.status.stage, receipt.version) == (2, "review", 3)
    assert torn.status == WorkflowExecutionStatus.TERMINATED
    assert anew.status == WorkflowExecutionStatus.RUNNING
    for shown in (WorkflowExecutionDescription.static_summary, WorkflowExecutionDescription.static_details):
        assert await shown(anew) == await shown(torn) is not None
    assert await anew.memo() == await torn.memo() == {"submission": acn}
    assert worker.err.count("was started again from the log") == 1, worker.err


async def _first_history(site: Site, folder: Path, acn: str) -> Sequence[HistoryEvent]:
    """The case goes on record, and its history is kept."""
    acme = await site.officer("acme")
    async with site.worker(folder):
        application = new_submission()
        await insist(partial(acme.submit, application, acn=acn, command_id=f"{acn}-submit"))
    return (await acme.temporal.get_workflow_handle(application_stream(acn)).fetch_history()).events


async def _submit(acme: LicensingClient, stream: str) -> None:
    """The start of the case, in a workflow whose tasks soon time out."""
    start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
        "LicenseApplication",
        acme.signer.sign("submit", stream, Submit(application=new_submission())),
        id=stream,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        task_timeout=A_SECOND,
        static_summary="A summary",
        static_details="Details",
        memo={"submission": stream_key(stream)},
    )
    # One of the SDK's overloads leaves a type open; the one used here does not.
    await acme.temporal.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
        REGISTERED, start_workflow_operation=start
    )


async def _take_a_task(temporal: Client) -> PollWorkflowTaskQueueResponse:
    request = PollWorkflowTaskQueueRequest(
        namespace=temporal.namespace, task_queue=TaskQueue(name=TASK_QUEUE), identity="dies soon"
    )
    async with asyncio.timeout(PATIENCE):
        return await temporal.workflow_service.poll_workflow_task_queue(request)


async def _half_an_answer(
    temporal: Client, task: PollWorkflowTaskQueueResponse, seen: Sequence[HistoryEvent]
) -> None:
    """Accept the update and tell what was recorded, as in ``seen``; its answer never comes."""
    (update,) = task.messages
    asked = Request()
    assert update.body.Unpack(asked)
    accept = Message(id=f"{update.id}/accept", protocol_instance_id=update.protocol_instance_id)
    accept.body.Pack(
        Acceptance(
            accepted_request_message_id=update.id,
            accepted_request_sequencing_event_id=update.event_id,
            accepted_request=asked,
        )
    )
    completed = _first(seen, EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
    marker = _first(seen, EventType.EVENT_TYPE_MARKER_RECORDED).marker_recorded_event_attributes
    accepts = Command(
        command_type=CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE,
        protocol_message_command_attributes=ProtocolMessageCommandAttributes(message_id=accept.id),
    )
    records = Command(
        command_type=CommandType.COMMAND_TYPE_RECORD_MARKER,
        record_marker_command_attributes=RecordMarkerCommandAttributes(
            marker_name=marker.marker_name, details=marker.details
        ),
    )
    await temporal.workflow_service.respond_workflow_task_completed(
        RespondWorkflowTaskCompletedRequest(
            namespace=temporal.namespace,
            task_token=task.task_token,
            messages=[accept],
            commands=[accepts, records],
            sdk_metadata=completed.workflow_task_completed_event_attributes.sdk_metadata,
            force_create_new_workflow_task=True,
        )
    )


def _first(events: Sequence[HistoryEvent], kind: EventType.ValueType) -> HistoryEvent:
    return next(event for event in events if event.event_type == kind)


async def _described(
    temporal: Client, stream: str, run_id: str | None = None
) -> WorkflowExecutionDescription:
    return await temporal.get_workflow_handle(stream, run_id=run_id).describe()
