"""Knocking at the cases that a directive is about, so that each looks at it now."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from licensing.application.aggregate import APPLICATION
from licensing.application.directed import route
from licensing.commit import StreamPage
from licensing.contract import LOOK, application_stream, license_stream
from licensing.decider import Decider
from licensing.directive.standing import Standing
from licensing.kind import TICK, Tick
from licensing.license.aggregate import LICENSE
from licensing.license.directed import route as license_route
from licensing.messages import FanOutBatch, FanOutRequest

S = TypeVar("S")
Look = Callable[[str, datetime | None], Awaitable[None]]

AT_ONCE = 8
FOLDED = 25
"""So many cases are read by one statement, and folded without a pause for others."""
_ANSWER = timedelta(seconds=10)
"""A case that does not answer in this time is tried again later."""
_BEAT = 2.0
OUT_OF_SCOPE = "out_of_scope"
FAILED = "failed"
_SILENT = (RPCError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError)


class DirectiveLog(Protocol):
    """What a fan-out needs of the log."""

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]: ...

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...

    async def count_pending(self, *, licenses: bool) -> int: ...


class FanOutActivities:
    """Ordinary activities over the log and a Temporal client. A second try of any is harmless."""

    def __init__(self, log: DirectiveLog, temporal: Client) -> None:
        self._log = log
        self._temporal = temporal

    @activity.defn(name="count_pending")
    async def count_pending(self, licenses: bool) -> int:
        """How many applications, or else licenses, there are to go through."""
        return await self._log.count_pending(licenses=licenses)

    @activity.defn(name="supersede")
    async def supersede(self, stream: str, at: datetime | None) -> None:
        """Let a directive see that it is superseded. One that is not there has nothing to say."""
        with suppress(*_SILENT):
            await self._look(stream, at)

    @activity.defn(name="fan_out")
    async def fan_out(self, request: FanOutRequest) -> FanOutBatch:
        """Go through the next cases, or once more through those that could not be reached."""
        async with _heartbeats():
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
            routes = await knocking.through(streams, self._look)
        in_scope = Counter(found for found in routes.values() if found not in {OUT_OF_SCOPE, FAILED})
        return FanOutBatch(
            cursor=cursor,
            last=last,
            routes=dict(in_scope),
            out_of_scope=sum(found == OUT_OF_SCOPE for found in routes.values()),
            failed=tuple(stream for stream, found in routes.items() if found == FAILED),
        )

    async def _look(self, stream: str, at: datetime | None) -> None:
        handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(stream)
        # One of the SDK's overloads leaves a type open; the one used here does not.
        if at is not None:
            await handle.execute_update(TICK, Tick(at=at), rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]
        await handle.execute_update(LOOK, rpc_timeout=_ANSWER)  # pyright: ignore[reportUnknownMemberType]


class _Knocking(Generic[S]):
    """One batch, of one kind of case. ``route`` tells what a directive meant for a case, if anything."""

    def __init__(
        self,
        decider: Decider[S],
        route: Callable[[S, str], str | None],
        log: DirectiveLog,
        standing: Standing,
        directive: str,
        at: datetime | None,
    ) -> None:
        self._decider = decider
        self._route = route
        self._log = log
        self._standing = standing
        self._directive = directive
        self._at = at
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def through(self, streams: Sequence[str], look: Look) -> dict[str, str]:
        """What the directive means for each, in the order of ``streams``."""
        parts = [streams[first : first + FOLDED] for first in range(0, len(streams), FOLDED)]
        found = await asyncio.gather(*(self._part(part, look) for part in parts))
        return {stream: route for part in found for stream, route in part.items()}

    async def _part(self, streams: Sequence[str], look: Look) -> dict[str, str]:
        cases = {stream: _Case[S]() for stream in streams}
        await self._read(cases)
        concerned = {stream: case for stream, case in cases.items() if self._concerned(case)}
        await asyncio.gather(*(self._knock(stream, look) for stream in concerned))
        # The log says what came of it, whether there was an answer or not.
        await self._read(concerned)
        failed = {stream for stream, case in concerned.items() if self._concerned(case)}
        return {stream: FAILED if stream in failed else self._found(case) for stream, case in cases.items()}

    async def _knock(self, stream: str, look: Look) -> None:
        async with self._at_once:
            with suppress(*_SILENT):
                await look(stream, self._at)

    def _found(self, case: "_Case[S]") -> str:
        found = None if case.state is None else self._route(case.state, self._directive)
        return found or OUT_OF_SCOPE

    def _concerned(self, case: "_Case[S]") -> bool:
        """Whether the directives in force mean something for the case that is not on record yet."""
        if case.state is None or self._decider.directed is None:
            return False
        return bool(
            self._decider.directed(case.state, self._standing.directives, self._at or datetime.now(UTC))
        )

    async def _read(self, cases: Mapping[str, "_Case[S]"]) -> None:
        """Bring each up to the log."""
        behind = cases
        while behind:
            pages = await self._log.read_streams({stream: case.version for stream, case in behind.items()})
            for stream, page in pages.items():
                case = cases[stream]
                case.state = self._decider.replay(case.state, page.records)
                case.version += len(page.records)
            behind = {stream: cases[stream] for stream, page in pages.items() if page.more}


@dataclass(slots=True)
class _Case(Generic[S]):
    """A case as far as its stream was read."""

    state: S | None = None
    version: int = 0


@asynccontextmanager
async def _heartbeats() -> AsyncGenerator[None]:
    """Tell Temporal that this worker lives, while a batch is gone through."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_BEAT)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
