"""Replaying histories, the service's against the floor's, per history event."""

import itertools
import statistics
import time
from collections.abc import Iterator, Sequence

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from bench.cases import Drivers, service_stream
from bench.floor import FloorApplication, FloorLicense, FloorWithLicense
from greenlight.codec.sealing import Sealing
from greenlight.connection.converter import data_converter
from workflows.license import License
from workflows.registered import LicenseApplication

ROUNDS = 7
CASES = 10
FLOOR = "FloorWithLicense"


async def measure(drivers: Drivers, numbers: Iterator[int]) -> dict[str, float]:
    """Events replayed per second as a multiple of the floor's; and how long the history of a case is."""
    ours: list[WorkflowHistory] = []
    theirs: list[WorkflowHistory] = []
    for number in itertools.islice(numbers, CASES):
        await drivers.service(number)
        await drivers.floor(FLOOR)(number)
        ours.append(await drivers.client.get_workflow_handle(service_stream(number)).fetch_history())
        theirs.append(await drivers.client.get_workflow_handle(f"{FLOOR}-{number}").fetch_history())
    replayer = Replayer(
        workflows=[LicenseApplication, License, FloorApplication, FloorWithLicense, FloorLicense],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=data_converter(Sealing.off()),
    )
    ratios = [await _rate(replayer, ours) / await _rate(replayer, theirs) for _ in range(ROUNDS + 1)]
    return {
        "replay_vs_floor": statistics.median(ratios[1:]),
        "history_events_per_case": max(len(history.events) for history in ours),
        "floor_history_events": max(len(history.events) for history in theirs),
    }


async def _rate(replayer: Replayer, histories: Sequence[WorkflowHistory]) -> float:
    began = time.perf_counter()
    for history in histories:
        await replayer.replay_workflow(history)
    return sum(len(history.events) for history in histories) / (time.perf_counter() - began)
