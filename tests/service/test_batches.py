"""Killed while it takes a signature to many cases, the service takes it to each of them once."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from greenlight.client import LicensingClient
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.stored import StoredEvent
from greenlight.eventlog.verify import verify
from greenlight.kernel.inclusion import Leaf
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.batch.commands import OpenBatch
from greenlight.law.batch.prepare import leaf
from greenlight.law.batch.view import BatchRow
from greenlight.rehearsal.played import PlayedOfficer
from greenlight.signing.decision import Decision, DecisionProof, check
from tests import repeating
from tests.eventlog.hindering import slowed
from tests.law.application.cases import DENY, new_submission
from tests.service.audit import logs_are_clean
from tests.service.processes import PATIENCE, Worker
from tests.service.site import Site, all_have_heard, insist

CASES, EDITED = 45, 3
KILLED_AT = (4, 24)

T = TypeVar("T")


async def at_sign_off(site: Site, number: int) -> str:
    acn = f"B{number:06}"
    stream = application_stream(acn)
    acme = await site.officer("acme")
    await insist(partial(acme.submit, new_submission(), acn=acn, command_id=f"submit-{acn}"))
    for officer, body in (("olga", DENY), ("carla", Countersign(agrees=True))):
        client = await site.officer(officer)
        await insist(partial(client.decide, stream, body, command_id=f"{officer}-{acn}-1"))
    return stream


async def prepared(site: Site, key: str) -> list[str]:
    """The cases of a batch, of which some are edited after it was put together."""
    gate = asyncio.Semaphore(8)

    async def one(number: int) -> str:
        async with gate:
            return await at_sign_off(site, number)

    streams = sorted(await asyncio.gather(*(one(number) for number in range(1, CASES + 1))))
    found: list[Leaf | None] = []
    async with Reader(site.target.database_url) as reader:
        for stream in streams:
            state = APPLICATION.replay(None, tuple([event.record async for event in reader.stream(stream)]))
            found.append(leaf(state) if state else None)
    olga, vera = await site.officer("olga"), await site.officer("vera")
    opening = OpenBatch(title="Under fire", leaves=tuple(each for each in found if each))
    await insist(partial(olga.open_batch, key, opening, command_id=f"open-{key}"))
    for stream in streams[:EDITED]:
        declined = SignOff(approves=False)
        await insist(partial(vera.decide, stream, declined, command_id=f"no-{stream}"))
    return streams


async def until(found: Callable[[], Awaitable[T | None]]) -> T:
    """What is found, as soon as it is."""
    async with asyncio.timeout(2 * PATIENCE):
        while (there := await found()) is None:  # noqa: ASYNC110  # The log is another process's.
            await asyncio.sleep(0.01)
        return there


async def under_fire(site: Site, worker: Worker, vera: PlayedOfficer, key: str) -> BatchRow:
    """Killed when a few cases are decided, and when more are; then left alone."""
    await insist(partial(vera.sign_batch, key, command_id=f"sign-{key}"))
    async with Reader(site.target.database_url) as reader:

        async def decided(least: int) -> BatchRow | None:
            (row,) = await reader.batches(key)
            stages = [row.stage for row in await reader.docket(limit=1_000) if row.acn.startswith("B")]
            return row if stages.count("intent_to_deny") >= least else None

        async def delivered() -> BatchRow | None:
            (row,) = await reader.batches(key)
            return row if row.stage == "delivered" else None

        for least in KILLED_AT:
            assert (await until(partial(decided, least))).stage == "delivering"
            repeating.tell(f"{least} cases are decided")
            await worker.kill()
        return await until(delivered)


async def test_the_worker_is_killed_while_it_delivers(site: Site, tmp_path: Path) -> None:
    key = "under-fire"
    async with site.supervised(tmp_path) as worker:
        streams = await prepared(site, key)
        vera = await site.officer("vera")
        async with slowed(site.target.database_url, "ExecutiveSignedOff", 0.03):
            row = await under_fire(site, worker, vera, key)
        # Hardly anybody was told yet.
        await worker.kill()
        await all_have_heard(site, streams)
        assert len(worker.ends) == len(KILLED_AT) + 1
    assert (row.decided, row.fell_out) == (
        CASES - EDITED,
        dict.fromkeys(streams[:EDITED], "wrong_stage"),
    )
    async with Reader(site.target.database_url) as reader:
        events = [event async for event in reader.log()]
    for stream in streams[EDITED:]:
        (signed,) = [each for each in events if (each.stream, each.type) == (stream, "ExecutiveSignedOff")]
        assert proves(signed, vera).stream == stream
        assert sum(each.stream == stream and each.type == "IntentToDenyIssued" for each in events) == 1
    reported = [each for each in events if each.type in {"BatchCaseDecided", "BatchCaseFellOut"}]
    assert sorted(str(each.content["case"]) for each in reported) == streams
    assert (await verify(site.target.database_url)).fault is None
    assert not (await rebuild(site.target.owner_url, swap=False)).differences
    logs_are_clean([worker])


def proves(signed: StoredEvent, vera: LicensingClient) -> Decision:
    assert signed.proof is not None
    return check(
        DecisionProof(
            stream=signed.stream, record=signed.record, token=signed.proof, key=vera.signer.key.public
        )
    )
