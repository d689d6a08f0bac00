"""Decide what a listed entity's commands mean, or why they are refused."""

from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.entity.commands import (
    AmendListing,
    CompleteRescreening,
    ListEntity,
    RemoveListing,
)
from greenlight.law.entity.committee import CITATION, NEEDED, carries
from greenlight.law.entity.events import EntityListed, ListingAmended, ListingRemoved
from greenlight.law.entity.listing import MAX_AFFILIATES, Affiliate, Listing
from greenlight.law.entity.state import EntityState, Stage
from greenlight.law.screening_list.events import RescreeningCompleted


def rule(state: EntityState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``: the votes come first, then the matter itself."""
    if isinstance(command.body, CompleteRescreening):
        return _rescreened(cast(EntityState, state), command.body, now)
    body, by = command.body, command.sender
    assert isinstance(body, ListEntity | AmendListing | RemoveListing), "the commands of the table"
    if not carries(command.name, body.votes):
        needed = f"{command.name} takes {NEEDED[command.name]} votes of 4, and has {body.votes.approving}"
        return Refusal(RefusalCode.NOT_CARRIED, f"{needed} ({CITATION})")
    match body:
        case ListEntity():
            return _list(command.key, body, by, now)
        case AmendListing():
            return _amend(cast(EntityState, state), body, by, now)
        case RemoveListing():
            return _remove(cast(EntityState, state), body, by, now)


def _list(key: str, body: ListEntity, by: Actor, now: datetime) -> Ruling:
    if refusal := _own_affiliate(key, body.affiliates):
        return refusal
    listing = Listing(
        name=body.name,
        aliases=body.aliases,
        affiliates=body.affiliates,
        countries=body.countries,
        license_requirement=body.license_requirement,
        review_policy=body.review_policy,
        citation=body.citation,
    )
    effective = body.effective or now
    return (EntityListed(at=now, by=by, key=key, listing=listing, effective=effective, votes=body.votes),)


def _amend(state: EntityState, body: AmendListing, by: Actor, now: datetime) -> Ruling:
    """An amendment counts after those that count already, so that what followed from them stands."""
    effective = body.effective or max(now, state.since)
    if effective < state.since:
        return Refusal(
            RefusalCode.TOO_LATE,
            f"the entry as it stands counts from {state.since.isoformat()} on; amend it from then on",
        )
    if state.removal is not None and state.removal.effective <= effective:
        return Refusal(RefusalCode.TOO_LATE, "the entity is removed from the list by then")
    if refusal := _own_affiliate(state.key, body.amendment.added):
        return refusal
    unknown = body.amendment.removed - state.listing_by(effective).keys
    if unknown:
        return Refusal(RefusalCode.UNKNOWN_AFFILIATE, f"no affiliate then: {', '.join(sorted(unknown))}")
    added = (body.amendment.added, *(each.amendment.added for each in state.pending))
    if len(state.listing.affiliates) + sum(map(len, added)) > MAX_AFFILIATES:
        return Refusal(RefusalCode.TOO_LARGE, f"an entry has {MAX_AFFILIATES} affiliates at most")
    return (
        ListingAmended(
            at=now,
            by=by,
            number=state.amendments + 1,
            amendment=body.amendment,
            citation=body.citation,
            effective=effective,
            reasons=body.reasons,
            votes=body.votes,
        ),
    )


def _remove(state: EntityState, body: RemoveListing, by: Actor, now: datetime) -> Ruling:
    effective = body.effective or now
    if state.stage is Stage.LISTED and effective <= state.effective:
        return Refusal(RefusalCode.MALFORMED, "effective: the removal must come after the listing")
    return (
        ListingRemoved(
            at=now,
            by=by,
            citation=body.citation,
            effective=effective,
            reasons=body.reasons,
            votes=body.votes,
        ),
    )


def _rescreened(state: EntityState, body: CompleteRescreening, now: datetime) -> Ruling:
    if not state.swept < body.number <= state.sweeps:
        return Refusal(RefusalCode.WRONG_STAGE, "no rescreening of that number is owed")
    return (RescreeningCompleted(at=now, **dict(body), failed=()),)


def _own_affiliate(key: str, affiliates: tuple[Affiliate, ...]) -> Refusal | None:
    if any(affiliate.key == key for affiliate in affiliates):
        return Refusal(RefusalCode.MALFORMED, f"affiliates: {key} is the entity itself")
    return None
