"""Parties as whoever asks about a shipment names them, and what their owners' names meet on the lists."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import Field

from greenlight.kernel.model import Model, Name
from greenlight.law.application.dossier import StatedParty
from greenlight.law.application.ownership import MAX_OWNERS, Share
from greenlight.law.determination.question import Owner
from greenlight.reference.names import ListedNames

MAX_NAMES = 50
"""Names in one question, those of owners among them: each is compared with all that are listed."""


class NamedOwner(Model):
    """An owner of a party, by name; ``share`` in hundredths of a percent, None: not known."""

    name: Name
    share: Share | None = None


class NamedParty(StatedParty):
    """A party as it is known to whoever asks. What it meets on the lists, the service finds."""

    owners: Annotated[tuple[NamedOwner, ...], Field(max_length=MAX_OWNERS)] | None = None

    def owned(self, names: ListedNames, at: datetime) -> tuple[Owner, ...] | None:
        """Its owners with the listings that their names meet; None: nothing is given of its ownership."""
        if self.owners is None:
            return None
        found = [(owner, names(owner.name, None, at)) for owner in self.owners]
        return tuple(
            Owner(name=owner.name, share=owner.share, listings=None if of.doubt else of.listings)
            for owner, of in found
        )


def within_bounds(parties: Iterable[NamedParty]) -> None:
    """Count the names.

    :raises ValueError: there are more than one question has.
    """
    names = sum(1 + len(party.owners or ()) for party in parties)
    if names > MAX_NAMES:
        raise ValueError(f"{names} names of parties and owners; one question has at most {MAX_NAMES}")
