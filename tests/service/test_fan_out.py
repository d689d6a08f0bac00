"""Killed in the middle of a fan-out, again and again, it holds each case against a directive once."""

import asyncio
import random
from functools import partial
from pathlib import Path

from eventlog.read import Reader
from eventlog.rows import DirectiveRow
from eventlog.verify import verify
from licensing.contract import application_stream
from licensing.directive.commands import IssueDirective, RescindDirective
from licensing.directive.scope import Posture, Scope
from licensing.directive.state import Stage
from tests.licensing.application.cases import CONSIGNEE, PURCHASER, new_submission
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE
from tests.service.site import Site, insist

COUNTRY = "IS"
CASES = 60
ORDER = IssueDirective(
    title="A test",
    scope=Scope(destinations=frozenset({COUNTRY})),
    posture=Posture.DENY,
    citation="Order",
    reasons="By order.",
)
RESCIND = RescindDirective(reasons="The test is over.")


async def _submitted(site: Site, acn: str) -> str:
    consignee = CONSIGNEE.model_copy(update={"country": COUNTRY})
    acme = await site.officer("acme")
    application = new_submission(parties=(PURCHASER, consignee))
    await insist(partial(acme.submit, application, acn=acn, command_id=f"{acn}-submit"))
    return application_stream(acn)


async def _completed(reader: Reader, key: str) -> DirectiveRow:
    async with asyncio.timeout(3 * PATIENCE):
        while True:
            rows = await reader.directives(key)
            if rows and rows[0].fan_out is not None and rows[0].remaining == 0:
                return rows[0]
            await asyncio.sleep(0.05)


async def test_the_worker_is_killed_while_it_knocks(site: Site, tmp_path: Path) -> None:
    chance = random.Random("fan-out")
    async with site.supervised(tmp_path) as worker, Reader(site.target.database_url) as reader:
        streams = [await _submitted(site, f"F{number:06}") for number in range(CASES)]
        vera = await site.officer("vera")
        await insist(partial(vera.issue_directive, "killed", ORDER, command_id="killed-issue"))

        done = asyncio.create_task(_completed(reader, "killed"))
        late: list[asyncio.Task[str]] = []
        for number in range(4):
            await worker.ready()
            late.append(asyncio.create_task(_submitted(site, f"G{number:06}")))
            await asyncio.sleep(chance.uniform(0, 0.6))
            await worker.kill()
        streams += await asyncio.gather(*late)
        row = await done
        assert (row.stage, row.failed) == (Stage.IN_FORCE, 0)
        for stream in streams:
            types = [event.type async for event in reader.stream(stream)]
            assert types.count("DirectiveApplied") == 1, stream
        assert (await verify(site.target.database_url)).fault is None
        assert len(worker.ends) >= 4
        await insist(partial(vera.decide, "directive-killed", RESCIND, command_id="killed-rescind"))
    logs_are_clean([worker])
