"""Determine whether a license is required, for every application that is screened: by the law, with the
service's tables, the list that stands and the reprieves on record."""

import asyncio
from datetime import datetime
from typing import Protocol

from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import Items, Submission, Unclassified, named
from greenlight.law.application.needs import UnknownEccn
from greenlight.law.application.screening.language import Hit, Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.authorisation.filing import (
    asked_parties,
    determined,
    not_required,
    under_reprieve,
)
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import AskedParty, Listed
from greenlight.law.determination.tables import Tables
from greenlight.law.determination.unclassified import unclassified, unknown_eccns
from greenlight.law.directive.standing import Standing
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules
from greenlight.service.screening import BookScreener, ListScreener


class Reprieves(Protocol):
    """The part of the log that is needed here."""

    async def terms(self) -> Terms: ...


class ListDeterminer:
    """Determines by the list that parties are screened against."""

    def __init__(self, screener: ListScreener, tables: Tables, rules: Rules, reprieves: Reprieves) -> None:
        self._screener, self._tables, self._reprieves = screener, tables, reprieves
        self._rules = rules

    def unclassified(self, items: Items) -> Unclassified | None:
        """The items whose ECCN is on no entry of the tables."""
        return unclassified(items, self._tables)

    def unknown_eccns(self, items: Items, at: datetime) -> tuple[UnknownEccn, ...]:
        """The same, as far as the tables tell of that day, with what may have been meant."""
        return unknown_eccns(items, self._tables, agency_date(at))

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None:
        """Say why no license is required; None: one is, or that cannot be determined."""
        book = await self._screener.against(at, standing)
        if not isinstance(book, BookScreener):
            return None

        # Fifty parties and a hundred items keep the processor busy: not on the event loop.
        asked = await asyncio.to_thread(self._asked, book, application, found, at)
        if asked is None:
            return None
        parties, answers = asked
        proposed = not_required(application, answers)
        if proposed is not None or application.reprieve_activity is None:
            return proposed
        terms = await self._reprieves.terms()
        return await asyncio.to_thread(under_reprieve, application, parties, answers, terms, at)

    def _asked(
        self, book: BookScreener, application: Submission, found: Screened, at: datetime
    ) -> tuple[tuple[AskedParty, ...], dict[str, Determination]] | None:
        names = named(application.parties)

        def listing_of(hit: Hit) -> Listed | None:
            return book.listing(names[hit.party], hit.match, at)

        parties = asked_parties(application, found, listing_of)
        return (
            None
            if parties is None
            else (parties, determined(application, parties, at, self._tables, self._rules))
        )
