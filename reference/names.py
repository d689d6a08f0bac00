"""The listings that a name meets, as license determination takes them: a book asked by its index."""

from datetime import datetime
from functools import lru_cache

from licensing.determination.question import MAX_LISTINGS, Listed
from screening.book import ListingBook
from screening.index import IndexedName, name_index
from screening.normalise import normalise

NAMES = 65_536
"""Names whose entries are remembered; the same parties are asked about again and again."""


class ListedNames:
    """Asked for a name and an instant. None: nothing is left of the name to compare, or the book is empty."""

    def __init__(self, book: ListingBook) -> None:
        self._book = book
        self._entries = lru_cache(maxsize=NAMES)(self._find)

    def __call__(self, name: str, at: datetime) -> tuple[Listed, ...] | None:
        entries = self._entries(name)
        if entries is None:
            return None
        in_force = [entry for entry in entries if entry.listing.is_in_force(at)]
        # More than can be told is no answer: what is left out might be the strictest.
        return None if len(in_force) > MAX_LISTINGS else tuple(_listed(e, self._book, at) for e in in_force)

    def _find(self, name: str) -> tuple[IndexedName, ...] | None:
        spelling = normalise(name)
        return name_index(self._book).find(spelling) if spelling and self._book.listings else None


def _listed(entry: IndexedName, book: ListingBook, at: datetime) -> Listed:
    terms = entry.listing.terms_at(at)
    return Listed(
        listing=entry.listing.key,
        source_list=book.id,
        license_requirement=terms.license_requirement,
        review_policy=terms.review_policy,
        citation=entry.listing.citation,
    )
