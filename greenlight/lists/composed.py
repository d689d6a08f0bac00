"""The list and the record as one: whom a name meets, whichever of both says so.

Both have an index of their own, so that what changes on record leaves the list's as it is.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Self

from greenlight.lists.record import NOTHING_ON_RECORD, Record, RecordedBook
from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.finding import MAX_MATCHES, Finding, Match, ScreenedParty
from greenlight.screening.screen import screen


class ComposedBook:
    """A list, and the entries that officers listed, amended and removed. For what is on record, that counts.

    With ``max_age``, nobody can be held against a list that was retrieved longer ago than that.
    """

    def __init__(self, book: ListingBook, *, max_age: timedelta | None = None) -> None:
        self.book = book
        self._max_age = max_age
        self._listings = {listing.key: listing for listing in book.listings}
        self._changes = sorted({at for listing in book.listings for at in _changes(listing)})
        self._record = NOTHING_ON_RECORD

    def beside(self, record: Record) -> Self:
        """The same list beside another record."""
        found = copy(self)
        found._record = record
        return found

    def counts(self, at: datetime) -> tuple[object, ...]:
        """All that the finding on a party at an instant depends on, besides the party: the same, where the
        same counts."""
        recorded = self._record.at(at)
        too_old = self._max_age is not None and self.book.age(at) > self._max_age
        place = bisect_right(self._changes, at)
        return self.book.version, place, too_old, recorded.version if recorded else None

    def recorded(self, at: datetime) -> RecordedBook | None:
        """Read the entries on record at an instant."""
        return self._record.at(at)

    def listing(self, key: str, at: datetime) -> Listing | None:
        """The entry of that key that counts at an instant."""
        recorded = self._record.at(at)
        if recorded is not None and (listing := recorded.listing(key)) is not None:
            return listing
        listing = self._listings.get(key)
        if listing is None or not listing.is_in_force(at):
            return None
        return None if recorded is not None and recorded.overrules(listing) else listing

    def screen(self, parties: Sequence[ScreenedParty], at: datetime) -> tuple[Finding, ...]:
        """One finding for each party, in the order given."""
        listed = screen(parties, self.book, at, max_age=self._max_age)
        recorded = self._record.at(at)
        if recorded is None:
            return listed
        on_record = screen(parties, recorded.book, at) if recorded.book else (None,) * len(parties)
        return tuple(self._merged(recorded, *both) for both in zip(listed, on_record, strict=True))

    def _merged(self, recorded: RecordedBook, listed: Finding, on_record: Finding | None) -> Finding:
        """Join findings: met in either is met. One that failed tells nothing, whatever the other does."""
        both = (*(on_record.matches if on_record else ()), *self._kept(recorded, listed))
        failed = [each for each in (listed, on_record) if each and each.outcome == "could_not_screen"]
        if failed and (not both or any(each.curable for each in failed)):
            return next((each for each in failed if each.curable), failed[0])
        matches = sorted(both, key=lambda match: (not match.same_name, -match.score))
        left_out = listed.matches_left_out + (on_record.matches_left_out if on_record else 0)
        same = any(match.same_name for match in matches)
        return Finding(
            role=listed.role,
            ordinal=listed.ordinal,
            list_id=listed.list_id,
            list_version=listed.list_version,
            outcome="listed" if same else "possible_match" if matches else "no_match",
            matches=tuple(matches[:MAX_MATCHES]),
            matches_left_out=left_out + max(len(matches) - MAX_MATCHES, 0),
        )

    def _kept(self, recorded: RecordedBook, listed: Finding) -> Iterator[Match]:
        return (match for match in listed.matches if not recorded.overrules(self._listings[match.listing]))


def _changes(listing: Listing) -> Iterator[datetime]:
    """The instants from which on an entry counts, does not count any more, or says something else."""
    instants = (listing.listed, listing.removed, *(terms.effective for terms in listing.terms))
    return (at for at in instants if at is not None)
