"""Labelled pairs of names: how well they are told apart, and how long a comparison takes.

`GREENLIGHT_LABELLED` names a file of pairs from elsewhere, with the columns case_group, schema, name1, name2,
is_match, quality, category and notes; its figures are told beside those of the sets that are kept here.
"""

import csv
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from greenlight.cli.base.output import warn
from greenlight.screening import Kind, compare
from greenlight.screening.tokens import prepare

FILE: Final = "GREENLIGHT_LABELLED"
FOLDER: Final = Path(__file__).parents[2] / "tests" / "screening" / "labelled"
SETS: Final[Mapping[str, Kind]] = {
    "organisations": "organisation",
    "independent": "organisation",
    "people": "person",
    "vessels": "vessel",
}
ROUNDS: Final = 7

_SCHEMAS: Final[Mapping[str, tuple[str, Kind]]] = {
    "person": ("people", "person"),
    "vessel": ("vessels", "vessel"),
    "airplane": ("vessels", "vessel"),
}
_OTHERS: Final[tuple[str, Kind]] = ("organisations", "organisation")


class Pair(NamedTuple):
    """Two names, whether they are one party's, and as what they are compared."""

    first: str
    second: str
    match: bool
    kind: Kind


def kept(name: str) -> list[Pair]:
    """The pairs of a set of tests/screening/labelled."""
    return [
        Pair(row["first"], row["second"], row["match"] == "yes", SETS[name])
        for row in _rows(FOLDER / f"{name}.csv")
    ]


def elsewhere(path: Path) -> Mapping[str, list[Pair]]:
    """The pairs of such a file, by what they name."""
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for row in _rows(path):
        name, kind = _SCHEMAS.get(row["schema"].lower(), _OTHERS)
        found[name].append(Pair(row["name1"], row["name2"], row["is_match"].lower() == "true", kind))
    return found


def measure() -> dict[str, float]:
    """F1, precision and recall of every set, and the median microseconds of a comparison."""
    sets = {name: kept(name) for name in SETS}
    if path := os.environ.get(FILE):
        sets |= {f"elsewhere_{name}": of for name, of in elsewhere(Path(path)).items()}
    else:
        warn(f"left out, as {FILE} names no file: labelled_elsewhere")
    figures = {name: value for of in sets for name, value in _quality(of, sets[of])}
    pairs = sets["organisations"]
    return figures | {
        "compare_us": min(_microseconds(pairs, lambda: None) for _ in range(ROUNDS)),
        "compare_cold_us": min(_microseconds(pairs, prepare.cache_clear) for _ in range(ROUNDS)),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _quality(name: str, pairs: Iterable[Pair]) -> Iterator[tuple[str, float]]:
    told = [(compare(pair.first, pair.second, kind=pair.kind).match, pair.match) for pair in pairs]
    found, wanted = (sum(side) for side in zip(*told, strict=True))
    right = sum(match and asked for match, asked in told)
    # Of a set in which nothing is found, or nothing to be found, nothing was wrong.
    yield f"labelled_{name}_f1", 2 * right / (found + wanted) if found + wanted else 1.0
    yield f"labelled_{name}_precision", right / found if found else 1.0
    yield f"labelled_{name}_recall", right / wanted if wanted else 1.0


def _microseconds(pairs: Sequence[Pair], before: Callable[[], None]) -> float:
    """The median of one pass."""
    taken: list[float] = []
    for pair in pairs:
        before()
        began = time.perf_counter()
        compare(pair.first, pair.second)
        taken.append((time.perf_counter() - began) * 1e6)
    return statistics.median(taken)
