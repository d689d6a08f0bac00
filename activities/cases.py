"""Activities that the workflows of cases have done for them."""

import asyncio
from datetime import datetime
from functools import partial

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.declared import CaseWork
from greenlight.kernel.aggregate import Status
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Refused, Resume
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.contract import LOOK, TASK_QUEUE, indexed, workflow_type
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.registry import aggregate_of
from greenlight.service.desk import Desk, EventLog
from greenlight.service.foreign import foreign, records_of, terminated
from greenlight.service.suppliers import Determiner, Screener, Suppliers
from greenlight.service.unrecorded import Unrecorded

_log = structlog.stdlib.get_logger("desk")


class CaseActivities(CaseWork):
    """Local activities over the event log, a screener and a Temporal client.

    Errors are left to Temporal, which tries again: a second try is harmless.
    """

    def __init__(
        self,
        log: EventLog,
        screener: Screener,
        temporal: Client,
        kind: Kind = Kind.PRODUCTION,
        determiner: Determiner | None = None,
    ) -> None:
        """``kind`` is the log's; without a ``determiner`` nothing is proposed."""
        self._log = log
        self._kind = kind
        self._suppliers = Suppliers(log, screener, determiner)
        self._temporal = temporal

    @activity.defn(name="decide_and_record")
    async def decide_and_record(self, request: DeskRequest) -> DeskAnswer:
        answer = self._of_the_other_kind(request) or await self._at_the_desk(request)
        await self._start_licenses(answer.records)
        _tell(request, answer)
        return answer

    @activity.defn(name="read_stream")
    async def read_stream(self, stream: str, after: int) -> StreamPage:
        page = await self._log.read_stream(stream, after)
        await self._start_licenses(page.records)
        return page.model_copy(update={"kind": self._kind})

    def _of_the_other_kind(self, request: DeskRequest) -> DeskAnswer | None:
        """Nothing that goes by the other kind's clock gets into the log.

        A start is refused; it is no case of this log, so that it leaves nothing there.

        :raises ValueError: a workflow in the midst of its life has come to the wrong worker, and waits for
            the right one.
        """
        if request.kind is self._kind:
            return None
        problem = f"the workflow goes by the clock of {request.kind}, and the log is of {self._kind}"
        if request.incoming is None or request.version:
            raise ValueError(f"{request.stream}: {problem}")
        refused = Refused(code=RefusalCode.WRONG_CLOCK, message=problem)
        _log.warning("refused", case=request.stream, code=refused.code.value)
        return DeskAnswer(records=(), refused=refused)

    async def _at_the_desk(self, request: DeskRequest) -> DeskAnswer:
        aggregate = aggregate_of(request.stream)
        return await Desk(aggregate, self._log, self._suppliers, request).handle(request)

    async def _start_licenses(self, records: tuple[str, ...]) -> None:
        """Give each license that a grant has begun in the log its workflow, before anyone hears of the grant.

        Whoever takes a grant over from the log passes here, so a lost answer or a reset leaves none without.
        """
        for record in records:
            if ApplicationGranted.__name__ in record:
                event = await asyncio.to_thread(APPLICATION.read, record)
                if isinstance(event, ApplicationGranted):
                    await self._start_license(event.license_number)

    async def _start_license(self, number: str) -> None:
        stream = license_stream(number)
        records = (await self._log.read_stream(stream)).records
        issued = await asyncio.to_thread(LICENSE.replay, None, records)
        if issued is None:
            raise ValueError(f"the log has a grant of {number} but no such license")
        status = LICENSE.status(issued)
        start = partial(
            self._temporal.start_workflow,
            workflow_type(stream),
            Resume(),
            id=stream,
            task_queue=TASK_QUEUE,
            static_summary=f"License {number}, granted on application {issued.acn}",
            # A directive may revoke it at once.
            start_signal=LOOK if self._log.standing().directives else None,
            search_attributes=_search_attributes(status),
        )
        try:
            await start(id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
        except WorkflowAlreadyStartedError:
            found = await foreign(self._temporal, partial(records_of, self._log), stream)
            if found is not None:
                await terminated(self._temporal, found)
            elif status.closed:
                return
            # One that has ended is none of this license, whose end is not on record.
            try:
                await start(id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE)
            except WorkflowAlreadyStartedError:
                if found is not None:
                    # Somebody sits there again, and it is tried again.
                    raise


_UNRECORDED = Unrecorded()


def _tell(request: DeskRequest, answer: DeskAnswer) -> None:
    """One line of log for each message, by ids alone: nothing of what it says."""
    if request.incoming is None:
        return
    line = _log.bind(case=request.stream, run_id=activity.info().workflow_run_id)
    if answer.receipt is not None:
        receipt = answer.receipt
        line.info("accepted", command_id=receipt.command_id, stage=receipt.stage, version=receipt.version)
    elif answer.refused is not None:
        refused = answer.refused
        line = line.bind(command_id=refused.command_id, code=refused.code.value)
        if refused.on_record:
            line.warning("refused")
            return
        _UNRECORDED.add(activity.metric_meter(), refused.code.value)
        if (untold := _UNRECORDED.due()) is not None:
            line.warning("refused and not recorded", untold=untold)


def _search_attributes(status: Status) -> TypedSearchAttributes:
    """The attributes that the license's workflow would otherwise have to set first of all."""
    pairs: list[SearchAttributePair[str] | SearchAttributePair[datetime]] = []
    for name, value in indexed(status).items():
        if isinstance(value, str):
            pairs.append(SearchAttributePair(SearchAttributeKey.for_keyword(name), value))
        elif isinstance(value, datetime):
            pairs.append(SearchAttributePair(SearchAttributeKey.for_datetime(name), value))
    return TypedSearchAttributes(pairs)
