"""Events of a denial: its notice, the response, the denial, the appeal (15 CFR 750.6, 756.2)."""

from datetime import date
from typing import Literal

from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import says
from greenlight.kernel.model import Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import (
    Appeal,
    DecideAppeal,
    DecideDispute,
    Reconsider,
    Respond,
    SignOff,
)
from greenlight.law.directive.routing import INTENT_TO_DENY
from greenlight.law.letter import LetterKind

# Without a command, the notice follows at once on the directive that gives it.
_DIRECTED = says(
    {"before": {"type": "DirectiveApplied", "evaluation": {"outcome": INTENT_TO_DENY}}},
    message="no directive gives this notice",
)


class IntentToDenyIssued(
    Event,
    of={DecideDispute, SignOff},
    recorded_by=SERVICE,
    letter=LetterKind.INTENT_TO_DENY,
    unsigned=(_DIRECTED,),
):
    """The applicant is told that, and why, the application is to be denied (15 CFR 750.6(a)).

    ``modifications`` would let the application be considered again; None: none are known.
    """

    type: Literal["IntentToDenyIssued"] = "IntentToDenyIssued"
    reasons: Text
    modifications: Text | None = None


class ResponseReceived(Event, of={Respond}):
    """The applicant responded to the intent to deny, or accepts the modifications that it offers."""

    type: Literal["ResponseReceived"] = "ResponseReceived"
    by: Actor
    response: Text
    accepts_modifications: bool


class DenialReconsidered(Event, of={Reconsider}):
    """The decision to deny is taken back before it is final: the case is in review again."""

    type: Literal["DenialReconsidered"] = "DenialReconsidered"
    by: Actor
    reasons: Text


class ApplicationDenied(Event, recorded_by=SERVICE, letter=LetterKind.DENIAL):
    """45 days passed since the notice: the denial is final (15 CFR 750.6(b)).

    ``denied_on`` is the last of these days, in Washington; ``at`` is its end.
    """

    type: Literal["ApplicationDenied"] = "ApplicationDenied"
    denied_on: date
    reasons: Text


class AppealFiled(Event, of={Appeal}):
    """The applicant appealed to the Under Secretary; the denial stands meanwhile (15 CFR 756.2)."""

    type: Literal["AppealFiled"] = "AppealFiled"
    by: Actor
    grounds: Text


class AppealDecided(Event, of={DecideAppeal}):
    """The Under Secretary decided; not upheld, the application is reviewed again."""

    type: Literal["AppealDecided"] = "AppealDecided"
    by: Actor
    upholds: bool
    reasons: Text


class AppealPeriodEnded(Event, recorded_by=SERVICE):
    """No appeal was received in time: nothing changes the denial any more."""

    type: Literal["AppealPeriodEnded"] = "AppealPeriodEnded"
