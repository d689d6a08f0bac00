"""An application as it stands, folded from its events, and what can be read off it."""

from datetime import datetime
from enum import StrEnum

from licensing.application.dossier import Parties, Screening, Submission
from licensing.application.events import (
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CaseAssigned,
    DeadlinePassed,
    ExecutiveSignedOff,
    InformationAnswered,
    InformationRequested,
    IntentToDenyIssued,
    PartiesScreened,
    RecommendationCountersigned,
    RecommendationMade,
    RecommendationSentBack,
)
from licensing.authority import Actor
from licensing.canonical import digest
from licensing.commit import Event
from licensing.model import Acn, Identifier, Instant, JsonObject, LicenseNumber, Model, Names
from licensing.time.holds import Hold, HoldKind


class Stage(StrEnum):
    """Where a case is. The last four are ends."""

    TRIAGE = "triage"
    REVIEW = "review"
    AWAITING_ANSWER = "awaiting_answer"
    COUNTERSIGNATURE = "countersignature"
    SIGN_OFF = "sign_off"
    GRANTED = "granted"
    INTENT_TO_DENY = "intent_to_deny"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def closed(self) -> bool:
        return self in CLOSED


CLOSED = frozenset({Stage.GRANTED, Stage.INTENT_TO_DENY, Stage.RETURNED, Stage.WITHDRAWN})


class Inquiry(Model):
    """A request for information and, once given, its answer."""

    request: str
    requested_by: Actor
    answer: str | None = None
    answered_by: Actor | None = None


class ApplicationState(Model):
    """``passed`` names the deadlines that came, ``acted`` those that an action met while the case is open."""

    acn: Acn
    stage: Stage
    registered_at: Instant
    submitted_by: Actor
    submission: Submission
    parties: Parties
    screening: Screening | None = None
    holds: tuple[Hold, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    assigned_to: Identifier | None = None
    recommendation: RecommendationMade | None = None
    countersignature: RecommendationCountersigned | None = None
    sent_back: tuple[RecommendationSentBack, ...] = ()
    signed_off_by: Actor | None = None
    passed: Names = frozenset()
    acted: Names = frozenset()
    decided_at: Instant | None = None
    license_number: LicenseNumber | None = None
    granted: ApplicationGranted | None = None

    @property
    def screened(self) -> bool:
        return self.screening is not None and self.screening.complete

    @property
    def listed(self) -> bool | None:
        """Whether a listed entity is a party; None while that is not known."""
        if self.screening is None:
            return None
        return True if self.screening.listed else (False if self.screening.complete else None)

    @property
    def acted_for_applicant(self) -> frozenset[str]:
        """The persons who acted for the applicant: they decide nothing, under whatever account."""
        answered = {inquiry.answered_by.person for inquiry in self.inquiries if inquiry.answered_by}
        return frozenset({self.submitted_by.person, *answered})

    @property
    def open_inquiry(self) -> Inquiry | None:
        return next((inquiry for inquiry in self.inquiries if inquiry.answer is None), None)


def dossier(state: ApplicationState) -> JsonObject:
    """What a decision rests on. Its digest is what a deciding officer signs.

    Assignments, passed deadlines and refusals are not part of it: they change nothing of the matter.
    """
    return state.model_dump(
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
        },
    )


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
        )
    if state is None:
        raise ValueError(f"a stream cannot begin with {type(event).__name__}")
    return state.model_copy(update=_changes(state, event))


def _changes(state: ApplicationState, event: Event) -> dict[str, object]:
    match event:
        case PartiesScreened(screening=screening):
            waiting = state.stage is Stage.AWAITING_ANSWER
            stage = state.stage if waiting or not screening.complete else Stage.REVIEW
            return {"screening": screening, "stage": stage}
        case CaseAssigned(officer=officer):
            return {"assigned_to": officer}
        case InformationRequested() | InformationAnswered():
            return _inquiry_changes(state, event)
        case RecommendationMade():
            return {"recommendation": event, "stage": Stage.COUNTERSIGNATURE}
        case RecommendationCountersigned():
            return {"countersignature": event, "stage": Stage.SIGN_OFF}
        case RecommendationSentBack():
            return {
                "recommendation": None,
                "countersignature": None,
                "sent_back": (*state.sent_back, event),
                "stage": Stage.REVIEW,
            }
        case ExecutiveSignedOff(by=by):
            return {"signed_off_by": by}
        case ApplicationGranted(license_number=number):
            return {"license_number": number, "granted": event} | _closing(Stage.GRANTED, event.at)
        case IntentToDenyIssued():
            return _closing(Stage.INTENT_TO_DENY, event.at)
        case ApplicationReturned():
            return _closing(Stage.RETURNED, event.at)
        case ApplicationWithdrawn():
            return _closing(Stage.WITHDRAWN, event.at)
        case DeadlinePassed(deadline=kind):
            return {"passed": state.passed | {kind}}
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of an application")


def _inquiry_changes(
    state: ApplicationState, event: InformationRequested | InformationAnswered
) -> dict[str, object]:
    if isinstance(event, InformationRequested):
        hold = Hold(
            kind=HoldKind.APPLICANT_INFORMATION,
            reason="information requested of the applicant",
            placed_at=event.at,
            placed_by=event.by.officer,
        )
        inquiry = Inquiry(request=event.request, requested_by=event.by)
        return {
            "stage": Stage.AWAITING_ANSWER,
            "holds": (*state.holds, hold),
            "inquiries": (*state.inquiries, inquiry),
            # Asking is an initial action: 15 CFR 750.4(c)(1).
            "acted": state.acted | {"initial_action"},
        }
    lifted = state.holds[-1].model_copy(update={"lifted_at": event.at, "lifted_by": event.by.officer})
    answered = state.inquiries[-1].model_copy(update={"answer": event.answer, "answered_by": event.by})
    screening = None if event.parties else state.screening
    return {
        "stage": Stage.REVIEW if screening is not None and screening.complete else Stage.TRIAGE,
        "holds": (*state.holds[:-1], lifted),
        "inquiries": (*state.inquiries[:-1], answered),
        "parties": event.parties or state.parties,
        "screening": screening,
    }


def _closing(stage: Stage, at: datetime) -> dict[str, object]:
    return {"stage": stage, "decided_at": at}
