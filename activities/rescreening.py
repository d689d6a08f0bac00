"""Holding every open case and license against the list and the record as they are, batch by batch.

What the log has of a case is compared here first. Only for a case of which the list tells otherwise the desk
is asked what it records; its workflow hears of it afterwards.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from temporalio import activity

from activities.declared import RescreeningWork
from greenlight.kernel.streams import application_stream, license_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Party, named
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.upkeep import tells_otherwise
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.law.license.upkeep import listed_since
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest
from greenlight.service.bulk import Bulk, Errand
from greenlight.service.folding import Folded, Streams, read
from greenlight.service.heartbeats import heartbeats
from greenlight.service.screening import BookScreener, ListScreener
from greenlight.service.telling import Teller

_LICENSES = license_stream("")


class OpenCases(Streams, Protocol):
    """The parts of the log that a rescreening needs."""

    async def gone_on(
        self, since: tuple[str, datetime], *, kind: str, after: str, to: str | None
    ) -> tuple[str, ...]: ...

    async def now(self) -> datetime: ...

    async def read_standing(self) -> Standing: ...

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class _Case:
    """An open case with the application that has its parties; a license, if it is one."""

    application: Folded[ApplicationState]
    license: Folded[LicenseState] | None

    @property
    def own(self) -> Folded[ApplicationState] | Folded[LicenseState]:
        """The case itself."""
        return self.license or self.application

    @property
    def parties(self) -> tuple[Party, ...]:
        """With their owners: every name that is held against the list."""
        assert self.application.state is not None, "only what is there is a case"
        return named(self.application.state.parties)

    def differs(self, screener: BookScreener, at: datetime) -> bool:
        """Tell whether the case has something to record."""
        application, screening = self.application.state, screener.screen(self.parties, at)
        assert application is not None, "only what is there is a case"
        if self.license is None:
            return tells_otherwise(application, screening)
        license = self.license.state
        if license is None or license.stage.closed or not screening.complete:
            return False
        return listed_since(application, screening) != license.listed


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
            streams, last = await self._next(request.cursor, request.limit)
            cursor = streams[-1] if streams else request.cursor
        cases = await self._cases(streams)
        differing = await asyncio.to_thread(_differing, cases, screener, at)
        await self._record(differing, at)
        still = await asyncio.to_thread(_differing, differing, screener, at)
        failed = (*(each.own.stream for each in still), *_unread(streams, cases))
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
        """The cases up to the cursor that have gone on since the batch before was recorded: those too that
        recorded something when a worker died before it said so, and do not differ any more."""
        if request.since is None or request.by is None:
            return streams
        found: list[str] = []
        for kind in (APPLICATION.kind, LICENSE.kind):
            found += await self._log.gone_on(
                (request.by, request.since),
                kind=kind,
                after="" if request.streams else request.cursor or "",
                to=None if request.streams else cursor,
            )
        return [each for each in found if each in request.streams] if request.streams else found

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
        """Read what the log has of each, in the order of ``streams``; those are left out that go on with what
        only a newer release can read."""
        of_licenses = [stream for stream in streams if stream.startswith(_LICENSES)]
        licenses = await read(self._log, LICENSE, of_licenses)
        applied = {
            stream: application_stream(found.state.acn) for stream, found in licenses.items() if found.state
        }
        wanted = dict.fromkeys(applied.get(stream, stream) for stream in streams)
        applications = await read(self._log, APPLICATION, tuple(wanted))
        return [
            _Case(application, licenses.get(stream))
            for stream in streams
            if stream in licenses or stream not in of_licenses
            if (application := applications.get(applied.get(stream, stream))) is not None
        ]

    async def _record(self, cases: Sequence[_Case], at: datetime) -> None:
        """Have each record what it finds, at the desk where it would do so by itself."""
        await self._bulk.settle(
            APPLICATION,
            (Errand(case.application, look_into="directives") for case in cases if case.license is None),
            at,
        )
        await self._bulk.settle(
            LICENSE,
            (Errand(case.license, look_into="directives") for case in cases if case.license is not None),
            at,
        )


def _differing(cases: Sequence[_Case], screener: BookScreener, at: datetime) -> list[_Case]:
    return [case for case in cases if case.differs(screener, at)]


def _unread(streams: Sequence[str], cases: Sequence[_Case]) -> tuple[str, ...]:
    """The streams of which nothing can be said here: they come once more."""
    return tuple(sorted(set(streams) - {each.own.stream for each in cases}))
