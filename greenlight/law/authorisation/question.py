"""A shipment to ask about: what, by whom, to whom, when; and when the answer was to be known."""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.model import Country, Identifier, Instant, Model, PositiveInteger
from greenlight.law.application.dossier import MAX_ITEMS, Money, Unit
from greenlight.law.determination.named import NamedParties
from greenlight.law.determination.question import Circumstances, Classified


class ShippedItem(Classified):
    """A quantity of an item, in the unit of the license, and its value. ``line``: of the license, if it is to
    be that one and no other."""

    quantity: PositiveInteger
    unit: Unit
    value: Money
    line: Annotated[int, Field(ge=1, le=MAX_ITEMS)] | None = None


class AuthorisationQuestion(Model):
    """``exporter`` is the organisation that licenses are issued to. ``activity``: that of a reprieve, by its
    key, if the exporter means to ship under one.

    ``at`` is the instant of the export, past or to come; ``known_at``: by what was on record then. Parties
    and their owners are named and no more, at most 50 names together: what they meet on the lists is looked
    up.
    """

    exporter: Identifier
    parties: NamedParties
    items: Annotated[tuple[ShippedItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    destination: Country
    activity: Identifier | None = None
    circumstances: Circumstances = Circumstances()
    at: Instant
    known_at: Instant | None = None
