"""The entries that officers listed, amended and removed on the record, as a book that counts beside the list.

It is small, so that an order of an officer costs no new index of the whole list. What counts at an instant is
the same whenever it is asked.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property, lru_cache

from pydantic import JsonValue

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.law.entity.history import Span, spans
from greenlight.screening.book import MAX_ALIASES, Alias, Listing, ListingBook, ListingTerms
from greenlight.screening.normalise import normalise

RECORD_ID = "record"
_REMEMBERED = 4
"""Times between two changes whose entries are kept: mostly the present one is asked about."""


class RecordedBook:
    """The record at an instant: the entries in force, and the keys for which the record speaks.

    ``version`` tells it from what is on record at instants at which anything else counts.
    """

    def __init__(self, at: datetime, told: Iterable[Span]) -> None:
        self._at = at
        in_force: defaultdict[str, list[Span]] = defaultdict(list)
        self._ended: dict[str, datetime] = {}
        for span in told:
            if span.counts(at):
                in_force[span.entry.key].append(span)
            elif span.ends is not None and span.ends <= at:
                key = span.entry.key
                self._ended[key] = max(span.ends, self._ended.get(key, span.ends))
        self._in_force = frozenset(in_force)
        entries = (_listing(in_force[key]) for key in sorted(in_force))
        self._listings = tuple(entry for entry in entries if entry is not None)
        self._by_key = {listing.key: listing for listing in self._listings}

    @cached_property
    def version(self) -> str:
        told: list[JsonValue] = [
            listing.model_dump(mode="json", exclude_defaults=True) for listing in self._listings
        ]
        ended: dict[str, JsonValue] = {
            key: instant.isoformat() for key, instant in self._ended.items() if key not in self._in_force
        }
        return digest({"entries": told, "ended": ended})

    @cached_property
    def book(self) -> ListingBook | None:
        """The entries in force; None: there are none."""
        if not self._listings:
            return None
        return ListingBook(
            id=RECORD_ID,
            title="Entries on record",
            source="The event log",
            retrieved=self._at.date(),
            version=self.version,
            listings=self._listings,
        )

    def listing(self, key: str) -> Listing | None:
        """The entry in force under a key."""
        return self._by_key.get(key)

    def overrules(self, listing: Listing) -> bool:
        """Tell whether the record speaks in the place of an entry of the list.

        What the list says began after the removal on record is a listing of its own.
        """
        if listing.key in self._in_force:
            return True
        ended = self._ended.get(listing.key)
        return ended is not None and (listing.listed is None or listing.listed < ended)


class Record:
    """All that was decided of listed entities, by the key of each with the events of its stream.

    ``known_at``: as it was known at that instant.
    """

    def __init__(self, told: Mapping[str, Iterable[Event]], known_at: datetime | None = None) -> None:
        self._spans = tuple(span for key in sorted(told) for span in spans(key, told[key], known_at=known_at))
        edges = {span.begins for span in self._spans} | {span.ends for span in self._spans if span.ends}
        self._edges = sorted(edges)
        self._between = lru_cache(maxsize=_REMEMBERED)(self._made)

    def at(self, instant: datetime) -> RecordedBook | None:
        """Read the entries that count at an instant; None: nothing was on record by then."""
        place = bisect_right(self._edges, instant)
        return self._between(place) if place else None

    def _made(self, place: int) -> RecordedBook:
        return RecordedBook(self._edges[place - 1], self._spans)


NOTHING_ON_RECORD = Record({})


def _listing(told: list[Span]) -> Listing | None:
    """One entry of what is told under a key. None: there is no name that could be compared.

    Two entries may print the same affiliate: none of its names is lost.
    """
    first = told[0]
    printed = dict.fromkeys(name for span in told for name in (span.entry.name, *span.entry.aliases))
    names = [name for name in printed if normalise(name)]
    if not names:
        return None
    entry, listed = first.entry, min(span.listed for span in told)
    return Listing(
        key=entry.key,
        name=names[0],
        aliases=tuple(Alias(name=name) for name in names[1 : MAX_ALIASES + 1]),
        kind="unknown",
        countries=tuple(sorted({country for span in told for country in span.entry.countries})),
        listed=listed,
        citation=entry.citation,
        terms=(
            ListingTerms(
                effective=listed,
                license_requirement=entry.license_requirement,
                review_policy=entry.review_policy,
                citation=entry.citation,
            ),
        ),
    )
