"""The events of a listed entity. Names are in the past tense.

``at`` is when it was decided, and ``effective`` from when it counts, which may be earlier or later. ``by`` is
whose vote carried it, and ``votes`` are those on record on the ``motion`` of that number. Of what was decided
before departments voted by commands of their own, ``by`` is the executive who told of their votes.
"""

from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import Condition, exists, says
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.entity.commands import AmendListing, CastVote, ListEntity, RemoveListing, WithdrawMotion
from greenlight.law.entity.committee import NEEDED, SEATS, Vote, Votes
from greenlight.law.entity.listing import Amendment, Listing
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.screening_list.events import RescreeningCompleted


class ListingMoved(Event, of={ListEntity}):
    """It was moved that an entity be listed; ``effective`` None: from when it carries."""

    type: Literal["ListingMoved"] = "ListingMoved"
    by: Actor
    key: Identifier
    listing: Listing
    effective: Instant | None


class AmendmentMoved(Event, of={AmendListing}):
    type: Literal["AmendmentMoved"] = "AmendmentMoved"
    by: Actor
    amendment: Amendment
    citation: Name
    effective: Instant | None
    reasons: Text


class RemovalMoved(Event, of={RemoveListing}):
    type: Literal["RemovalMoved"] = "RemovalMoved"
    by: Actor
    citation: Name
    effective: Instant | None
    reasons: Text


Motion = ListingMoved | AmendmentMoved | RemovalMoved
"""The events that the committee votes on."""


class CommitteeVoteCast(Event, of={CastVote}):
    """A department voted on the motion of that number: they are counted from 1 for each entity."""

    type: Literal["CommitteeVoteCast"] = "CommitteeVoteCast"
    by: Actor
    motion: PositiveInteger
    seat: Identifier
    vote: Vote


class MotionLost(Event, of={CastVote}):
    """The motion cannot carry any more; ``reasons`` say why."""

    type: Literal["MotionLost"] = "MotionLost"
    votes: Votes
    reasons: Text


class MotionWithdrawn(Event, of={WithdrawMotion}):
    type: Literal["MotionWithdrawn"] = "MotionWithdrawn"
    by: Actor
    reasons: Text


_NOT_CARRIED = "the committee's votes on record do not carry it"


def _voted(seat: str) -> Condition:
    """The department's vote for it is on record, unless it is the one that this follows from."""
    return exists(
        "event",
        {"stream": "{stream}", "type": CommitteeVoteCast.__name__},
        contains={"record": {"motion": "{motion}", "seat": seat, "vote": Vote.APPROVE.value}},
        when=f'$.votes.{seat} == "{Vote.APPROVE}" && $.by.organisation != "{seat}"',
        otherwise=EntityRefusal.NOT_CARRIED,
        message=_NOT_CARRIED,
    )


def _carried(command: str) -> tuple[Condition, ...]:
    """So many departments' votes for it are on record, whoever records it."""
    majorities = (
        " && ".join(f'$.votes.{seat} == "{Vote.APPROVE}"' for seat in seats)
        for seats in combinations(SEATS, NEEDED[command])
    )
    too_few = "!(" + " || ".join(f"({majority})" for majority in majorities) + ")"
    enough = says({"votes": None}, when=too_few, otherwise=EntityRefusal.NOT_CARRIED, message=_NOT_CARRIED)
    return (enough, *map(_voted, SEATS))


class EntityListed(Event, of={CastVote}, requires=_carried("list_entity")):
    type: Literal["EntityListed"] = "EntityListed"
    by: Actor
    key: Identifier
    listing: Listing
    effective: Instant
    votes: Votes
    motion: Annotated[PositiveInteger | None, Field(exclude_if=lambda motion: motion is None)] = None


class ListingTookEffect(Event, recorded_by=SERVICE):
    """A listing that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["ListingTookEffect"] = "ListingTookEffect"


class ListingAmended(Event, of={CastVote}, requires=_carried("amend_listing")):
    type: Literal["ListingAmended"] = "ListingAmended"
    by: Actor
    number: PositiveInteger
    amendment: Amendment
    citation: Name
    effective: Instant
    reasons: Text
    votes: Votes
    motion: Annotated[PositiveInteger | None, Field(exclude_if=lambda motion: motion is None)] = None


class AmendmentTookEffect(Event, recorded_by=SERVICE):
    """An amendment that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["AmendmentTookEffect"] = "AmendmentTookEffect"
    number: PositiveInteger


class ListingRemoved(Event, of={CastVote}, requires=_carried("remove_listing")):
    """The removal is decided. The latest that was decided before any took effect is the one that counts."""

    type: Literal["ListingRemoved"] = "ListingRemoved"
    by: Actor
    citation: Name
    effective: Instant
    reasons: Text
    votes: Votes
    motion: Annotated[PositiveInteger | None, Field(exclude_if=lambda motion: motion is None)] = None


class RemovalTookEffect(Event, recorded_by=SERVICE):
    """A removal that was to come counts. ``at`` is its instant, whenever it was noticed."""

    type: Literal["RemovalTookEffect"] = "RemovalTookEffect"


EntityEvent = (
    ListingMoved
    | AmendmentMoved
    | RemovalMoved
    | CommitteeVoteCast
    | MotionLost
    | MotionWithdrawn
    | EntityListed
    | ListingTookEffect
    | ListingAmended
    | AmendmentTookEffect
    | ListingRemoved
    | RemovalTookEffect
    | RescreeningCompleted
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[EntityEvent | CommandRefused, Field(discriminator="type")])
