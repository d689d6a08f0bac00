"""The reprieves that come with the service, for commands that ask no log."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.output import fail
from greenlight.cli.base.session import USAGE

if TYPE_CHECKING:
    from greenlight.kernel.commit import Event
    from greenlight.law.reprieve.simulation.rehearsal import Life
    from greenlight.reference.reprieves import ReprieveFile
    from greenlight.screening.book import ListingBook

Reference = Annotated[
    str | None,
    typer.Option(
        "--reference",
        metavar="NAME|FILE",
        help="Ask a recorded reprieve, by its name or a file, and not the log of the service.",
    ),
]


@dataclass(frozen=True, slots=True)
class History:
    """A recorded reprieve with the list that its entities are named after."""

    file: "ReprieveFile"
    book: "ListingBook"

    def events(self) -> "tuple[Event, ...]":
        from greenlight.reference.histories import recorded
        from greenlight.reference.policies import load_policy

        return recorded(self.file, load_policy(), self.book)

    def life(self) -> "Life":
        from greenlight.reference.histories import life

        return life(self.file, self.book)


def history(name: str) -> History:
    """The reprieve of that name or in that file; or an end that says what to do."""
    from greenlight.reference import reprieves
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.listings import load_listings

    path = reprieves.path_of(name) if name in reprieves.names() else Path(name)
    if not path.exists():
        known = ", ".join(reprieves.names())
        raise fail(USAGE, f"{name}: no such reprieve: give a file, or one of {known}")
    try:
        file, book = reprieves.load_reprieve(path), load_listings()
    except ReferenceDataError as error:
        raise fail(USAGE, str(error)) from None
    if file.listings != book.id:
        raise fail(USAGE, f"{path}: listings: {file.listings} is not the list that is loaded: {book.id}")
    return History(file, book)
