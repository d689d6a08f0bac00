"""One fault after the other under a load of cases, and after each of them a look from outside."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.faults import FAULTS, Fault
from tests.chaos.scene import Scene
from tests.service.audit import letters_are_sent, nothing_is_lost_or_doubled
from tests.service.cases import STORIES, Lived, live
from tests.service.processes import waits

SPREAD = 3.0
"""Seconds over which the cases of a step begin, and within which the fault falls."""


@dataclass(frozen=True, slots=True)
class Step:
    """A fault of a walk: which one of the seed it is, and when it falls after the first case has begun."""

    seed: int
    number: int
    fault: Fault
    after: float

    @property
    def chance(self) -> random.Random:
        """Random numbers of this step's own, so that it can be repeated alone."""
        return random.Random(f"{self.seed} {self.number}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step: commands that were accepted, and the longest that a caller waited, in seconds."""

    step: Step
    receipts: int
    longest_wait: float


def steps(seed: int) -> Iterator[Step]:
    """The walk of a seed, without an end. Every fault comes once before any comes again."""
    number = 0
    while True:
        round_ = random.Random(f"{seed} {number}").sample(FAULTS, len(FAULTS))
        for fault in round_:
            number += 1
            after = random.Random(f"{seed} {number} after").uniform(0, SPREAD)
            yield Step(seed, number, fault, after)


async def take(scene: Scene, step: Step, cases: int) -> Outcome:
    """Let so many cases live at once while the fault falls, and look from outside at what is left.

    :raises AssertionError: something is lost, doubled or stuck.
    """
    waits.longest = 0.0
    chance = step.chance
    async with asyncio.TaskGroup() as group:
        lives = [
            group.create_task(_later(scene, chance.uniform(0, SPREAD), number)) for number in range(cases)
        ]
        await asyncio.sleep(step.after)
        await step.fault.inflict(scene)
    lived = [life.result() for life in lives]
    await nothing_is_lost_or_doubled(scene.site, lived)
    await letters_are_sent(scene.site)
    return Outcome(step, sum(len(each.receipts) for each in lived), waits.longest)


async def _later(scene: Scene, seconds: float, number: int) -> Lived:
    await asyncio.sleep(seconds)
    return await live(scene.site, STORIES[number % len(STORIES)])
