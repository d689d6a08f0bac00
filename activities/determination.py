"""Whether a license is required, asked of every application that is screened: the law, with the service's
tables, the list that stands and the reprieves on record."""

from datetime import datetime
from typing import Protocol

from activities.screening import BookScreener, ListScreener
from licensing.application.dossier import Submission, Unclassified
from licensing.application.matches import Hit, Screened
from licensing.application.returning import Proposed
from licensing.authorisation.filing import asked_parties, determined, not_required, under_reprieve
from licensing.determination.question import Listed
from licensing.determination.tables import Tables
from licensing.determination.unclassified import unclassified
from licensing.list.content import StandingList
from licensing.reprieve.coverage import Terms


class Reprieves(Protocol):
    """What is needed of the log."""

    async def terms(self) -> Terms: ...


class ListDeterminer:
    """Determines by the list that parties are screened against."""

    def __init__(self, screener: ListScreener, tables: Tables, reprieves: Reprieves) -> None:
        self._screener, self._tables, self._reprieves = screener, tables, reprieves

    def unclassified(self, application: Submission) -> Unclassified | None:
        """The items whose ECCN is on no entry of the tables."""
        return unclassified(application.items, self._tables)

    async def determine(
        self, application: Submission, found: Screened, at: datetime, current: StandingList | None
    ) -> Proposed | None:
        """Why no license is required; None: one is, or that cannot be determined."""
        book = await self._screener.against(at, current)
        if not isinstance(book, BookScreener):
            return None

        def listing_of(hit: Hit) -> Listed | None:
            return book.listing(application.parties[hit.party], hit.match, at)

        parties = asked_parties(application, found, listing_of)
        if parties is None:
            return None
        answers = determined(application, parties, at, self._tables)
        proposed = not_required(application, answers)
        if proposed is not None or application.reprieve_activity is None:
            return proposed
        return under_reprieve(application, parties, answers, await self._reprieves.terms(), at)
