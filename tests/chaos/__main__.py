"""``make chaos``: faults at random under a load of cases, or the whole matrix of them once."""

import argparse
import logging
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import uvloop

from greenlight.cli.base.output import say, warn
from tests.chaos.faults import FAULTS
from tests.chaos.reliability import PAGE, page
from tests.chaos.scene import scene
from tests.chaos.walk import Outcome, Step, steps, take

EXAMPLES = """
Examples:
  make chaos ARGS="--minutes 20 --seed 7"
  make chaos ARGS="--seed 7 --step 12"
  make chaos ARGS="--matrix --write"
"""


LAST = 100
"""So many lines of the worker's are shown where something broke."""


class BrokenError(Exception):
    """A step after which something was lost, doubled or stuck."""

    def __init__(self, step: Step) -> None:
        super().__init__(f"step {step.number}, {step.fault}")
        self.step = step


async def walk(chosen: Iterable[Step], cases: int, minutes: float) -> list[Outcome]:
    """Take the steps, one after the other on one site, until the time is over.

    :raises BrokenError: something is lost, doubled or stuck.
    """
    end = time.monotonic() + minutes * 60
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="greenlight-chaos-") as folder:
        async with scene(Path(folder)) as here:
            for step in chosen:
                if time.monotonic() >= end:
                    break
                try:
                    outcome = await take(here, step, cases)
                except Exception as error:
                    at = traceback.extract_tb(error.__traceback__)[-1]
                    warn(f"step {step.number:3}  {step.fault}: {type(error).__name__} {error} ({at.line})")
                    for line in here.worker.err.splitlines()[-LAST:]:
                        warn(line)
                    raise BrokenError(step) from error
                outcomes.append(outcome)
                say(
                    f"step {step.number:3}  {step.fault!s:36} {outcome.receipts:5} receipts,"
                    f" longest wait {outcome.longest_wait:5.1f} s"
                )
    return outcomes


async def main(asked: argparse.Namespace) -> int:
    seed, cases = asked.seed, asked.cases
    say(f"seed {seed}, {cases} cases at once")
    if asked.matrix:
        chosen: Iterable[Step] = islice(steps(seed), len(FAULTS))
        minutes = float("inf")
    elif asked.step:
        chosen, minutes = islice(steps(seed), asked.step - 1, asked.step), float("inf")
    else:
        chosen, minutes = steps(seed), asked.minutes
    try:
        outcomes = await walk(chosen, cases, minutes)
    except BrokenError as broken:
        return await shrink(broken.step, cases)
    receipts = sum(outcome.receipts for outcome in outcomes)
    longest = max(outcomes, key=lambda outcome: outcome.longest_wait)
    say(
        f"{len(outcomes)} steps, {receipts} receipts: 0 lost, 0 doubled, 0 stuck;"
        f" longest wait {longest.longest_wait:.1f} s ({longest.step.fault})"
    )
    if asked.write:
        PAGE.write_text(page(outcomes, cases, seed), encoding="utf-8")
        say(f"written to {PAGE.name}")
    return 0


async def shrink(step: Step, cases: int) -> int:
    """Say whether the step breaks alone on new servers, with fewer and fewer cases; the exit code is 1."""
    smallest: int | None = None
    while cases >= 1:
        say(f"once more step {step.number} alone, with {cases} cases")
        try:
            await walk([step], cases, float("inf"))
        except BrokenError:
            smallest = cases
            cases //= 2
            continue
        break
    if smallest is None:
        say(f"alone it holds: what came before it matters. Repeat with --seed {step.seed}")
    else:
        say(f"to repeat it: --seed {step.seed} --step {step.number} --cases {smallest}")
    return 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make chaos ARGS=…",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=3, help="how long (default: 3)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--cases", type=int, default=100, help="that live at once (default: 100)")
    parser.add_argument("--step", type=int, help="this step of the seed alone")
    parser.add_argument("--matrix", action="store_true", help="every fault once, however long it takes")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} when it has held")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    logging.getLogger().setLevel(logging.ERROR)
    sys.exit(uvloop.run(main(parsed(sys.argv[1:]))))
