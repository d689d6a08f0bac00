"""The list that names are held against: the version on record, or the shipped book."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from greenlight.answers.errors import ListMissingError
from greenlight.eventlog.read import Reader
from greenlight.kernel.streams import list_stream
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.content import StandingList
from greenlight.lists.errors import ListFileError
from greenlight.lists.read import read_list
from greenlight.lists.record import Record
from greenlight.reference.names import ListedNames
from greenlight.screening.book import ListingBook

LIST_KEY = "csl"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The book that comes with the service, which counts where none is on record; after ``max_age_days`` it
    is too old to tell anything. None: it never is."""

    book: ListingBook
    max_age_days: int | None = None

    @property
    def old_from(self) -> datetime | None:
        if self.max_age_days is None:
            return None
        return datetime.combine(self.book.retrieved, time(), UTC) + timedelta(days=self.max_age_days)

    @property
    def names(self) -> ListedNames:
        """By this book alone."""
        return ListedNames(self.book, self.old_from)


class Kept(Protocol):
    """The place of versions of the list, as they were read, with their index."""

    def book(self, standing: StandingList, shipped: ListingBook) -> ListingBook | None: ...
    def keep(self, book: ListingBook, shipped: ListingBook) -> None: ...


async def names_on_record(
    reader: Reader,
    shipped: Shipped,
    at: datetime,
    known_at: datetime | None = None,
    *,
    exporter: str | None = None,
    kept: Kept | None = None,
) -> ListedNames:
    """By the version that was current at an instant, as known at another; none was: by the shipped book. With
    the entries on record, and what officers said, but for those of the ``exporter``.

    :raises ListMissingError: it is not stored any more.
    """
    book, standing = await book_on_record(reader, shipped.book, at, known_at, kept)
    record = Record(await reader.entity_events(known_at))
    words = [word for word in await reader.words(known_at) if word.resolved_by.organisation != exporter]
    if standing is None:
        return ListedNames(book, shipped.old_from, record, words)
    # About what is to come, the list tells what it tells today.
    old = standing.old_from <= min(at, datetime.now(UTC))
    return ListedNames(book, standing.old_from if old else None, record, words)


async def book_on_record(
    reader: Reader,
    shipped: ListingBook,
    at: datetime,
    known_at: datetime | None = None,
    kept: Kept | None = None,
) -> tuple[ListingBook, StandingList | None]:
    """The version that was current at an instant, as known at another.

    Of a time before the first was loaded here the one that is known tells, so far as it does: who is on it
    without a first day may have been by then. None, and the shipped book, if none is known.

    :raises ListMissingError: it is not stored any more.
    """
    standing = None
    for instant in (at, known_at or datetime.now(UTC)):
        state = await reader.as_of(LIST, list_stream(LIST_KEY), instant, known_at=known_at)
        standing = standing or (state.standing if state else None)
    if standing is None:
        return shipped, None
    if kept is not None and (book := kept.book(standing, shipped)) is not None:
        return book, standing
    content = await reader.list_content(standing.digest)
    if content is None:
        raise ListMissingError(f"{standing.digest} is not stored any more")
    try:
        # Seconds, for a whole list: whoever asks something else meanwhile is answered.
        return await asyncio.to_thread(_read, content, standing, shipped, kept), standing
    except ListFileError as error:
        raise ListMissingError(f"{standing.digest}: {error}") from None


def _read(content: bytes, standing: StandingList, shipped: ListingBook, kept: Kept | None) -> ListingBook:
    book = read_list(content, list_id=LIST_KEY, retrieved=standing.retrieved, shipped=shipped).book
    if kept is not None:
        kept.keep(book, shipped)
    return book
