"""What counts of all that is attested, in the order in which it does; and the ways in which it may be so.

A correction is in the place of what it corrects. One that is itself taken back corrects nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product
from typing import NamedTuple

from greenlight.law.rule.acts import Act, ActKind, Attestation

MOST_WORLDS = 64
"""Combinations of attestations that contradict each other; with more, nothing would be certain."""


class Said(NamedTuple):
    """An act that counts, by the ``number`` of its attestation. ``place``: the number of the attestation that
    it corrects in the end, or its own. ``issued``: when the act was made public; where nobody says that, it
    was by the time at which it was first attested, or by its effect."""

    number: int
    act: Act
    place: int
    issued: datetime


World = tuple[Said, ...]
"""Acts none of which contradicts another, in the order in which they count."""


def counting(attestations: Iterable[Attestation]) -> tuple[Attestation, ...]:
    """Those that no other corrects or takes back, in the order in which they came.

    A correction that is taken back itself corrects nothing; one in whose place another is, still does.
    """
    known = tuple(attestations)
    taken_back: set[int] = set()
    corrected: set[int] = set()
    for each in sorted(known, key=_number, reverse=True):
        if each.corrects is not None and each.number not in taken_back:
            (taken_back if each.act is None else corrected).add(each.corrects)
    gone = taken_back | corrected
    return tuple(each for each in known if each.act is not None and each.number not in gone)


def _number(attestation: Attestation) -> int:
    return attestation.number


def said(attestations: Iterable[Attestation]) -> Iterator[Said]:
    """Everything that counts, each with its place."""
    known = tuple(attestations)
    by_number = {each.number: each for each in known}
    for each in counting(known):
        assert each.act is not None, "what is taken back does not count"
        first = each
        while first.corrects in by_number:
            first = by_number[first.corrects]
        issued = each.act.public or min(each.act.effective, first.known)
        yield Said(each.number, each.act, first.number, issued)


def alternatives(attestations: Iterable[Attestation]) -> tuple[list[Said], ...]:
    """Everything that counts by the act that it is about: of more than one, each contradicts the others."""
    acts: dict[tuple[ActKind, str], list[Said]] = {}
    for each in said(attestations):
        same = acts.setdefault((each.act.kind, each.act.citation), [])
        if all(other.act != each.act for other in same):
            same.append(each)
    return tuple(acts.values())


def contradictions(attestations: Iterable[Attestation]) -> int:
    """Count the combinations of what is attested; 1 where nothing contradicts anything."""
    number = 1
    for same in alternatives(attestations):
        number *= len(same)
    return number


def worlds(acts: Iterable[list[Said]]) -> Iterator[World]:
    """Every way in which it may be so: one of each of the ``alternatives``."""
    for number, chosen in enumerate(product(*acts)):
        assert number < MOST_WORLDS, "the law takes no more attestations that contradict each other"
        yield tuple(sorted(chosen, key=_effect))


def _effect(each: Said) -> tuple[datetime, datetime, int]:
    return each.act.effective, each.issued, each.place
