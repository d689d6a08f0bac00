"""Interagency review: who is asked, and what they say (15 CFR 750.3, 750.4(d))."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from greenlight.kernel.model import Instant, Model, Text
from greenlight.kernel.option import Option
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


class Rewording(Model):
    """The words that an officer recommends in place of a condition for which an agency asked."""

    original: Annotated[Text, Field(description="The condition, word for word as the agency asked for it.")]
    text: Annotated[Text, Field(description="The condition that is recommended in its place.")]


Rewordings = Annotated[
    tuple[Rewording, ...],
    Field(
        max_length=50,
        exclude_if=lambda rewordings: not rewordings,
        description="A condition for which an agency asked, and the words that are recommended in its place."
        " The agency is asked whether it agrees.",
    ),
    Option("reword", between=" => "),
]


def rewording_problem(rewordings: Sequence[Rewording], conditions: Sequence[str]) -> str | None:
    """The first thing wrong with rewordings beside the conditions that are named with them."""
    originals = [each.original for each in rewordings]
    if len(set(originals)) < len(originals):
        return "a condition is reworded once"
    if set(originals).intersection((*conditions, *(each.text for each in rewordings))):
        return "what is recommended as an agency asked for it is not reworded"
    return None


class WordingAnswer(StrEnum):
    """The answer to a rewording; ``silent``: the agency let its time pass, and keeps to its own words."""

    AGREED = "agreed"
    DECLINED = "declined"
    SILENT = "silent"


class AskedWording(Model):
    """A rewording that an agency was asked about. Without ``answer`` the question is open."""

    agency: Agency
    original: str
    text: str
    asked_at: Instant
    answer: WordingAnswer | None = None
    answered_at: Instant | None = None
    answered_by: Actor | None = None
    comment: str | None = None


def asked(case: Any) -> bool:
    """Tell whether an agency was asked about other words, and has not answered yet."""
    return any(each.answer is None for each in case.wordings)


Agreed = frozenset[tuple[Agency, str, str]]
"""Agencies with the words that they asked for, and those to which they agreed in their place."""


def agreed_in(wordings: Iterable[AskedWording]) -> Agreed:
    return frozenset(
        (each.agency, each.original, each.text) for each in wordings if each.answer is WordingAnswer.AGREED
    )


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
