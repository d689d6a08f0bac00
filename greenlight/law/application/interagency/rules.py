"""Rules of what licensing officers and agencies may do about a referral (15 CFR 750.4(d), (e))."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import Advise, AnswerWording, AskApplicant, DelegateBack, Refer
from greenlight.law.application.deadlines import information_due
from greenlight.law.application.events import (
    AgencyAdvised,
    AgencyAskedApplicant,
    AgencyDelegatedBack,
    CaseReferred,
)
from greenlight.law.application.interagency.agency import Advice, Referral
from greenlight.law.application.interagency.events import WordingAnswered
from greenlight.law.application.interagency.wording import asked_agencies
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState


def refer(state: ApplicationState, body: Refer, by: Actor, now: datetime) -> Ruling:
    agencies = tuple(dict.fromkeys(body.agencies))
    for agency in agencies:
        if state.referral(agency) is not None:
            return Refusal(ApplicationRefusal.ALREADY_REFERRED, f"{agency} has or had the case")
    return (CaseReferred(at=now, by=by, agencies=agencies),)


def decide_for_agency(
    state: ApplicationState, body: Advise | AskApplicant | DelegateBack, by: Actor, now: datetime
) -> Ruling:
    """A reviewer acts for the department that is their organisation, while it has the case."""
    referral = state.referral(by.organisation)
    if referral is None or referral.opinion is not None:
        return Refusal(ApplicationRefusal.NOT_REFERRED, f"the case does not wait for {by.organisation}")
    match body:
        case Advise():
            return _advise(referral, body, by, now)
        case DelegateBack(comment=comment):
            return (AgencyDelegatedBack(at=now, by=by, agency=referral.agency, comment=comment),)
        case AskApplicant(request=request):
            if referral.open_inquiry is not None:
                return Refusal(
                    ApplicationRefusal.CLOCK_STOPPED, f"{referral.agency} waits for an answer already"
                )
            due = information_due(state, referral)
            if due is not None and due <= now:
                problem = "what is missing must be said within 10 days of the referral (15 CFR 750.4(d)(1))"
                return Refusal(RefusalCode.TOO_LATE, problem)
            return (AgencyAskedApplicant(at=now, by=by, agency=referral.agency, request=request),)


def answer_wording(state: ApplicationState, body: AnswerWording, by: Actor, now: datetime) -> Ruling:
    """An agency has one answer for all that was reworded of its conditions: a dispute is an agency's, and not
    a condition's."""
    agency = next((each for each in asked_agencies(state) if each.value == by.organisation), None)
    if agency is None:
        return Refusal(ApplicationRefusal.NOT_REFERRED, f"{by.organisation} is not asked about a condition")
    return (WordingAnswered(at=now, by=by, agency=agency, agrees=body.agrees, comment=body.comment),)


def _advise(referral: Referral, body: Advise, by: Actor, now: datetime) -> Ruling:
    if body.advice is Advice.DENY and not (body.reasons and body.statutory_basis and body.regulatory_basis):
        return Refusal(ApplicationRefusal.BASIS_MISSING, ApplicationRefusal.BASIS_MISSING.meaning)
    return (
        AgencyAdvised(
            at=now,
            by=by,
            agency=referral.agency,
            advice=body.advice,
            reasons=body.reasons,
            conditions=body.conditions,
            statutory_basis=body.statutory_basis,
            regulatory_basis=body.regulatory_basis,
        ),
    )
