"""The difference between two versions of a list, entry by entry."""

from dataclasses import dataclass

from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.normalise import normalise

_COMPARED = tuple(name for name in Listing.model_fields if name != "key")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that is in both versions and says something else. ``what``: the members that do."""

    before: Listing
    after: Listing
    what: tuple[str, ...]

    @property
    def renames(self) -> bool:
        """Tell whether the entry is not found any more by a name, or at a time, by which it was: as much as
        if it were taken off."""
        lost = _names(self.before) - _names(self.after)
        return bool(lost) or any(name in self.what for name in ("kind", "listed", "removed"))


@dataclass(frozen=True, slots=True)
class Difference:
    """In the order of the version that has the entry; changed ones in that of the new version."""

    added: tuple[Listing, ...]
    removed: tuple[Listing, ...]
    changed: tuple[Change, ...]

    @property
    def renamed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changed if change.renames)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(old: ListingBook | None, new: ListingBook) -> Difference:
    """Compare ``old`` with ``new``, by the entries' keys; None: there was nothing before."""
    before = {listing.key: listing for listing in old.listings} if old else {}
    keys = {listing.key for listing in new.listings}
    return Difference(
        added=tuple(each for each in new.listings if each.key not in before),
        removed=tuple(each for key, each in before.items() if key not in keys),
        changed=tuple(
            Change(before[each.key], each, _what(before[each.key], each))
            for each in new.listings
            if each.key in before and before[each.key] != each
        ),
    )


def _names(listing: Listing) -> frozenset[str]:
    return frozenset(map(normalise, (listing.name, *(alias.name for alias in listing.aliases))))


def _what(before: Listing, after: Listing) -> tuple[str, ...]:
    return tuple(name for name in _COMPARED if getattr(before, name) != getattr(after, name))
