"""Interagency review: who is asked, and what they say (15 CFR 750.3, 750.4(d))."""

from enum import StrEnum

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import Hold


class Agency(StrEnum):
    """Departments that review applications; the value is the organisation for which their officers act."""

    DEFENSE = "defense"
    ENERGY = "energy"
    JUSTICE = "justice"
    STATE = "state"


class Advice(StrEnum):
    """The advice that an agency can give."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    DENY = "deny"
    RETURN = "return"


class Opinion(Model):
    """The position of an agency. Without ``advice`` it does not object: it delegated the case back, or let
    its time pass (15 CFR 750.4(e)); ``by`` is None for the latter."""

    advice: Advice | None
    at: Instant
    by: Actor | None
    reasons: str | None = None
    conditions: tuple[str, ...] = ()


class AgencyInquiry(Model):
    """The question that an agency asked the applicant and, once given, the answer."""

    request: str
    requested_by: Actor
    answer: str | None = None
    answered_by: Actor | None = None


class Referral(Model):
    """A case at an agency, which has its own clock. ``holds`` are those of this clock alone."""

    agency: Agency
    referred_at: Instant
    holds: tuple[Hold, ...] = ()
    inquiries: tuple[AgencyInquiry, ...] = ()
    opinion: Opinion | None = None

    @property
    def open_inquiry(self) -> AgencyInquiry | None:
        return next((inquiry for inquiry in self.inquiries if inquiry.answer is None), None)
