"""Killed in the middle of a rescreening, again and again, it has each case record what is new once."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.eventlog.database import connection
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.read import Reader
from greenlight.eventlog.verify import verify
from greenlight.kernel.streams import application_stream, list_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.screening.language import Screened
from greenlight.law.screening_list.commands import ConfirmList, LoadList, OpenList
from greenlight.law.screening_list.view import ListRow
from greenlight.lists.columns import Row
from greenlight.lists.write import write_list
from tests import repeating
from tests.eventlog.hindering import slowed
from tests.law.application.cases import PARTIES, new_submission
from tests.lists.files import ACME, many
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.site import Site, all_have_heard, insist, open_site

CASES = 60
LISTED = ACME._replace(name=PARTIES[0].name)
STREAM = list_stream("csl")


@pytest_asyncio.fixture(loop_scope="session")
async def own_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Site]:
    """What is current here is current for no other test."""
    async with open_site(tmp_path_factory.mktemp("rescreening")) as site:
        yield site


async def _submitted(site: Site, acn: str) -> str:
    acme = await site.officer("acme")
    await insist(partial(acme.submit, new_submission(), acn=acn, command_id=f"{acn}-submit"))
    return application_stream(acn)


async def _loaded(site: Site, command_id: str, *rows: Row) -> str:
    async with connection(site.target.writer_url, application="test") as database:
        digest = await store_content(database, write_list(rows))
    olga = await site.officer("olga")
    command = LoadList(digest=digest, retrieved=agency_date(datetime.now(UTC)))
    await insist(partial(olga.decide, STREAM, command, command_id=command_id))
    return digest


async def _rescreened(reader: Reader, number: int) -> ListRow:
    async with asyncio.timeout(3 * PATIENCE):
        while True:
            rows = await reader.lists()
            if rows and rows[0].rescreening == number and rows[0].waiting_for != "service":
                return rows[0]
            await asyncio.sleep(0.05)


async def test_the_worker_is_killed_while_it_rescreens(own_site: Site, tmp_path: Path) -> None:
    site, chance = own_site, repeating.chance("rescreening")
    async with (
        site.supervised(tmp_path) as worker,
        Reader(site.target.database_url) as reader,
        slowed(site.target.database_url, "PartiesScreened", 0.02),
    ):
        olga = await site.officer("olga")
        await insist(partial(olga.open_list, "csl", OpenList(title="A list"), command_id="killed-open"))
        doubtful = await _loaded(site, "killed-load-1", *many(3))
        # It has none of the shipped book's entries.
        oscar, confirm = (
            await site.officer("oscar"),
            ConfirmList(digest=doubtful, source="fetched", reasons="It is a test's."),
        )
        await insist(partial(oscar.decide, STREAM, confirm, command_id="killed-confirm-1"))
        streams = [await _submitted(site, f"L{number:06}") for number in range(CASES)]
        await _rescreened(reader, 1)
        digest = await _loaded(site, "killed-load-2", *many(3), LISTED)
        done = asyncio.create_task(_rescreened(reader, 2))
        late: list[asyncio.Task[str]] = []
        for number in range(4):
            await worker.ready()
            late.append(asyncio.create_task(_submitted(site, f"M{number:06}")))
            await asyncio.sleep(chance.uniform(0, 0.6))
            await worker.kill()
        after = await asyncio.gather(*late)
        row = await done
        # Hardly anybody was told yet.
        await worker.kill()
        assert (row.digest, row.failed, row.remaining) == (digest, 0, 0)
        for stream, screened in (*((s, 2) for s in streams), *((s, 1) for s in after)):
            events = [APPLICATION.read(event.record) async for event in reader.stream(stream)]
            found = [event.screening for event in events if isinstance(event, PartiesScreened)]
            assert len(found) == screened, stream
            assert (found[-1].list_version, Screened(screening=found[-1]).listed) == (digest, True), stream
        assert (await verify(site.target.database_url)).fault is None
        assert len(worker.ends) >= 5
        await all_have_heard(site, [*streams, *after])
    logs_are_clean([worker])
