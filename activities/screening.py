"""Screening of the parties to an application: against the current version of the list, or the shipped
book."""

from datetime import date, datetime, timedelta

from activities.versions import UnreadableVersionError, Versions
from licensing.application.dossier import (
    FULL_SCORE,
    MAX_LINE,
    MAX_LINES,
    Finding,
    Match,
    Parties,
    Party,
    Screening,
)
from licensing.application.matches import pair_of
from licensing.canonical import digest
from licensing.determination.question import Listed
from licensing.list.content import ListContent, NoContent, StandingList
from reference.names import listed_as
from screening.book import Listing, ListingBook
from screening.finding import Finding as ScreenedFinding
from screening.finding import Match as ScreenedMatch
from screening.finding import ScreenedParty
from screening.screen import screen


class BookScreener:
    """Screens against one book.

    With ``max_age``, nobody can be screened against a book that was retrieved longer ago than that.
    """

    def __init__(self, book: ListingBook, *, max_age: timedelta | None = None) -> None:
        self.book = book
        self._max_age = max_age
        self._listings = {listing.key: listing for listing in book.listings}

    def screen(self, parties: Parties, at: datetime) -> Screening:
        """One finding per party, from the listings in force at ``at``."""
        screened = [
            ScreenedParty(role=party.role, ordinal=place, name=party.name, country=party.country)
            for place, party in enumerate(parties)
        ]
        found = screen(screened, self.book, at, max_age=self._max_age)
        findings = tuple(self._finding(parties[each.ordinal], each) for each in found)
        return Screening(list_version=self.book.version, findings=findings)

    def listing(self, party: Party, match: Match, at: datetime) -> Listed | None:
        """What the entry that was met asks now; None if there is none any more, or another than it was."""
        listing = self._listings.get(match.listing)
        if listing is None or not listing.is_in_force(at):
            return None
        return listed_as(listing, at) if pair_of(party, entry_digest(listing)) == match.pair else None

    def _finding(self, party: Party, found: ScreenedFinding) -> Finding:
        return Finding(
            party=found.ordinal,
            outcome=found.outcome,
            reason=found.reason,
            left_out=found.matches_left_out,
            matches=tuple(
                Match(
                    listing=match.listing,
                    source_list=match.source_list,
                    name=match.matched_name,
                    citation=match.citation,
                    review_policy=match.review_policy,
                    score=_points(match),
                    explanation=tuple(line[:MAX_LINE] for line in match.explanation[:MAX_LINES]),
                    pair=pair_of(party, entry_digest(self._listings[match.listing])),
                )
                for match in found.matches
            ),
        )


class ListScreener:
    """Screens against the version of the list that stands, and against the shipped book while none does.

    ``max_age`` is that of the shipped book; a version says itself when it is too old.
    """

    def __init__(self, shipped: ListingBook, versions: Versions, *, max_age: timedelta | None = None) -> None:
        self._shipped = BookScreener(shipped, max_age=max_age)
        self._versions = versions
        self._current: BookScreener | None = None

    async def screen(self, parties: Parties, at: datetime, current: StandingList | None) -> Screening:
        """One finding per party, from the listings in force at ``at``. What cannot be told is said so."""
        screener = await self.against(at, current)
        if isinstance(screener, BookScreener):
            return screener.screen(parties, at)
        findings = tuple(
            Finding(party=place, outcome="could_not_screen", reason=screener) for place in range(len(parties))
        )
        return Screening(list_version=current.digest if current else None, findings=findings)

    async def against(self, at: datetime, current: StandingList | None) -> BookScreener | str:
        """What screens at an instant, or the reason why nothing can be compared."""
        if current is None:
            return self._shipped
        if at >= current.old_from:
            days = current.max_age_days
            return f"the list was downloaded on {current.retrieved}, more than {days} days before"
        try:
            book = (await self._versions.reading(current.digest, current.retrieved)).book
        except UnreadableVersionError as error:
            return f"the current version of the list cannot be read: {error}"
        if self._current is None or self._current.book is not book:
            self._current = BookScreener(book)
        return self._current

    async def content(
        self, digest: str, retrieved: date, current: StandingList | None
    ) -> ListContent | NoContent:
        """What is in a stored file, and what it changes of the current version."""
        return await self._versions.content(digest, retrieved, current)


def _points(match: ScreenedMatch) -> int:
    # The full score says that the names are the same, not only alike however much.
    return FULL_SCORE if match.same_name else min(int(match.score), FULL_SCORE - 1)


def entry_digest(listing: Listing) -> str:
    """What an entry of the list says, all of it, as one digest: when any of it changes, so does the digest.

    Members that the entry does not give are left out, so that a new kind of member changes nothing by itself.
    """
    return digest(listing.model_dump(mode="json", exclude_defaults=True))
