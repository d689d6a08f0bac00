"""The stages of an application."""

from enum import StrEnum


class Stage(StrEnum):
    """The stage of a case. The last four are ends."""

    TRIAGE = "triage"
    REVIEW = "review"
    AWAITING_ANSWER = "awaiting_answer"
    INTERAGENCY = "interagency"
    COUNTERSIGNATURE = "countersignature"
    OPERATING_COMMITTEE = "operating_committee"
    ESCALATION = "escalation"
    ACEP = "acep"
    EARB = "earb"
    PRESIDENT = "president"
    SIGN_OFF = "sign_off"
    INTENT_TO_DENY = "intent_to_deny"
    DENIED = "denied"
    APPEAL = "appeal"
    GRANTED = "granted"
    FINALLY_DENIED = "finally_denied"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def closed(self) -> bool:
        return self in CLOSED


CLOSED = frozenset({Stage.GRANTED, Stage.FINALLY_DENIED, Stage.RETURNED, Stage.WITHDRAWN})
