"""A screener that also finds names that are only alike: slow, small, and good enough for tests of a hit."""

from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher

from activities.screening import BookScreener, entry_digest
from licensing.application.dossier import Finding, Match, Parties, Party, Screening
from licensing.application.matches import pair_of
from screening.book import Listing, ListingBook
from screening.normalise import normalise

ENOUGH = 85


class AlikeScreener:
    """Where a name is not on the list, holds it against every name of every listing, letter by letter."""

    def __init__(self, book: ListingBook) -> None:
        self._book = book
        self._exact = BookScreener(book)

    def screen(self, parties: Parties, at: datetime) -> Screening:
        found = self._exact.screen(parties, at)
        findings = (self._alike(parties[each.party], each, at) for each in found.findings)
        return found.model_copy(update={"findings": tuple(findings)})

    def _alike(self, party: Party, finding: Finding, at: datetime) -> Finding:
        if finding.outcome != "no_match":
            return finding
        matches = tuple(self._matches(party, at))
        if not matches:
            return finding
        return Finding(party=finding.party, outcome="possible_match", matches=matches)

    def _matches(self, party: Party, at: datetime) -> Iterator[Match]:
        for listing in self._book.listings:
            if listing.is_in_force(at):
                score, name = max((_score(party.name, name), name) for name in _names(listing))
                if score >= ENOUGH:
                    terms = listing.terms_at(at)
                    yield Match(
                        listing=listing.key,
                        name=name,
                        citation=listing.citation,
                        review_policy=terms.review_policy,
                        score=score,
                        explanation=(f"{normalise(party.name)} met {normalise(name)}",),
                        pair=pair_of(party, entry_digest(listing)),
                    )


def _names(listing: Listing) -> Iterator[str]:
    yield listing.name
    for alias in listing.aliases:
        yield alias.name


def _score(a: str, b: str) -> int:
    return int(100 * SequenceMatcher(None, normalise(a), normalise(b)).ratio())
