"""The official list, its names by what they name, and who of them a screening finds.

The list is a download of others and no part of the project: `GREENLIGHT_CSL` names the file, and without it
what needs the list is left out, and said to be.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple

from bench.lists import FILE
from greenlight.lists.read import read_list
from greenlight.reference.listings import load_listings
from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.finding import Finding, ScreenedParty
from greenlight.screening.index import NameIndex
from greenlight.screening.normalise import normalise
from greenlight.screening.screen import screen

Group = Literal["organisations", "people", "vessels"]

CHOSEN: Final[dict[Group, int]] = {"organisations": 1_000, "people": 800, "vessels": 200}
"""The number of names of the list that are altered. People are those that the list calls individuals; whoever
it gives no type is among the organisations."""

SAME: Final = 100.0


class Listed(NamedTuple):
    """A name of the list, and the key of its entry."""

    name: str
    key: str


def official_book() -> ListingBook | None:
    """The book of the file, None where no file is named."""
    path = os.environ.get(FILE)
    if path is None:
        return None
    today = datetime.now(UTC).date()
    return read_list(Path(path).read_bytes(), list_id="csl", retrieved=today, shipped=load_listings()).book


def chosen(book: ListingBook, at: datetime, seed: int) -> dict[Group, list[Listed]]:
    """Names and aliases of entries in force, as many of each group as `CHOSEN` says or the list has."""
    names: dict[Group, list[Listed]] = {group: [] for group in CHOSEN}
    for listing in book.listings:
        if listing.is_in_force(at):
            own = (listing.name, *(alias.name for alias in listing.aliases))
            names[_group(listing)] += [Listed(name, listing.key) for name in own]
    chance = Random(seed)
    return {group: chance.sample(of, min(CHOSEN[group], len(of))) for group, of in names.items()}


def _group(listing: Listing) -> Group:
    if listing.kind == "person":
        return "people"
    return "vessels" if listing.kind == "vessel" else "organisations"


def screened(names: Iterable[str], book: ListingBook, at: datetime) -> tuple[Finding, ...]:
    """The findings of the names, as of the parties to one transaction."""
    parties = [ScreenedParty(role="end_user", ordinal=place, name=name) for place, name in enumerate(names)]
    return screen(parties, book, at)


def on_no_list(names: Collection[str], book: ListingBook) -> list[str]:
    """Those that are not, letter by letter but for case and legal forms, a name of the list."""
    listed = {
        normalise(name)
        for listing in book.listings
        for name in (listing.name, *(alias.name for alias in listing.aliases))
    }
    return [name for name in names if normalise(name) not in listed]


def scores(index: NameIndex, name: str) -> dict[str, float]:
    """The score of each entry that is found under a name, by its key; the same name reaches 100."""
    found = {entry.listing.key: comparison.score for entry, comparison in index.similar(name)}
    return found | {entry.listing.key: SAME for entry in index.find(normalise(name))}


def keys(finding: Finding) -> Sequence[str]:
    return [match.listing for match in finding.matches]
