"""What happened to an application. Names are in the past tense; ``by`` is None where the service acted."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from licensing.application.commands import Conditions, Outcome, ReturnGround
from licensing.application.dossier import Parties, Screening, Submission
from licensing.authority import Actor
from licensing.commit import Event
from licensing.decider import CommandRefused
from licensing.license.terms import Validity
from licensing.model import Acn, Identifier, Instant, LicenseNumber, Text
from licensing.tables.table import Evaluation


class ApplicationSubmitted(Event):
    """The application was registered; the statutory clock runs from here (15 CFR 750.4(a)(1))."""

    type: Literal["ApplicationSubmitted"] = "ApplicationSubmitted"
    by: Actor
    acn: Acn
    application: Submission


class PartiesScreened(Event):
    type: Literal["PartiesScreened"] = "PartiesScreened"
    screening: Screening


class CaseAssigned(Event):
    type: Literal["CaseAssigned"] = "CaseAssigned"
    by: Actor
    officer: Identifier


class InformationRequested(Event):
    """The applicant was asked; the clock stops (15 CFR 750.4(b)(1))."""

    type: Literal["InformationRequested"] = "InformationRequested"
    by: Actor
    request: Text


class InformationAnswered(Event):
    """The applicant answered; the clock runs again."""

    type: Literal["InformationAnswered"] = "InformationAnswered"
    by: Actor
    answer: Text
    parties: Parties | None


class RecommendationMade(Event):
    """``lines`` are the items to grant, all of them spelled out; none for a denial."""

    type: Literal["RecommendationMade"] = "RecommendationMade"
    by: Actor
    outcome: Outcome
    reasons: Text
    lines: tuple[int, ...]
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD


class RecommendationCountersigned(Event):
    """A second officer agreed. ``sign_off`` says by which rule an executive must sign off, or need not."""

    type: Literal["RecommendationCountersigned"] = "RecommendationCountersigned"
    by: Actor
    comment: Text | None
    sign_off: Evaluation


class RecommendationSentBack(Event):
    """The countersigner or the executive did not agree: the case is in review again."""

    type: Literal["RecommendationSentBack"] = "RecommendationSentBack"
    by: Actor
    comment: Text | None


class ExecutiveSignedOff(Event):
    type: Literal["ExecutiveSignedOff"] = "ExecutiveSignedOff"
    by: Actor
    comment: Text | None


class ApplicationGranted(Event):
    """A license is issued for ``lines``; ``in_part`` if the application had more (15 CFR 750.7(a))."""

    type: Literal["ApplicationGranted"] = "ApplicationGranted"
    license_number: LicenseNumber
    lines: tuple[int, ...]
    in_part: bool
    conditions: Conditions
    riders: Conditions
    validity: Validity = Validity.STANDARD


class IntentToDenyIssued(Event):
    """The applicant is told that, and why, the application is to be denied (15 CFR 750.6(a))."""

    type: Literal["IntentToDenyIssued"] = "IntentToDenyIssued"
    reasons: Text


class ApplicationReturned(Event):
    type: Literal["ApplicationReturned"] = "ApplicationReturned"
    by: Actor
    ground: ReturnGround
    reasons: Text


class ApplicationWithdrawn(Event):
    type: Literal["ApplicationWithdrawn"] = "ApplicationWithdrawn"
    by: Actor
    reason: Text | None


class DeadlinePassed(Event):
    """A statutory deadline came and what it asks for had not happened. ``at`` is the deadline's instant."""

    type: Literal["DeadlinePassed"] = "DeadlinePassed"
    deadline: Literal["initial_action", "resolution"]
    started_at: Instant
    citation: str


ApplicationEvent = (
    ApplicationSubmitted
    | PartiesScreened
    | CaseAssigned
    | InformationRequested
    | InformationAnswered
    | RecommendationMade
    | RecommendationCountersigned
    | RecommendationSentBack
    | ExecutiveSignedOff
    | ApplicationGranted
    | IntentToDenyIssued
    | ApplicationReturned
    | ApplicationWithdrawn
    | DeadlinePassed
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[ApplicationEvent | CommandRefused, Field(discriminator="type")]
)
