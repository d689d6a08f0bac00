"""The list that names are held against at the command line: the version on record, or the shipped book."""

from datetime import datetime
from typing import TYPE_CHECKING

from greenlight.cli.base.session import Session, is_served, listing_book, read_settings, run

if TYPE_CHECKING:
    from greenlight.answers.listed import Shipped
    from greenlight.cli.lists.kept import KeptLists
    from greenlight.reference.names import ListedNames


def listed_names(at: datetime, known_at: datetime | None = None) -> "ListedNames":
    """As the service has it, if one runs; else by the shipped book."""

    async def action(session: Session) -> "ListedNames":
        from greenlight.answers.listed import names_on_record

        async with session.reader() as reader:
            return await names_on_record(reader, shipped(), at, known_at, kept=kept())

    return run(action) if is_served() else shipped().names


def kept() -> "KeptLists":
    """Versions of the list as they were read, in a folder of the data."""
    from greenlight.cli.lists.kept import KeptLists

    return KeptLists(read_settings().data / "cache")


def shipped() -> "Shipped":
    """The book of the settings, which grows as old as they say."""
    from greenlight.answers.listed import Shipped

    return Shipped(listing_book(), read_settings().listings_max_age_days)
