"""The answers there are to the question whether a license is needed, and how one became another."""

from enum import StrEnum

from greenlight.kernel.model import Country, Model


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
