"""Holding every open case and license against the list and the record as they are, batch by batch.

What the log has of a case is compared here first. Only for a case of which the list tells otherwise the desk
is asked what it records; its workflow hears of it afterwards.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from temporalio import activity

from activities.declared import RescreeningWork
from greenlight.law.application.upkeep import tells_otherwise
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.upkeep import listed_since
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest
from greenlight.service.bulk import Bulk
from greenlight.service.heartbeats import heartbeats
from greenlight.service.screening import BookScreener, ListScreener
from greenlight.service.telling import Teller
from greenlight.service.walking import Log, OpenCase, cases_of, gone_on, next_of, settle, unread


class OpenCases(Log, Protocol):
    """The parts of the log that a rescreening needs."""

    async def now(self) -> datetime: ...

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...


class RescreeningActivities(RescreeningWork):
    """An ordinary activity over the log and a screener. A second try of it is harmless."""

    def __init__(self, log: OpenCases, screener: ListScreener, bulk: Bulk, teller: Teller) -> None:
        self._log = log
        self._screener = screener
        self._bulk = bulk
        self._teller = teller

    @activity.defn(name="rescreen")
    async def rescreen(self, request: RescreenRequest) -> RescreenBatch:
        async with heartbeats():
            return await self._batch(request)

    async def _batch(self, request: RescreenRequest) -> RescreenBatch:
        now = request.at or await self._log.now()
        # The clock of the log may be behind that of whoever rescreens.
        at = max(now, request.since or now)
        standing = await self._log.read_standing()
        screener = await self._screener.against(at, standing)
        if isinstance(screener, str):
            return RescreenBatch(
                cursor=request.cursor, last=False, cases=0, parties=0, differing=0, problem=screener
            )
        streams, cursor, last = request.streams, None, False
        if not streams:
            streams, last = await next_of(self._page, request.cursor, request.limit)
            cursor = streams[-1] if streams else request.cursor
        cases = await cases_of(self._log, streams)
        differing = await asyncio.to_thread(_differing, cases, screener, at)
        await settle(self._bulk, differing, at, look_into="directives")
        still = await asyncio.to_thread(_differing, differing, screener, at)
        failed = (*(each.own.stream for each in still), *unread(streams, cases))
        tell = await self._teller.now_or_later(
            await self._gone_on(request, streams, None if last else cursor),
            request.at,
            later=request.since is not None,
        )
        return RescreenBatch(
            cursor=cursor,
            last=last,
            # Those with which it failed come once more, and are counted then.
            cases=len(streams) - len(failed),
            parties=sum(len(each.parties) for each in cases if each.own.stream not in failed),
            differing=len(differing) - len(still),
            failed=failed,
            tell=tell,
        )

    async def _gone_on(
        self, request: RescreenRequest, streams: Sequence[str], cursor: str | None
    ) -> Sequence[str]:
        """The cases up to the cursor that have gone on since the batch before was recorded."""
        if request.since is None or request.by is None:
            return streams
        since = (request.by, request.since)
        return await gone_on(self._log, since, request.cursor, cursor, request.streams)

    async def _page(self, kind: str, after: str, limit: int) -> Sequence[str]:
        return await self._log.pending(licenses=kind == LICENSE.kind, after=after, limit=limit)


def _differs(case: OpenCase, screener: BookScreener, at: datetime) -> bool:
    """Tell whether a case has something to record."""
    screening = screener.screen(case.parties, at)
    if case.license is None:
        return tells_otherwise(case.filed, screening)
    license = case.license.state
    if license is None or license.stage.closed or not screening.complete:
        return False
    return listed_since(case.filed, screening) != license.listed


def _differing(cases: Sequence[OpenCase], screener: BookScreener, at: datetime) -> list[OpenCase]:
    return [case for case in cases if _differs(case, screener, at)]
