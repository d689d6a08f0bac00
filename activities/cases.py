"""What the workflows of cases have done for them, as activities."""

from contextlib import suppress

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.desk import Desk, EventLog, Screener
from licensing.application.aggregate import APPLICATION
from licensing.application.events import ApplicationGranted
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

    @activity.defn(name="decide_and_record")
    async def handle(self, request: DeskRequest) -> DeskAnswer:
        """Deal with a request at the desk."""
        if request.stream.startswith(application_stream("")):
            answer = await Desk(APPLICATION, self._log, self._screener, request).handle(request)
        else:
            answer = await Desk(LICENSE_AGGREGATE, self._log, self._screener, request).handle(request)
        await self._start_licenses(answer.records)
        return answer

    @activity.defn(name="read_stream")
    async def read_stream(self, stream: str, after: int) -> StreamPage:
        """The stream's records after a version, a page of them."""
        page = await self._log.read_stream(stream, after)
        await self._start_licenses(page.records)
        return page

    async def _start_licenses(self, records: tuple[str, ...]) -> None:
        """Give each license that a grant has begun in the log its workflow, before anyone hears of the grant.

        Whoever takes a grant over from the log passes here, so a lost answer or a reset leaves none without.
        """
        for record in records:
            if ApplicationGranted.__name__ in record:
                event = APPLICATION.read(record)
                if isinstance(event, ApplicationGranted):
                    await self._start_license(event.license_number)

    async def _start_license(self, number: str) -> None:
        with suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                LICENSE,
                Resume(),
                id=license_stream(number),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"License {number}",
            )
