"""The names of a list, to be found by: the same name, and names that are alike."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Final, Literal, NamedTuple

from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.candidates import Candidates
from greenlight.screening.compare import THRESHOLD, Comparison
from greenlight.screening.kept import uncollected
from greenlight.screening.kinds import kinds
from greenlight.screening.normalise import is_legal_form, normalise
from greenlight.screening.parts import parts
from greenlight.screening.tokens import Kind, read, says_who


class IndexedName(NamedTuple):
    """One printed name of one listing, as it is found in the index."""

    listing: Listing
    text: str
    kind: Literal["name", "alias"]
    source: str | None


class NameIndex:
    """Every name of a book: under its normalised spelling, and for comparison by the kind of party.

    Names are alike from ``threshold`` on, a score from 0 to 100 (`compare`). What was worked out for the
    names of an index ``before`` is not worked out again; else it makes no difference.
    """

    def __init__(
        self, book: ListingBook, threshold: float = THRESHOLD, before: "NameIndex | None" = None
    ) -> None:
        self._threshold = threshold
        self._before = before
        spellings = before._spellings if before else {}
        # A spelling that is one listing's alone, as nearly all are, needs no tuple around it.
        self._names: dict[str, IndexedName | tuple[IndexedName, ...]] = {}
        self._by_kind: defaultdict[Kind, list[IndexedName]] = defaultdict(list)
        for listing in book.listings:
            self._add(IndexedName(listing, listing.name, "name", None), spellings)
            for alias in listing.aliases:
                self._add(IndexedName(listing, alias.name, "alias", alias.source), spellings)

    def find(self, normalised: str) -> tuple[IndexedName, ...]:
        """The names that are the same as a normalised one, at most one for each listing."""
        found = self._names.get(normalised, ())
        return (found,) if isinstance(found, IndexedName) else found

    @property
    def names(self) -> Iterator[IndexedName]:
        """Every name that is compared, once for each kind that it is compared as."""
        return chain.from_iterable(self._by_kind.values())

    def similar(self, name: str) -> list[tuple[IndexedName, Comparison]]:
        """The names that match one, the closest of each listing, by falling score.

        What kind of party the name names is not asked: it is compared with organisations as an organisation,
        with people as a person and with vessels as a vessel. Legal forms alone are like nobody's name. The
        parts of what may be more than a name (`parts`) are compared as well, those that say who somebody is.
        """
        closest: dict[str, tuple[IndexedName, Comparison]] = {}
        for entry, comparison in chain(self._alike(name), self._alike_in_part(name)):
            known = closest.get(entry.listing.key)
            if known is None or known[1].score < comparison.score:
                closest[entry.listing.key] = entry, comparison
        return sorted(closest.values(), key=lambda pair: -pair[1].score)

    def _alike(self, name: str) -> Iterator[tuple[IndexedName, Comparison]]:
        for kind in self._candidates if not is_legal_form(name) else ():
            yield from self._of_kind(name, kind)

    def _alike_in_part(self, name: str) -> Iterator[tuple[IndexedName, Comparison]]:
        for part in parts(name):
            same = {entry.listing.key for entry in self.find(normalise(part))}
            for kind in self._candidates:
                says_who = _says_who(part, kind)
                for entry, comparison in self._of_kind(part, kind) if says_who or same else ():
                    # What says little of who it is must be the very name.
                    if says_who or entry.listing.key in same:
                        yield entry, comparison._replace(in_part=part)

    def _of_kind(self, name: str, kind: Kind) -> Iterator[tuple[IndexedName, Comparison]]:
        for place, comparison in self._candidates[kind].similar(name):
            yield self._by_kind[kind][place], comparison

    def prepare(self) -> None:
        """Make now what the first search for similar names would wait for: seconds, for a whole list."""
        self._candidates  # noqa: B018 - asking for it makes it.

    @cached_property
    def _candidates(self) -> dict[Kind, Candidates]:
        # Not everyone who looks a name up needs it.
        known = self._before._candidates if self._before else {}
        self._before = None
        with uncollected():
            return {
                kind: Candidates((entry.text for entry in entries), kind, self._threshold, known.get(kind))
                for kind, entries in self._by_kind.items()
            }

    @property
    def _spellings(self) -> dict[str, str]:
        """The normalised spelling of each name."""
        return {
            entry.text: spelling
            for spelling, found in self._names.items()
            for entry in ((found,) if isinstance(found, IndexedName) else found)
        }

    def _add(self, entry: IndexedName, spellings: Mapping[str, str]) -> None:
        spelling = spellings.get(entry.text) or normalise(entry.text)
        known = self.find(spelling)
        # "Huawei" and "HUAWEI Ltd." of one listing are one match, not two.
        if all(other.listing is not entry.listing for other in known):
            self._names[spelling] = (*known, entry) if known else entry
            if not is_legal_form(entry.text):
                for kind in kinds(entry.text, entry.listing.kind):
                    self._by_kind[kind].append(entry)


def _says_who(part: str, kind: Kind) -> bool:
    """Tell whether a part of a field says who somebody is: a person by two words at least."""
    if is_legal_form(part):
        return False
    if kind == "person":
        return len(read(part, kind).tokens) > 1
    return says_who(read(part, "organisation"))


class _Built:
    """The indexes of the books that were asked for last. Any number of threads may ask."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._indexes: dict[ListingBook, NameIndex] = {}
        self._changing = threading.Lock()

    def get(self, book: ListingBook | None) -> NameIndex | None:
        with self._changing:
            if book is None or (found := self._indexes.pop(book, None)) is None:
                return None
            self._indexes[book] = found
            return found

    def put(self, book: ListingBook, index: NameIndex) -> None:
        with self._changing:
            self._indexes[book] = index
            while len(self._indexes) > self._kept:
                del self._indexes[next(iter(self._indexes))]


# The shipped book, the current version, and the one that comes next.
_BUILT: Final = _Built(kept=3)


def name_index(book: ListingBook, before: ListingBook | None = None) -> NameIndex:
    """The index of a book, built the first time it is asked for: faster where that of a book ``before``, with
    nearly the same names, is still there."""
    found = _BUILT.get(book)
    if found is None:
        with uncollected():
            found = NameIndex(book, before=_BUILT.get(before))
        _BUILT.put(book, found)
    return found
