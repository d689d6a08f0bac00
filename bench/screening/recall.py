"""Recall: how many names of the list are found with a slip in them, by what they name and the kind of
slip."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Final, NamedTuple

from bench.screening.official import CHOSEN, Group, Listed, keys, screened
from bench.screening.slips import IN_A_LONG_WORD, SLIPS
from greenlight.screening.book import ListingBook

ENOUGH: Final = 50
"""Of fewer names, a share says nothing."""


class Altered(NamedTuple):
    """A name of the list with one slip in it."""

    group: Group
    slip: str
    listed: Listed
    written: str


def altered(names: Mapping[Group, Sequence[Listed]], seed: int) -> list[Altered]:
    """Each name with each slip that it has a place for."""
    return list(_altered(names, seed))


def _altered(names: Mapping[Group, Sequence[Listed]], seed: int) -> Iterator[Altered]:
    for slip, rule in SLIPS.items():
        chance = Random(f"{seed} {slip}")
        for group, of in names.items():
            for listed in of:
                if (written := rule(listed.name, chance)) is not None:
                    yield Altered(group, slip, listed, written)


def missed(every: Sequence[Altered], book: ListingBook, at: datetime) -> list[Altered]:
    """Those whose entry is not among what an officer is shown."""
    findings = screened((each.written for each in every), book, at)
    return [
        each for each, finding in zip(every, findings, strict=True) if each.listed.key not in keys(finding)
    ]


def recall(every: Sequence[Altered], lost: Sequence[Altered]) -> dict[str, float]:
    """Of each group: what is found with a slip in a long word, and with each kind of slip."""
    figures: dict[str, float] = {}
    for group in CHOSEN:
        for name, slips in (("", [*IN_A_LONG_WORD]), *((f"_{slip}", [slip]) for slip in SLIPS)):
            asked, not_found = (
                sum(each.group == group and each.slip in slips for each in of) for of in (every, lost)
            )
            if asked >= ENOUGH:
                figures[f"slip_recall_{group}{name}"] = 1 - not_found / asked
    return figures
