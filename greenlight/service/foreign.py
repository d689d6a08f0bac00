"""Workflows that sit on the id of a case and are not what the log has, recognised and ended.

Whoever reaches Temporal may start a workflow under any id, that of a license to come for one. Nothing that it
says counts, since the log has the case; but as long as it runs, the case has no workflow that acts. And one
of ours may be ahead of a log that was restored to an older state.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.common import MetricMeter, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from greenlight.connection.executions import Described, RunStatus, described, is_paused, listed
from greenlight.kernel.messages import CaseStatus, Resume
from greenlight.law.contract import TASK_QUEUE, about, workflow_type
from greenlight.law.registry import aggregate_of, with_workflow
from greenlight.service.background import Items

COUNTER = "greenlight_foreign_workflows"
"""The metric that counts workflows of others which were ended."""
AHEAD = "greenlight_workflows_ahead"
"""The metric that counts workflows of ours that were ahead of the log, or went another way."""

Records = Callable[[str], Awaitable[Sequence[str]]]
"""All records of a stream, oldest first; none of one that the log does not have."""

_PUT_OFF = timedelta(seconds=10)
"""No run of ours waits so long before its first task; Temporal itself holds back a hasty next run for one."""
_ANSWER = timedelta(seconds=5)
"""Nothing follows from silence: the worker may be busy, or away."""

_log = structlog.stdlib.get_logger("desk")


@dataclass(frozen=True, slots=True)
class Unlike:
    """A workflow on the id of ``stream`` that is not what the log has, and what tells so. ``ahead``: it is
    one of ours by all that Temporal knows, and shows what the log does not have; else it is foreign."""

    stream: str
    workflow_type: str
    run_id: str
    reason: str
    runs: bool
    ahead: bool


async def unlike(temporal: Client, records: Records, stream: str) -> Unlike | None:
    """The last workflow on the id of a case, if it is not what the log has.

    By what Temporal says of it: the type, the task queue, a start that is put off; and by what it says of
    itself, where that is not what the log says. One that is behind the log, or does not answer, is not.

    :raises RPCError: Temporal is away.
    """
    try:
        seen = await described(temporal, stream)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    said = None
    reason = _outside(seen)
    if reason is None:
        said = await _status(temporal, seen)
        reason = said if isinstance(said, str) else await _otherwise(records, stream, said)
    if reason is None:
        return None
    ahead = isinstance(said, CaseStatus) and said.stream == stream
    return Unlike(stream, seen.workflow_type, seen.run_id, reason, seen.lives, ahead)


def count_ahead(meter: MetricMeter, stream: str) -> None:
    """Count one of ours that was ahead of the log."""
    about = "Workflows that were ahead of the log, or went another way, and began with it anew"
    meter.create_counter(AHEAD, about).add(1, {"kind": aggregate_of(stream).kind})


async def terminated(temporal: Client, found: Unlike) -> None:
    """End such a workflow, and raise the alarm: a line of log, and the metric."""
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
        "the workflow has what the log has not, and is ended"
        if found.ahead
        else "foreign workflow on the id of a case",
        case=found.stream,
        workflow_type=found.workflow_type,
        run_id=found.run_id,
        reason=found.reason,
        terminated=found.runs,
    )
    meter = (temporal.service_client.config.runtime or Runtime.default()).metric_meter
    if found.ahead:
        count_ahead(meter, found.stream)
        return
    meter.create_counter(COUNTER, "Workflows of others on the ids of cases, taken back").add(
        1, {"workflow_type": found.workflow_type}
    )


async def take_back(temporal: Client, records: Records, items: Items) -> None:
    """End every foreign workflow in Temporal's list that runs on the id of a case that the log has, and start
    the case's own. One with which that fails rests.

    :raises LogUnavailableError, RPCError: the log or Temporal is away.
    """
    resting = items.resting()
    for aggregate in with_workflow():
        query = (
            f"ExecutionStatus IN ('Running', 'Paused') AND WorkflowId STARTS_WITH '{aggregate.kind}-'"
            f" AND (WorkflowType != '{aggregate.workflow}' OR TaskQueue != '{TASK_QUEUE}')"
        )
        async for each in listed(temporal, query):
            if each.id not in resting:
                with items.one(each.id):
                    await _take_back(temporal, records, each.id)


async def _take_back(temporal: Client, records: Records, stream: str) -> None:
    if await records(stream) and (found := await unlike(temporal, records, stream)):
        await terminated(temporal, found)
        with suppress(WorkflowAlreadyStartedError):
            # Another worker may be as quick.
            await start_again(temporal, stream)


def _outside(seen: Described) -> str | None:
    """Words of Temporal about it that it would not have for one of ours."""
    ours = workflow_type(seen.id)
    if seen.workflow_type != ours:
        return f"it is a {seen.workflow_type}, and no {ours}"
    if seen.task_queue != TASK_QUEUE:
        return f"it asks the task queue {seen.task_queue}, and not {TASK_QUEUE}"
    if seen.to_begin is not None and seen.to_begin - seen.started > _PUT_OFF:
        return f"it is not to begin before {seen.to_begin.isoformat()}"
    return None


async def _status(temporal: Client, seen: Described) -> CaseStatus | str | None:
    """Its own words, or why one of ours would not say them. One that has ended, or that
    an operator paused, says nothing."""
    if seen.status is not RunStatus.RUNNING:
        return None
    stream = seen.id
    handle: WorkflowHandle[object, object] = temporal.get_workflow_handle(stream)
    try:
        async with asyncio.timeout(_ANSWER.total_seconds()):
            return await handle.query("status", result_type=CaseStatus)
    except (TimeoutError, RPCError, WorkflowQueryFailedError):
        # Our own says so, too, until it has its case from the log.
        return None
    except Exception as error:  # noqa: BLE001 - whatever a foreign answer does to whoever reads it
        if await is_paused(temporal, stream):
            return None
        return f"its status cannot be read: {type(error).__name__}"


async def _otherwise(records: Records, stream: str, said: CaseStatus | None) -> str | None:
    """The words that it has and the log has not."""
    if said is None:
        return None
    known = await records(stream)
    if said.stream != stream or said.version > len(known):
        return f"it shows {said.stream} at event {said.version}, and the log has {len(known)}"
    aggregate = aggregate_of(stream)
    state, newer = aggregate.known_state(known[: said.version])
    if newer is not None:
        # Only a newer release can tell.
        return None
    if state is None or aggregate.dossier_digest(state) != said.dossier:
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
        static_details=about(stream),
    )
