"""The events that time alone brings about: a directive comes in force, and is over."""

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.directive.events import DirectiveCameInForce, DirectiveExpired
from greenlight.law.directive.state import DirectiveState, Stage

EFFECTIVE = "effective"
EXPIRY = "expiry"


def deadlines(state: DirectiveState) -> tuple[Deadline, ...]:
    """The earlier one first: a directive that is attested too late expires without having been in force."""
    if state.stage.closed:
        return ()
    found: list[Deadline] = []
    if state.stage is Stage.ISSUED:
        day = plain_date(agency_date(state.effective))
        found.append(
            Deadline(
                kind=EFFECTIVE,
                label="In force",
                due=state.effective,
                started_at=state.issued_at,
                citation=state.citation,
                explanation=f"In force from {day} on, as ordered",
            )
        )
    if state.expires is not None:
        found.append(
            Deadline(
                kind=EXPIRY,
                label="Expiry",
                due=state.expires,
                started_at=state.issued_at,
                citation=state.citation,
                explanation=f"In force through {plain_date(last_day(state.expires))} at most, as ordered",
            )
        )
    return tuple(found)


def passed(state: DirectiveState, deadline: Deadline) -> tuple[Event, ...]:
    """``deadline`` is one that ``deadlines`` gave for ``state``."""
    assert deadline.due is not None, "no hold stops the clock of a directive"
    if deadline.kind == EFFECTIVE:
        return (DirectiveCameInForce(at=deadline.due),)
    return (DirectiveExpired(at=deadline.due),)
