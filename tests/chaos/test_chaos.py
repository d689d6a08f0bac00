"""Minutes of the random walk in every run of the tests; ``make chaos`` goes on for longer."""

import time
from pathlib import Path

from tests import repeating
from tests.chaos.faults import FAULTS
from tests.chaos.scene import scene
from tests.chaos.walk import steps, take

SECONDS = 150
"""After which no step begins; one takes up to a minute on an idle machine."""

CASES = 12
"""At once."""


async def test_nothing_is_lost_doubled_or_stuck(tmp_path: Path) -> None:
    end = time.monotonic() + SECONDS
    seed = repeating.chance("chaos").randrange(1_000_000)
    async with scene(tmp_path) as here:
        for step in steps(seed):
            if time.monotonic() >= end:
                break
            repeating.tell(f"step {step.number} of seed {seed}: {step.fault}")
            await take(here, step, CASES)


def test_every_fault_comes_before_any_comes_again() -> None:
    walked = steps(7)
    first = {str(next(walked).fault) for _ in FAULTS}
    assert first == {str(fault) for fault in FAULTS}


def test_a_step_is_the_same_whoever_asks() -> None:
    one, other = steps(7), steps(7)
    for _ in range(40):
        a, b = next(one), next(other)
        assert (str(a.fault), a.after, a.chance.random()) == (str(b.fault), b.after, b.chance.random())
