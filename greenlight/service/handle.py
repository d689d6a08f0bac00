"""A workflow's request, from the case as the workflow holds it to the desk's answer.

The state does not come with the request: it is where the workflow holds it, in this process. Where it is not,
because the workflow was given up meanwhile, the log has it.
"""

import asyncio
from typing import TypeVar

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import last_of
from greenlight.kernel.held import HELD, Made, past_of
from greenlight.kernel.messages import DeskAnswer, DeskRequest
from greenlight.service.desk import Desk, EventLog
from greenlight.service.folding import Folded
from greenlight.service.suppliers import Suppliers

S = TypeVar("S", bound=Staged)


async def handle(
    aggregate: Aggregate[S], log: EventLog, suppliers: Suppliers, request: DeskRequest
) -> DeskAnswer:
    """Deal with a workflow's request about its case as it holds it, which may be behind the log.

    :raises DeskGaveUpError: that came to no end.
    """
    case, known = await _held(aggregate, log, request)
    if request.look_into is not None:
        await log.read_standing()
    desk = Desk(aggregate, log, suppliers, case, request)
    if not known:
        await desk.begin_anew()
    elif request.look_into is not None or request.newer or request.behind:
        # Whoever knocks wants the case to stand where the log does, also if there is nothing to record.
        await desk.catch_up()
    answer = await desk.deal_with(request)
    if answer.records and not answer.more and case.past is not None:
        HELD.hand_over(case.past, Made(case.state, desk.events))
    return answer


async def _held(aggregate: Aggregate[S], log: EventLog, request: DeskRequest) -> tuple[Folded[S], bool]:
    """The case as the workflow holds it, or as the log has it up to that version; False: the log has not."""
    stream, version, past = request.stream, request.version, request.past
    case = Folded[S](stream, version=version, last=request.last, size=request.size, past=past)
    if version == 0:
        case.past = past_of(stream)
        return case, True
    if past is not None and (held := HELD.state(past)) is not None:
        case.state = held
        return case, True
    records = await _records(log, stream, version)
    same = past == past_of(stream, records) if past else request.last in {None, last_of(records[-1:])}
    if len(records) < version or not same:
        return case, False
    case.state = await asyncio.to_thread(aggregate.replay, None, records)
    case.size = sum(map(len, records))
    return case, True


async def _records(log: EventLog, stream: str, version: int) -> tuple[str, ...]:
    """The records of a stream up to a version, or as many as there are."""
    records: tuple[str, ...] = ()
    while len(records) < version:
        page = await log.read_stream(stream, len(records))
        if not page.records:
            break
        records += page.records
    return records[:version]
