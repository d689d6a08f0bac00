"""An application as it stands, folded from its events, and what can be read off it."""

from datetime import datetime

from greenlight.kernel.acting import with_actor, with_official
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Acn, Identifier, Instant, JsonObject, LicenseNumber, Names
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import Hold
from greenlight.law.application.clock.changes import hold_changes
from greenlight.law.application.clock.language import Inquiry, OpenHold, Stay, lasting
from greenlight.law.application.denial.events import (
    AppealDecided,
    AppealFiled,
    AppealPeriodEnded,
    ApplicationDenied,
    DenialReconsidered,
    IntentToDenyIssued,
    ResponseReceived,
)
from greenlight.law.application.denial.language import Denial, DenialEvent, denials_after
from greenlight.law.application.dispute.ladder import dispute_changes
from greenlight.law.application.dispute.language import Dispute
from greenlight.law.application.dossier import Parties, Submission, Unclassified
from greenlight.law.application.events import (
    AgencyAdvised,
    AgencyAskedApplicant,
    AgencyDeemedNoObjection,
    AgencyDelegatedBack,
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CaseAssigned,
    CaseReferred,
    DeadlinePassed,
    DirectiveApplied,
    DisputeDecided,
    DisputeEscalated,
    DisputeOpened,
    DisputeSettled,
    ExecutiveSignedOff,
    HoldLifted,
    HoldPlaced,
    InformationAnswered,
    InformationRequested,
    PartiesScreened,
    Proposal,
    RecommendationCountersigned,
    RecommendationMade,
    RecommendationSentBack,
    VoteCast,
    VotesCounted,
)
from greenlight.law.application.expedite.language import Expedite, ExpediteEvent, expedite_after
from greenlight.law.application.flip.language import FlipEvent, flip_changes
from greenlight.law.application.flip.said import Flips
from greenlight.law.application.freeze.events import CaseFrozen, FreezeLapsed, FreezeLifted
from greenlight.law.application.freeze.language import Freeze, freeze_changes
from greenlight.law.application.interagency.agency import AskedWording, Referral
from greenlight.law.application.interagency.events import (
    OriginalWordingKept,
    WordingAnswered,
    WordingPutToAgencies,
)
from greenlight.law.application.interagency.language import ReferralEvent, referrals_after, working_stage
from greenlight.law.application.interagency.wording import agreements, wording_changes
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
    Word,
    resolutions_after,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.stage import CLOSED as CLOSED
from greenlight.law.application.stage import Stage as Stage


class DirectedProposal(Proposal):
    """The proposal that a directive makes in place of a recommendation; its author is the proposer."""

    directive: Identifier
    author: Actor


class ApplicationState(Screened):
    """``passed`` names the deadlines that came, ``acted`` those that an action met while the case is open.

    ``directive`` is the directive that the case was held against last, ``proposed`` what a directive proposes
    and nobody took back, ``moved_by`` are the directives that moved the case. ``voided`` counts how often a
    possible match made void what was proposed, so that no signature on the one proposal holds for the next.
    ``return_proposed``: the service found that no license is required, and of the parties nothing changed.
    ``acted_for_applicant`` are the persons who ever acted for the applicant, or tried to.
    ``unclassified``: items whose ECCN was on no entry of the control tables when they were filed.
    ``wordings``: rewordings that agencies were asked about, as they answered.
    ``freeze``: the directive by which it stands. ``stays``: who had it since when. ``expedite``: the last
    request that it come before others. ``flips``: answers that became others.
    """

    acn: Acn
    stage: Stage
    registered_at: Instant
    submitted_by: Actor
    submission: Submission
    parties: Parties
    holds: tuple[Hold, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    assigned_to: Identifier | None = None
    recommendation: RecommendationMade | None = None
    countersignature: RecommendationCountersigned | None = None
    sent_back: tuple[RecommendationSentBack, ...] = ()
    referrals: tuple[Referral, ...] = ()
    wordings: tuple[AskedWording, ...] = ()
    dispute: Dispute | None = None
    decision: DisputeDecided | VotesCounted | None = None
    signed_off_by: Actor | None = None
    denials: tuple[Denial, ...] = ()
    passed: Names = frozenset()
    acted: Names = frozenset()
    decided_at: Instant | None = None
    license_number: LicenseNumber | None = None
    granted: ApplicationGranted | None = None
    directive: DirectiveApplied | None = None
    proposed: DirectedProposal | None = None
    moved_by: Names = frozenset()
    voided: int = 0
    return_proposed: ReturnProposed | None = None
    acted_for_applicant: Names = frozenset()
    acted_for_authority: Names = frozenset()
    signatories: tuple[Actor, ...] = ()
    unclassified: Unclassified | None = None
    stays: tuple[Stay, ...] = ()
    freeze: Freeze | None = None
    expedite: Expedite | None = None
    flips: Flips = ()

    @property
    def open_inquiry(self) -> Inquiry | None:
        return next((inquiry for inquiry in self.inquiries if inquiry.answer is None), None)

    @property
    def open_holds(self) -> tuple[OpenHold, ...]:
        return lasting(self.holds, self.open_inquiry)

    def referral(self, agency: str) -> Referral | None:
        return next((referral for referral in self.referrals if referral.agency == agency), None)


def dossier(state: ApplicationState) -> JsonObject:
    """Gather what a decision rests on. Its digest is what a deciding officer signs.

    Assignments, passed deadlines and refusals are not part of it: they change nothing of the matter.
    """
    shown = dossier_before(state)
    if held := state.open_holds:
        shown["holds"] = [hold.model_dump(mode="json") for hold in held]
    return shown


def dossier_before(state: ApplicationState) -> JsonObject:
    """The dossier as it was signed before it had the holds that last."""
    shown = state.model_dump(
        mode="json",
        include={
            "acn",
            "submitted_by",
            "submission",
            "parties",
            "screening",
            "inquiries",
            "recommendation",
            "countersignature",
            "sent_back",
            "referrals",
            "decision",
            "denials",
        },
    )
    # Of the pairs that there are: what was said of others has expired.
    if said := [each for each in state.resolutions if each.pair in state.pairs and not each.lapsed]:
        shown["resolutions"] = [resolution.shown() for resolution in said]
    if state.return_proposed:
        shown["return_proposed"] = state.return_proposed.model_dump(mode="json")
    if state.unclassified:
        shown["unclassified"] = state.unclassified.model_dump(mode="json")
    if state.wordings:
        shown["wordings"] = [wording.model_dump(mode="json") for wording in state.wordings]
    if state.voided:
        shown["voided"] = state.voided
    if state.flips:
        shown["flips"] = [flip.model_dump(mode="json") for flip in state.flips]
    if state.directive is None:
        return shown
    # What the directive says, without why other rows of its table do not apply.
    shown["directive"] = state.directive.model_dump(mode="json", exclude={"evaluation": {"trace"}})
    shown["proposed"] = state.proposed.model_dump(mode="json") if state.proposed else None
    return shown


def dossier_digest(state: ApplicationState) -> str:
    return digest(dossier(state))


def evolve(state: ApplicationState | None, event: Event) -> ApplicationState:
    """The state after ``event``. Total on recorded streams: the first event is the submission."""
    if isinstance(event, ApplicationSubmitted):
        return ApplicationState(
            acn=event.acn,
            stage=Stage.TRIAGE,
            registered_at=event.at,
            submitted_by=event.by,
            submission=event.application,
            parties=event.application.parties,
            acted_for_applicant=frozenset({event.by.person}) | event.acted_before,
            unclassified=event.unclassified,
        )
    if state is None:
        raise ValueError(f"a stream cannot begin with {type(event).__name__}")
    return noted(state.model_copy(update=_changes(state, event)), event)


def noted(state: ApplicationState, event: Event) -> ApplicationState:
    """The state with whoever ``event``, if only a refusal, says acted for the applicant or an authority."""
    applicants = with_actor(state.acted_for_applicant, event, {state.submitted_by.organisation})
    officials = with_official(state.acted_for_authority, event)
    if (applicants, officials) == (state.acted_for_applicant, state.acted_for_authority):
        return state
    return state.model_copy(update={"acted_for_applicant": applicants, "acted_for_authority": officials})


def _changes(state: ApplicationState, event: Event) -> dict[str, object]:
    match event:
        case MatchConfirmed():
            return {"resolutions": resolutions_after(state.resolutions, event)}
        case PartiesScreened() | MatchResolved() | ResolutionRemembered() | ResolutionLapsed():
            return _screening_changes(state, event)
        case ReturnProposed():
            return {"return_proposed": event}
        case CaseAssigned(officer=officer):
            return {"assigned_to": officer}
        case DeadlinePassed(deadline=kind, agency=agency):
            return {"passed": state.passed | {f"{kind}.{agency}" if agency else kind}}
        case InformationRequested() | InformationAnswered(agency=None) | HoldPlaced() | HoldLifted():
            return hold_changes(state, event)
        case RecommendationMade() | RecommendationCountersigned() | RecommendationSentBack():
            return _review_changes(state, event)
        case DirectiveApplied():
            return _directive_changes(state, event)
        case WordingPutToAgencies() | WordingAnswered() | OriginalWordingKept():
            return wording_changes(state, event)
        case CaseFrozen() | FreezeLifted() | FreezeLapsed():
            return freeze_changes(state, event)
        case _ if isinstance(event, ExpediteEvent):
            return {"expedite": expedite_after(state.expedite, event)}
        case _ if isinstance(event, FlipEvent):
            return flip_changes(state.flips, event)
        case ExecutiveSignedOff(by=by):
            return {"signed_off_by": by}
        case ApplicationGranted(license_number=number):
            return {"license_number": number, "granted": event} | _closing(Stage.GRANTED, event.at)
        case _ if isinstance(event, DenialEvent | AppealPeriodEnded):
            return _denial_changes(state, event)
        case ApplicationReturned():
            return _closing(Stage.RETURNED, event.at)
        case ApplicationWithdrawn():
            return _closing(Stage.WITHDRAWN, event.at)
        case (
            CaseReferred()
            | AgencyAskedApplicant()
            | InformationAnswered()
            | AgencyAdvised()
            | AgencyDelegatedBack()
            | AgencyDeemedNoObjection()
        ):
            return _referral_changes(state, event)
        case (
            DisputeOpened()
            | VoteCast()
            | DisputeDecided()
            | VotesCounted()
            | DisputeEscalated()
            | DisputeSettled()
        ):
            return dispute_changes(state, event)
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of an application")


def _screening_changes(state: ApplicationState, event: PartiesScreened | Word) -> dict[str, object]:
    """Send a case that is not settled to triage, wherever it was: what was proposed on it before is void."""
    changes: dict[str, object] = (
        {"screening": event.screening}
        if isinstance(event, PartiesScreened)
        else {"resolutions": resolutions_after(state.resolutions, event)}
    )
    changes["return_proposed"] = None
    settled = state.model_copy(update=changes).settled
    if state.stage is Stage.TRIAGE and settled:
        return changes | {"stage": working_stage(state.referrals)}
    if state.stage in {Stage.TRIAGE, Stage.AWAITING_ANSWER} or settled:
        return changes
    return changes | _IN_REVIEW_AGAIN | {"stage": Stage.TRIAGE, "dispute": None, "voided": state.voided + 1}


def _referral_changes(state: ApplicationState, event: ReferralEvent) -> dict[str, object]:
    referrals = referrals_after(state.referrals, event)
    waits = state.stage in {Stage.AWAITING_ANSWER, Stage.TRIAGE}
    changes: dict[str, object] = {
        "referrals": referrals,
        "stage": state.stage if waits else working_stage(referrals),
    }
    # A referral is an initial action: 15 CFR 750.4(c)(4).
    return (
        changes | {"acted": state.acted | {"initial_action"}} if isinstance(event, CaseReferred) else changes
    )


def _review_changes(
    state: ApplicationState, event: RecommendationMade | RecommendationCountersigned | RecommendationSentBack
) -> dict[str, object]:
    match event:
        case RecommendationMade(by=by):
            return {
                "recommendation": event,
                "decision": None,
                "signatories": (by,),
                # An agreement lasts; what was asked else was about a recommendation that is gone.
                "wordings": agreements(state.wordings),
                "stage": Stage.COUNTERSIGNATURE,
            }
        case RecommendationCountersigned(by=by):
            signatories = (*state.signatories, by)
            return {"countersignature": event, "signatories": signatories, "stage": Stage.SIGN_OFF}
        case RecommendationSentBack():
            return _IN_REVIEW_AGAIN | {"sent_back": (*state.sent_back, event)}


def _directive_changes(state: ApplicationState, event: DirectiveApplied) -> dict[str, object]:
    if event.proposal is None:
        return {"directive": event}
    proposed = DirectedProposal(directive=event.directive, author=event.author, **dict(event.proposal))
    return {
        "directive": event,
        "proposed": proposed,
        "moved_by": state.moved_by | {event.directive},
        "stage": Stage.SIGN_OFF,
    }


_IN_REVIEW_AGAIN: dict[str, object] = {
    "stage": Stage.REVIEW,
    "recommendation": None,
    "countersignature": None,
    "decision": None,
    "proposed": None,
    "signed_off_by": None,
    "signatories": (),
    "decided_at": None,
}


def _denial_changes(state: ApplicationState, event: DenialEvent | AppealPeriodEnded) -> dict[str, object]:
    if isinstance(event, AppealPeriodEnded):
        return {"stage": Stage.FINALLY_DENIED}
    changes: dict[str, object] = {"denials": denials_after(state.denials, event)}
    match event:
        case DenialReconsidered():
            return changes | _IN_REVIEW_AGAIN
        case IntentToDenyIssued():
            # The decision to deny resolves the application; what follows has periods of its own.
            acted = state.acted | {"initial_action", "resolution"}
            passed = state.passed - {"response"}
            return changes | {
                "stage": Stage.INTENT_TO_DENY,
                "acted": acted,
                "passed": passed,
                "dispute": None,
            }
        case ResponseReceived(accepts_modifications=accepts):
            return changes | (_IN_REVIEW_AGAIN if accepts else {})
        case ApplicationDenied():
            return changes | {"stage": Stage.DENIED, "decided_at": event.at}
        case AppealFiled():
            return changes | {"stage": Stage.APPEAL}
        case AppealDecided(upholds=upholds):
            return changes | (_IN_REVIEW_AGAIN if not upholds else {"stage": Stage.FINALLY_DENIED})


def _closing(stage: Stage, at: datetime) -> dict[str, object]:
    return {"stage": stage, "decided_at": at, "dispute": None}
