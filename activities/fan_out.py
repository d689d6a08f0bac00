"""Holding the cases that a directive is about against it, where the record is."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from temporalio import activity

from activities.declared import FanOutWork
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.streams import application_stream, directive_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.directed import route
from greenlight.law.directive.fan_out import FanOutBatch, FanOutRequest
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.directed import route as license_route
from greenlight.service.bulk import Bulk, Errand
from greenlight.service.folding import Folded, Streams, catch_up, parts
from greenlight.service.heartbeats import heartbeats
from greenlight.service.telling import Teller

S = TypeVar("S", bound=Staged)
OUT_OF_SCOPE = "out_of_scope"
FAILED = "failed"


class DirectiveLog(Streams, Protocol):
    """The parts of the log that a fan-out needs."""

    async def now(self) -> datetime: ...

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...

    async def count_pending(self, *, licenses: bool) -> int: ...

    async def gone_on(
        self, since: tuple[str, datetime], *, kind: str, after: str, to: str | None
    ) -> tuple[str, ...]: ...


class FanOutActivities(FanOutWork):
    """Ordinary activities over the log. A second try of any is harmless."""

    def __init__(self, log: DirectiveLog, bulk: Bulk, teller: Teller) -> None:
        self._log = log
        self._bulk = bulk
        self._teller = teller

    @activity.defn(name="count_pending")
    async def count_pending(self, licenses: bool) -> int:
        return await self._log.count_pending(licenses=licenses)

    @activity.defn(name="supersede")
    async def supersede(self, stream: str, at: datetime | None) -> None:
        await self._teller.knock(stream, at)

    @activity.defn(name="fan_out")
    async def fan_out(self, request: FanOutRequest) -> FanOutBatch:
        async with heartbeats():
            cursor, last, streams = None, False, request.streams
            if not streams:
                stream_of = license_stream if request.licenses else application_stream
                keys = await self._log.pending(
                    licenses=request.licenses, after=request.after or "", limit=request.limit
                )
                cursor = keys[-1] if keys else request.after
                last, streams = len(keys) < request.limit, tuple(map(stream_of, keys))
            standing, now = await self._log.read_standing(), request.at or await self._log.now()
            # The clock of the log may be behind that of the fan-out.
            now = max(now, request.since or now)
            batch = (
                _Batch(LICENSE, license_route, self._log, self._bulk, standing, request.directive, now)
                if request.licenses
                else _Batch(APPLICATION, route, self._log, self._bulk, standing, request.directive, now)
            )
            routes = await batch.through(streams)
            tell = await self._teller.now_or_later(
                await self._gone_on(request, streams, None if last else cursor),
                request.at,
                later=request.since is not None,
            )
        in_scope = Counter(found for found in routes.values() if found not in {OUT_OF_SCOPE, FAILED})
        return FanOutBatch(
            cursor=cursor,
            last=last,
            routes=dict(in_scope),
            out_of_scope=sum(found == OUT_OF_SCOPE for found in routes.values()),
            failed=tuple(stream for stream, found in routes.items() if found == FAILED),
            tell=tell,
        )

    async def _gone_on(
        self, request: FanOutRequest, streams: Sequence[str], cursor: str | None
    ) -> Sequence[str]:
        """The cases up to the cursor that have gone on since the batch before was recorded: those too that
        were decided when a worker died before it said so, and are not pending any more."""
        if request.since is None:
            return streams
        stream_of = license_stream if request.licenses else application_stream
        found = await self._log.gone_on(
            (directive_stream(request.directive), request.since),
            kind=LICENSE.kind if request.licenses else APPLICATION.kind,
            after="" if request.streams else stream_of(request.after or ""),
            to=None if request.streams or cursor is None else stream_of(cursor),
        )
        return [each for each in found if each in request.streams] if request.streams else found


class _Batch(Generic[S]):
    """One batch, of one kind of case. ``route`` tells what a directive meant for a case, if anything."""

    def __init__(
        self,
        aggregate: Aggregate[S],
        route: Callable[[S, str], str | None],
        log: DirectiveLog,
        bulk: Bulk,
        standing: Standing,
        directive: str,
        now: datetime,
    ) -> None:
        self._aggregate = aggregate
        self._route = route
        self._log = log
        self._bulk = bulk
        self._standing = standing
        self._directive = directive
        self._now = now

    async def through(self, streams: Sequence[str]) -> dict[str, str]:
        """Tell what the directive means for each, in the order of ``streams``."""
        found = await asyncio.gather(*map(self._part, parts(streams)))
        return {stream: route for part in found for stream, route in part.items()}

    async def _part(self, streams: Sequence[str]) -> dict[str, str]:
        cases = {stream: Folded[S](stream) for stream in streams}
        await catch_up(self._log, self._aggregate, cases)
        concerned = await asyncio.to_thread(self._to_decide, cases)
        await self._bulk.settle(
            self._aggregate, (Errand(case, look_into="directives") for case in concerned), self._now
        )
        return await asyncio.to_thread(self._all_found, cases)

    def _to_decide(self, cases: Mapping[str, Folded[S]]) -> list[Folded[S]]:
        return [case for case in cases.values() if case.newer is None and self._concerned(case)]

    def _all_found(self, cases: Mapping[str, Folded[S]]) -> dict[str, str]:
        return {stream: self._found(case) for stream, case in cases.items()}

    def _found(self, case: Folded[S]) -> str:
        if self._concerned(case):
            return FAILED
        found = None if case.state is None else self._route(case.state, self._directive)
        return found or OUT_OF_SCOPE

    def _concerned(self, case: Folded[S]) -> bool:
        """Tell whether the directives in force mean something for the case that is not on record yet, or
        whether only a newer release can tell."""
        if case.newer is not None:
            return True
        if case.state is None or self._aggregate.directed is None:
            return False
        return bool(self._aggregate.directed(case.state, self._standing.directives, self._now))
