"""The events of an application. Names are in the past tense; ``by`` is None where the service acted."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import exists
from greenlight.kernel.inclusion import Inclusion
from greenlight.kernel.model import Acn, Identifier, Instant, LicenseNumber, Model, Names, Text
from greenlight.kernel.once import OneOfEquals
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.table import Evaluation
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.commands import (
    Advise,
    Answer,
    AskApplicant,
    Assign,
    Conditions,
    Confirmed,
    Countersign,
    DecideDispute,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    PlaceHold,
    Recommend,
    Refer,
    RequestInformation,
    ReturnGround,
    ReturnWithoutAction,
    SignOff,
    Submit,
    Vote,
    Withdraw,
)
from greenlight.law.application.denial.events import AppealPeriodEnded
from greenlight.law.application.denial.language import DenialEvent
from greenlight.law.application.dispute.language import Forum
from greenlight.law.application.dossier import Parties, Screening, Submission, Unclassified
from greenlight.law.application.expedite.language import ExpediteEvent
from greenlight.law.application.flip.events import FlipEvent
from greenlight.law.application.freeze.events import FreezeEvent
from greenlight.law.application.interagency.agency import Advice, Agency, Rewordings
from greenlight.law.application.interagency.events import WordingEvent
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.validity import Validity
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import STANDS
from greenlight.law.letter import LetterKind


class ApplicationSubmitted(Event, of={Submit}):
    """The application was registered; the statutory clock runs from here (15 CFR 750.4(a)(1)).

    ``acted_before``: the persons who acted for the applicant in the case that it follows, by then.
    """

    type: Literal["ApplicationSubmitted"] = "ApplicationSubmitted"
    by: Actor
    acn: Acn
    application: Submission
    unclassified: Annotated[Unclassified | None, Field(exclude_if=lambda lines: lines is None)] = None
    acted_before: Annotated[Names, Field(exclude_if=lambda persons: not persons)] = frozenset()


class PartiesScreened(Event, recorded_by=SERVICE):
    type: Literal["PartiesScreened"] = "PartiesScreened"
    # The same consignees are filed again and again.
    screening: Annotated[Screening, AfterValidator(OneOfEquals[Screening]())]


class CaseAssigned(Event, of={Assign}):
    type: Literal["CaseAssigned"] = "CaseAssigned"
    by: Actor
    officer: Identifier


class InformationRequested(Event, of={RequestInformation}):
    """The applicant was asked; the clock stops (15 CFR 750.4(b)(1))."""

    type: Literal["InformationRequested"] = "InformationRequested"
    by: Actor
    request: Text


class InformationAnswered(Event, of={Answer}):
    """The applicant answered; the clock of whoever asked runs again."""

    type: Literal["InformationAnswered"] = "InformationAnswered"
    by: Actor
    answer: Text
    parties: Parties | None
    agency: Agency | None = None


class HoldPlaced(Event, of={PlaceHold}):
    """The clock stops (15 CFR 750.4(b))."""

    type: Literal["HoldPlaced"] = "HoldPlaced"
    by: Actor
    kind: HoldKind
    reason: Text


class HoldLifted(Event, of={LiftHold}):
    """``hold`` counts the holds of the case from 1."""

    type: Literal["HoldLifted"] = "HoldLifted"
    by: Actor
    hold: int


class CaseReferred(Event, of={Refer}):
    """Agencies were asked; each one's clock runs from here (15 CFR 750.4(d))."""

    type: Literal["CaseReferred"] = "CaseReferred"
    by: Actor
    agencies: tuple[Agency, ...]


class AgencyAskedApplicant(Event, of={AskApplicant}):
    """That agency's clock stops until the answer (15 CFR 750.4(d)(1))."""

    type: Literal["AgencyAskedApplicant"] = "AgencyAskedApplicant"
    by: Actor
    agency: Agency
    request: Text


class AgencyAdvised(Event, of={Advise}):
    """An agency's recommendation (15 CFR 750.4(d)(2))."""

    type: Literal["AgencyAdvised"] = "AgencyAdvised"
    by: Actor
    agency: Agency
    advice: Advice
    reasons: Text | None
    conditions: Conditions
    statutory_basis: Text | None
    regulatory_basis: Text | None


class AgencyDelegatedBack(Event, of={DelegateBack}):
    type: Literal["AgencyDelegatedBack"] = "AgencyDelegatedBack"
    by: Actor
    agency: Agency
    comment: Text | None


class AgencyDeemedNoObjection(Event, recorded_by=SERVICE):
    """The agency's 30 days passed without a recommendation: it does not object (15 CFR 750.4(e))."""

    type: Literal["AgencyDeemedNoObjection"] = "AgencyDeemedNoObjection"
    agency: Agency


class RecommendationMade(Event, of={Recommend}):
    """``lines`` are the items to grant, all of them spelled out; none for a denial."""

    type: Literal["RecommendationMade"] = "RecommendationMade"
    by: Actor
    outcome: Outcome
    reasons: Text
    lines: tuple[int, ...]
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD
    modifications: Text | None = None
    confirmed: Confirmed = ()
    rewordings: Rewordings = ()


class RecommendationCountersigned(Event, of={Countersign}):
    """A second officer agreed. ``sign_off`` says by which rule an executive must sign off, or need not."""

    type: Literal["RecommendationCountersigned"] = "RecommendationCountersigned"
    by: Actor
    comment: Text | None
    sign_off: Evaluation


class RecommendationSentBack(Event, of={Countersign, SignOff}):
    """The countersigner or the executive did not agree: the case is in review again."""

    type: Literal["RecommendationSentBack"] = "RecommendationSentBack"
    by: Actor
    comment: Text | None


class Proposal(Model):
    """The outcome that is proposed for an application, in the words of a recommendation."""

    outcome: Outcome
    reasons: Text
    lines: tuple[int, ...]
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD
    modifications: Text | None = None


class DirectiveApplied(Event, recorded_by=SERVICE, requires=(STANDS,)):
    """The case was held against a directive in force; ``evaluation`` says by which row, why not by others.

    ``author`` issued the directive and is a proposer, if there is a ``proposal``. An intent to deny follows
    at once where the evaluation says so.
    """

    type: Literal["DirectiveApplied"] = "DirectiveApplied"
    directive: Identifier
    author: Actor
    posture: Posture
    citation: Text
    evaluation: Evaluation
    proposal: Proposal | None


class DisputeOpened(Event, of={Countersign}):
    """``agencies`` do not agree to the countersigned recommendation: it goes to the Operating Committee."""

    type: Literal["DisputeOpened"] = "DisputeOpened"
    agencies: tuple[Agency, ...]


class VoteCast(Event, of={Vote}):
    type: Literal["VoteCast"] = "VoteCast"
    by: Actor
    forum: Forum
    seat: Identifier
    outcome: Outcome
    comment: Text | None


class _Decision(Event):
    """The decision of a forum; final if no agency takes it on within the window ``counted_from`` here."""

    forum: Forum
    counted_from: Instant
    outcome: Outcome
    reasons: Text
    lines: tuple[int, ...]
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD
    modifications: Text | None = None


class DisputeDecided(_Decision, of={DecideDispute}):
    """The chair of the Operating Committee, or the President, decided."""

    type: Literal["DisputeDecided"] = "DisputeDecided"
    by: Actor
    confirmed: Confirmed = ()


# A forum has votes to count only once an agency took the dispute to it; the walk over the log counts them.
_TAKEN_THERE = exists(
    "event",
    {"stream": "{stream}", "type": "DisputeEscalated"},
    contains={"record": {"forum": "{forum}"}},
    message="no agency took a dispute to that forum",
)


class VotesCounted(_Decision, recorded_by=SERVICE, requires=(_TAKEN_THERE,)):
    """The ACEP or the EARB decided: everybody had voted, or the time to vote was over.

    ``for_it`` of ``cast`` votes were for the outcome.
    """

    type: Literal["VotesCounted"] = "VotesCounted"
    for_it: int
    cast: int


class DisputeEscalated(Event, of={Escalate}):
    """An agency took the decision to the next forum (15 CFR 750.4(f))."""

    type: Literal["DisputeEscalated"] = "DisputeEscalated"
    by: Actor
    forum: Forum
    grounds: Text


class DisputeSettled(Event, recorded_by=SERVICE):
    """Nobody took the decision on in time: it is final."""

    type: Literal["DisputeSettled"] = "DisputeSettled"
    forum: Forum


class ExecutiveSignedOff(Event, of={SignOff}):
    """``inclusion``: it was a batch that was signed, and this proves that the case is in it."""

    type: Literal["ExecutiveSignedOff"] = "ExecutiveSignedOff"
    by: Actor
    comment: Text | None
    inclusion: Inclusion | None = None


class ApplicationGranted(Event, of={Countersign, DecideDispute, SignOff}, letter=LetterKind.GRANT):
    """A license is issued for ``lines``; ``in_part`` if the application had more (15 CFR 750.7(a))."""

    type: Literal["ApplicationGranted"] = "ApplicationGranted"
    license_number: LicenseNumber
    lines: tuple[int, ...]
    in_part: bool
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD


class ApplicationReturned(Event, of={ReturnWithoutAction}, letter=LetterKind.RETURN_WITHOUT_ACTION):
    type: Literal["ApplicationReturned"] = "ApplicationReturned"
    by: Actor
    ground: ReturnGround
    reasons: Text


class ApplicationWithdrawn(Event, of={Withdraw}, letter=LetterKind.WITHDRAWAL):
    type: Literal["ApplicationWithdrawn"] = "ApplicationWithdrawn"
    by: Actor
    reason: Text | None


class DeadlinePassed(Event, recorded_by=SERVICE):
    """A statutory deadline came and what it asks for had not happened. ``at`` is the deadline's instant."""

    type: Literal["DeadlinePassed"] = "DeadlinePassed"
    deadline: Literal["initial_action", "resolution", "agency_information", "operating_committee", "response"]
    started_at: Instant
    citation: str
    agency: Agency | None = None


ApplicationEvent = (
    ApplicationSubmitted
    | PartiesScreened
    | MatchResolved
    | MatchConfirmed
    | ResolutionRemembered
    | ResolutionLapsed
    | ReturnProposed
    | CaseAssigned
    | InformationRequested
    | InformationAnswered
    | HoldPlaced
    | HoldLifted
    | CaseReferred
    | AgencyAskedApplicant
    | AgencyAdvised
    | AgencyDelegatedBack
    | AgencyDeemedNoObjection
    | RecommendationMade
    | RecommendationCountersigned
    | RecommendationSentBack
    | WordingEvent
    | DirectiveApplied
    | FreezeEvent
    | ExpediteEvent
    | FlipEvent
    | DisputeOpened
    | VoteCast
    | DisputeDecided
    | VotesCounted
    | DisputeEscalated
    | DisputeSettled
    | ExecutiveSignedOff
    | ApplicationGranted
    | DenialEvent
    | AppealPeriodEnded
    | ApplicationReturned
    | ApplicationWithdrawn
    | DeadlinePassed
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[ApplicationEvent | CommandRefused, Field(discriminator="type")]
)
