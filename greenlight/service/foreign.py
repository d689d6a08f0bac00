"""Workflows that sit on the id of a case and are none of ours, recognised and taken back.

Whoever reaches Temporal may start a workflow under any id, that of a license to come for one. Nothing that it
says counts, since the log has the case; but as long as it runs, the case has no workflow that acts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import CaseStatus, Resume
from greenlight.law.contract import TASK_QUEUE, workflow_type
from greenlight.law.registry import aggregate_of, with_workflow

COUNTER = "greenlight_foreign_workflows"
"""The metric that counts workflows which were taken back."""

Records = Callable[[str], Awaitable[Sequence[str]]]
"""All records of a stream, oldest first; none of one that the log does not have."""

_PUT_OFF = timedelta(seconds=10)
"""No run of ours waits so long before its first task; Temporal itself holds back a hasty next run for one."""
_ANSWER = timedelta(seconds=5)
"""Nothing follows from silence: the worker may be busy, or away."""

_log = structlog.stdlib.get_logger("desk")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A workflow that is none of ours on the id of ``stream``, and what tells so."""

    stream: str
    workflow_type: str
    run_id: str
    reason: str
    runs: bool


class Pages(Protocol):
    """The part of the log that is needed here."""

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...


async def records_of(log: Pages, stream: str) -> list[str]:
    """All records of a stream, read page by page."""
    records: list[str] = []
    more = True
    while more:
        page = await log.read_stream(stream, len(records))
        records += page.records
        more = page.more
    return records


async def foreign(temporal: Client, records: Records, stream: str) -> Foreign | None:
    """The last workflow on the id of a case, if it is none of ours.

    By what Temporal says of it: the type, the task queue, a start that is put off; and by what it says of
    itself, where that is not what the log says. One that is behind the log, or does not answer, is not.

    :raises RPCError: Temporal is away.
    """
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    try:
        seen = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    runs = seen.status is WorkflowExecutionStatus.RUNNING
    reason = _outside(seen) or (await _inside(handle, records, stream) if runs else None)
    return Foreign(stream, seen.workflow_type, seen.run_id, reason, runs) if reason else None


async def terminated(temporal: Client, found: Foreign) -> None:
    """End a foreign workflow, and raise the alarm: a line of log, and the metric."""
    if found.runs:
        handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(
            found.stream, run_id=found.run_id
        )
        try:
            await handle.terminate(reason=f"the id is a case's of the licensing service: {found.reason}")
        except RPCError as error:
            # It ended by itself meanwhile.
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
    _log.error(
        "foreign workflow on the id of a case",
        case=found.stream,
        workflow_type=found.workflow_type,
        run_id=found.run_id,
        reason=found.reason,
        terminated=found.runs,
    )
    runtime = temporal.service_client.config.runtime or Runtime.default()
    runtime.metric_meter.create_counter(COUNTER, "Workflows of others on the ids of cases, taken back").add(
        1, {"workflow_type": found.workflow_type}
    )


async def take_back(temporal: Client, records: Records) -> None:
    """End every foreign workflow in Temporal's list that runs on the id of a case that the log has, and start
    the case's own.

    :raises RPCError: Temporal is away.
    """
    for aggregate in with_workflow():
        query = (
            f"ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '{aggregate.kind}-'"
            f" AND (WorkflowType != '{aggregate.workflow}' OR TaskQueue != '{TASK_QUEUE}')"
        )
        async for each in temporal.list_workflows(query):
            if await records(each.id) and (found := await foreign(temporal, records, each.id)):
                await terminated(temporal, found)
                with suppress(WorkflowAlreadyStartedError):
                    # Another worker may be as quick.
                    await start_again(temporal, each.id)


def _outside(seen: WorkflowExecutionDescription) -> str | None:
    """What Temporal says of it that it would not say of one of ours."""
    ours = workflow_type(seen.id)
    if seen.workflow_type != ours:
        return f"it is a {seen.workflow_type}, and no {ours}"
    if seen.task_queue != TASK_QUEUE:
        return f"it asks the task queue {seen.task_queue}, and not {TASK_QUEUE}"
    if seen.execution_time is not None and seen.execution_time - seen.start_time > _PUT_OFF:
        return f"it is not to begin before {seen.execution_time.isoformat()}"
    return None


async def _inside(handle: WorkflowHandle[object, object], records: Records, stream: str) -> str | None:
    """What it says of itself and the log does not."""
    try:
        async with asyncio.timeout(_ANSWER.total_seconds()):
            said = await handle.query("status", result_type=CaseStatus)
    except (TimeoutError, RPCError, WorkflowQueryFailedError):
        # Our own says so, too, until it has its case from the log.
        return None
    except Exception as error:  # noqa: BLE001 - whatever a foreign answer does to whoever reads it
        return f"its status cannot be read: {type(error).__name__}"
    known = await records(stream)
    if said.stream != stream or said.version > len(known):
        return f"it shows {said.stream} at event {said.version}, and the log has {len(known)}"
    aggregate = aggregate_of(stream)
    state = aggregate.replay(None, tuple(known[: said.version]))
    if state is None or digest(aggregate.dossier(state)) != said.dossier:
        return f"it shows another state at event {said.version} than the log has"
    return None


async def start_again(temporal: Client, stream: str) -> None:
    """Start the workflow of a case from the log, whatever ended on its id before.

    :raises WorkflowAlreadyStartedError: there is one that runs.
    """
    await temporal.start_workflow(
        workflow_type(stream),
        Resume(),
        id=stream,
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"{stream}, taken over from the log",
    )
