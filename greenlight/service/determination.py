"""Determine whether a license is required, for every application that is screened: by the law, with the
service's tables, the list that stands and the reprieves on record."""

import asyncio
from datetime import datetime
from typing import Protocol

import structlog

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
from greenlight.law.determination.tables import ControlTables, Tables
from greenlight.law.determination.unclassified import unclassified, unknown_eccns
from greenlight.law.directive.standing import Standing
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.errors import ReferenceDataError
from greenlight.service.screening import BookScreener, ListScreener

_log = structlog.stdlib.get_logger("determination")


class OnRecord(Protocol):
    """The part of the log that is needed here."""

    async def terms(self) -> Terms: ...

    async def rules(self) -> tuple[Rule, ...]: ...


class ListDeterminer:
    """Determines by the list that parties are screened against, and by the rules and tables on record.

    ``rules``: those that come with the service, which count until one of their key is on record.
    """

    def __init__(
        self, screener: ListScreener, tables: ControlTables, rules: Rules, on_record: OnRecord
    ) -> None:
        self._screener, self._tables, self._on_record = screener, tables, on_record
        self._rules = rules

    async def unclassified(self, items: Items, at: datetime) -> Unclassified | None:
        """The items whose ECCN is on no entry of the tables of an instant. Of tables that are not at hand
        nothing is told: a filing is registered whatever that comes to."""
        tables = await self._at_hand(at)
        return None if tables is None else unclassified(items, tables)

    async def unknown_eccns(self, items: Items, at: datetime) -> tuple[UnknownEccn, ...]:
        """The same, as far as the tables tell of that day, with what may have been meant."""
        tables = await self._at_hand(at)
        return () if tables is None else unknown_eccns(items, tables, agency_date(at))

    async def _at_hand(self, at: datetime) -> Tables | None:
        try:
            return await self._at(at)
        except ReferenceDataError as error:
            _log.error("tables_missing", why=str(error))
            return None

    async def _at(self, at: datetime) -> Tables:
        """The tables of an instant, as they are on record.

        :raises ReferenceDataError: the log names some that are not kept here, or not as they were.
        """
        return self._printed(await self._in_force(), at)

    async def _in_force(self) -> Rules:
        recorded = await self._on_record.rules()
        # Of many attestations that contradict each other that takes seconds.
        return await asyncio.to_thread(self._rules.replaced, recorded)

    def _printed(self, rules: Rules, at: datetime) -> Tables:
        return self._tables.on_record(rules.tables).chosen(at, at).tables

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None:
        """Say why no license is required; None: one is, or that cannot be determined."""
        book = await self._screener.against(at, standing)
        if not isinstance(book, BookScreener):
            return None

        # Fifty parties and a hundred items keep the processor busy: not on the event loop.
        rules = await self._in_force()
        tables = self._printed(rules, at)
        asked = await asyncio.to_thread(self._asked, book, application, found, at, tables, rules)
        if asked is None:
            return None
        parties, answers = asked
        proposed = not_required(application, answers)
        if proposed is not None or application.reprieve_activity is None:
            return proposed
        terms = await self._on_record.terms()
        return await asyncio.to_thread(under_reprieve, application, parties, answers, terms, at)

    def _asked(
        self,
        book: BookScreener,
        application: Submission,
        found: Screened,
        at: datetime,
        tables: Tables,
        rules: Rules,
    ) -> tuple[tuple[AskedParty, ...], dict[str, Determination]] | None:
        names = named(application.parties)

        def listing_of(hit: Hit) -> Listed | None:
            return book.listing(names[hit.party], hit.match, at)

        parties = asked_parties(application, found, listing_of)
        return None if parties is None else (parties, determined(application, parties, at, tables, rules))
