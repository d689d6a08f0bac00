"""Killed in the middle of a moment that two workers notice at once, each case records it once."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from greenlight.answers.listed import Shipped
from greenlight.connection.target import connect
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.outlook import moments_told
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.commands import CastVote
from greenlight.law.entity.committee import NEEDED, SEATS, Vote
from greenlight.law.moment.state import MomentState, key_of
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.service.background import Items
from greenlight.service.bulk import Bulk
from greenlight.service.moments import Law, Moments
from greenlight.service.suppliers import Suppliers
from tests.eventlog.hindering import slowed
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.site import Site, all_have_heard, insist, open_site
from tests.workflows.moments import about, named, to_be_listed

CASES = 40
SOON = timedelta(seconds=20)
"""Until the instant: so long the votes for it may take."""


@pytest_asyncio.fixture(loop_scope="session")
async def own_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Site]:
    """Every open case is asked, and here are no others."""
    async with open_site(tmp_path_factory.mktemp("moments")) as site:
        yield site


async def _listed(site: Site, name: str, effective: datetime) -> None:
    vera, key = await site.officer("vera"), "moments-test"
    await insist(partial(vera.list_entity, key, to_be_listed(name, effective), command_id="moments-list"))
    for seat in SEATS[: NEEDED["list_entity"]]:
        vote, voter = CastVote(vote=Vote.APPROVE), await site.officer(seat)
        await insist(partial(voter.decide, entity_stream(key), vote, command_id=f"moments-{seat}"))


async def _submitted(site: Site, name: str) -> list[str]:
    acme, at_once = await site.officer("acme"), asyncio.Semaphore(8)

    async def one(number: int) -> str:
        async with at_once:
            acn = f"N{number:06}"
            await insist(partial(acme.submit, about(name), acn=acn, command_id=f"{acn}-submit"))
            return f"application-{acn}"

    return await asyncio.gather(*map(one, range(CASES)))


async def _flipped(database: Connection) -> Counter[str]:
    rows = await database.fetch("SELECT stream FROM greenlight.event WHERE type = 'AnswerFlipped'")
    return Counter(str(row["stream"]) for row in rows)


async def _on_record(database: Connection, cases: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await _flipped(database)).total() < cases:  # noqa: ASYNC110 - another process records them.
            await asyncio.sleep(0.05)


async def test_the_worker_is_killed_while_cases_are_asked_anew(own_site: Site, tmp_path: Path) -> None:
    site, name, url = own_site, named(), own_site.target.database_url
    law = Law(url, Shipped(load_listings(None)), load_tables(), load_rules())
    async with (
        site.supervised(tmp_path) as worker,
        law.reader,
        Recorder(site.target.writer_url) as recorder,
        connection(url, application="test") as database,
        slowed(url, "AnswerFlipped", 0.05),
    ):
        streams = await _submitted(site, name)
        instant = datetime.now(UTC) + SOON
        await _listed(site, name, instant)
        nobody: Any = None
        bulk = Bulk(recorder, Suppliers(recorder, nobody, None), Kind.PRODUCTION)
        temporal = await connect(site.target)
        one, other = (Moments(law, recorder, bulk, temporal) for _ in range(2))
        # No worker notices it for a while; then two do.
        await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()) + 0.5)
        found = await asyncio.gather(one.look(Items(1)), other.look(Items(1)))
        assert {key for keys in found for key in keys} <= {key_of(instant)}
        for share in (0, 1, 2):
            await _on_record(database, share * CASES // 4 + 1)
            await worker.kill()
            await worker.ready()
        state = await _done(law, instant)
        assert (state.failed, state.applications.flips) == ((), CASES)
        assert await _flipped(database) == dict.fromkeys(streams, 1)
        assert await one.look(Items(1)) == ()
        assert (await verify(url)).fault is None
        await all_have_heard(site, streams)
        assert await _flipped(database) == dict.fromkeys(streams, 1)
    logs_are_clean([worker])


async def _done(law: Law, instant: datetime) -> MomentState:
    async with asyncio.timeout(3 * PATIENCE):
        while True:
            for state in await moments_told(law.reader.source, instant - timedelta(seconds=1)):
                if state.completed:
                    return state
            await asyncio.sleep(0.1)
