"""The list that names are held against at the command line: the version on record, or the shipped book."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from greenlight.cli.base.output import fail
from greenlight.cli.base.session import REFUSED, Session, is_served, listing_book, read_settings, run

if TYPE_CHECKING:
    from greenlight.law.screening_list.content import StandingList
    from greenlight.reference.names import ListedNames
    from greenlight.screening.book import ListingBook

LIST_KEY = "csl"


def listed_names(at: datetime) -> "ListedNames":
    """As the service has it, if one runs; else by the shipped book."""

    async def action(session: Session) -> "ListedNames":
        return await names_on_record(session, at)

    return run(action) if is_served() else shipped_names()


async def names_on_record(
    session: Session, at: datetime, known_at: datetime | None = None, *, exporter: str | None = None
) -> "ListedNames":
    """By the version that was current at an instant, as known at another; none was: by the shipped book. With
    the entries on record, and what officers said, but for those of the ``exporter``."""
    from greenlight.lists.record import Record
    from greenlight.reference.names import ListedNames

    book, standing = await book_on_record(session, at, known_at)
    async with session.reader() as reader:
        record = Record(await reader.entity_events(known_at))
        words = [word for word in await reader.words(known_at) if word.resolved_by.organisation != exporter]
    if standing is None:
        return ListedNames(book, _shipped_until(), record, words)
    # About what is to come, the list tells what it tells today.
    old = standing.old_from <= min(at, datetime.now(UTC))
    return ListedNames(book, standing.old_from if old else None, record, words)


async def book_on_record(
    session: Session, at: datetime, known_at: datetime | None = None
) -> "tuple[ListingBook, StandingList | None]":
    """The version that was current at an instant, as known at another.

    Of a time before the first was loaded here the one that is known tells, so far as it does: who is on it
    without a first day may have been by then. None, and the shipped book, if none is known.
    """
    from greenlight.kernel.streams import list_stream
    from greenlight.law.screening_list.aggregate import LIST
    from greenlight.lists.errors import ListFileError
    from greenlight.lists.read import read_list

    async with session.reader() as reader:
        standing = None
        for instant in (at, known_at or datetime.now(UTC)):
            state = await reader.as_of(LIST, list_stream(LIST_KEY), instant, known_at=known_at)
            standing = standing or (state.standing if state else None)
        if standing is None:
            return listing_book(), None
        content = await reader.list_content(standing.digest)
    if content is None:
        raise fail(REFUSED, f"{standing.digest} is not stored any more")
    try:
        found = read_list(content, list_id=LIST_KEY, retrieved=standing.retrieved, shipped=listing_book())
    except ListFileError as error:
        raise fail(REFUSED, f"{standing.digest}: {error}") from None
    return found.book, standing


def shipped_names() -> "ListedNames":
    """By the book of the settings, which grows as old as they say."""
    from greenlight.reference.names import ListedNames

    return ListedNames(listing_book(), _shipped_until())


def _shipped_until() -> datetime | None:
    book, days = listing_book(), read_settings().listings_max_age_days
    return datetime.combine(book.retrieved, time(), UTC) + timedelta(days=days) if days else None
