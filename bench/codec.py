"""The price of encryption: the processor's time for a case with the codec and without, in turns.

Time of the worker and of who sends the commands, which both seal and open; two sets of servers, so that
neither worker takes the other's cases.
"""

import os
import statistics
import time
from contextlib import AsyncExitStack

from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from bench.cases import CASES_PER_ROUND, Case, together
from bench.servers import Office, office, worker
from greenlight.codec.payloads import CaseCodec
from greenlight.codec.sealing import CodecMode
from greenlight.codec.service import FileKeys

ROUNDS = 6
PAYLOADS, BYTES = 2_000, 2_048
"""Payloads of one case, about as large as what an activity answers."""


async def measure() -> dict[str, float]:
    """The codec's share of a case, in turns with the same without; and of one payload, by itself."""
    async with AsyncExitStack() as stack:
        ways = [await _way(stack, mode) for mode in (CodecMode.OFF, CodecMode.ACCEPT_PLAIN)]
        rounds = [[await _processor(case, of, pid) for case, of, pid in ways] for _ in range(ROUNDS + 1)]
        keys = ways[1][1].servers.target.sealing.keys
        assert keys is not None, "it seals"
        payload_us = await _payload_us(CaseCodec.of(CodecMode.ACCEPT_PLAIN, FileKeys(keys)))
    # The first round warms caches and connections.
    counted = rounds[1:]
    return {
        "codec_throughput_ratio": statistics.median(off / on for off, on in counted),
        "codec_case_ms": statistics.median(on - off for off, on in counted),
        "case_processor_ms": statistics.median(on for _, on in counted),
        "codec_payload_us": payload_us,
    }


async def _way(stack: AsyncExitStack, mode: CodecMode) -> tuple[Case, Office, int]:
    of = await stack.enter_async_context(office(codec=mode))
    process = await stack.enter_async_context(worker(of.servers))
    return of.drivers.service, of, process.pid


async def _processor(case: Case, of: Office, worker_pid: int) -> float:
    """Milliseconds of the processor for a case, many at once: the worker's and this process's."""
    theirs, ours = _spent(worker_pid), time.process_time()
    await together(case, of.numbers)
    return (_spent(worker_pid) - theirs + time.process_time() - ours) / CASES_PER_ROUND * 1_000


def _spent(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _payload_us(codec: CaseCodec) -> float:
    """Microseconds to seal a payload and to open it again."""
    of_case = codec.with_context(WorkflowSerializationContext("default", "application-A000001"))
    payload = Payload(metadata={"encoding": b"json/plain"}, data=os.urandom(BYTES))
    await of_case.encode([payload])
    began = time.process_time()
    for _ in range(PAYLOADS):
        await of_case.decode(await of_case.encode([payload]))
    return (time.process_time() - began) / PAYLOADS * 1e6
