"""What a date will flip, from the log and the lists as they stand: asked for, and recorded nowhere."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from greenlight.answers.listed import LIST_KEY, Kept, Shipped, book_on_record
from greenlight.eventlog.outlook import open_cases, open_directives
from greenlight.law.determination.tables import ControlTables
from greenlight.law.outlook.answers import Law
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
from greenlight.law.outlook.forecast import Case, Forecast, Outlook
from greenlight.law.rule.rules import Rules
from greenlight.lists.record import Record
from greenlight.reference.names import ListedNames
from greenlight.screening.book import ListingBook

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader

AHEAD = timedelta(days=365)
"""The time to look ahead where nobody says until when."""

READ_AS = "outlook"
"""The name of the reading, in the access records."""


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
    in_force = rules.replaced(await reader.rules())
    tables = tables.on_record(in_force.tables)
    law = Law(tables, in_force, await reader.terms())
    book, standing = await book_on_record(reader, shipped.book, now, None, kept)
    old_from = standing.old_from if standing else shipped.old_from
    told, directives = await reader.entity_events(), await open_directives(reader.source)
    coming = [*of_rules(law.rules), *of_terms(law.terms), *of_directives(directives), *of_entities(told)]
    coming += of_tables(tables, now, until)
    coming += await asyncio.to_thread(lambda: list(_of_book(book, now, until)))
    if old_from is not None:
        coming.append(too_old(LIST_KEY, old_from))
    record, words = Record(told), await reader.words()
    spoken_for = {word.resolved_by.organisation for word in words}

    @cache
    def names(of: str | None, old: datetime | None) -> ListedNames:
        return ListedNames(
            book, old, record, [word for word in words if of is None or word.resolved_by.organisation != of]
        )

    # Of what is to come, a list tells what it tells today, if it tells anything today.
    old_now = old_from if old_from is not None and old_from <= now else None

    def listings_for(exporter: str) -> ListedNames:
        return names(exporter if exporter in spoken_for else None, old_now)

    ahead = between(coming, now, until)
    forecast = Forecast(law, listings_for, ahead, directives, now, names(None, old_from))
    unread = 0
    # An index takes seconds, and so do hundreds of cases: whoever asks something else is answered meanwhile.
    await asyncio.to_thread(names(None, old_now).prepare)
    async with aclosing(open_cases(reader.source)) as cases:
        async for some in cases:
            unread += some.count(None)
            await asyncio.to_thread(_look, forecast, some)
    return forecast.told(until=until, position=position, unread=unread)


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
