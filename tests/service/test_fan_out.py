"""Killed in the middle of a fan-out, again and again, it holds each case against a directive once, and every
workflow hears of it."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.verify import verify
from greenlight.kernel.streams import application_stream
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.state import Stage
from greenlight.law.directive.view import DirectiveRow
from tests import repeating
from tests.eventlog.hindering import slowed
from tests.law.application.cases import CONSIGNEE, PURCHASER, new_submission
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.site import Site, all_have_heard, insist

COUNTRY = "IS"
ORDER = IssueDirective(
    title="A test",
    scope=Scope(destinations=frozenset({COUNTRY})),
    posture=Posture.DENY,
    citation="Order",
    reasons="By order.",
)
RESCIND = RescindDirective(reasons="The test is over.")


@dataclass(frozen=True, slots=True)
class Size:
    """``letters`` begin the control numbers: of what is pending, and of what comes meanwhile."""

    cases: int
    kills: int
    letters: str


SIZES = (
    pytest.param(Size(60, 4, "FG"), id="60-cases"),
    pytest.param(Size(1_000, 10, "HI"), id="1000-cases", marks=pytest.mark.large),
)


async def _submitted(site: Site, acn: str) -> str:
    consignee = CONSIGNEE.model_copy(update={"country": COUNTRY})
    acme = await site.officer("acme")
    application = new_submission(parties=(PURCHASER, consignee))
    await insist(partial(acme.submit, application, acn=acn, command_id=f"{acn}-submit"))
    return application_stream(acn)


async def _pending(site: Site, size: Size) -> list[str]:
    at_once = asyncio.Semaphore(16)

    async def one(number: int) -> str:
        async with at_once:
            return await _submitted(site, f"{size.letters[0]}{number:06}")

    return await asyncio.gather(*map(one, range(size.cases)))


async def _applied(database: Connection, key: str) -> Counter[str]:
    """How often each case was held against the directive."""
    rows = await database.fetch(
        "SELECT stream FROM greenlight.event"
        " WHERE type = 'DirectiveApplied' AND record::jsonb ->> 'directive' = $1",
        key,
    )
    return Counter(str(row["stream"]) for row in rows)


async def _completed(reader: Reader, key: str) -> DirectiveRow:
    async with asyncio.timeout(5 * PATIENCE):
        while True:
            rows = await reader.directives(key)
            if rows and rows[0].fan_out is not None and rows[0].remaining == 0:
                return rows[0]
            await asyncio.sleep(0.05)


SLOW = 0.03
"""Seconds for a case, so that kills fall into the midst of it."""


@pytest.mark.parametrize("size", SIZES)
async def test_the_worker_is_killed_while_it_decides_and_while_it_tells(
    site: Site, tmp_path: Path, size: Size
) -> None:
    """Each kill comes once so many cases are on record; meanwhile others come, and are answered."""
    key = f"killed-{size.cases}"
    # The last cases are recorded in one go, too fast for a kill in between.
    points = sorted(repeating.chance(key).sample(range(size.cases * 3 // 4), size.kills))
    url = site.target.database_url
    async with (
        site.supervised(tmp_path) as worker,
        Reader(url) as reader,
        connection(url, application="test") as database,
        slowed(url, "DirectiveApplied", SLOW),
    ):
        streams = await _pending(site, size)
        vera = await site.officer("vera")
        await insist(partial(vera.issue_directive, key, ORDER, command_id=f"{key}-issue"))

        done = asyncio.create_task(_completed(reader, key))
        late: list[asyncio.Task[str]] = []
        for number, point in enumerate(points):
            await worker.ready()
            late.append(asyncio.create_task(_submitted(site, f"{size.letters[1]}{number:06}")))
            while (await _applied(database, key)).total() < point:
                assert not done.done(), f"it was over before case {point}"
                await asyncio.sleep(0.05)
            repeating.tell(f"{point} cases are on record")
            await worker.kill()
        streams += await asyncio.gather(*late)
        row = await done
        # Hardly anybody was told yet.
        await worker.kill()
        assert (row.stage, row.failed) == (Stage.IN_FORCE, 0)
        assert await _applied(database, key) == dict.fromkeys(streams, 1)
        assert (await verify(url)).fault is None
        assert len(worker.ends) > size.kills
        await all_have_heard(site, streams)
        assert await _applied(database, key) == dict.fromkeys(streams, 1)
        await insist(partial(vera.decide, f"directive-{key}", RESCIND, command_id=f"{key}-rescind"))
    logs_are_clean([worker])
