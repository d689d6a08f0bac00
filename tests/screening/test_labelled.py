"""How well the comparison tells the labelled pairs apart; see labelled/README.md."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from greenlight.screening import Kind, compare
from tests.shared_data import SHARED, needs

FOLDER = Path(__file__).with_name("labelled")
# Handed to the project: the smaller part of a set of which the larger is kept back.
HANDED = SHARED.parent / "cases" / "names_labelled.csv"
SCHEMAS: dict[str, Kind] = {"Person": "person", "Vessel": "vessel"}


class Pair(NamedTuple):
    first: str
    second: str
    match: bool
    part: str


class Quality(NamedTuple):
    precision: float
    f1: float


def pairs(name: str) -> list[Pair]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["first"], row["second"], row["match"] == "yes", row.get("part", ""))
            for row in csv.DictReader(file)
        ]


def quality(of: Sequence[Pair], kind: Kind) -> Quality:
    found = [compare(pair.first, pair.second, kind=kind).match for pair in of]
    right = sum(pair.match and match for pair, match in zip(of, found, strict=True))
    precision, recall = right / sum(found), right / sum(pair.match for pair in of)
    return Quality(precision, 2 * precision * recall / (precision + recall))


@pytest.mark.parametrize("part", ["tuning", "held-out"])
def test_organisations_are_told_apart(part: str) -> None:
    reached = quality([pair for pair in pairs("organisations") if pair.part == part], "organisation")
    assert reached.precision >= 0.95, reached
    assert reached.f1 >= 0.95, reached


@pytest.mark.parametrize("part", ["tuning", "held-out"])
def test_organisations_that_were_written_without_sight_of_the_scorer_are_told_apart(part: str) -> None:
    reached = quality([pair for pair in pairs("independent") if pair.part == part], "organisation")
    assert reached.precision >= 0.94, reached
    assert reached.f1 >= 0.93, reached


@pytest.mark.parametrize(("name", "kind"), [("people", "person"), ("vessels", "vessel")])
def test_people_and_vessels_are_told_apart(name: str, kind: Kind) -> None:
    reached = quality(pairs(name), kind)
    assert reached.precision >= 0.95, reached
    assert reached.f1 >= 0.95, reached


@pytest.mark.parametrize(("kind", "f1"), [("organisation", 0.92), ("person", 0.88)])
def test_names_labelled_elsewhere_are_told_apart(kind: Kind, f1: float) -> None:
    needs(HANDED)
    with HANDED.open(encoding="utf-8", newline="") as file:
        handed = [
            Pair(row["name1"], row["name2"], row["is_match"] == "true", "")
            for row in csv.DictReader(file)
            if SCHEMAS.get(row["schema"], "organisation") == kind
        ]
    reached = quality(handed, kind)
    assert reached.precision >= 0.92, reached
    assert reached.f1 >= f1, reached


def test_the_set_is_large_and_about_half_of_it_negative() -> None:
    files = {name: pairs(name) for name in ("organisations", "independent", "people", "vessels")}
    every = [pair for of in files.values() for pair in of]
    assert len(every) >= 1300
    for of in files.values():
        assert len({(pair.first, pair.second) for pair in of}) == len(of)
    assert 0.4 <= sum(pair.match for pair in every) / len(every) <= 0.6
