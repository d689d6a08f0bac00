"""The screener of a worker to which no version of the list was loaded."""

from collections.abc import Mapping
from datetime import timedelta

from greenlight.kernel.commit import StreamPage
from greenlight.screening.book import ListingBook
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.versions import Versions


class NoFiles:
    """No version of the list is stored, and no entity on record."""

    async def list_content(self, digest: str) -> bytes | None:
        return None

    async def entity_versions(self) -> dict[str, int]:
        return {}

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]:
        return {}


def against(book: ListingBook, max_age: timedelta | None = None) -> ListScreener:
    """Screens against that book."""
    return ListScreener(book, Versions(NoFiles(), book), Records(NoFiles()), max_age=max_age)
