"""What may happen to what: the rows and columns of the matrix."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.chaos.link import Link
from tests.chaos.scene import Scene
from tests.service.beneath import Beneath, available
from tests.service.processes import Worker
from tests.service.site import Server

STOPPED = 20.0
"""Seconds that a process stands still: longer than Temporal waits for a workflow's task."""

CUT = 10.0
"""Seconds that a link is cut, still or slow."""

SLOW = 0.2
"""Seconds that everything takes longer on a slow link."""


SLOW_DISK = 300
"""Milliseconds that each fsync takes on a slow disk."""

A_DAY = 24 * 60 * 60

Wrong = AbstractContextManager[None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens to a process or a link; ``inflict`` returns when it is over."""

    row: str
    column: str
    inflict: Callable[[Scene], Awaitable[None]]

    def __str__(self) -> str:
        return f"{self.row} {self.column}"


def _program(row: str, of: Callable[[Scene], Worker]) -> tuple[Fault, ...]:
    return (
        Fault(row, "killed", lambda scene: of(scene).kill()),
        Fault(row, f"stopped {STOPPED:.0f} s", lambda scene: scene.stop(of(scene).pid, STOPPED)),
    )


def _server(row: str, of: Callable[[Scene], Server]) -> tuple[Fault, ...]:
    return (
        Fault(row, "killed", lambda scene: scene.kill(of(scene))),
        Fault(row, f"stopped {STOPPED:.0f} s", lambda scene: scene.stop(of(scene).pid, STOPPED)),
    )


def _link(row: str, of: Callable[[Scene], Link]) -> tuple[Fault, ...]:
    return (
        Fault(row, f"cut {CUT:.0f} s", lambda scene: of(scene).cut(CUT)),
        Fault(row, f"still {CUT:.0f} s", lambda scene: of(scene).still(CUT)),
        Fault(row, f"slow by {SLOW} s", lambda scene: of(scene).slow(CUT, SLOW)),
    )


def _below(
    row: str, column: str, of: Callable[[Scene], Beneath | None], wrong: Callable[[Beneath], Wrong]
) -> tuple[Fault, ...]:
    async def inflict(scene: Scene) -> None:
        below = of(scene)
        assert below is not None, "it is available"
        with wrong(below):
            await asyncio.sleep(CUT)

    return (Fault(row, column, inflict),) if available() else ()


def _worker(scene: Scene) -> Beneath | None:
    return scene.below_worker


def _postgres(scene: Scene) -> Beneath | None:
    return scene.below_postgres


FAULTS = (
    *_program("worker", lambda scene: scene.worker),
    *_program("auditor", lambda scene: scene.auditor),
    *_server("Temporal", lambda scene: scene.site.temporal),
    *_server("PostgreSQL", lambda scene: scene.site.postgres),
    *_link("worker – Temporal", lambda scene: scene.worker_to_temporal),
    *_link("worker – PostgreSQL", lambda scene: scene.worker_to_postgres),
    *_link("clients – Temporal", lambda scene: scene.clients_to_temporal),
    *_below("PostgreSQL's disk", f"slow by {SLOW_DISK} ms", _postgres, lambda it: it.slow(SLOW_DISK)),
    *_below("PostgreSQL's disk", f"full {CUT:.0f} s", _postgres, lambda it: it.full()),
    *_below("worker's disk", f"full {CUT:.0f} s", _worker, lambda it: it.full()),
    *_below("worker's clock", "a day ahead", _worker, lambda it: it.clock(A_DAY)),
    *_below("worker's clock", "a day behind", _worker, lambda it: it.clock(-A_DAY)),
)
