"""A command with its sender, as it is decided."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import Inclusion
from greenlight.kernel.model import Digest
from greenlight.kernel.roles import Actor
from greenlight.law.application.dossier import Match, Screening, Unclassified
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.screening_list.content import ListContent, NoContent

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Command(Generic[B]):
    """A command with its sender. ``by`` is None for what the service itself does (screening, say).

    ``key`` is what the stream is named after: the application control number, the license number.
    ``license_number`` is the number reserved for the command, if it said that it lacks one; ``screening``
    what the service found on the parties that the command brings, ``remembered`` what officers said in other
    cases of pairs that it found, ``proposed`` why no license is required, if none is; ``unclassified`` the
    items whose ECCN is in none of its tables; ``inclusion`` the batch, if one decides; ``content`` what the
    service found in the file of a list, if the command said that it lacks that; ``entry`` the entry of the
    list that the command names by its key.
    """

    name: str
    key: str
    body: B
    by: Actor | None
    dossier: Digest | None = None
    license_number: str | None = None
    screening: Screening | None = None
    remembered: tuple[Resolution, ...] = ()
    proposed: Proposed | None = None
    unclassified: Unclassified | None = None
    inclusion: Inclusion | None = None
    content: ListContent | NoContent | None = None
    entry: Match | None = None

    def with_number(self, number: str | None) -> "Command[B]":
        return self if number is None else replace(self, license_number=number)
