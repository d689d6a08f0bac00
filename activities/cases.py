"""Activities that the workflows of cases have done for them."""

import asyncio

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.declared import CaseWork
from greenlight.eventlog.database import NOT_RECORDED
from greenlight.eventlog.payload import NotRecordableError
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import (
    DeskAnswer,
    DeskRequest,
    Refused,
    Sift,
    Sifted,
)
from greenlight.kernel.reading import Reading, read
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.registry import aggregate_of
from greenlight.service.desk import DeskGaveUpError, EventLog
from greenlight.service.foreign import count_ahead
from greenlight.service.handle import handle
from greenlight.service.licenses import Licenses
from greenlight.service.priorities import Priorities
from greenlight.service.suppliers import Suppliers
from greenlight.service.unforeseen import LawFailedError
from greenlight.service.unrecorded import Unrecorded

GAVE_UP = "greenlight_desk_gave_up"
LAW_FAILED = "greenlight_law_failed"

_log = structlog.stdlib.get_logger("desk")


MAX_TRIES = 6
"""Tries, in about three seconds, to decide a message over which the law fails, or to record what it leads to
and the log takes for wrong in itself. It may be a migration under way, or another release on another worker;
if it stays so, the message is refused, and the case goes on without it."""


class CaseActivities(CaseWork):
    """Local activities over the event log, its desk and a Temporal client.

    Errors are left to Temporal, which tries again: a second try is harmless. But no message keeps its case
    from all others by what cannot be decided or recorded.

    A request may say what the service itself is to record, and nobody signs that. So it is taken from the
    workflows of this worker alone: whoever reaches Temporal can ask for an activity by its name.

    :raises ApplicationError: of each, asked for from elsewhere; it is not tried again.
    """

    def __init__(
        self, log: EventLog, suppliers: Suppliers, licenses: Licenses, priorities: Priorities, kind: Kind
    ) -> None:
        """``kind`` is the log's."""
        self._log = log
        self._kind = kind
        self._suppliers = suppliers
        self._licenses = licenses
        self._priorities = priorities

    @activity.defn(name="decide_and_record")
    async def decide_and_record(self, request: DeskRequest) -> DeskAnswer:
        _asked_for_here()
        try:
            answer = self._of_the_other_kind(request) or await self._at_the_desk(request)
        except DeskGaveUpError as error:
            _tell_of_giving_up(request, error)
            raise
        except (LawFailedError, NotRecordableError, *NOT_RECORDED) as error:
            if isinstance(error, LawFailedError):
                _tell_of_the_law(request, error)
            if request.incoming is None or activity.info().attempt < MAX_TRIES:
                raise
            answer = _given_up(request, error)
        await self._licenses.start(answer.records)
        await self._priorities.show(request.stream, answer.records)
        if answer.anew:
            _tell_of_the_log(request, answer)
        if answer.newer is not None:
            _tell_of_a_newer_release(request.stream, answer.newer)
        _tell(request, answer)
        return answer

    @activity.defn(name="sift")
    async def sift(self, request: Sift) -> Sifted:
        _asked_for_here()
        if request.kind is not self._kind:
            # The desk says so of each that is more than noise.
            return Sifted(to_decide=tuple(range(len(request.messages))))
        run_id = activity.info().workflow_run_id
        assert run_id is not None, "a workflow asks"
        said = await self._sifted(request)
        for index in _UNRECORDED.news(run_id, request.before, len(said)):
            if (refused := said[index]) is not None:
                _tell_unrecorded(_log.bind(case=request.stream, run_id=run_id), refused.code)
        return Sifted(to_decide=tuple(index for index, refused in enumerate(said) if refused is None))

    async def _sifted(self, request: Sift) -> list[Refusal | None]:
        """The reason why each message leaves nothing on record, as far as can be told without the case."""
        aggregate = aggregate_of(request.stream)

        def readings() -> list[Reading | Refusal]:
            return [read(aggregate, request.stream, each, request.kind) for each in request.messages]

        return [
            each if isinstance(each, Refusal) else await self._log.unproven(each.proof, request.stream)
            for each in await asyncio.to_thread(readings)
        ]

    @activity.defn(name="read_stream")
    async def read_stream(self, stream: str, after: int) -> StreamPage:
        _asked_for_here()
        page = await self._log.read_stream(stream, after)
        # As the desk does: a workflow is given nothing that cannot be read here.
        events, newer = await asyncio.to_thread(aggregate_of(stream).known_of, page.records)
        records = page.records[: len(events)]
        await self._licenses.start(records)
        await self._priorities.show(stream, records)
        if newer is not None:
            _tell_of_a_newer_release(stream, newer)
        more = page.more and newer is None
        return StreamPage(records=records, more=more, kind=self._kind, newer=newer)

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
        return await handle(aggregate, self._log, self._suppliers, request)


def _kind(request: DeskRequest) -> str:
    return aggregate_of(request.stream).kind


def _tell_of_the_log(request: DeskRequest, answer: DeskAnswer) -> None:
    """Raise the alarm: what was on record once, and was answered for, is not so any more."""
    count_ahead(activity.metric_meter(), request.stream)
    _log.error(
        "the workflow has what the log has not, and begins with the log anew",
        case=request.stream,
        run_id=activity.info().workflow_run_id,
        workflow_version=request.version,
        records=len(answer.records),
        more=answer.more,
    )


def _tell_of_a_newer_release(stream: str, type_: str) -> None:
    _log.warning("the case waits for a newer release", case=stream, event_type=type_)


def _asked_for_here() -> None:
    """Refuse what no workflow of this worker asks for: those have it done as local activities.

    :raises ApplicationError: it is asked for from elsewhere.
    """
    if not activity.in_activity():
        return
    info = activity.info()
    if info.is_local:
        return
    _log.error(
        "work of a case was asked for from elsewhere, and is not done",
        activity=info.activity_type,
        workflow=info.workflow_id,
        workflow_type=info.workflow_type,
        run_id=info.workflow_run_id,
    )
    raise ApplicationError(f"{info.activity_type} is done for workflows of the service", non_retryable=True)


def _tell_of_giving_up(request: DeskRequest, error: DeskGaveUpError) -> None:
    """Say so each time: Temporal tries again after a while, and nobody else notices."""
    activity.metric_meter().create_counter(
        GAVE_UP, "Requests of workflows that came to no end at the desk within bounds, to be tried again"
    ).add(1, {"kind": _kind(request)})
    attempt = activity.info().attempt
    _log.error("gave up for now", case=request.stream, attempt=attempt, reason=str(error))


def _tell_of_the_law(request: DeskRequest, error: LawFailedError) -> None:
    """Raise the alarm, each time: the law has a fault, and a case meets it."""
    activity.metric_meter().create_counter(
        LAW_FAILED, "Tries to decide something over which the law failed by a fault of its own"
    ).add(1, {"kind": _kind(request)})
    attempt = activity.info().attempt
    _log.error("the law failed", case=request.stream, attempt=attempt, error=error.of, where=error.where)


def _given_up(request: DeskRequest, error: Exception) -> DeskAnswer:
    """Refuse the message, and have the workflow read what was recorded before it."""
    if isinstance(error, LawFailedError):
        code = RefusalCode.NOT_DECIDABLE
    else:
        # The error's own words may quote what was sent.
        _log.error("cannot be recorded", case=request.stream, error=type(error).__name__, exc_info=False)
        code = RefusalCode.NOT_RECORDABLE
    refused = Refused(code=code, message=code.meaning, on_record=False)
    return DeskAnswer(records=(), more=True, refused=refused)


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
        line = line.bind(command_id=refused.command_id)
        if refused.on_record:
            line.warning("refused", code=refused.code.value)
            return
        info = activity.info()
        if _UNRECORDED.is_news(info.workflow_run_id or "", info.activity_id):
            _tell_unrecorded(line, refused.code)


def _tell_unrecorded(line: structlog.stdlib.BoundLogger, code: Code) -> None:
    _UNRECORDED.add(activity.metric_meter(), code.value)
    if (untold := _UNRECORDED.due()) is not None:
        line.warning("refused and not recorded", code=code.value, untold=untold)
