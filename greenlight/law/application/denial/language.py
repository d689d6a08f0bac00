"""A denial on its way: notice, response, denial, appeal (15 CFR 750.6, 756.2); and what events make of it."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.denial.events import (
    AppealDecided,
    AppealFiled,
    ApplicationDenied,
    DenialReconsidered,
    IntentToDenyIssued,
    ResponseReceived,
)

NOTICE_DAYS = 5
"""For the notice to go out, from the decision (15 CFR 750.6(a)). The service gives every letter as long."""

RESPONSE_DAYS = 20
"""To respond, from the date of the notice (15 CFR 750.6(b))."""

FINAL_DAYS = 45
"""After which the denial is final, from the date of the notice (15 CFR 750.6(b))."""

APPEAL_DAYS = 45
"""For an appeal to be received, from the date of the denial (15 CFR 750.6(b), 756.2(b)(1))."""


class Response(Model):
    """The applicant's answer to the notice."""

    at: Instant
    by: Actor
    response: str
    accepts_modifications: bool


class Appeal(Model):
    """The appeal that the applicant brought before the Under Secretary."""

    at: Instant
    by: Actor
    grounds: str


class Denial(Model):
    """``modifications`` would let the application be considered again; None: none are known.

    ``denied_on`` is the day on which the denial became final, in Washington. ``reconsidered_at`` is left out
    where nobody did, so that dossiers which have been signed keep their digests.
    """

    noticed_at: Instant
    modifications: str | None
    response: Response | None = None
    reconsidered_at: Annotated[Instant | None, Field(exclude_if=lambda at: at is None)] = None
    denied_on: date | None = None
    appeal: Appeal | None = None
    upheld: bool | None = None
    appeal_decided_at: Instant | None = None


DenialEvent = (
    IntentToDenyIssued
    | ResponseReceived
    | DenialReconsidered
    | ApplicationDenied
    | AppealFiled
    | AppealDecided
)


def denials_after(denials: tuple[Denial, ...], event: DenialEvent) -> tuple[Denial, ...]:
    """All denials of the application, the one on its way last: a case may be considered again."""
    match event:
        case IntentToDenyIssued(modifications=modifications):
            return (*denials, Denial(noticed_at=event.at, modifications=modifications))
        case ResponseReceived(by=by, response=response, accepts_modifications=accepts):
            answer = Response(at=event.at, by=by, response=response, accepts_modifications=accepts)
            changes: dict[str, object] = {"response": answer}
        case DenialReconsidered():
            changes = {"reconsidered_at": event.at}
        case ApplicationDenied(denied_on=denied_on):
            changes = {"denied_on": denied_on}
        case AppealFiled(by=by, grounds=grounds):
            changes = {"appeal": Appeal(at=event.at, by=by, grounds=grounds)}
        case AppealDecided(upholds=upholds):
            changes = {"upheld": upholds, "appeal_decided_at": event.at}
    return (*denials[:-1], denials[-1].model_copy(update=changes))


def notice_due(decided_at: datetime) -> datetime:
    """Until when a letter is to go out on what was decided then: the end of the last day in Washington."""
    return end_of_day(agency_date(decided_at) + timedelta(days=NOTICE_DAYS))
