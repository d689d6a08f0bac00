"""The answers there are to the question whether a license is needed, and how one became another."""

from datetime import datetime
from enum import StrEnum

from greenlight.kernel.model import Country, Identifier, Instant, Model, Text


class Said(StrEnum):
    """``open``: it cannot be determined. Licenses are left out: whether one is needed is what is asked."""

    NOT_REQUIRED = "not_required"
    GENERAL_LICENSE = "general_license"
    REPRIEVE = "reprieve"
    REQUIRED = "required"
    OPEN = "open"

    @property
    def needs_license(self) -> bool:
        """Tell whether a license is needed, as far as anybody can tell."""
        return self in {Said.REQUIRED, Said.OPEN}


class Turn(Model):
    """The answers for one destination, before and from then on."""

    destination: Country
    before: Said
    after: Said


class Flip(Model):
    """Since when answers are others, and because of what; ``noted_by`` None: no officer has seen to it."""

    instant: Instant
    recorded_at: Instant
    turns: tuple[Turn, ...]
    because: Text
    noted_by: Identifier | None = None
    noted_at: Instant | None = None
    noted: Text | None = None


Flips = tuple[Flip, ...]


def unnoted(flips: Flips, recommended: datetime | None = None) -> Flips:
    """Those that no officer has seen to: by a note, or by a recommendation made since, of an application."""
    return tuple(
        flip
        for flip in flips
        if flip.noted_by is None and (recommended is None or recommended <= flip.recorded_at)
    )
