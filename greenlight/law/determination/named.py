"""Parties and owners as whoever asks about a shipment names them.

What their names meet on the lists nobody states: that is looked up where the answer is made.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from greenlight.kernel.model import Country, Model, Name
from greenlight.law.application.dossier import MAX_PARTIES, StatedParty
from greenlight.law.application.ownership import MAX_OWNERS, Share, hang_together

MAX_NAMES = 50
"""Names in one question, those of owners among them: each is compared with all that are listed."""


class NamedOwner(Model):
    """An owner of a party by name, or of the owner with the number ``through`` above it in the list.

    ``share`` is in hundredths of a percent; None: not known.
    """

    name: Name
    country: Country | None = None
    share: Share | None = None
    through: Annotated[int, Field(ge=1, le=MAX_OWNERS)] | None = None


def _each_once(owners: tuple[NamedOwner, ...]) -> tuple[NamedOwner, ...]:
    """Every owner is named once of the same entity: of two shares one may be what the other was meant to be.

    :raises ValueError: says which one is named again, by its number.
    """
    named: dict[tuple[str, str | None, int | None], int] = {}
    for number, owner in enumerate(owners, 1):
        first = named.setdefault((owner.name.casefold(), owner.country, owner.through), number)
        if first != number:
            raise ValueError(f"owner {number}: is owner {first} again; give its whole share once")
    return owners


class NamedParty(StatedParty):
    """A party as it is known to whoever asks. ``owners``: None if nothing is given of its ownership."""

    owners: (
        Annotated[
            tuple[NamedOwner, ...],
            Field(max_length=MAX_OWNERS),
            AfterValidator(hang_together),
            AfterValidator(_each_once),
        ]
        | None
    ) = None


def _within_bounds(parties: tuple[NamedParty, ...]) -> tuple[NamedParty, ...]:
    names = sum(1 + len(party.owners or ()) for party in parties)
    if names > MAX_NAMES:
        raise ValueError(f"{names} names of parties and owners; one question has at most {MAX_NAMES}")
    return parties


NamedParties = Annotated[
    tuple[NamedParty, ...], Field(min_length=1, max_length=MAX_PARTIES), AfterValidator(_within_bounds)
]
"""The parties of one question; with their owners so many names at most."""
