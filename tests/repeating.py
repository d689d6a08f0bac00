"""What a failing test needs to be repeated: the seed of the run, and what was done in it at which second.

All that is left to chance follows from one seed, which ``--hypothesis-seed`` sets. Hypothesis also draws from
the constants of all modules that are loaded, so the same tests have to be collected; its own decorator, which
stands beside the failing example, needs neither.
"""

import random
import time
from typing import Protocol

import pytest

_SEED = "hypothesis_seed"
_seed = ""
_began = 0.0
_told: list[str] = []


class Node(Protocol):
    """Another process of this run, as pytest-xdist starts it."""

    config: pytest.Config
    workerinput: dict[str, object]


def sow(config: pytest.Config) -> str:
    """The seed of this run, drawn where nobody gave one; processes of one run have the same."""
    global _seed
    if config.getoption(_SEED) is None:
        drawn = str(random.SystemRandom().getrandbits(64))
        setattr(config.option, _SEED, getattr(config, "workerinput", {}).get(_SEED, drawn))
    _seed = str(config.getoption(_SEED))
    return _seed


def share(node: Node) -> None:
    """Hand the seed to another process of this run."""
    node.workerinput[_SEED] = sow(node.config)


def begin() -> None:
    """A test begins: nothing was done yet."""
    global _began
    _began = time.monotonic()
    _told.clear()


def tell(what: str) -> None:
    """Keep what a test does at a moment that was left to chance or to the clock."""
    _told.append(f"{time.monotonic() - _began:8.2f} s  {what}")


def chance(name: str) -> random.Random:
    """Random numbers of a test's own, from the seed of the run."""
    return random.Random(f"{name} {_seed}")


def how(item: pytest.Item) -> str:
    """How to repeat a test, and what it did."""
    name = item.nodeid.split("::")[1].partition("[")[0]
    command = f"python -m pytest -n 0 {' '.join(item.config.args)} -k {name} --hypothesis-seed={_seed}"
    return "\n".join([command, *_told])
