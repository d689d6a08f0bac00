"""What the workflows of cases have done for them, as activities."""

from contextlib import suppress

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.desk import Desk, EventLog, Screener
from licensing.application.aggregate import APPLICATION
from licensing.commit import StreamPage
from licensing.contract import LICENSE, TASK_QUEUE, application_stream, license_stream
from licensing.license.aggregate import LICENSE as LICENSE_AGGREGATE
from licensing.messages import DeskAnswer, DeskRequest, Resume


class CaseActivities:
    """Local activities over the event log, a screener and a Temporal client.

    Errors are left to Temporal, which tries again: a second try is harmless.
    """

    def __init__(self, log: EventLog, screener: Screener, temporal: Client) -> None:
        self._log = log
        self._screener = screener
        self._temporal = temporal

    @activity.defn(name="handle")
    async def handle(self, request: DeskRequest) -> DeskAnswer:
        """Deal with a request at the desk."""
        if request.stream.startswith(application_stream("")):
            return await Desk(APPLICATION, self._log, self._screener, request).handle(request)
        return await Desk(LICENSE_AGGREGATE, self._log, self._screener, request).handle(request)

    @activity.defn(name="read_stream")
    async def read_stream(self, stream: str, after: int) -> StreamPage:
        """The stream's records after a version, a page of them."""
        return await self._log.read_stream(stream, after)

    @activity.defn(name="start_license")
    async def start_license(self, number: str, acn: str) -> None:
        """Start the workflow of a license, which takes its terms from the log."""
        # It is there already where an answer was lost, or the application was reset or taken up again.
        with suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                LICENSE,
                Resume(),
                id=license_stream(number),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"License {number}, granted on application {acn}",
            )
