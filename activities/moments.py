"""Asking open cases anew for an instant that has come, where the record is.

What the law tells of a case before and from then on, as it was known, is worked out here first. Only where
it is another answer the desk is asked to record it; the case's workflow hears of it afterwards.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import structlog
from temporalio import activity

from activities.declared import MomentWork
from greenlight.eventlog.outlook import open_after
from greenlight.kernel.messages import Internal
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.flip.commands import RecordFlip, RecordLicenseFlip
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.commands import RecordMoment
from greenlight.law.moment.state import MomentBatch, MomentRequest
from greenlight.law.moment.told import Flipped, Told, together
from greenlight.law.outlook.answers import Change
from greenlight.law.outlook.come import acts, because
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.forecast import Case, Forecast, Row, of_application, of_license, since_filed
from greenlight.law.outlook.tally import Tally
from greenlight.reference.errors import ReferenceDataError
from greenlight.service.bulk import Bulk
from greenlight.service.folding import read
from greenlight.service.heartbeats import heartbeats
from greenlight.service.moments import Law
from greenlight.service.unforeseen import name, places
from greenlight.service.walking import Log, OpenCase, cases_of, gone_on, next_of, settle, unread

_log = structlog.stdlib.get_logger("desk")


class MomentLog(Log, Protocol):
    """The parts of the log that are needed here."""

    async def now(self) -> datetime: ...


class NoMomentError(Exception):
    """Cases are asked for an instant that is not on record, or whose moment a newer release goes through."""


class MomentActivities(MomentWork):
    """An ordinary activity over the log. A second try of it is harmless: a case has one event for an
    instant."""

    def __init__(self, log: MomentLog, law: Law, bulk: Bulk) -> None:
        self._log = log
        self._law = law
        self._bulk = bulk

    @activity.defn(name="ask_anew")
    async def ask_anew(self, request: MomentRequest) -> MomentBatch:
        async with heartbeats():
            return await self.batch(request)

    async def batch(self, request: MomentRequest) -> MomentBatch:
        """Ask a batch, wherever that is done from.

        :raises NoMomentError: no moment of that instant is on record.
        """
        moment = (await read(self._log, MOMENT, (request.by,))).get(request.by)
        if moment is None or moment.state is None or moment.state.instant != request.instant:
            raise NoMomentError(
                f"{request.by} is no moment of {request.instant.isoformat()}, as far as is known"
            )
        streams, cursor, last = request.streams, None, False
        if not streams:
            streams, last = await next_of(self._page, request.cursor, request.limit)
            cursor = streams[-1] if streams else request.cursor
        # The clock of the log may be behind that of the moment.
        at = max(await self._log.now(), request.since, request.instant)
        basis = await self._law.basis(at)
        forecast, coming = await basis.come(request.instant)
        cases = await cases_of(self._log, streams)
        unasked: list[str] = []
        asked, rows = await asyncio.to_thread(_asked, forecast, cases, request.instant, unasked)
        orders: dict[str, Internal] = {}
        for case in cases:
            stream = case.own.stream
            if stream not in unasked and _flips(rows.get(stream)):
                with _alone(case, unasked):
                    orders[stream] = _order(case, rows[stream], coming, request.instant)
        flips = [case for case in cases if case.own.stream in orders]
        await settle(self._bulk, flips, at, carry_out=orders)
        failed = (
            *(case.own.stream for case in flips if not _on_record(case, request.instant)),
            *unasked,
            *unread(streams, cases),
        )
        done = [case for case in asked if case.stream not in failed]
        tell = await gone_on(
            self._log,
            (request.by, request.since),
            request.cursor,
            None if last else cursor,
            request.streams,
        )
        progress = RecordMoment(
            batch=request.batch,
            cursor=cursor,
            last=last,
            # Those with which it failed come once more, and are counted then.
            cases=len(streams) - len(failed),
            applications=_tally(done, rows, APPLICATION.kind),
            licenses=_tally(done, rows, LICENSE.kind),
            failed=failed,
            told=_told(done, rows),
        )
        return MomentBatch(progress=progress, tell=tuple(tell))

    async def _page(self, kind: str, after: str, limit: int) -> Sequence[str]:
        return await open_after(self._law.reader.source, kind, after, limit)


@contextmanager
def _alone(case: OpenCase, unasked: list[str]) -> Generator[None]:
    """Let what fails be this case's alone: the others are asked, and it comes once more.

    :raises ReferenceDataError: the tables that count are not at hand, for no case.
    """
    try:
        yield
    except ReferenceDataError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this case's alone.
        _log.error("not asked", case=case.own.stream, error=name(error), where=places(error))
        unasked.append(case.own.stream)


def _asked(
    forecast: Forecast, cases: Sequence[OpenCase], instant: datetime, unasked: list[str]
) -> tuple[list[Case], dict[str, Row]]:
    """Ask each case, and give those with another answer, by stream; those with which that fails go to
    ``unasked``."""
    asked: list[Case] = []
    for case in cases:
        with _alone(case, unasked):
            license = case.license.state if case.license else None
            if license is None:
                one = of_application(case.filed)
            else:
                one = since_filed(of_license(license, case.filed), case.filed, instant)
            forecast.look(one)
            asked.append(one)
    return asked, {row.stream: row for row in forecast.rows()}


def _flips(row: Row | None) -> bool:
    return row is not None and row.change is Change.FLIPS


def _order(case: OpenCase, row: Row, coming: Sequence[Coming], instant: datetime) -> Internal:
    """The command by which a case records that its answer is another one."""
    said: dict[str, Any] = {"instant": instant, "turns": row.turns, "because": because(coming)}
    if case.license is None:
        body = RecordFlip(parties=case.filed.parties, **said)
    else:
        body = RecordLicenseFlip(acts=acts(coming), **said)
    return Internal(name=body.declared.name, body=body.model_dump(mode="json"))


def _on_record(case: OpenCase, instant: datetime) -> bool:
    """Tell whether it needs no more than it has: it has recorded it, or is closed meanwhile."""
    state = case.own.state
    if state is None or case.own.newer is not None:
        return False
    return state.stage.closed or any(flip.instant == instant for flip in state.flips)


def _told(done: Sequence[Case], rows: dict[str, Row]) -> tuple[Told, ...]:
    """The cases with another answer, by the officer to whom each is assigned."""
    found = defaultdict[str | None, list[Flipped]](list)
    for case in done:
        row = rows.get(case.stream)
        if row is not None and _flips(row):
            found[case.officer].append(Flipped.of(case.stream, row.turns))
    return together(Told.of(officer, flipped) for officer, flipped in found.items())


def _tally(done: Sequence[Case], rows: dict[str, Row], kind: str) -> Tally:
    counts = Counter[str]()
    for case in done:
        row = rows.get(case.stream)
        if case.kind.kind == kind and row is not None:
            counts[row.change.value] += 1
            counts["proposals"] += case.proposed and _flips(row)
    return Tally(**counts)
