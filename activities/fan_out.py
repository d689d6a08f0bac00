"""Knocking at the cases that a directive is about, so that each looks at it now."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from temporalio import activity
from temporalio.client import Client

from activities.declared import FanOutWork
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.directed import route
from greenlight.law.directive.fan_out import FanOutBatch, FanOutRequest
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.directed import route as license_route
from greenlight.service.folding import Folded, Streams, catch_up, parts
from greenlight.service.notify import Knocker, heartbeats

S = TypeVar("S", bound=Staged)
OUT_OF_SCOPE = "out_of_scope"
FAILED = "failed"


class DirectiveLog(Streams, Protocol):
    """The parts of the log that a fan-out needs."""

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...

    async def count_pending(self, *, licenses: bool) -> int: ...


class FanOutActivities(FanOutWork):
    """Ordinary activities over the log and a Temporal client. A second try of any is harmless."""

    def __init__(self, log: DirectiveLog, temporal: Client) -> None:
        self._log = log
        self._temporal = temporal

    @activity.defn(name="count_pending")
    async def count_pending(self, licenses: bool) -> int:
        return await self._log.count_pending(licenses=licenses)

    @activity.defn(name="supersede")
    async def supersede(self, stream: str, at: datetime | None) -> None:
        await Knocker(self._temporal, at).knock([stream])

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
            standing = await self._log.read_standing()
            knocking = (
                _Knocking(LICENSE, license_route, self._log, standing, request.directive, request.at)
                if request.licenses
                else _Knocking(APPLICATION, route, self._log, standing, request.directive, request.at)
            )
            routes = await knocking.through(streams, Knocker(self._temporal, request.at))
        in_scope = Counter(found for found in routes.values() if found not in {OUT_OF_SCOPE, FAILED})
        return FanOutBatch(
            cursor=cursor,
            last=last,
            routes=dict(in_scope),
            out_of_scope=sum(found == OUT_OF_SCOPE for found in routes.values()),
            failed=tuple(stream for stream, found in routes.items() if found == FAILED),
        )


class _Knocking(Generic[S]):
    """One batch, of one kind of case. ``route`` tells what a directive meant for a case, if anything."""

    def __init__(
        self,
        aggregate: Aggregate[S],
        route: Callable[[S, str], str | None],
        log: DirectiveLog,
        standing: Standing,
        directive: str,
        at: datetime | None,
    ) -> None:
        self._aggregate = aggregate
        self._route = route
        self._log = log
        self._standing = standing
        self._directive = directive
        self._at = at

    async def through(self, streams: Sequence[str], knocker: Knocker) -> dict[str, str]:
        """Tell what the directive means for each, in the order of ``streams``."""
        found = await asyncio.gather(*(self._part(part, knocker) for part in parts(streams)))
        return {stream: route for part in found for stream, route in part.items()}

    async def _part(self, streams: Sequence[str], knocker: Knocker) -> dict[str, str]:
        cases = {stream: Folded[S]() for stream in streams}
        await catch_up(self._log, self._aggregate, cases)
        concerned = {stream: case for stream, case in cases.items() if self._concerned(case)}
        await knocker.knock(concerned)
        await catch_up(self._log, self._aggregate, concerned)
        failed = {stream for stream, case in concerned.items() if self._concerned(case)}
        return {stream: FAILED if stream in failed else self._found(case) for stream, case in cases.items()}

    def _found(self, case: Folded[S]) -> str:
        found = None if case.state is None else self._route(case.state, self._directive)
        return found or OUT_OF_SCOPE

    def _concerned(self, case: Folded[S]) -> bool:
        """Tell whether the directives in force mean something for the case that is not on record yet."""
        if case.state is None or self._aggregate.directed is None:
            return False
        return bool(
            self._aggregate.directed(case.state, self._standing.directives, self._at or datetime.now(UTC))
        )
