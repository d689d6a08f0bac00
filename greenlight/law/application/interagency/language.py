"""The state of the referrals to agencies, as events make it (15 CFR 750.4(d), (e))."""

from collections.abc import Iterable

from greenlight.kernel.time.holds import Hold, HoldKind
from greenlight.law.application.events import (
    AgencyAdvised,
    AgencyAskedApplicant,
    AgencyDeemedNoObjection,
    AgencyDelegatedBack,
    CaseReferred,
    InformationAnswered,
)
from greenlight.law.application.interagency.agency import Agency, AgencyInquiry, Opinion, Referral
from greenlight.law.application.stage import Stage

ReferralEvent = (
    CaseReferred
    | AgencyAskedApplicant
    | InformationAnswered
    | AgencyAdvised
    | AgencyDelegatedBack
    | AgencyDeemedNoObjection
)


def referrals_after(referrals: tuple[Referral, ...], event: ReferralEvent) -> tuple[Referral, ...]:
    if isinstance(event, CaseReferred):
        return (*referrals, *(Referral(agency=agency, referred_at=event.at) for agency in event.agencies))
    return tuple(
        _after(referral, event) if referral.agency == event.agency else referral for referral in referrals
    )


def pending(referrals: Iterable[Referral]) -> tuple[Agency, ...]:
    """The agencies whose recommendation is still to come."""
    return tuple(referral.agency for referral in referrals if referral.opinion is None)


def working_stage(referrals: Iterable[Referral]) -> Stage:
    """Find the stage of a screened case whose applicant owes nothing to the licensing officer."""
    return Stage.INTERAGENCY if pending(referrals) else Stage.REVIEW


def _after(
    referral: Referral,
    event: AgencyAskedApplicant
    | InformationAnswered
    | AgencyAdvised
    | AgencyDelegatedBack
    | AgencyDeemedNoObjection,
) -> Referral:
    match event:
        case AgencyAskedApplicant(by=by, request=request):
            hold = Hold(
                kind=HoldKind.APPLICANT_INFORMATION,
                reason="information requested by the agency",
                placed_at=event.at,
                placed_by=by.officer,
            )
            inquiry = AgencyInquiry(request=request, requested_by=by)
            return referral.model_copy(
                update={"holds": (*referral.holds, hold), "inquiries": (*referral.inquiries, inquiry)}
            )
        case InformationAnswered(by=by, answer=answer):
            answered = referral.inquiries[-1].model_copy(update={"answer": answer, "answered_by": by})
            lifted = referral.holds[-1].model_copy(update={"lifted_at": event.at, "lifted_by": by.officer})
            return referral.model_copy(
                update={
                    "holds": (*referral.holds[:-1], lifted),
                    "inquiries": (*referral.inquiries[:-1], answered),
                }
            )
        case AgencyAdvised(by=by):
            opinion = Opinion(
                advice=event.advice, at=event.at, by=by, reasons=event.reasons, conditions=event.conditions
            )
        case AgencyDelegatedBack(by=by, comment=comment):
            opinion = Opinion(advice=None, at=event.at, by=by, reasons=comment)
        case AgencyDeemedNoObjection():
            opinion = Opinion(advice=None, at=event.at, by=None)
    # An answer that is still owed is owed to nobody any more.
    return referral.model_copy(
        update={"opinion": opinion, "holds": tuple(_closed(hold, opinion) for hold in referral.holds)}
    )


def _closed(hold: Hold, opinion: Opinion) -> Hold:
    if hold.lifted_at is not None or opinion.by is None:
        return hold
    return hold.model_copy(update={"lifted_at": opinion.at, "lifted_by": opinion.by.officer})
