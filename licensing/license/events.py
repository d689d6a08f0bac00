"""What happened to a license."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from licensing.application.commands import Conditions
from licensing.application.dossier import Items
from licensing.authority import Actor
from licensing.commit import Event
from licensing.decider import CommandRefused
from licensing.model import Acn, Identifier, LicenseNumber


class LicenseIssued(Event):
    """The grant. ``valid_through`` is the last day of validity, in Washington."""

    type: Literal["LicenseIssued"] = "LicenseIssued"
    number: LicenseNumber
    acn: Acn
    licensee: Identifier
    items: Items
    conditions: Conditions
    riders: Conditions
    valid_through: date


class ConditionsAccepted(Event):
    type: Literal["ConditionsAccepted"] = "ConditionsAccepted"
    by: Actor


class LicenseExpired(Event):
    """Validity ended. ``at`` is the midnight in Washington after the last day."""

    type: Literal["LicenseExpired"] = "LicenseExpired"


LicenseEvent = LicenseIssued | ConditionsAccepted | LicenseExpired

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[LicenseEvent | CommandRefused, Field(discriminator="type")]
)
