"""The names of a list, to be found by: the same name, and names that are alike."""

import threading
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final, Literal, NamedTuple

from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.candidates import Candidates
from greenlight.screening.compare import THRESHOLD, Comparison
from greenlight.screening.kept import uncollected
from greenlight.screening.kinds import kinds
from greenlight.screening.late import Late
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
    names of an index ``before`` is not worked out again; else it makes no difference. ``hashed`` as in
    `Candidates`: one that is kept for other processes needs numbers that are the same there.
    """

    def __init__(
        self,
        book: ListingBook,
        threshold: float = THRESHOLD,
        before: "NameIndex | None" = None,
        hashed: Callable[[Hashable], int] = hash,
    ) -> None:
        self._threshold = threshold
        self._before = before
        self._hashed = hashed
        spellings = before._spellings if before else {}
        entries: list[IndexedName] = []
        self._entries: Sequence[IndexedName] = entries
        self.listings: Sequence[Listing] = book.listings
        # A spelling that is one listing's alone, as nearly all are, needs no tuple around its place.
        self._names: dict[str, int | tuple[int, ...]] = {}
        self._by_kind: defaultdict[Kind, array[int]] = defaultdict(_places)
        for listing in book.listings:
            self._add(IndexedName(listing, listing.name, "name", None), spellings, entries)
            for alias in listing.aliases:
                self._add(IndexedName(listing, alias.name, "alias", alias.source), spellings, entries)

    def find(self, normalised: str) -> tuple[IndexedName, ...]:
        """The names that are the same as a normalised one, at most one for each listing."""
        found = self._names.get(normalised, ())
        places = (found,) if isinstance(found, int) else found
        return tuple([self._entries[place] for place in places])

    @property
    def names(self) -> Iterator[IndexedName]:
        """Every name that is compared, once for each kind that it is compared as."""
        return (self._entries[at] for at in chain.from_iterable(self._by_kind.values()))

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
            yield self._entries[self._by_kind[kind][place]], comparison

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
                kind: Candidates(
                    (self._entries[at].text for at in places),
                    kind,
                    self._threshold,
                    known.get(kind),
                    self._hashed,
                )
                for kind, places in self._by_kind.items()
            }

    @property
    def _spellings(self) -> dict[str, str]:
        """The normalised spelling of each name."""
        return {
            self._entries[at].text: spelling
            for spelling, found in self._names.items()
            for at in ((found,) if isinstance(found, int) else found)
        }

    def __getstate__(self) -> dict[str, Any]:
        """All of it, listings as JSON, which are read as they are met."""
        numbers: dict[int, int] = {}
        listings: list[bytes] = []
        entries: list[tuple[int, str, Literal["name", "alias"], str | None]] = []
        for listing, text, kind, source in self._entries:
            number = numbers.setdefault(id(listing), len(numbers))
            if number == len(listings):
                listings.append(listing.model_dump_json().encode())
            entries.append((number, text, kind, source))
        kept = {name: vars(self)[name] for name in ("_threshold", "_names", "_by_kind", "_hashed")}
        return kept | {"_candidates": self._candidates, "listings": listings, "entries": entries}

    def __setstate__(self, state: dict[str, Any]) -> None:
        written: list[bytes] = state.pop("listings")
        entries: list[tuple[int, str, Literal["name", "alias"], str | None]] = state.pop("entries")
        self.__dict__.update(state, _before=None)
        self.listings = Late(len(written), lambda at: Listing.model_validate_json(written[at]))
        self._entries = Late(
            len(entries), lambda at: IndexedName(self.listings[entries[at][0]], *entries[at][1:])
        )

    def _add(self, entry: IndexedName, spellings: Mapping[str, str], entries: list[IndexedName]) -> None:
        spelling = spellings.get(entry.text) or normalise(entry.text)
        known = self.find(spelling)
        # "Huawei" and "HUAWEI Ltd." of one listing are one match, not two.
        if all(other.listing is not entry.listing for other in known):
            place = len(entries)
            entries.append(entry)
            before = self._names.get(spelling)
            if before is None:
                self._names[spelling] = place
            else:
                self._names[spelling] = (*((before,) if isinstance(before, int) else before), place)
            if not is_legal_form(entry.text):
                for kind in kinds(entry.text, entry.listing.kind):
                    self._by_kind[kind].append(place)


def _places() -> "array[int]":
    return array("I")


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


def take_over(book: ListingBook, index: NameIndex) -> None:
    """Have an index that was kept be the one of its book."""
    _BUILT.put(book, index)


def name_index(book: ListingBook, before: ListingBook | None = None) -> NameIndex:
    """The index of a book, built the first time it is asked for: faster where that of a book ``before``, with
    nearly the same names, is still there."""
    found = _BUILT.get(book)
    if found is None:
        with uncollected():
            found = NameIndex(book, before=_BUILT.get(before))
        _BUILT.put(book, found)
    return found
