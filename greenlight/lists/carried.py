"""Keys of the shipped book for the entries of the official list that are the same.

Directives, reprieves and streams of listed entities name an entity by its key in the shipped book. So they
mean the same entity whichever of the two the parties are held against.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.normalise import normalise

LIST: Final = "entity-list"


class _Likeness(NamedTuple):
    """The nearness of two entries of like names, the nearer the greater."""

    same_countries: bool
    same_name: bool
    printed_the_same: bool


def carried(listings: Iterable[Listing], shipped: ListingBook) -> tuple[Listing, ...]:
    """The listings in their order, with the shipped book's key where one is an entry of that book, and with
    its first day where the list prints none.

    Both are on the Entity List; normalised they have the same name, or one's name is exactly an alias of the
    other; and their countries do not contradict each other. Each must be nearer to the other than to any
    other entry, else both keep what they have. Of rows with the very same name and countries, one entity to
    everybody who reads them, the first by its key has the shipped one.
    """
    kept = tuple(listings)
    taken = {listing.key for listing in kept}
    known = [each for each in shipped.listings if each.source_list == LIST and each.key not in taken]
    keys = _keys(_one_of_each(kept), known)
    by_key = {each.key: each for each in known}
    return tuple(
        _as_shipped(listing, by_key[keys[listing.key]]) if listing.key in keys else listing
        for listing in kept
    )


def _as_shipped(listing: Listing, shipped: Listing) -> Listing:
    return listing.model_copy(update={"key": shipped.key, "listed": listing.listed or shipped.listed})


def _one_of_each(listings: Iterable[Listing]) -> Iterable[Listing]:
    found: dict[tuple[str, frozenset[str]], Listing] = {}
    for listing in sorted((each for each in listings if each.source_list == LIST), key=lambda each: each.key):
        found.setdefault((listing.name, frozenset(listing.countries)), listing)
    return found.values()


def _keys(official: Iterable[Listing], shipped: Iterable[Listing]) -> Mapping[str, str]:
    """The shipped key by that of the official entry, where each is the other's nearest."""
    by_name: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in official:
        for name in _spellings(listing):
            by_name[name].append(listing)
    for_official: defaultdict[str, dict[str, _Likeness]] = defaultdict(dict)
    for_shipped: defaultdict[str, dict[str, _Likeness]] = defaultdict(dict)
    for known in shipped:
        for listing in (each for name in _spellings(known) for each in by_name.get(name, ())):
            if (likeness := _likeness(listing, known)) is not None:
                for_official[listing.key][known.key] = for_shipped[known.key][listing.key] = likeness
    nearest = {key: _nearest(found) for key, found in for_official.items()}
    return {key: own for key, own in nearest.items() if own and _nearest(for_shipped[own]) == key}


def _nearest(found: Mapping[str, _Likeness]) -> str | None:
    """The one that is nearer than all others; None: there are several."""
    best = max(found.values())
    key, *others = (key for key, likeness in found.items() if likeness == best)
    return None if others else key


def _likeness(official: Listing, shipped: Listing) -> _Likeness | None:
    """None: they are not the same entity."""
    countries = set(official.countries)
    same_name = normalise(official.name) == normalise(shipped.name)
    by_alias = official.name in _aliases(shipped) or shipped.name in _aliases(official)
    contradicting = countries and shipped.countries and countries.isdisjoint(shipped.countries)
    if contradicting or not (same_name or by_alias):
        return None
    return _Likeness(countries == set(shipped.countries), same_name, official.name == shipped.name)


def _spellings(listing: Listing) -> Iterator[str]:
    """Under which it is looked up."""
    yield from {normalise(listing.name), *map(normalise, _aliases(listing))}


def _aliases(listing: Listing) -> frozenset[str]:
    return frozenset(alias.name for alias in listing.aliases)
