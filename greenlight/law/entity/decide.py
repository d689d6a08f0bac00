"""Decide what a listed entity's commands mean, or why they are refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.entity.commands import (
    AmendListing,
    CastVote,
    CompleteRescreening,
    ListEntity,
    RemoveListing,
    WithdrawMotion,
)
from greenlight.law.entity.committee import CITATION, SEATS, Ballot, Vote, Votes, counted, outcome
from greenlight.law.entity.events import (
    AmendmentMoved,
    CommitteeVoteCast,
    EntityListed,
    ListingAmended,
    ListingMoved,
    ListingRemoved,
    Motion,
    MotionLost,
    MotionWithdrawn,
    RemovalMoved,
)
from greenlight.law.entity.listing import MAX_AFFILIATES, Affiliate, Listing
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.state import EntityState, Stage
from greenlight.law.screening_list.events import RescreeningCompleted


def rule(state: EntityState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``. What is moved is checked when it is moved and when it carries."""
    if isinstance(command.body, CompleteRescreening):
        return _rescreened(cast(EntityState, state), command.body, now)
    match command.body:
        case ListEntity() | AmendListing() | RemoveListing() as body:
            return _move(state, _motion(command.key, body, command.sender, now), now)
        case CastVote(vote=vote):
            return _vote(cast(EntityState, state), vote, command.sender, now)
        case WithdrawMotion(reasons=reasons):
            if cast(EntityState, state).motion is None:
                return Refusal(EntityRefusal.NO_OPEN_MOTION, EntityRefusal.NO_OPEN_MOTION.meaning)
            return (MotionWithdrawn(at=now, by=command.sender, reasons=reasons),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _motion(key: str, body: ListEntity | AmendListing | RemoveListing, by: Actor, now: datetime) -> Motion:
    match body:
        case ListEntity():
            listing = Listing(
                name=body.name,
                aliases=body.aliases,
                affiliates=body.affiliates,
                countries=body.countries,
                license_requirement=body.license_requirement,
                review_policy=body.review_policy,
                citation=body.citation,
            )
            return ListingMoved(at=now, by=by, key=key, listing=listing, effective=body.effective)
        case AmendListing():
            return AmendmentMoved(
                at=now,
                by=by,
                amendment=body.amendment,
                citation=body.citation,
                effective=body.effective,
                reasons=body.reasons,
            )
        case RemoveListing():
            return RemovalMoved(
                at=now, by=by, citation=body.citation, effective=body.effective, reasons=body.reasons
            )


def _move(state: EntityState | None, motion: Motion, now: datetime) -> Ruling:
    """One motion at a time: each is on the entry as the last one left it."""
    if state is not None and state.motion is not None:
        return Refusal(EntityRefusal.MOTION_OPEN, EntityRefusal.MOTION_OPEN.meaning)
    order = _order(state, motion, motion.by, Votes(), now)
    return order if isinstance(order, Refusal) else (motion,)


def _vote(state: EntityState, vote: Vote, by: Actor, now: datetime) -> Ruling:
    """One vote for each department, by a person of its own; what is decided by it follows at once."""
    motion, seat = state.motion, by.organisation
    if motion is None:
        return Refusal(EntityRefusal.NO_OPEN_MOTION, EntityRefusal.NO_OPEN_MOTION.meaning)
    if seat not in SEATS:
        return Refusal(RefusalCode.NOT_A_MEMBER, f"{seat} has no seat in the committee ({CITATION})")
    if by.person == motion.by.person:
        problem = f"{by.officer} and {motion.by.officer}, who moved it, are one person"
        return Refusal(RefusalCode.OWN_RECOMMENDATION, problem)
    for earlier in state.cast:
        if seat == earlier.seat:
            return Refusal(RefusalCode.ALREADY_VOTED, f"{seat} has voted")
        if by.person == earlier.person:
            return Refusal(RefusalCode.ALREADY_VOTED, f"{by.officer} has voted for {earlier.seat}")
    said = CommitteeVoteCast(at=now, by=by, motion=state.motions, seat=seat, vote=vote)
    votes = (*state.cast, Ballot(seat=seat, person=by.person, vote=vote))
    carried = outcome(MOVED_BY[type(motion)], votes)
    if carried is None:
        return (said,)
    order = _order(state, motion, by, counted(votes), now) if carried else None
    if isinstance(order, Event):
        return (said, order.model_copy(update={"motion": state.motions}))
    why = order.message if order else f"it did not carry ({CITATION})"
    return (said, MotionLost(at=now, votes=counted(votes), reasons=why))


MOVED_BY: Mapping[type[Motion], str] = {
    ListingMoved: ListEntity.declared.name,
    AmendmentMoved: AmendListing.declared.name,
    RemovalMoved: RemoveListing.declared.name,
}
"""The command by which each kind of motion is moved."""


def _order(
    state: EntityState | None, motion: Motion, by: Actor, votes: Votes, now: datetime
) -> EntityListed | ListingAmended | ListingRemoved | Refusal:
    """The result of a motion that carries now, or why it can have none."""
    match motion:
        case ListingMoved():
            return _list(motion, by, votes, now)
        case AmendmentMoved():
            return _amend(cast(EntityState, state), motion, by, votes, now)
        case RemovalMoved():
            return _remove(cast(EntityState, state), motion, by, votes, now)


def _list(motion: ListingMoved, by: Actor, votes: Votes, now: datetime) -> EntityListed | Refusal:
    if refusal := _own_affiliate(motion.key, motion.listing.affiliates):
        return refusal
    effective = motion.effective or now
    return EntityListed(
        at=now, by=by, key=motion.key, listing=motion.listing, effective=effective, votes=votes
    )


def _amend(
    state: EntityState, motion: AmendmentMoved, by: Actor, votes: Votes, now: datetime
) -> ListingAmended | Refusal:
    """An amendment counts after those that count already, so that what followed from them stands."""
    amendment = motion.amendment
    effective = motion.effective or max(now, state.since)
    if effective < state.since:
        return Refusal(
            RefusalCode.TOO_LATE,
            f"the entry as it stands counts from {state.since.isoformat()} on; amend it from then on",
        )
    if state.removal is not None and state.removal.effective <= effective:
        return Refusal(RefusalCode.TOO_LATE, "the entity is removed from the list by then")
    if refusal := _own_affiliate(state.key, amendment.added):
        return refusal
    unknown = amendment.removed - state.listing_by(effective).keys
    if unknown:
        return Refusal(EntityRefusal.UNKNOWN_AFFILIATE, f"no affiliate then: {', '.join(sorted(unknown))}")
    added = (amendment.added, *(each.amendment.added for each in state.pending))
    if len(state.listing.affiliates) + sum(map(len, added)) > MAX_AFFILIATES:
        return Refusal(RefusalCode.TOO_LARGE, f"an entry has {MAX_AFFILIATES} affiliates at most")
    return ListingAmended(
        at=now,
        by=by,
        number=state.amendments + 1,
        amendment=amendment,
        citation=motion.citation,
        effective=effective,
        reasons=motion.reasons,
        votes=votes,
    )


def _remove(
    state: EntityState, motion: RemovalMoved, by: Actor, votes: Votes, now: datetime
) -> ListingRemoved | Refusal:
    effective = motion.effective or now
    if state.stage is Stage.LISTED and effective <= state.effective:
        return Refusal(RefusalCode.MALFORMED, "effective: the removal must come after the listing")
    return ListingRemoved(
        at=now,
        by=by,
        citation=motion.citation,
        effective=effective,
        reasons=motion.reasons,
        votes=votes,
    )


def _rescreened(state: EntityState, body: CompleteRescreening, now: datetime) -> Ruling:
    if not state.swept < body.number <= state.sweeps:
        return Refusal(RefusalCode.WRONG_STAGE, "no rescreening of that number is owed")
    return (RescreeningCompleted(at=now, **dict(body), failed=()),)


def _own_affiliate(key: str, affiliates: tuple[Affiliate, ...]) -> Refusal | None:
    if any(affiliate.key == key for affiliate in affiliates):
        return Refusal(RefusalCode.MALFORMED, f"affiliates: {key} is the entity itself")
    return None
