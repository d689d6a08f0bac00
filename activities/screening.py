"""Screening of the parties to an application against the listing book."""

from datetime import datetime, timedelta

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
from screening.book import Listing, ListingBook
from screening.finding import Finding as ScreenedFinding
from screening.finding import Match as ScreenedMatch
from screening.finding import ScreenedParty
from screening.screen import screen


class BookScreener:
    """Screens against one book; for now, a new version of the list means a new worker.

    With ``max_age``, nobody can be screened against a book that was retrieved longer ago than that.
    """

    def __init__(self, book: ListingBook, *, max_age: timedelta | None = None) -> None:
        self._book = book
        self._max_age = max_age
        self._listings = {listing.key: listing for listing in book.listings}

    def screen(self, parties: Parties, at: datetime) -> Screening:
        """One finding per party, from the listings in force at ``at``."""
        screened = [
            ScreenedParty(role=party.role, ordinal=place, name=party.name, country=party.country)
            for place, party in enumerate(parties)
        ]
        found = screen(screened, self._book, at, max_age=self._max_age)
        findings = tuple(self._finding(parties[each.ordinal], each) for each in found)
        return Screening(list_version=self._book.version, findings=findings)

    def _finding(self, party: Party, found: ScreenedFinding) -> Finding:
        return Finding(
            party=found.ordinal,
            outcome=found.outcome,
            reason=found.reason,
            left_out=found.matches_left_out,
            matches=tuple(
                Match(
                    listing=match.listing,
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


def _points(match: ScreenedMatch) -> int:
    # The full score says that the names are the same, not only alike however much.
    return FULL_SCORE if match.same_name else min(int(match.score), FULL_SCORE - 1)


def entry_digest(listing: Listing) -> str:
    """What an entry of the list says, all of it, as one digest: when any of it changes, so does the digest.

    Members that the entry does not give are left out, so that a new kind of member changes nothing by itself.
    """
    return digest(listing.model_dump(mode="json", exclude_defaults=True))
