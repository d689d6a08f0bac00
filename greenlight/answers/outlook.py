"""The outlook: what dates to come will flip, and past ones did, from the log and the lists as they stand."""

import asyncio
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Self

from greenlight.answers.listed import LIST_KEY, Kept, Shipped, book_on_record
from greenlight.eventlog.outlook import moments_told, open_cases, open_directives
from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.screening.language import Resolution
from greenlight.law.determination.tables import ControlTables
from greenlight.law.directive.state import DirectiveState
from greenlight.law.entity.history import spans
from greenlight.law.moment.state import MomentState
from greenlight.law.outlook.answers import Law
from greenlight.law.outlook.applied import Applied
from greenlight.law.outlook.come import REACH, asks, was_coming
from greenlight.law.outlook.coming import (
    Coming,
    between,
    entry,
    of_directives,
    of_entities,
    of_rules,
    of_tables,
    of_terms,
    too_old,
)
from greenlight.law.outlook.forecast import Came, Case, Forecast, Outlook
from greenlight.law.rule.rules import Rules
from greenlight.law.terms.spans import JUST_BEFORE
from greenlight.lists.record import Record
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.names import ListedNames
from greenlight.screening.book import ListingBook

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader

AHEAD = timedelta(days=365)
"""The time to look ahead where nobody says until when."""

READ_AS = "outlook"
"""The name of the reading, in the access records."""


@dataclass(frozen=True, slots=True)
class Basis:
    """All that answers about what is to come, or has come, rest on, by the log and the lists as they stand.

    ``old_from``: when the list is too old to tell anything.
    """

    applied: Applied
    book: ListingBook
    old_from: datetime | None
    told: Mapping[str, Sequence[Event]]
    directives: tuple[DirectiveState, ...] = ()
    words: Sequence[Resolution] = ()

    @classmethod
    async def read(
        cls,
        reader: "Reader",
        shipped: Shipped,
        tables: ControlTables,
        rules: Rules,
        now: datetime,
        kept: Kept | None = None,
        *,
        of_cases: bool = True,
    ) -> Self:
        """Read it from the log. ``rules`` are those that come with the service; ``of_cases``: with what only
        cases are held against, directives and what officers said of matches.

        :raises ListMissingError: the list that counts is not stored any more.
        :raises LogUnavailableError: the database cannot be reached.
        """
        law = Law(tables, rules, await reader.terms())
        book, standing = await book_on_record(reader, shipped.book, now, None, kept)
        return cls(
            applied=Applied.of(law, await reader.rules(), ReferenceDataError),
            book=book,
            old_from=standing.old_from if standing else shipped.old_from,
            told=await reader.entity_events(),
            directives=await open_directives(reader.source) if of_cases else (),
            words=await reader.words() if of_cases else (),
        )

    @property
    def law(self) -> Law:
        return self.applied.law

    def coming(self, now: datetime, until: datetime) -> tuple[Coming, ...]:
        """All that comes after one instant and not after another, in its order."""
        ahead = (*of_rules(self.law.rules), *of_terms(self.law.terms.versions))
        return self._between(ahead, now, until)

    def _between(
        self, rules_and_terms: Iterable[Coming], now: datetime, until: datetime
    ) -> tuple[Coming, ...]:
        found = [*rules_and_terms, *of_directives(self.directives)]
        found += [*of_entities(self.told), *of_tables(self.law.tables, now, until)]
        found += _of_book(self.book, now, until)
        if self.old_from is not None:
            found.append(too_old(LIST_KEY, self.old_from))
        return between(found, now, until)

    def came(
        self, after: datetime, now: datetime, but: Container[datetime] = ()
    ) -> Iterator[tuple[datetime, tuple[Coming, ...]]]:
        """The instants by now from which on the law says something else of their own day: since they came, as
        it was known of each before, or since something was confirmed then. With all that counts from each
        on, ``but`` for some that are known to have come."""
        known = end_of_day(self.book.retrieved)
        law = self.law
        entries = {key: spans(key, events) for key, events in self.told.items()}
        late = [*self.applied.learned(after, now)]
        found = (
            each
            for each in self._between((*self.applied.as_known(after, now), *late), after, now)
            if each.at not in but
            and asks(each)
            and (each in late or was_coming(each, law.rules, self.told, entries, known))
        )
        for at, each in groupby(found, lambda coming: coming.at):
            yield at, tuple(each)

    async def come(self, instant: datetime) -> tuple[Forecast, tuple[Coming, ...]]:
        """A forecast just before an instant that has come, by what was known then, of what counts from it on
        by what was known at it; and that."""
        just_before = instant - JUST_BEFORE
        coming, laws = await asyncio.to_thread(lambda: (self._come(instant), self.applied.around(instant)))
        return await self.forecast(just_before, coming, laws=laws), coming

    def _come(self, instant: datetime) -> tuple[Coming, ...]:
        just_before = instant - JUST_BEFORE
        found = (
            *self.applied.as_known(just_before, instant),
            *self.applied.learned(just_before, instant),
        )
        return tuple(filter(asks, self._between(found, just_before, instant)))

    async def forecast(
        self,
        now: datetime,
        coming: Iterable[Coming],
        directives: Iterable[DirectiveState] = (),
        *,
        laws: tuple[Law, Law] | None = None,
    ) -> Forecast:
        """A forecast at an instant of what comes after it, ready to look at cases. ``laws``: the one by which
        it is answered up to then, and from then on, if not by the one of now."""
        record = Record(self.told)
        spoken_for = {word.resolved_by.organisation for word in self.words}

        @cache
        def names(of: str | None, old: datetime | None) -> ListedNames:
            words = [word for word in self.words if of is None or word.resolved_by.organisation != of]
            # The list is held against instants that come, not against what it was on a day gone by.
            return ListedNames(self.book, old, record, words, looks_back=False)

        # Of what is to come, a list tells what it tells today, if it tells anything today.
        old_now = self.old_from if self.old_from is not None and self.old_from <= now else None

        def listings_for(exporter: str) -> ListedNames:
            return names(exporter if exporter in spoken_for else None, old_now)

        # An index takes seconds: whoever asks something else is answered meanwhile.
        await asyncio.to_thread(names(None, old_now).prepare)
        until_now, law = laws or (self.law, self.law)
        return Forecast(law, listings_for, coming, directives, now, names(None, self.old_from), until_now)


async def outlook(
    reader: "Reader",
    shipped: Shipped,
    tables: ControlTables,
    rules: Rules,
    now: datetime,
    until: datetime,
    kept: Kept | None = None,
) -> Outlook:
    """Tell what changes after ``now`` and not after ``until``, with every case for which it does.

    ``rules`` are those that come with the service; of ``tables`` those are asked that are on record. What
    the log takes in while it is read may be in it.
    :raises ListMissingError: the list that counts is not stored any more.
    :raises LogUnavailableError: the database cannot be reached.
    """
    position = (await reader.head()).position
    basis = await Basis.read(reader, shipped, tables, rules, now, kept)
    ahead = await asyncio.to_thread(basis.coming, now, until)
    forecast = await basis.forecast(now, ahead, basis.directives)
    unread = 0
    async with aclosing(open_cases(reader.source)) as cases:
        async for some in cases:
            unread += some.count(None)
            # Hundreds of cases take a while: whoever asks something else is answered meanwhile.
            await asyncio.to_thread(_look, forecast, some)
    came = tuple(
        _came(each) for each in await moments_told(reader.source, now - REACH) if each.instant <= now
    )
    return forecast.told(until=until, position=position, unread=unread, came=came)


def _came(state: MomentState) -> Came:
    return Came(
        at=state.instant,
        coming=state.coming,
        applications=state.applications,
        licenses=state.licenses,
        cases=state.cases,
        left=state.left,
    )


def _look(forecast: Forecast, cases: Iterable[Case | None]) -> None:
    for case in cases:
        if case is not None:
            forecast.look(case)


def _of_book(book: ListingBook, now: datetime, until: datetime) -> Iterator[Coming]:
    """When entries of the list begin to count, say something else, and end, as far as it prints that."""
    for listing in book.listings:
        begins = (listing.listed, *(terms.effective for terms in listing.terms))
        for at in begins:
            if at is not None and now < at <= until:
                yield entry(listing.key, at, listing.citation, counts=True)
        if listing.removed is not None and now < listing.removed <= until:
            yield entry(listing.key, listing.removed, listing.citation, counts=False)
