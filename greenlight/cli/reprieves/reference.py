"""The reprieves that come with the service, for commands that ask no log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
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


def told_of(entities: Collection[str], at: datetime) -> str:
    """Name the recorded reprieves that were there for one of the entities on a day: the log knows nothing of
    them. Empty where there is none."""
    from greenlight.kernel.time.calendar import agency_date
    from greenlight.reference.reprieves import entities as covered
    from greenlight.reference.reprieves import names

    day, found = agency_date(at), list[str]()
    for name in names():
        past = history(name)
        first, last = past.file.terms[0], past.file.terms[-1]
        until = past.file.end.effective if past.file.end else last.valid_through
        if first.effective <= day <= until and not covered(last, past.book).isdisjoint(entities):
            found.append(f"{past.file.title} (covered --reference {name})")
    return f"Recorded beside the log, of that time: {', '.join(found)}" if found else ""
