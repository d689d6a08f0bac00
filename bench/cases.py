"""Complete simple cases against the floor: the same messages, servers and worker process, in turns."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from bench.floor import FLOOR_QUEUE
from greenlight.client import Signer
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Countersign, Outcome, Recommend, SignOff, Submit
from greenlight.law.application.dossier import Item, Money, Party, PartyRole, Submission
from greenlight.law.contract import REGISTERED, TASK_QUEUE, workflow_type

A = TypeVar("A")

ROUNDS = 5
CASES_PER_ROUND = 120
AT_ONCE = 30
LATENCY_CASES = 40

APPLICATION = Submission(
    applicant="Acme Networks LLC",
    parties=(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN"),),
    items=(
        Item(
            line=1,
            description="Line cards",
            classification="5A991",
            quantity=10,
            unit="pieces",
            value=Money(minor_units=1_000_000, currency="USD"),
        ),
    ),
    end_use="Maintenance of a rural network",
)

STEPS: tuple[tuple[str, str, Body], ...] = (
    ("olga", "recommend", Recommend(outcome=Outcome.GRANT, reasons="Existing network")),
    ("carla", "countersign", Countersign(agrees=True)),
    ("vera", "sign_off", SignOff(approves=True)),
)
ELSEWHERE = "application-A000000"
NO_DOSSIER = "sha256:" + "0" * 64

Handle = WorkflowHandle[object, object]
Case = Callable[[int], Awaitable[list[float]]]
"""Runs one case to its end and gives the seconds that each of its updates took."""


def application(number: int) -> Submission:
    """The same goods again, as an order of its own."""
    return APPLICATION.model_copy(update={"reference": f"Order {number:07}"})


def service_stream(number: int) -> str:
    """The case that the service has under a number."""
    return application_stream(f"{chr(ord('A') + number // 1_000_000)}{number % 1_000_000:06}")


@dataclass(frozen=True, slots=True)
class Drivers:
    """The ways to run a case: by the service, and by each floor."""

    client: Client
    signers: Mapping[str, Signer]

    async def service(self, number: int) -> list[float]:
        """Submit, recommend, countersign, sign off; granted at the end."""
        stream = service_stream(number)
        command = self.signers["acme"].sign("submit", stream, Submit(application=application(number)))
        start = self._start(workflow_type(stream), command, stream, TASK_QUEUE)
        case = await self._send_start(start, CaseStatus)
        handle = self.client.get_workflow_handle(stream)
        dossier, seconds = case.dossier, list[float]()
        for officer, name, body in STEPS:
            command = self.signers[officer].sign(name, stream, body, dossier=dossier)
            began = time.perf_counter()
            receipt = await _update(handle, name, command, Receipt)
            seconds.append(time.perf_counter() - began)
            dossier = receipt.dossier
        await handle.result()
        return seconds

    def floor(self, workflow: str) -> Case:
        """The same messages, as large, to a bare workflow."""

        async def run(number: int) -> list[float]:
            workflow_id = f"{workflow}-{number}"
            command = self.signers["acme"].sign(
                "submit", "application-A000000", Submit(application=application(number))
            )
            start = self._start(workflow, command, workflow_id, FLOOR_QUEUE)
            await self._send_start(start, dict)
            handle = self.client.get_workflow_handle(workflow_id)
            seconds: list[float] = []
            for officer, name, body in STEPS:
                command = self.signers[officer].sign(name, ELSEWHERE, body, dossier=NO_DOSSIER)
                began = time.perf_counter()
                await _update(handle, name, command, dict)
                seconds.append(time.perf_counter() - began)
            await handle.result()
            return seconds

        return run

    async def started(
        self, workflow: str, command: SignedCommand, workflow_id: str, queue: str, answer: type[A]
    ) -> A:
        """Start a workflow and wait until it says that it is registered."""
        return await self._send_start(self._start(workflow, command, workflow_id, queue), answer)

    def _start(
        self, workflow: str, command: SignedCommand, workflow_id: str, queue: str
    ) -> WithStartWorkflowOperation[object, object]:
        return WithStartWorkflowOperation(
            workflow,
            command,
            id=workflow_id,
            task_queue=queue,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )

    async def _send_start(self, start: WithStartWorkflowOperation[object, object], answer: type[A]) -> A:
        # One of the SDK's overloads leaves a type open; the one used here does not.
        return await self.client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
            REGISTERED, start_workflow_operation=start, result_type=answer
        )


async def throughput(drivers: Drivers, numbers: Iterator[int]) -> dict[str, float]:
    """Cases per second as a multiple of each floor's: medians of rounds in which they take turns."""
    ways: dict[str, Case] = {
        "service": drivers.service,
        "one": drivers.floor("FloorApplication"),
        "two": drivers.floor("FloorWithLicense"),
    }
    rounds = [{name: await together(case, numbers) for name, case in ways.items()} for _ in range(ROUNDS + 1)]
    # The first round warms caches and connections.
    counted = rounds[1:]
    return {
        "throughput_vs_floor": statistics.median(r["service"] / r["two"] for r in counted),
        "throughput_vs_single_workflow_floor": statistics.median(r["service"] / r["one"] for r in counted),
        "cases_per_second": statistics.median(r["service"] for r in counted),
        "floor_cases_per_second": statistics.median(r["two"] for r in counted),
        "single_workflow_floor_cases_per_second": statistics.median(r["one"] for r in counted),
    }


async def latency(drivers: Drivers, numbers: Iterator[int]) -> dict[str, float]:
    """The median update, one case at a time, as a multiple of the floor's."""
    service: list[float] = []
    floor: list[float] = []
    bare = drivers.floor("FloorWithLicense")
    for _ in range(LATENCY_CASES):
        service += await drivers.service(next(numbers))
        floor += await bare(next(numbers))
    ours, theirs = statistics.median(service), statistics.median(floor)
    return {
        "latency_vs_floor": ours / theirs,
        "update_ms": ours * 1000,
        "floor_update_ms": theirs * 1000,
    }


async def together(case: Case, numbers: Iterator[int]) -> float:
    """Cases a second, many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await case(number)

    began = time.perf_counter()
    await asyncio.gather(*(one(next(numbers)) for _ in range(CASES_PER_ROUND)))
    return CASES_PER_ROUND / (time.perf_counter() - began)


async def _update(handle: Handle, name: str, command: SignedCommand, answer: type[A]) -> A:
    # As above.
    return await handle.execute_update(name, command, result_type=answer)  # pyright: ignore[reportUnknownMemberType]
