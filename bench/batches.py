"""One signature over 300 cases of which five changed meanwhile: until all are decided, and until all their
workflows have heard of it."""

import asyncio
import time
from collections.abc import Mapping

from temporalio.client import Client

from bench.cases import application
from bench.histories import GRANT
from greenlight.eventlog.read import Reader
from greenlight.kernel.inclusion import Leaf
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.batch.commands import OpenBatch
from greenlight.rehearsal.played import PlayedOfficer

CASES, EDITED, AT_ONCE = 300, 5, 20
KEY = "bench"
FIRST = 900_000
"""Control numbers that no other measurement uses."""


async def measure(
    client: Client, officers: Mapping[str, PlayedOfficer], database_url: str
) -> dict[str, float]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def waiting(number: int) -> Leaf:
        async with gate:
            stream = application_stream(f"Q{FIRST + number:06}")
            await officers["acme"].submit(application(FIRST + number), acn=stream.partition("-")[2])
            await officers["olga"].decide(stream, GRANT)
            receipt = await officers["carla"].decide(stream, Countersign(agrees=True))
            assert receipt.stage == "sign_off", "a listed entity is a party"
            read = await officers["vera"].dossier(stream)
            return Leaf(stream=stream, dossier=read.digest, outcome="grant")

    leaves = await asyncio.gather(*(waiting(number) for number in range(CASES)))
    opening = OpenBatch(title="Many", leaves=tuple(sorted(leaves, key=lambda leaf: leaf.stream)))
    await officers["olga"].open_batch(KEY, opening)
    for leaf in leaves[:EDITED]:
        await officers["vera"].decide(leaf.stream, SignOff(approves=False))
    read = await officers["vera"].dossier(batch_stream(KEY))
    began = time.perf_counter()
    await officers["vera"].sign_batch(KEY, dossier=read.digest)
    async with Reader(database_url) as reader:
        while (await reader.batches(KEY))[0].stage != "delivered":  # noqa: ASYNC110  # The log is another's.
            await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    handle = client.get_workflow_handle(batch_stream(KEY), result_type=CaseStatus)
    # Its workflow ends when those of the cases have heard of it.
    await handle.result()
    until_told = time.perf_counter() - began
    granted = [(await officers["acme"].status(leaf.stream)).status.stage == "granted" for leaf in leaves]
    assert sum(granted) == CASES - EDITED, f"{sum(granted)} of {CASES} were granted"
    return {
        "batch_300_s": seconds,
        "batch_300_told_s": until_told,
        "batch_history_events": len((await handle.fetch_history()).events),
    }
