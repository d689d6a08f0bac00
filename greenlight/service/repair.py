"""Workflows that cannot go on, started again from the log; and those named that this does not help."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from greenlight.connection.executions import Described, RunStatus, described, listed
from greenlight.kernel.messages import Resume
from greenlight.kernel.past import NEWER_RELEASE, newer_release
from greenlight.kernel.unopened import UnopenedError
from greenlight.law.contract import LOOK, TASK_QUEUE, SearchAttribute, workflow_type
from greenlight.law.registry import aggregate_of, with_workflow
from greenlight.service.background import Items
from greenlight.service.overfilled import Overfilled

GAUGE = "greenlight_stuck_workflows"
"""The metric of the cases that stand still and that nobody here can help."""

OVERDUE = timedelta(minutes=5)
"""A case whose deadline is past for longer stands still, however it looks; and whoever has just begun to look
gives all cases as long to come up to date."""

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""After the last time that a case was started again: so long until the next, and no more within an hour."""
_AN_HOUR = timedelta(hours=1)
_EVERY = timedelta(minutes=1)
"""For a look at what is overdue."""

_WAITING_FOR = SearchAttribute.WAITING_FOR.value
_WAITING = (
    f"TaskQueue = '{TASK_QUEUE}' AND ExecutionStatus = 'Running' AND {_WAITING_FOR} = '{NEWER_RELEASE}'"
)
_PROBLEMS = "TemporalReportedProblems"
_TORN = "cause=WorkflowTaskFailedCauseBadUpdateWorkflowExecutionMessage"
"""The mark that Temporal puts on a workflow that promises an update's answer and does not give it.

It names the first trouble alone. Where that was a time-out, as after a kill, only the attempts tell.
"""
_ATTEMPTS_UNANSWERED = 3
"""With the third attempt under way, a worker's death was not the only trouble of one that owes an answer."""
_ATTEMPTS = 5
"""With the fifth, whatever the trouble is has come to stay."""

_GONE = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.RESOURCE_EXHAUSTED})
"""It has ended, or was started again only a moment ago, by another worker."""

Overdue = Callable[[timedelta], Awaitable[Sequence[str]]]
"""The streams in the log whose next deadline is past for longer than a time."""

Records = Callable[[str], Awaitable[Sequence[str]]]
"""All records of a stream, oldest first."""

_log = structlog.stdlib.get_logger("repair")


_NONE_RUNS = "its deadline is past, and no workflow of it runs: starter.py resume starts one"


class Mender:
    """Looks for cases that stand still, now and then. Any number of workers may do so at once."""

    def __init__(
        self,
        temporal: Client,
        overdue: Overdue | None,
        records: Records,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without ``overdue``, as in a rehearsal, no deadline is one of the time of day; ``clock`` is in
        seconds."""
        self._temporal = temporal
        self._overdue = overdue
        self._records = records
        self._look_at_waiting_due = clock()
        self._clock = clock
        self._look_at_due = clock() + OVERDUE.total_seconds()
        self._started: dict[str, list[float]] = {}
        self._troubled: dict[str, str] = {}
        self._late: dict[str, str] = {}
        self._waiting: dict[str, str] = {}
        self._overfilled = Overfilled(temporal)
        self._in_vain: dict[str, str] = {}
        runtime = temporal.service_client.config.runtime or Runtime.default()
        about = "Cases that stand still, and that starting their workflow again did not or cannot help"
        self._gauge = runtime.metric_meter.create_gauge(GAUGE, about)

    @property
    def stuck(self) -> Mapping[str, str]:
        """The cases that nobody here can help, as of the last look, and why."""
        return self._late | self._waiting | self._troubled | self._in_vain

    async def look(self, items: Items) -> tuple[str, ...]:
        """Start each workflow again that does not go on, and name them. One with which that fails rests.

        :raises RPCError: where Temporal is away; the next look finds the same workflows.
        """
        before = self.stuck
        await self._look_at_waiting(items)
        mended = (
            *await self._look_at_troubled(items),
            *await self._look_at_overfilled(items),
            *await self._look_at_overdue(items),
        )
        for stream, reason in self.stuck.items():
            if stream not in before:
                _log.error("case stands still", case=stream, reason=reason)
        self._gauge.set(len(self.stuck))
        return mended

    async def _look_at_waiting(self, items: Items) -> None:
        """Those that wait for a newer release: knock, if this is the one."""
        if self._clock() < self._look_at_waiting_due:
            return
        self._look_at_waiting_due = self._clock() + _EVERY.total_seconds()
        found = [run.id async for run in listed(self._temporal, _WAITING) if _is_ours(run.id)]
        self._waiting.clear()
        for stream in found:
            with items.one(stream):
                _, newer = aggregate_of(stream).known_of(await self._records(stream))
                if newer is not None:
                    self._waiting[stream] = newer_release(newer)
                    continue
                try:
                    await _let_go(self._temporal, stream)
                    await self._temporal.get_workflow_handle(stream).signal(LOOK)
                except RPCError as error:
                    if error.status not in _GONE:
                        raise
                _log.info("the case waited for this release and is to look again", case=stream)

    async def _look_at_troubled(self, items: Items) -> tuple[str, ...]:
        """Those whose task fails, whatever the cause.

        One cause is an error of the SDK. A query that comes while a command is recorded may split the
        workflow task in two: the first part tells what was recorded, the second gives the answer. A worker
        that dies in between leaves a history on which the SDK's core answers in the replay, where it drops
        the answer and keeps the promise of it; the server refuses that task, now and for ever. The log has
        the command, so a new run takes over from there.
        """
        troubled = f"TaskQueue = '{TASK_QUEUE}' AND ExecutionStatus = 'Running' AND {_PROBLEMS} IS NOT NULL"
        found = [run.id async for run in listed(self._temporal, troubled) if _is_ours(run.id)]
        self._troubled.clear()
        return await self._mended(items, found, self._keeps_failing, self._troubled)

    async def _look_at_overfilled(self, items: Items) -> tuple[str, ...]:
        """Those that Temporal ended by itself. One that anybody asked it to end stays so."""
        found = [stream for stream in await self._overfilled.look() if _is_ours(stream)]
        self._in_vain.clear()
        return await self._mended(items, found, self._overfilled.left_ended, self._in_vain)

    async def _look_at_overdue(self, items: Items) -> tuple[str, ...]:
        """Those whose deadline has passed without a trace."""
        if self._overdue is None or self._clock() < self._look_at_due:
            return ()
        self._look_at_due = self._clock() + _EVERY.total_seconds()
        found = [stream for stream in await self._overdue(OVERDUE) if _is_ours(stream)]
        self._late.clear()
        return await self._mended(items, found, self._stands_still, self._late)

    async def _mended(
        self,
        items: Items,
        streams: Sequence[str],
        look: Callable[[str], Awaitable[Described | str | None]],
        stuck: dict[str, str],
    ) -> tuple[str, ...]:
        """Start those again that ``look`` shows, where it was not done too often; note why others are
        stuck."""
        mended: list[str] = []
        resting = items.resting()
        for stream in streams:
            if stream in resting:
                continue
            with items.one(stream):
                found = await look(stream)
                if isinstance(found, str):
                    stuck[stream] = found
                elif found is not None:
                    wait = self._wait(stream)
                    if wait is None:
                        stuck[stream] = f"started again {len(PAUSES)} times within the hour, in vain"
                    elif not wait and await self._is_started_again(found):
                        mended.append(stream)
        return tuple(mended)

    async def _is_started_again(self, seen: Described) -> bool:
        """Start it again, unless it has ended or somebody else was as quick."""
        try:
            await _start_again(self._temporal, seen)
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            if error.status not in _GONE:
                raise
            return False
        self._started[seen.id].append(self._clock())
        return True

    def _wait(self, stream: str) -> float | None:
        """Seconds before a case may be started again; None: for now it was done often enough."""
        now = self._clock()
        started = [at for at in self._started.get(stream, ()) if now - at < _AN_HOUR.total_seconds()]
        self._started[stream] = started
        if len(started) == len(PAUSES):
            return None
        return max(0.0, started[-1] + PAUSES[len(started)].total_seconds() - now) if started else 0.0

    async def _keeps_failing(self, stream: str) -> Described | str | None:
        try:
            seen = await described(self._temporal, stream)
            if seen.status is not RunStatus.RUNNING or not await self._fails(seen):
                return None
            # A case whose codec key is not here waits for it: another run would not read it either.
            await seen.summary(self._temporal)
            return seen
        except UnopenedError as error:
            return str(error)
        except RPCError as error:
            # The list may be a moment behind.
            if error.status not in _GONE:
                raise
            return None

    async def _fails(self, seen: Described) -> bool:
        if _TORN in seen.search_attributes.get(_PROBLEMS, ()) or seen.attempts >= _ATTEMPTS:
            return True
        return seen.attempts >= _ATTEMPTS_UNANSWERED and await self._owes_an_answer(seen)

    async def _owes_an_answer(self, seen: Described) -> bool:
        handle = self._temporal.get_workflow_handle(seen.id, run_id=seen.run_id)
        unanswered: set[str] = set()
        async for event in handle.fetch_history_events():
            if event.HasField("workflow_execution_update_accepted_event_attributes"):
                accepted = event.workflow_execution_update_accepted_event_attributes
                unanswered.add(accepted.accepted_request.meta.update_id)
            unanswered.discard(event.workflow_execution_update_completed_event_attributes.meta.update_id)
        return bool(unanswered)

    async def _stands_still(self, stream: str) -> Described | str | None:
        """Look closer at a case whose deadline is past. One whose task only waits for a worker is none."""
        try:
            seen = await described(self._temporal, stream)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return _NONE_RUNS
        match seen.status:
            case RunStatus.PAUSED:
                return "paused by an operator, and its deadline is past"
            case RunStatus.RUNNING if NEWER_RELEASE in seen.search_attributes.get(_WAITING_FOR, ()):
                return "it waits for a newer release, and its deadline is past"
            case RunStatus.RUNNING:
                return None if seen.attempts == 1 else seen
            case _:
                return _NONE_RUNS


async def _let_go(temporal: Client, stream: str) -> None:
    """Have any worker take the case's next task, and not only the one, of an older release perhaps, that has
    it in its cache."""
    case = WorkflowExecution(workflow_id=stream)
    request = ResetStickyTaskQueueRequest(namespace=temporal.namespace, execution=case)
    await temporal.workflow_service.reset_sticky_task_queue(request)


def _is_ours(stream: str) -> bool:
    """A stream of a kind that has a workflow; anybody may put another on the task queue."""
    return any(re.fullmatch(each.stream_pattern, stream) for each in with_workflow())


async def _start_again(temporal: Client, seen: Described) -> None:
    """In one step, so that whoever dies here leaves either the old run or the new one.

    :raises WorkflowAlreadyStartedError: it had ended, and another was started meanwhile.
    """
    policy = WorkflowIDConflictPolicy
    await temporal.start_workflow(
        workflow_type(seen.id),
        Resume(),
        id=seen.id,
        task_queue=TASK_QUEUE,
        id_conflict_policy=policy.TERMINATE_EXISTING if seen.lives else policy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=await seen.summary(temporal),
        static_details=await seen.details(temporal),
        memo=await seen.memo(temporal),
    )
