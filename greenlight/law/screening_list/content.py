"""The content that the service found in a file of the list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from greenlight.kernel.model import Digest, Identifier, Model, Name
from greenlight.kernel.need import Need
from greenlight.kernel.time.calendar import end_of_day

Count = Annotated[int, Field(ge=0)]
Said = Annotated[str, StringConstraints(min_length=1, max_length=400)]

MAX_TOLD = 20
"""Problems and doubts that are told one by one; further ones are counted."""


class ListContent(Model):
    """A file by what is in it. ``bad_rows`` are not among its entries, ``left_out`` counts values of entries.

    ``lists`` counts the entries of each list in it. ``added``, ``removed`` and ``changed`` count entries
    against the version ``compared_with``, None: there was none; ``renamed`` those of the changed that are not
    found any more by a name or in a time in which they were. ``doubts`` are why it may not be what it seems.
    """

    digest: Digest
    bytes: Count
    rows: Count
    entries: Count
    bad_rows: Count
    left_out: Count
    problems: Annotated[tuple[Said, ...], Field(max_length=MAX_TOLD)] = ()
    lists: dict[Identifier, Count]
    compared_with: Digest | None
    added: Count
    removed: Count
    changed: Count
    renamed: Count = 0
    doubts: Annotated[tuple[Said, ...], Field(max_length=MAX_TOLD)] = ()

    @property
    def takes_two(self) -> tuple[Said, ...]:
        """The reason why a second officer has to confirm it: whoever was found would not be, or it may not be
        what it seems."""
        reasons = {
            "it is the first version": self.compared_with is None,
            f"entries that are not in it any more: {self.removed}": self.removed > 0,
            f"entries that lose a name, or count in another time: {self.renamed}": self.renamed > 0,
        }
        return (*(reason for reason, holds in reasons.items() if holds), *self.doubts)


class NoContent(Model):
    """The reason why nothing can be said of a file: it was not stored, or is no list."""

    digest: Digest
    compared_with: Digest | None
    problem: Said


class StandingList(Model):
    """The current version, as parties are held against it: ``retrieved`` is the day on which it was
    downloaded last, after ``max_age_days`` more it is too old to tell anything."""

    key: Identifier
    title: Name
    digest: Digest
    retrieved: date
    max_age_days: Annotated[int, Field(ge=1)]

    @property
    def old_from(self) -> datetime:
        """The first instant at which it says nothing any more."""
        return old_from(self.retrieved, self.max_age_days)


def old_from(retrieved: date, max_age_days: int) -> datetime:
    """The first instant at which a version downloaded on a day (in Washington) says nothing of parties."""
    return end_of_day(retrieved + timedelta(days=max_age_days))


@dataclass(frozen=True, slots=True)
class ContentOf(Need[ListContent | NoContent]):
    """Ask what is in the stored file of that digest, and what it changes of the ``current`` version. To read
    it takes seconds: files are large."""

    costly: ClassVar[bool] = True

    digest: Digest
    retrieved: date
    current: StandingList | None
