"""Rules of what may be done about a denial (15 CFR 750.6, 756.2)."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import Appeal, DecideAppeal, Reconsider, Respond
from greenlight.law.application.deadlines import response_due
from greenlight.law.application.denial.events import (
    AppealDecided,
    AppealFiled,
    DenialReconsidered,
    ResponseReceived,
)
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState


def decide_denial(
    state: ApplicationState, body: Respond | Reconsider | Appeal | DecideAppeal, by: Actor, now: datetime
) -> Ruling:
    match body:
        case Respond():
            return _respond(state, body, by, now)
        case Reconsider(reasons=reasons):
            return (DenialReconsidered(at=now, by=by, reasons=reasons),)
        case Appeal(grounds=grounds):
            return (AppealFiled(at=now, by=by, grounds=grounds),)
        case DecideAppeal(upholds=upholds, reasons=reasons):
            return (AppealDecided(at=now, by=by, upholds=upholds, reasons=reasons),)


def _respond(state: ApplicationState, body: Respond, by: Actor, now: datetime) -> Ruling:
    denial = state.denials[-1]
    if denial.response is not None:
        return Refusal(ApplicationRefusal.ALREADY_RESPONDED, ApplicationRefusal.ALREADY_RESPONDED.meaning)
    if response_due(denial) <= now:
        problem = "the notice could be responded to within 20 days (15 CFR 750.6(b))"
        return Refusal(RefusalCode.TOO_LATE, problem)
    if body.accepts_modifications and denial.modifications is None:
        return Refusal(ApplicationRefusal.NO_MODIFICATIONS, ApplicationRefusal.NO_MODIFICATIONS.meaning)
    return (
        ResponseReceived(
            at=now, by=by, response=body.response, accepts_modifications=body.accepts_modifications
        ),
    )
