"""Questions of coverage and their answers, as they go over the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from licensing.model import Country, Identifier, Instant, Model, Name, PositiveInteger, Text
from licensing.reprieve.coverage import Coverage, Terms, covered, covered_all_day
from licensing.reprieve.terms import Activity, Certifier


def _within_reach(day: date) -> date:
    if not 1970 <= day.year <= 2999:
        raise ValueError("a day lies in the years 1970 to 2999")
    return day


class CoverageQuestion(Model):
    """Whether an activity with a listed entity is covered: at the instant ``at``, or on all of ``day``, a day
    in Washington; one of the two.

    ``entity`` and ``activity`` are keys, as in the terms. Without ``destination`` none is asked about.
    ``known_at``: as it was known at that instant; without it, by everything that is recorded.
    """

    entity: Identifier
    activity: Identifier
    at: Instant | None = None
    day: Annotated[date, AfterValidator(_within_reach)] | None = None
    destination: Country | None = None
    known_at: Instant | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.at is None) == (self.day is None):
            raise ValueError("a question is about an instant, at, or a day: one of the two")
        return self


class CoveringTerm(Model):
    """A term without its scope and its entities."""

    number: PositiveInteger
    effective: Instant
    valid_through: date
    citation: Name | None
    published: Instant | None
    reason: Text


class TermOfReprieve(Model):
    reprieve: Identifier
    term: PositiveInteger


class CoverageAnswer(Model):
    """Answer to ``covered``.

    Covered: by ``activity`` of ``term`` of ``reprieve``, printed at ``citation``, None while it is not
    published; ``certifier`` must certify ``certification`` before the transaction. ``also`` are other terms
    that cover it too. Not covered: ``reason`` says why, of the term that came nearest, if any ran.
    ``still_required``: what needs a license, or may.
    """

    covered: bool
    reason: str
    reprieve: Identifier | None
    term: CoveringTerm | None
    citation: Name | None
    activity: Activity | None
    certifier: Certifier | None
    certification: Text | None
    also: tuple[TermOfReprieve, ...]
    still_required: tuple[str, ...]


def answer(terms: Terms, question: CoverageQuestion) -> CoverageAnswer:
    """What ``terms`` say to ``question``."""
    asked = (question.destination, question.known_at)
    if question.day is not None:
        return told(covered_all_day(terms, question.entity, question.activity, question.day, *asked))
    assert question.at is not None, "a question is about a day or an instant"
    return told(covered(terms, question.entity, question.activity, question.at, *asked))


def told(coverage: Coverage) -> CoverageAnswer:
    term = coverage.term
    return CoverageAnswer(
        covered=coverage.covered,
        reason=coverage.reason,
        reprieve=coverage.reprieve,
        term=CoveringTerm(**term.model_dump(exclude={"scope", "entities"})) if term else None,
        citation=coverage.citation,
        activity=coverage.activity,
        certifier=coverage.certifier,
        certification=coverage.certification,
        also=tuple(TermOfReprieve(reprieve=reprieve, term=number) for reprieve, number in coverage.also),
        still_required=coverage.still_required,
    )
