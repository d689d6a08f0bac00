"""The bound on a score against the score: no match is left aside, and what cannot match is."""

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.screening.bounds import APART, MOST, Bounds
from greenlight.screening.compare import THRESHOLD, compare_prepared
from greenlight.screening.tokens import Kind, Prepared, read
from tests.screening.test_labelled import pairs

FILES: dict[Kind, str] = {"organisation": "organisations", "person": "people", "vessel": "vessels"}
# Words of every weight and sort, that a name has by itself, that many have, and that tell names apart.
WORDS = (
    "kulon zoryan vostrikov yugora bank china industry trading group moscow north technology 3 4 rose chang "
    "ivan ivanovich a v muhammad plant institute electronics national of"
).split()
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def promising(sought: Prepared, listed: list[Prepared], kind: Kind, threshold: float) -> set[int]:
    """Who is promising where a word may mean itself alone, and every name is asked about."""
    bounds = Bounds(listed, kind, threshold)
    known = {text for name in listed for text in name.texts}
    may_meet = bounds.may_meet([(token, frozenset({token.text} & known)) for token in sought.tokens])
    return set(bounds.promising(sought, may_meet, dict.fromkeys(range(len(listed)), APART)))


def met_by_words(sought: Prepared, listed: list[Prepared], threshold: float) -> Iterator[int]:
    """Who matches by words that are the same, and by nothing that only the whole of a name says."""
    for place, other in enumerate(listed):
        comparison = compare_prepared(sought, other)
        if comparison.score >= threshold and comparison.remark is None and not comparison.alignment.met:
            yield place


@pytest.mark.parametrize("kind", get_args(Kind))
@given(NAMES, st.lists(NAMES, min_size=1, max_size=20), st.sampled_from((20.0, THRESHOLD, 90.0)))
def test_whoever_matches_is_promising(kind: Kind, name: str, names: list[str], threshold: float) -> None:
    sought, listed = read(name, kind), [read(each, kind) for each in names]
    wanted = set(met_by_words(sought, listed, threshold))
    assert wanted <= promising(sought, listed, kind, threshold)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_whoever_matches_of_the_labelled_names_is_promising(kind: Kind) -> None:
    labelled = pairs(FILES[kind])
    for pair in labelled:
        sought, listed = read(pair.first, kind), [read(pair.second, kind)]
        wanted = set(met_by_words(sought, listed, THRESHOLD))
        assert wanted <= promising(sought, listed, kind, THRESHOLD)


@pytest.mark.parametrize(
    ("kind", "sought", "listed"),
    [
        ("organisation", "Agricultural Machine Trading", "Agricultural Machine Insurance"),
        ("organisation", "Moscow State University", "Moscow Credit Bank"),
        ("person", "V. Orlenko", "O, V. Chun"),
    ],
)
def test_what_many_have_alone_is_not(kind: Kind, sought: str, listed: str) -> None:
    assert promising(read(sought, kind), [read(listed, kind)], kind, THRESHOLD) == set()


def test_of_too_many_the_best_are_looked_at() -> None:
    names = ("Kulon Zoryan", "Kulon Yugora Zoryan Saturn")
    listed = [read(names[at % 2], "organisation") for at in range(600)]
    found = promising(read("Kulon Zoryan", "organisation"), listed, "organisation", 50)
    assert len(found) == MOST
    assert all(at % 2 == 0 for at in found)
