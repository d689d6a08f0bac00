"""Screening of the parties to an application against the listing book."""

from datetime import datetime

from licensing.application.dossier import Finding, Match, Parties, Screening
from screening.book import ListingBook
from screening.finding import Finding as ScreenedFinding
from screening.finding import ScreenedParty
from screening.screen import screen


class BookScreener:
    """Screens against one book; for now, a new version of the list means a new worker."""

    def __init__(self, book: ListingBook) -> None:
        self._book = book

    def screen(self, parties: Parties, at: datetime) -> Screening:
        """One finding per party, from the listings in force at ``at``."""
        screened = [
            ScreenedParty(role=party.role, ordinal=place, name=party.name, country=party.country)
            for place, party in enumerate(parties)
        ]
        found = screen(screened, self._book, at)
        return Screening(list_version=self._book.version, findings=tuple(map(_finding, found)))


def _finding(found: ScreenedFinding) -> Finding:
    # The law of applications knows the same name only. Until its findings have a word for a possible match,
    # only exact matches pass.
    return Finding(
        party=found.ordinal,
        outcome="no_match" if found.outcome == "possible_match" else found.outcome,
        reason=found.reason,
        matches=tuple(
            Match(
                listing=match.listing,
                name=match.matched_name,
                citation=match.citation,
                review_policy=match.review_policy,
            )
            for match in found.matches
            if match.same_name
        ),
    )
