"""Screening of the parties to an application: against the current version of the list, or the shipped
book, and against what officers listed on record. None of it is done on the event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.once import Latest
from greenlight.law.application.dossier import (
    FULL_SCORE,
    MAX_LINE,
    MAX_LINES,
    Finding,
    Match,
    Parties,
    Party,
    Screening,
)
from greenlight.law.application.screening.language import BY_HAND, pair_of
from greenlight.law.determination.question import Listed
from greenlight.law.directive.standing import Standing
from greenlight.law.screening_list.content import ListContent, NoContent, StandingList
from greenlight.lists.composed import ComposedBook
from greenlight.reference.names import entry_digest, listed_as
from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.finding import Finding as ScreenedFinding
from greenlight.screening.finding import Match as ScreenedMatch
from greenlight.screening.finding import ScreenedParty
from greenlight.service.records import Records
from greenlight.service.versions import UnreadableVersionError, Versions

MAX_SCREENING_BYTES = 1_000_000
"""Of all matches of one screening together, as JSON. Fifty parties may meet fifty long entries each, and more
than two million bytes no workflow is told of: Temporal ends it."""


REMEMBERED = 256
"""Findings on parties that are kept, with all that counted: the same consignees are filed again and again."""

Remembered = Latest[tuple[object, ...], Finding]


class BookScreener:
    """Screens against one list with the record beside it."""

    def __init__(self, composed: ComposedBook, remembered: Remembered | None = None) -> None:
        self._composed = composed
        self._remembered = remembered or Remembered(REMEMBERED)

    def screen(self, parties: Parties, at: datetime) -> Screening:
        """One finding per party, from the listings in force at ``at``."""
        counts = self._composed.counts(at)
        found = self._known(parties, counts)
        unknown = [
            ScreenedParty(role=party.role, ordinal=place, name=party.name, country=party.country)
            for place, party in enumerate(parties)
            if place not in found
        ]
        for each in self._composed.screen(unknown, at) if unknown else ():
            party = parties[each.ordinal]
            finding = found[each.ordinal] = self._finding(party, each, at)
            # What could not be compared now may be the next time.
            if finding.outcome != "could_not_screen":
                self._remembered.put(_written(party, counts), finding)
        return self._screening(parties, found, at)

    def recall(self, parties: Parties, at: datetime) -> Screening | None:
        """The same from memory alone, which holds nobody up; None: not all of them are known."""
        found = self._known(parties, self._composed.counts(at))
        return self._screening(parties, found, at) if len(found) == len(parties) else None

    def _known(self, parties: Parties, counts: tuple[object, ...]) -> dict[int, Finding]:
        known = (
            (place, self._remembered.get(_written(party, counts))) for place, party in enumerate(parties)
        )
        return {
            place: finding.model_copy(update={"party": place})
            for place, finding in known
            if finding is not None
        }

    def _screening(self, parties: Parties, found: Mapping[int, Finding], at: datetime) -> Screening:
        recorded = self._composed.recorded(at)
        return Screening(
            list_version=self._composed.book.version,
            record_version=recorded.version if recorded else None,
            findings=_within_bounds(parties, [found[place] for place in range(len(parties))]),
        )

    def listing(self, party: Party, match: Match, at: datetime) -> Listed | None:
        """Say what the entry that was met asks now; None if it is gone, or another than it was."""
        listing = self._composed.listing(match.listing, at)
        if listing is None or pair_of(party, entry_digest(listing)) != match.pair:
            return None
        return listed_as(listing, at)

    def _finding(self, party: Party, found: ScreenedFinding, at: datetime) -> Finding:
        return Finding(
            party=found.ordinal,
            outcome=found.outcome,
            reason=found.reason,
            left_out=found.matches_left_out,
            curable=found.curable,
            pair=pair_of(party, BY_HAND) if found.matches_left_out or not found.curable else None,
            matches=tuple(
                Match(
                    listing=match.listing,
                    source_list=match.source_list,
                    name=match.matched_name,
                    citation=match.citation,
                    review_policy=match.review_policy,
                    score=_points(match),
                    explanation=tuple(line[:MAX_LINE] for line in match.explanation[:MAX_LINES]),
                    pair=pair_of(party, entry_digest(self._entry(match.listing, at))),
                )
                for match in found.matches
            ),
        )

    def entry(self, key: str, party: Party, at: datetime) -> Match | None:
        """The entry of a key as what a party is that an officer looked up by hand; None: none counts."""
        listing = self._composed.listing(key, at)
        if listing is None:
            return None
        return Match(
            listing=listing.key,
            source_list=listing.source_list,
            name=listing.name,
            citation=listing.citation,
            review_policy=listing.terms_at(at).review_policy,
            score=0,
            explanation=("looked up by an officer",),
            pair=pair_of(party, entry_digest(listing)),
        )

    def _entry(self, key: str, at: datetime) -> Listing:
        listing = self._composed.listing(key, at)
        assert listing is not None, "what was met counts"
        return listing


class ListScreener:
    """Screens against the version of the list that stands, or the shipped book while none does, and against
    what is on record.

    ``max_age`` is that of the shipped book; a version says itself when it is too old.
    """

    def __init__(
        self,
        shipped: ListingBook,
        versions: Versions,
        records: Records,
        *,
        max_age: timedelta | None = None,
    ) -> None:
        self._shipped = ComposedBook(shipped, max_age=max_age)
        self._versions = versions
        self._records = records
        self._current: ComposedBook | None = None
        self._remembered = Remembered(REMEMBERED)

    async def screen(self, parties: Parties, at: datetime, standing: Standing) -> Screening:
        """One finding per party, from the listings in force at ``at``. What cannot be told is said so."""
        screener = await self.against(at, standing)
        if isinstance(screener, BookScreener):
            return screener.recall(parties, at) or await asyncio.to_thread(screener.screen, parties, at)
        current = standing.list
        findings = tuple(
            Finding(party=place, outcome="could_not_screen", reason=screener) for place in range(len(parties))
        )
        return Screening(list_version=current.digest if current else None, findings=findings)

    async def entry(self, key: str, party: Party, at: datetime, standing: Standing) -> Match | None:
        """The entry of a key, as an officer names it who looked a party up by hand."""
        screener = await self.against(at, standing)
        return screener.entry(key, party, at) if isinstance(screener, BookScreener) else None

    async def against(self, at: datetime, standing: Standing) -> BookScreener | str:
        """The screener for an instant, or the reason why nothing can be compared."""
        composed = await self._composed(at, standing.list)
        if isinstance(composed, str):
            return composed
        record = await self._records.record(standing.orders)
        return BookScreener(composed.beside(record), self._remembered)

    async def _composed(self, at: datetime, current: StandingList | None) -> ComposedBook | str:
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
            self._current = await asyncio.to_thread(ComposedBook, book)
        return self._current

    async def read_ahead(self, standing: Standing) -> None:
        """Read the version that stands, so that whoever screens first does not wait for it.

        :raises LogUnavailableError: the database cannot be reached.
        """
        if standing.list is not None:
            await self._composed(datetime.min.replace(tzinfo=UTC), standing.list)

    async def content(
        self, digest: str, retrieved: date, current: StandingList | None
    ) -> ListContent | NoContent:
        """Say what is in a stored file, and what it changes of the current version."""
        return await self._versions.content(digest, retrieved, current)


def _written(party: Party, counts: tuple[object, ...]) -> tuple[object, ...]:
    """A party as it is written, whatever its role, and what counts."""
    return (*(value for name, value in party if name != "role"), *counts)


def _within_bounds(parties: Parties, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with the best matches of each party, as many as all together may have: at least one. The
    others are counted as left out, so that an officer looks that party up by hand."""
    sizes = [[len(match.model_dump_json().encode()) for match in finding.matches] for finding in found]
    shown = max(map(len, sizes), default=0)
    while shown > 1 and sum(sum(each[:shown]) for each in sizes) > MAX_SCREENING_BYTES:
        shown -= 1
    return tuple(_shortened(parties[each.party], each, shown) for each in found)


def _shortened(party: Party, finding: Finding, shown: int) -> Finding:
    left_out = len(finding.matches) - shown
    if left_out <= 0:
        return finding
    return finding.model_copy(
        update={
            "matches": finding.matches[:shown],
            "left_out": finding.left_out + left_out,
            "pair": pair_of(party, BY_HAND),
        }
    )


def _points(match: ScreenedMatch) -> int:
    # The full score says that the names are the same, not only alike however much.
    return FULL_SCORE if match.same_name else min(int(match.score), FULL_SCORE - 1)
