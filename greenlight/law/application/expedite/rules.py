"""Rules of who may ask when that a case come before others, and of what is decided of it."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.refusal import Code, Refusal
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite
from greenlight.law.application.expedite.events import ExpediteGranted, ExpediteRefused, ExpediteRequested
from greenlight.law.application.expedite.language import Expedite
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.transitions import TRANSITIONS

EXPEDITE = "expedite"
"""The name of the task of whoever has a request to decide. No deadline binds them."""


def pending(state: ApplicationState) -> bool:
    """Tell whether a request waits that an officer can still decide."""
    waits = state.expedite is not None and state.expedite.granted is None
    return waits and not isinstance(TRANSITIONS[state.stage]["grant_expedite"], Code)


def expedited(state: ApplicationState) -> bool:
    """Tell whether the case comes before others."""
    return state.expedite is not None and state.expedite.granted is True


def told(request: Expedite) -> str:
    """Say who asked for it, when and why, and what was decided, in a sentence."""
    asked = f"asked by {request.requested_by.officer} on {_day(request.requested_at)}: {request.reasons}"
    if request.decided_by is None or request.decided_at is None:
        return f"{asked}; not decided yet"
    word = "granted" if request.granted else "refused"
    decided = f"{word} by {request.decided_by.officer} on {_day(request.decided_at)}"
    return f"{asked}; {decided}: {request.decided_because}"


def _day(instant: datetime) -> str:
    return plain_date(agency_date(instant))


def decide_expedite(
    state: ApplicationState, body: RequestExpedite | GrantExpedite | RefuseExpedite, by: Actor, now: datetime
) -> Ruling:
    """One request waits at a time. After a refusal another may be made, after a grant there is nothing left
    to ask for, and what is decided stays so."""
    asked = state.expedite
    if isinstance(body, RequestExpedite):
        if asked is not None and asked.granted is not False:
            code = (
                ApplicationRefusal.EXPEDITE_PENDING
                if asked.granted is None
                else ApplicationRefusal.ALREADY_EXPEDITED
            )
            return Refusal(code, code.meaning)
        return (ExpediteRequested(at=now, by=by, reasons=body.reasons),)
    if asked is None or asked.granted is not None:
        code = ApplicationRefusal.NO_EXPEDITE_REQUESTED
        return Refusal(code, code.meaning)
    decided = ExpediteGranted if isinstance(body, GrantExpedite) else ExpediteRefused
    return (decided(at=now, by=by, reasons=body.reasons),)
