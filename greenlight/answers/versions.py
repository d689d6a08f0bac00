"""Versions of the list, read from what is stored of them: the current one, and the one that waits."""

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from greenlight.answers.errors import ListMissingError
from greenlight.law.screening_list.state import ListState, ListVersion
from greenlight.lists.errors import ListFileError
from greenlight.lists.read import read_list
from greenlight.screening.book import ListingBook

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader


class Books(NamedTuple):
    """None: there is no such version."""

    current: ListingBook | None
    held: ListingBook | None


async def stored_versions(reader: "Reader", state: ListState, shipped: ListingBook) -> Books:
    """Both versions, which takes seconds where they are large.

    :raises ListMissingError: one of them is not stored any more, or cannot be read.
    """

    async def book(version: ListVersion | None) -> ListingBook | None:
        if version is None:
            return None
        digest = version.content.digest
        content = await reader.list_content(digest)
        if content is None:
            raise ListMissingError(f"{digest} is not stored any more")
        try:
            found = await asyncio.to_thread(
                read_list, content, list_id=state.key, retrieved=version.retrieved, shipped=shipped
            )
        except ListFileError as error:
            raise ListMissingError(f"{digest}: {error}") from None
        return found.book

    return Books(await book(state.current), await book(state.held))
