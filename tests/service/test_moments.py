"""Killed in the middle of a moment that two workers notice at once, each case records it once.

Whether a date has come, or something was confirmed with effect from before.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
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
from greenlight.kernel.streams import entity_stream, rule_stream
from greenlight.law.application.dossier import Submission
from greenlight.law.entity.commands import CastVote
from greenlight.law.entity.committee import NEEDED, SEATS, Vote
from greenlight.law.moment.state import MomentState, key_of
from greenlight.law.rule.commands import AttestAct, ConfirmAttestation, OpenRule
from greenlight.law.rule.events import AttestationConfirmed
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.service.background import Items
from greenlight.service.bulk import Bulk
from greenlight.service.moments import Law, Moments
from greenlight.service.suppliers import Suppliers
from tests.eventlog.hindering import slowed
from tests.law.rule.aggregates import DAY, adoption, opening_of, suspension
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.site import Site, all_have_heard, insist, open_site
from tests.workflows.moments import TODAY, about, named, owned_by_a_listed_one, to_be_listed

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


async def _known(site: Site, acts: OpenRule | AttestAct, number: int) -> datetime:
    """Olga attests, Oscar confirms; when that was."""
    olga, oscar, rule = await site.officer("olga"), await site.officer("oscar"), rule_stream("affiliates")
    attest = olga.begin if isinstance(acts, OpenRule) else olga.decide
    await insist(partial(attest, rule, acts, command_id=f"moments-attest-{number}"))
    confirm = ConfirmAttestation(number=number)
    await insist(partial(oscar.decide, rule, confirm, command_id=f"moments-confirm-{number}"))
    async with connection(site.target.database_url, application="test") as database:
        rows = await database.fetch(
            "SELECT record FROM greenlight.event WHERE type = 'AttestationConfirmed' ORDER BY position"
        )
    return AttestationConfirmed.model_validate_json(str(rows[-1]["record"])).at


async def _submitted(site: Site, filed: Callable[[], Submission]) -> list[str]:
    acme, at_once = await site.officer("acme"), asyncio.Semaphore(8)

    async def one(number: int) -> str:
        async with at_once:
            acn = f"N{number:06}"
            await insist(partial(acme.submit, filed(), acn=acn, command_id=f"{acn}-submit"))
            return f"application-{acn}"

    return await asyncio.gather(*map(one, range(CASES)))


async def _flipped(database: Connection) -> Counter[str]:
    rows = await database.fetch("SELECT stream FROM greenlight.event WHERE type = 'AnswerFlipped'")
    return Counter(str(row["stream"]) for row in rows)


async def _on_record(database: Connection, cases: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await _flipped(database)).total() < cases:  # noqa: ASYNC110 - another process records them.
            await asyncio.sleep(0.05)


Coming = Callable[[Site], Awaitable[tuple[list[str], datetime]]]
"""What brings a moment about: the cases, which are filed before, and its instant."""


async def _of_a_date(site: Site) -> tuple[list[str], datetime]:
    name = named()
    streams = await _submitted(site, lambda: about(name))
    instant = datetime.now(UTC) + SOON
    await _listed(site, name, instant)
    return streams, instant


async def _of_a_confirmation(site: Site) -> tuple[list[str], datetime]:
    last = TODAY - 4 * DAY
    await _known(site, opening_of(adoption(), suspension(effective=TODAY - 40 * DAY, through=last)), 2)
    streams = await _submitted(site, owned_by_a_listed_one)
    more = suspension(effective=last + DAY, through=TODAY + 300 * DAY, citation="91 FR 2")
    return streams, await _known(site, AttestAct(act=more), 3)


@pytest.mark.parametrize("coming", [_of_a_date, _of_a_confirmation])
async def test_the_worker_is_killed_while_cases_are_asked_anew(
    own_site: Site, tmp_path: Path, coming: Coming
) -> None:
    site, url = own_site, own_site.target.database_url
    law = Law(url, Shipped(load_listings(None)), load_tables(), load_rules())
    async with (
        site.supervised(tmp_path) as worker,
        law.reader,
        Recorder(site.target.writer_url) as recorder,
        connection(url, application="test") as database,
        slowed(url, "AnswerFlipped", 0.05),
    ):
        streams, instant = await coming(site)
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
