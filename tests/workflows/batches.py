"""Batches for the real server."""

import asyncio
import itertools
from collections.abc import Iterable

from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import Leaf
from greenlight.kernel.streams import batch_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.batch.commands import OpenBatch
from greenlight.law.batch.prepare import leaf
from tests.law.application.cases import DENY
from tests.workflows.office import Office

_keys = itertools.count(1)
AT_ONCE = 8


async def waiting(office: Office, count: int, recommendation: Body = DENY) -> list[str]:
    """Cases that wait for the executive, as a denial always does; in the order of their streams."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> str:
        async with gate:
            return await office.countersigned(recommendation)

    return sorted(await asyncio.gather(*(one() for _ in range(count))))


async def leaves(office: Office, streams: Iterable[str]) -> tuple[Leaf, ...]:
    """What would be signed of these cases now."""
    found: list[Leaf] = []
    for stream in sorted(streams):
        state = APPLICATION.replay(None, tuple(event.record for event in await office.events(stream)))
        of = leaf(state) if state else None
        assert of is not None, f"{stream} does not wait for the executive"
        found.append(of)
    return tuple(found)


async def prepared(office: Office, streams: Iterable[str], officer: str = "olga") -> str:
    """The key of a batch over these cases, which the executive reads as they are now."""
    key = f"test-{next(_keys)}"
    opening = OpenBatch(title="On the server", leaves=await leaves(office, streams))
    for each in opening.leaves:
        await office["vera"].dossier(each.stream)
    await office[officer].open_batch(key, opening)
    return key


async def edited(office: Office, streams: Iterable[str]) -> None:
    """Their dossiers change: sent back by the executive, recommended and countersigned anew."""
    for stream in streams:
        await office.send("vera", stream, SignOff(approves=False, comment="Say more."))
        await office.send("olga", stream, DENY)
        await office.send("carla", stream, Countersign(agrees=True))


async def delivered(office: Office, key: str) -> None:
    """Wait until the batch has come to its end."""
    async with asyncio.timeout(60):
        await office.handle(batch_stream(key)).result()


async def outcome(office: Office, key: str) -> tuple[int, dict[str, str]]:
    """How many were decided, and what fell out."""
    (row,) = await office.reader.batches(key)
    return row.decided, row.fell_out
