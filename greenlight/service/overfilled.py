"""Runs that Temporal ended by itself: somebody had sent them more than it keeps of one, or answers at once.

Anybody who may write in the namespace can do so. The log has the case, and a new run begins with it.
"""

from datetime import datetime, timedelta

from temporalio.client import Client, WorkflowHandle, WorkflowHistoryEventFilterType
from temporalio.service import RPCError, RPCStatusCode

from greenlight.connection.executions import Described, RunStatus, described, listed
from greenlight.law.contract import TASK_QUEUE

_THE_SERVER = "history-service"
_TOO_MUCH = (" exceeds limit.", "GrpcMessageTooLarge")
"""The identity that ended the run, and the ends of the reasons: its history has too many bytes or events, or
a task of it was answered in more than a message holds. With another reason the server was asked to end it."""
_LISTED_LATE = timedelta(seconds=10)
"""Runs come into the list a moment after they ended, and not in the order of their ends."""
_JUDGED_AT_ONCE = 500
"""Ended runs for one look: after all cases were started again there are as many as cases."""


class Overfilled:
    """Looks for such runs, among all that ended since the last look."""

    def __init__(self, temporal: Client) -> None:
        self._temporal = temporal
        self._last_end: datetime | None = None
        self._listed: dict[str, str] = {}
        self._to_judge: dict[str, str] = {}
        self._found: set[str] = set()

    async def look(self) -> tuple[str, ...]:
        """The workflows of which a run was ended so, until ``left_ended`` finds that they go on.

        :raises RPCError: Temporal is away; the next look finds the same.
        """
        query = f"TaskQueue = '{TASK_QUEUE}' AND ExecutionStatus = 'Terminated'"
        if self._last_end is not None:
            query += f" AND CloseTime >= '{(self._last_end - _LISTED_LATE).isoformat()}'"
        runs = [run async for run in listed(self._temporal, query)]
        self._last_end = max((run.ended for run in runs if run.ended is not None), default=self._last_end)
        before, self._listed = self._listed, {run.run_id: run.id for run in runs}
        self._to_judge |= {run_id: of for run_id, of in self._listed.items() if run_id not in before}
        for run_id, workflow_id in list(self._to_judge.items())[:_JUDGED_AT_ONCE]:
            if await self._was_overfilled(workflow_id, run_id):
                self._found.add(workflow_id)
            del self._to_judge[run_id]
        return tuple(self._found)

    async def left_ended(self, workflow_id: str) -> Described | None:
        """The last run on the id, if it is one that Temporal ended by itself."""
        seen = await described(self._temporal, workflow_id)
        if seen.status is RunStatus.TERMINATED and await self._was_overfilled(workflow_id, seen.run_id):
            return seen
        self._found.discard(workflow_id)
        return None

    async def _was_overfilled(self, workflow_id: str, run_id: str) -> bool:
        handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(
            workflow_id, run_id=run_id
        )
        only_the_end = handle.fetch_history_events(
            event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT, skip_archival=True
        )
        try:
            ends = [event.workflow_execution_terminated_event_attributes async for event in only_the_end]
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            # Temporal keeps it no longer.
            return False
        return any(end.identity == _THE_SERVER and end.reason.endswith(_TOO_MUCH) for end in ends)
