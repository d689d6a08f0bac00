"""The place of a case's workflow in Temporal's task queues: one that is expedited comes before others."""

from collections.abc import Iterable

import structlog
from temporalio.api.common.v1 import Priority, WorkflowExecution
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.law.application.expedite.events import ExpediteGranted

EXPEDITED = 1
"""The highest of Temporal's five priorities; others have 3, which is what it gives without being asked."""

_GRANTED = f'"type":"{ExpediteGranted.__name__}"'

_log = structlog.stdlib.get_logger("desk")


class Priorities:
    """Gives workflows their priority. Once more is harmless."""

    def __init__(self, temporal: Client) -> None:
        self._temporal = temporal

    async def show(self, stream: str, records: Iterable[str]) -> None:
        """Put the workflow of a case before others, if these records of it say that it is expedited.

        Whoever takes the case over from the log passes here, so a run that follows has it, too. In the log
        and in worklists the case comes first whatever becomes of this: where Temporal has another word for
        it, or none, it goes on, and that is told.
        """
        if not any(_GRANTED in record for record in records):
            return
        request = UpdateWorkflowExecutionOptionsRequest(
            namespace=self._temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=stream),
            workflow_execution_options=WorkflowExecutionOptions(priority=Priority(priority_key=EXPEDITED)),
        )
        request.update_mask.paths.append("priority")
        try:
            await self._temporal.workflow_service.update_workflow_execution_options(request)
        except RPCError as error:
            _log.warning("no priority in the task queues", case=stream, status=error.status.name)
