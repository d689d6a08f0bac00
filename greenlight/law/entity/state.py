"""A listed entity as it stands, folded from its events.

What it said before is not kept here: ``greenlight.law.entity.history`` answers for any instant from the
events.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model
from greenlight.law.entity.committee import Ballot
from greenlight.law.entity.events import (
    AmendmentMoved,
    AmendmentTookEffect,
    CommitteeVoteCast,
    EntityListed,
    ListingAmended,
    ListingMoved,
    ListingRemoved,
    ListingTookEffect,
    Motion,
    MotionLost,
    MotionWithdrawn,
    RemovalMoved,
    RemovalTookEffect,
)
from greenlight.law.entity.listing import Amendment, Listing
from greenlight.law.screening_list.events import RescreeningCompleted


class Stage(StrEnum):
    """``proposed``: the committee votes on the listing. ``to_be_listed``: it takes effect at an instant to
    come. ``not_listed``: it did not carry."""

    PROPOSED = "proposed"
    TO_BE_LISTED = "to_be_listed"
    LISTED = "listed"
    REMOVED = "removed"
    NOT_LISTED = "not_listed"

    @property
    def closed(self) -> bool:
        return self in {Stage.REMOVED, Stage.NOT_LISTED}


class Pending(Model):
    """An amendment that is to take effect."""

    number: int
    amendment: Amendment
    citation: str
    effective: Instant
    decided_at: Instant


class Removal(Model):
    """To come, or in effect."""

    citation: str
    effective: Instant
    decided_at: Instant


class EntityState(Model):
    """``listing`` is the entry as it stands, or will first stand: the entity is listed from ``effective`` on,
    and the entry counts as it stands from ``since`` on. ``pending`` are the amendments to come, in the order
    of their effect; ``amendments`` counts all. ``motion`` is what the committee votes on, the last of so many
    ``motions``, and ``cast`` the votes on it. ``decided`` counts the orders, ``sweeps`` how often what counts
    has changed, the last time at ``changed_at``, and all is to be held against it; that is done up to the
    change ``swept``."""

    key: Identifier
    stage: Stage
    listing: Listing
    effective: Instant
    listed_at: Instant
    since: Instant
    pending: tuple[Pending, ...] = ()
    amendments: int = 0
    removal: Removal | None = None
    motion: Annotated[
        Motion | None, Field(discriminator="type", exclude_if=lambda motion: motion is None)
    ] = None
    motions: Annotated[int, Field(exclude_if=lambda count: not count)] = 0
    cast: Annotated[tuple[Ballot, ...], Field(exclude_if=lambda cast: not cast)] = ()
    decided: int = 0
    sweeps: int = 0
    swept: int = 0
    changed_at: Annotated[Instant | None, Field(exclude_if=lambda at: at is None)] = None

    @property
    def rescreening_due(self) -> bool:
        """Open cases and licenses are still to be held against what counts now."""
        return self.swept < self.sweeps

    def listing_by(self, instant: datetime) -> Listing:
        """The entry as it will stand at an instant to come, as things are now."""
        listing = self.listing
        for each in self.pending:
            if each.effective <= instant:
                listing = each.amendment.applied(listing, each.citation)
        return listing


def evolve(state: EntityState | None, event: Event) -> EntityState:
    """The state after ``event``. Total on recorded streams: the first event is the listing."""
    after = _evolved(state, event)
    changed = after.sweeps > (state.sweeps if state else 0)
    return after.model_copy(update={"changed_at": event.at}) if changed else after


def _evolved(state: EntityState | None, event: Event) -> EntityState:
    match event, state:
        case ListingMoved(), None:
            return EntityState(
                key=event.key,
                stage=Stage.PROPOSED,
                listing=event.listing,
                effective=event.effective or event.at,
                listed_at=event.at,
                since=event.effective or event.at,
                motion=event,
                motions=1,
            )
        case AmendmentMoved() | RemovalMoved(), EntityState():
            return state.model_copy(update={"motion": event, "motions": state.motions + 1, "cast": ()})
        case CommitteeVoteCast(by=by, seat=seat, vote=vote), EntityState():
            cast = Ballot(seat=seat, person=by.person, vote=vote)
            return state.model_copy(update={"cast": (*state.cast, cast)})
        case MotionLost() | MotionWithdrawn(), EntityState():
            lost = {"stage": Stage.NOT_LISTED} if state.stage is Stage.PROPOSED else {}
            return state.model_copy(update={**_DECIDED, **lost})
        case EntityListed(), EntityState(stage=Stage.PROPOSED):
            return _evolved(None, event).model_copy(update={"motions": state.motions})
        case EntityListed(), None:
            return EntityState(
                key=event.key,
                stage=Stage.LISTED if event.effective <= event.at else Stage.TO_BE_LISTED,
                listing=event.listing,
                effective=event.effective,
                listed_at=event.at,
                since=event.effective,
                decided=1,
                sweeps=1 if event.effective <= event.at else 0,
            )
        case ListingTookEffect(), EntityState():
            return state.model_copy(update={"stage": Stage.LISTED, "sweeps": state.sweeps + 1})
        case ListingAmended(), EntityState():
            return _amended(state.model_copy(update=_DECIDED), event)
        case AmendmentTookEffect(number=number), EntityState():
            return _took_effect(state, number)
        case ListingRemoved(), EntityState():
            removal = Removal(citation=event.citation, effective=event.effective, decided_at=event.at)
            changes = {"removal": removal, "decided": state.decided + 1}
            after = state.model_copy(update={**_DECIDED, **changes})
            return _removed(after) if event.effective <= event.at else after
        case RemovalTookEffect(), EntityState():
            return _removed(state)
        case RescreeningCompleted(number=number), EntityState():
            return state.model_copy(update={"swept": number})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


_DECIDED: dict[str, object] = {"motion": None, "cast": ()}


def _amended(state: EntityState, event: ListingAmended) -> EntityState:
    pending = Pending(
        number=event.number,
        amendment=event.amendment,
        citation=event.citation,
        effective=event.effective,
        decided_at=event.at,
    )
    ordered = sorted((*state.pending, pending), key=lambda each: (each.effective, each.number))
    after = state.model_copy(
        update={"pending": tuple(ordered), "amendments": event.number, "decided": state.decided + 1}
    )
    return _took_effect(after, event.number) if event.effective <= event.at else after


def _took_effect(state: EntityState, number: int) -> EntityState:
    due = next(each for each in state.pending if each.number == number)
    return state.model_copy(
        update={
            "listing": due.amendment.applied(state.listing, due.citation),
            "since": due.effective,
            "pending": tuple(each for each in state.pending if each.number != number),
            "sweeps": state.sweeps + 1,
        }
    )


def _removed(state: EntityState) -> EntityState:
    """One that never counted changes nothing for anybody."""
    counted = state.stage is Stage.LISTED
    return state.model_copy(update={"stage": Stage.REMOVED, "pending": (), "sweeps": state.sweeps + counted})


def dossier(state: EntityState) -> JsonObject:
    """Gather what a decision rests on: the entry as it stands, what is to come, and what is moved. Its digest
    is signed. How others vote is no part of it."""
    return state.model_dump(mode="json", exclude={"decided", "sweeps", "swept", "changed_at", "cast"})


def dossier_digest(state: EntityState) -> str:
    return digest(dossier(state))
