"""The screener of a worker to which no version of the list was loaded."""

from datetime import timedelta

from activities.screening import ListScreener
from activities.versions import Versions
from screening.book import ListingBook


class NoFiles:
    """No version of the list is stored."""

    async def list_content(self, digest: str) -> bytes | None:
        return None


def against(book: ListingBook, max_age: timedelta | None = None) -> ListScreener:
    """Screens against that book."""
    return ListScreener(book, Versions(NoFiles(), book), max_age=max_age)
