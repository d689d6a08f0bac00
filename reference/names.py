"""The listings that a name meets, as license determination takes them: a book asked by its index."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from licensing.determination.question import MAX_LISTINGS, Listed, Met, met
from screening.book import Listing, ListingBook
from screening.index import name_index
from screening.normalise import normalise
from screening.screen import nobody_ruled_out
from screening.scripts import unread

NAMES = 65_536
"""Names whose entries are remembered; the same parties are asked about again and again."""


class _Entries(NamedTuple):
    """Entries with the same name, and those with one that is alike, the closest first."""

    same: tuple[Listing, ...]
    alike: tuple[Listing, ...]


class ListedNames:
    """Asked for a name and an instant, finds what screening would: the same names, and those that are alike.

    From ``old_from`` on the book is too old to tell anything.
    """

    def __init__(self, book: ListingBook, old_from: datetime | None = None) -> None:
        self._book, self._old_from = book, old_from
        self._entries = lru_cache(maxsize=NAMES)(self._find)

    @property
    def list_id(self) -> str:
        return self._book.id

    def __call__(self, name: str, at: datetime) -> Met:
        if not self._book.listings:
            return Met(None, "could not be screened: the list is empty")
        if self._old_from is not None and at >= self._old_from:
            return Met(None, f"could not be screened: the list of {self._book.retrieved} is too old")
        entries = self._entries(name)
        if entries is None:
            return Met(None, "could not be screened: the name has neither letters nor digits")
        if not entries.same and not entries.alike:
            written = unread(name)
            return Met(None, f"could not be screened: {nobody_ruled_out(written)}") if written else _NOTHING
        return _met(entries, at)

    def _find(self, name: str) -> _Entries | None:
        spelling = normalise(name)
        if not spelling:
            return None
        index = name_index(self._book)
        same = {entry.listing.key: entry.listing for entry in index.find(spelling)}
        alike = (entry.listing for entry, _ in index.similar(name) if entry.listing.key not in same)
        return _Entries(tuple(same.values()), tuple(alike))


_NOTHING = Met(())


def _met(entries: _Entries, at: datetime) -> Met:
    same = [each for each in entries.same if each.is_in_force(at)]
    if len(same) > MAX_LISTINGS:
        # What is left out might be the strictest.
        return Met(None, f"has the name of {len(same)} listings, more than can be told")
    alike = [each for each in entries.alike if each.is_in_force(at)]
    return met(tuple(listed_as(e, at) for e in same), tuple(listed_as(e, at) for e in alike))


def listed_as(listing: Listing, at: datetime) -> Listed:
    """An entry with the terms of an instant at which it is in force."""
    terms = listing.terms_at(at)
    return Listed(
        listing=listing.key,
        source_list=listing.source_list,
        license_requirement=terms.license_requirement,
        review_policy=terms.review_policy,
        citation=listing.citation,
    )
