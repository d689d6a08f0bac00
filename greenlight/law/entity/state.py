"""A listed entity as it stands, folded from its events.

What it said before is not kept here: ``greenlight.law.entity.history`` answers for any instant from the
events.
"""

from datetime import datetime
from enum import StrEnum

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model
from greenlight.law.entity.events import (
    AmendmentTookEffect,
    EntityListed,
    ListingAmended,
    ListingRemoved,
    ListingTookEffect,
    RemovalTookEffect,
)
from greenlight.law.entity.listing import Amendment, Listing
from greenlight.law.screening_list.events import RescreeningCompleted


class Stage(StrEnum):
    """``to_be_listed``: the listing takes effect at an instant to come."""

    TO_BE_LISTED = "to_be_listed"
    LISTED = "listed"
    REMOVED = "removed"

    @property
    def closed(self) -> bool:
        return self is Stage.REMOVED


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
    of their effect; ``amendments`` counts all. ``decided`` counts the orders, ``sweeps`` how often what
    counts has changed, and all is to be held against it; that is done up to the change ``swept``."""

    key: Identifier
    stage: Stage
    listing: Listing
    effective: Instant
    listed_at: Instant
    since: Instant
    pending: tuple[Pending, ...] = ()
    amendments: int = 0
    removal: Removal | None = None
    decided: int = 0
    sweeps: int = 0
    swept: int = 0

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
    match event, state:
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
            return _amended(state, event)
        case AmendmentTookEffect(number=number), EntityState():
            return _took_effect(state, number)
        case ListingRemoved(), EntityState():
            removal = Removal(citation=event.citation, effective=event.effective, decided_at=event.at)
            after = state.model_copy(update={"removal": removal, "decided": state.decided + 1})
            return _removed(after) if event.effective <= event.at else after
        case RemovalTookEffect(), EntityState():
            return _removed(state)
        case RescreeningCompleted(number=number), EntityState():
            return state.model_copy(update={"swept": number})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


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
    """Gather what a decision rests on: the entry as it stands, and what is to come. Its digest is signed."""
    return state.model_dump(mode="json", exclude={"decided", "sweeps", "swept"})


def dossier_digest(state: EntityState) -> str:
    return digest(dossier(state))
