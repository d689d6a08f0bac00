"""The parts of an answer: under what the goods may go, or what was nearest and what to apply for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from greenlight.kernel.model import Model
from greenlight.law.determination.determine import Determination
from greenlight.law.reprieve.terms import Certifier


class Verdict(StrEnum):
    LICENSE = "license"
    REPRIEVE = "reprieve"
    GENERAL_LICENSE = "general_license"
    NOT_REQUIRED = "not_required"
    NOT_AUTHORISED = "not_authorised"


@dataclass(frozen=True, slots=True)
class LineLeft:
    """The rest of a line before this shipment: units, and minor units of its currency up to the licensed
    value with its tolerance (15 CFR 750.11). ``item``: the place in the question, from 0."""

    item: int
    line: int
    quantity_left: int
    unit: str
    value_left: int
    currency: str


@dataclass(frozen=True, slots=True)
class UnderLicense:
    """``also`` are other licenses that would do, of the next few to end. ``valid_through`` is the last day,
    in Washington."""

    number: str
    valid_through: date
    lines: tuple[LineLeft, ...]
    conditions: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnderReprieve:
    """By which term the requirement for a listed entity is waived, and what must be certified first."""

    entity: str
    reprieve: str
    term: int
    activity: str
    citation: str | None
    certifier: Certifier
    certification: str


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that came near: a license by its number, or a reprieve; why it does not do, and what would
    help."""

    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class VerdictReading:
    """One way in which the answer may come to be."""

    verdict: Verdict
    text: str


class Authorisation(Model):
    """``provided``: what the answer takes for granted, and nobody has answered. ``nearest``: with a refusal,
    the nearest first. ``apply_for``: with a refusal, what to ask for. ``general_licenses``: those that waive
    what a rule requires of affiliates.

    ``readings``: of a refusal that is open, since it is not decided whether a reprieve goes on until then, or
    not known whether a general license covers it or how the law stands then, every way it may come;
    ``settled_by`` is what would decide between them. Nothing goes by what is open."""

    verdict: Verdict
    reason: str
    determination: Determination
    license: UnderLicense | None = None
    reprieves: tuple[UnderReprieve, ...] = ()
    provided: tuple[str, ...] = ()
    nearest: tuple[Miss, ...] = ()
    apply_for: str | None = None
    general_licenses: tuple[str, ...] = ()
    readings: tuple[VerdictReading, ...] = ()
    settled_by: str | None = None
