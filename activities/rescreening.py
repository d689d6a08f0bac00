"""Holding every open case and license against the list and the record as they are, batch by batch.

What the log has of a case is compared here first. Only a case of which the list tells otherwise is knocked
at, and records for itself what it finds.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from temporalio import activity
from temporalio.client import Client

from activities.declared import RescreeningWork
from greenlight.kernel.streams import application_stream, license_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.upkeep import tells_otherwise
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.law.license.upkeep import listed_since
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest
from greenlight.service.folding import Streams, folded
from greenlight.service.notify import Knocker, heartbeats
from greenlight.service.screening import BookScreener, ListScreener

_LICENSES = license_stream("")


class OpenCases(Streams, Protocol):
    """The parts of the log that a rescreening needs."""

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class _Case:
    """An open case with the application that has its parties; a license, if it is one."""

    stream: str
    application: ApplicationState
    license: LicenseState | None

    def differs(self, screener: BookScreener, at: datetime) -> bool:
        """Tell whether the case has something to record."""
        screening = screener.screen(self.application.parties, at)
        if self.license is None:
            return tells_otherwise(self.application, screening)
        if self.license.stage.closed or not screening.complete:
            return False
        return listed_since(self.application, screening) != self.license.listed


class RescreeningActivities(RescreeningWork):
    """An ordinary activity over the log, a screener and a Temporal client. A second try of it is harmless."""

    def __init__(self, log: OpenCases, screener: ListScreener, temporal: Client) -> None:
        self._log = log
        self._screener = screener
        self._temporal = temporal

    @activity.defn(name="rescreen")
    async def rescreen(self, request: RescreenRequest) -> RescreenBatch:
        async with heartbeats():
            return await self._batch(request)

    async def _batch(self, request: RescreenRequest) -> RescreenBatch:
        at = request.at or datetime.now(UTC)
        standing = await self._log.read_standing()
        screener = await self._screener.against(at, standing)
        if isinstance(screener, str):
            return RescreenBatch(
                cursor=request.cursor, last=False, cases=0, parties=0, differing=0, problem=screener
            )
        streams, cursor, last = request.streams, None, False
        if not streams:
            streams, last = await self._next(request.cursor, request.limit)
            cursor = streams[-1] if streams else request.cursor
        cases = await self._cases(streams)
        differing = await asyncio.to_thread(_differing, cases, screener, at)
        failed = await self._knock(differing, screener, at, request.at)
        return RescreenBatch(
            cursor=cursor,
            last=last,
            # Those that did not answer come once more, and are counted then.
            cases=len(streams) - len(failed),
            parties=sum(len(case.application.parties) for case in cases if case.stream not in failed),
            differing=len(differing) - len(failed),
            failed=failed,
        )

    async def _next(self, cursor: str | None, limit: int) -> tuple[tuple[str, ...], bool]:
        """The next streams, applications before licenses, and whether none follow."""
        found: tuple[str, ...] = ()
        at_licenses = cursor is not None and cursor.startswith(_LICENSES)
        if not at_licenses:
            after = stream_key(cursor) if cursor else ""
            keys = await self._log.pending(licenses=False, after=after, limit=limit)
            found = tuple(map(application_stream, keys))
        room = limit - len(found)
        if not room:
            return found, False
        after = stream_key(cursor) if cursor and at_licenses else ""
        keys = await self._log.pending(licenses=True, after=after, limit=room)
        return (*found, *map(license_stream, keys)), len(keys) < room

    async def _cases(self, streams: Sequence[str]) -> list[_Case]:
        """Read what the log has of each, in the order of ``streams``."""
        of_licenses = [stream for stream in streams if stream.startswith(_LICENSES)]
        licenses = await folded(self._log, LICENSE, of_licenses)
        applied = {stream: application_stream(found.acn) for stream, found in licenses.items()}
        wanted = dict.fromkeys(applied.get(stream, stream) for stream in streams)
        applications = await folded(self._log, APPLICATION, tuple(wanted))
        return [
            _Case(stream, applications[applied.get(stream, stream)], licenses.get(stream))
            for stream in streams
        ]

    async def _knock(
        self, differing: Sequence[_Case], screener: BookScreener, at: datetime, told: datetime | None
    ) -> tuple[str, ...]:
        """Have each record what it finds; those that did not. The log says it, whether there was an
        answer."""
        streams = [case.stream for case in differing]
        await Knocker(self._temporal, told).knock(streams)
        after = await self._cases(streams)
        return tuple(case.stream for case in await asyncio.to_thread(_differing, after, screener, at))


def _differing(cases: Sequence[_Case], screener: BookScreener, at: datetime) -> list[_Case]:
    return [case for case in cases if case.differs(screener, at)]
