"""Standstills of the worker's event loop while heavy work goes on beside it, in milliseconds.

Everybody's timers and messages wait for the loop. A watcher asks for its turn every millisecond, and what it
gets it later is the lag. Threads share one interpreter, so some lag remains however little is done on the
loop itself: what is told is the longest, and the one in a hundred.

A lag is told by the clock, other programs on the machine included, and as `held`: by the processor time of
this process meanwhile, be it a turn of the loop or a thread that lets no other run (a sort of a million
numbers, say).
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

import uvloop

from bench.lists import FILE
from greenlight.cli.base.output import warn
from greenlight.kernel.commit import StreamPage
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Item, Money, Party, PartyRole, Submission
from greenlight.law.application.screening.language import Screened
from greenlight.law.directive.standing import Standing
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rule
from greenlight.law.screening_list.content import StandingList
from greenlight.lists.read import digest_of
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.service.determination import ListDeterminer
from greenlight.service.records import Records
from greenlight.service.screening import BookScreener, ListScreener
from greenlight.service.versions import Versions
from worker import share_the_processor

RETRIEVED = date(2026, 7, 31)
AT = datetime(2026, 8, 1, tzinfo=UTC)
BEAT = 0.001
ROUNDS = 10
PARTIES, ITEMS = 50, 100


class _Log:
    """A log that has one file, no listed entity, and no reprieve."""

    def __init__(self, file: bytes) -> None:
        self._file = file

    async def list_content(self, digest: str) -> bytes | None:
        return self._file

    async def entity_versions(self) -> dict[str, int]:
        return {}

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]:
        return {}

    async def terms(self) -> Terms:
        return Terms(())

    async def rules(self) -> tuple[Rule, ...]:
        return ()


class Watch:
    """The lags of a loop while a context lasts, in milliseconds by the clock and of the processor."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.helds: list[float] = []

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(BEAT)
        self._watching.cancel()

    async def _watch(self) -> None:
        while True:
            begun, busy = time.perf_counter(), time.process_time()
            await asyncio.sleep(BEAT)
            self.lags.append(max(0.0, (time.perf_counter() - begun - BEAT) * 1_000))
            self.helds.append(max(0.0, (time.process_time() - busy - BEAT) * 1_000))

    @property
    def longest(self) -> float:
        return max(self.lags)

    @property
    def p99(self) -> float:
        return _p99(self.lags)

    @property
    def held(self) -> float:
        """The longest, of the processor."""
        return max(self.helds)

    @property
    def held_p99(self) -> float:
        return _p99(self.helds)


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def measure() -> dict[str, float]:
    """The lag while the list is read, and while fifty parties with a hundred items are dealt with."""
    path = os.environ.get(FILE)
    if path is None:
        warn(f"left out, as {FILE} names no official list: loop_lag_…")
        return {}
    return uvloop.run(_measured(Path(path).read_bytes()))


async def _measured(file: bytes) -> dict[str, float]:
    share_the_processor()
    log, book = _Log(file), load_listings()
    screener = ListScreener(book, Versions(log, book), Records(log))
    listed = StandingList(
        key="csl", title="The list", digest=digest_of(file), retrieved=RETRIEVED, max_age_days=3_650
    )
    standing = Standing(list=listed)
    filed = _filing()

    async def read() -> None:
        await screener.against(AT, standing)

    async def screen() -> None:
        for _ in range(ROUNDS):
            await screener.screen(filed.parties, AT, standing)

    async def idle() -> None:
        await asyncio.sleep(1)

    found: dict[str, float] = {}
    # What the machine itself costs, whoever else is busy on it.
    await _watched("idle", idle, found)
    await _watched("read", read, found)
    await _watched("screen", screen, found)
    screened = Screened(screening=await screener.screen(filed.parties, AT, standing))
    determiner = ListDeterminer(screener, load_tables(), load_rules(), log)

    async def determine() -> None:
        for _ in range(ROUNDS):
            await determiner.determine(filed, screened, AT, standing)

    await _watched("determine", determine, found)
    assert isinstance(await screener.against(AT, standing), BookScreener)
    return found


async def _watched(what: str, work: Callable[[], Awaitable[None]], found: dict[str, float]) -> None:
    async with Watch() as watch:
        await work()
    found[f"loop_lag_{what}_max_ms"] = watch.longest
    found[f"loop_lag_{what}_p99_ms"] = watch.p99
    found[f"loop_held_{what}_max_ms"] = watch.held
    found[f"loop_held_{what}_p99_ms"] = watch.held_p99


def _filing() -> Submission:
    """As large as a filing may be, its parties all different and on no list."""
    return Submission(
        applicant="Acme Networks LLC",
        parties=tuple(
            Party(
                role=PartyRole.ULTIMATE_CONSIGNEE,
                name=f"Quillbrook {chr(65 + n % 26)}{n} Telephone Cooperative {n}",
                country="FI",
            )
            for n in range(PARTIES)
        ),
        items=tuple(
            Item(
                line=n + 1,
                description="A part",
                classification="EAR99",
                quantity=1,
                unit="pieces",
                value=Money(minor_units=100, currency="USD"),
            )
            for n in range(ITEMS)
        ),
        end_use="A test",
        circumstances=Circumstances.none_applies(),
    )
