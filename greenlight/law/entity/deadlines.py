"""The events that time alone brings about: what was decided for an instant to come takes effect at it."""

from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.entity.events import AmendmentTookEffect, ListingTookEffect, RemovalTookEffect
from greenlight.law.entity.state import EntityState, Stage

LISTING = "listing"
AMENDMENT = "amendment"
REMOVAL = "removal"

_ORDER = (LISTING, AMENDMENT, REMOVAL)
"""Of several in the same instant."""


def deadlines(state: EntityState) -> tuple[Deadline, ...]:
    """An entity that is removed, or not listed yet, waits for nothing."""
    if state.stage.closed or state.stage is Stage.PROPOSED:
        return ()
    found: list[Deadline] = []
    if state.stage is Stage.TO_BE_LISTED:
        citation = state.listing.citation
        found.append(_deadline(LISTING, "Listing", state.effective, state.listed_at, citation))
    for each in state.pending:
        kind, label = f"{AMENDMENT}-{each.number}", f"Amendment {each.number}"
        found.append(_deadline(kind, label, each.effective, each.decided_at, each.citation))
    if removal := state.removal:
        found.append(_deadline(REMOVAL, "Removal", removal.effective, removal.decided_at, removal.citation))
    return tuple(sorted(found, key=_when))


def passed(state: EntityState, deadline: Deadline) -> tuple[Event, ...]:
    """``deadline`` is one that ``deadlines`` gave for ``state``."""
    assert deadline.due is not None, "no hold stops the clock of a listing"
    kind, _, number = deadline.kind.partition("-")
    if kind == LISTING:
        return (ListingTookEffect(at=deadline.due),)
    if kind == AMENDMENT:
        return (AmendmentTookEffect(at=deadline.due, number=int(number)),)
    return (RemovalTookEffect(at=deadline.due),)


def _deadline(kind: str, label: str, due: datetime, decided_at: datetime, citation: str) -> Deadline:
    at = due.astimezone(AGENCY_ZONE)
    return Deadline(
        kind=kind,
        label=label,
        due=due,
        started_at=decided_at,
        citation=citation,
        explanation=f"{label} takes effect on {plain_date(agency_date(due))} at {at:%H:%M} in Washington "
        f"({citation})",
    )


def _when(deadline: Deadline) -> tuple[datetime, int, int]:
    assert deadline.due is not None, "no hold stops the clock of a listing"
    kind, _, number = deadline.kind.partition("-")
    return deadline.due, _ORDER.index(kind), int(number or 0)
