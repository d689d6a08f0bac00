"""Screening of the parties to an application: against the current version of the list, or the shipped
book."""

from datetime import date, datetime

from activities.versions import UnreadableVersionError, Versions
from licensing.application.dossier import Finding, Match, Parties, Screening
from licensing.list.content import ListContent, NoContent, StandingList
from screening.book import ListingBook
from screening.finding import Finding as ScreenedFinding
from screening.finding import ScreenedParty
from screening.screen import screen


class BookScreener:
    """Screens against one book."""

    def __init__(self, book: ListingBook) -> None:
        self._book = book

    def screen(self, parties: Parties, at: datetime) -> Screening:
        """One finding per party, from the listings in force at ``at``."""
        screened = [
            ScreenedParty(role=party.role, ordinal=place, name=party.name)
            for place, party in enumerate(parties)
        ]
        found = screen(screened, self._book, at)
        return Screening(list_version=self._book.version, findings=tuple(map(_finding, found)))


class ListScreener:
    """Screens against the version of the list that stands, and against the shipped book while none does."""

    def __init__(self, shipped: ListingBook, versions: Versions) -> None:
        self._shipped = shipped
        self._versions = versions

    async def screen(self, parties: Parties, at: datetime, current: StandingList | None) -> Screening:
        """One finding per party, from the listings in force at ``at``. What cannot be told is said so."""
        book = await self.book(at, current)
        if isinstance(book, ListingBook):
            return BookScreener(book).screen(parties, at)
        findings = tuple(
            Finding(party=place, outcome="could_not_screen", reason=book) for place in range(len(parties))
        )
        return Screening(list_version=current.digest if current else None, findings=findings)

    async def book(self, at: datetime, current: StandingList | None) -> ListingBook | str:
        """What to compare with at an instant, or the reason why nothing can be compared."""
        if current is None:
            return self._shipped
        if at >= current.old_from:
            days = current.max_age_days
            return f"the list was downloaded on {current.retrieved}, more than {days} days before"
        try:
            return (await self._versions.reading(current.digest, current.retrieved)).book
        except UnreadableVersionError as error:
            return f"the current version of the list cannot be read: {error}"

    async def content(
        self, digest: str, retrieved: date, current: StandingList | None
    ) -> ListContent | NoContent:
        """What is in a stored file, and what it changes of the current version."""
        return await self._versions.content(digest, retrieved, current)


def _finding(found: ScreenedFinding) -> Finding:
    return Finding(
        party=found.ordinal,
        outcome=found.outcome,
        reason=found.reason,
        matches=tuple(
            Match(
                listing=match.listing,
                name=match.matched_name,
                citation=match.citation,
                review_policy=match.review_policy,
            )
            for match in found.matches
        ),
    )
