"""The events of a listed entity. Names are in the past tense.

``at`` is when it was decided, and ``effective`` from when it counts, which may be earlier or later.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.entity.committee import Votes
from greenlight.law.entity.listing import Amendment, Listing
from greenlight.law.screening_list.events import RescreeningCompleted


class EntityListed(Event):
    type: Literal["EntityListed"] = "EntityListed"
    by: Actor
    key: Identifier
    listing: Listing
    effective: Instant
    votes: Votes


class ListingTookEffect(Event, recorded_by=SERVICE):
    """A listing that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["ListingTookEffect"] = "ListingTookEffect"


class ListingAmended(Event):
    type: Literal["ListingAmended"] = "ListingAmended"
    by: Actor
    number: PositiveInteger
    amendment: Amendment
    citation: Name
    effective: Instant
    reasons: Text
    votes: Votes


class AmendmentTookEffect(Event, recorded_by=SERVICE):
    """An amendment that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["AmendmentTookEffect"] = "AmendmentTookEffect"
    number: PositiveInteger


class ListingRemoved(Event):
    """The removal is decided. The latest that was decided before any took effect is the one that counts."""

    type: Literal["ListingRemoved"] = "ListingRemoved"
    by: Actor
    citation: Name
    effective: Instant
    reasons: Text
    votes: Votes


class RemovalTookEffect(Event, recorded_by=SERVICE):
    """A removal that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["RemovalTookEffect"] = "RemovalTookEffect"


EntityEvent = (
    EntityListed
    | ListingTookEffect
    | ListingAmended
    | AmendmentTookEffect
    | ListingRemoved
    | RemovalTookEffect
    | RescreeningCompleted
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[EntityEvent | CommandRefused, Field(discriminator="type")])
