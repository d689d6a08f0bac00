"""Questions of coverage and their answers, as they go over the wire."""

from datetime import date, timedelta
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, model_validator

from greenlight.kernel.codes.entered import reached
from greenlight.kernel.model import (
    Country,
    Digest,
    Identifier,
    Instant,
    Model,
    Name,
    PositiveInteger,
    Text,
)
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.entity import spells
from greenlight.law.entity.spells import Period, Spell
from greenlight.law.reprieve.coverage import (
    ENTITY_LIST,
    LISTED,
    OTHER_LICENSES,
    Coverage,
    CoverageReading,
    Terms,
    covered,
    covered_all_day,
)
from greenlight.law.reprieve.terms import Activity, Certifier


class CoverageQuestion(Model):
    """The question whether an activity with a listed entity is covered: at the instant ``at``, or on all of
    ``day``, a day in Washington; one of the two.

    ``entity`` and ``activity`` are keys, as in the terms. Without ``destination`` none is asked about.
    ``known_at``: as it was known at that instant; without it, by everything that is recorded.
    """

    entity: Identifier
    activity: Identifier
    at: Instant | None = None
    day: Annotated[date, AfterValidator(reached)] | None = None
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


class OnTheList(NamedTuple):
    """An entity as the list that counts has it, with the list's id, version and day of retrieval."""

    list: str
    version: str
    retrieved: date
    spells: tuple[Spell, ...]


class ListingThen(Model):
    """The answer to whether the entity is on the list at the time that was asked about; None: the list does
    not tell."""

    listed: bool | None
    said: Text
    list: Name
    version: Digest
    retrieved: date


class CoverageAnswer(Model):
    """Answer to ``covered``.

    Covered: by ``activity`` of ``term`` of ``reprieve``, printed at ``citation``, None while it is not
    published; ``certifier`` must certify ``certification`` before the transaction. ``also`` are other terms
    that cover it too. Not covered: ``reason`` says why, of the term that came nearest, if any ran.
    ``still_required``: what needs a license, or may. ``listing``: None where no list was asked. Of an entity
    that is not listed at that time nothing is covered, since the Entity List asks for no license.

    ``open``: beyond the last day of ``term``, while it is not decided what follows it. ``covered`` is no
    then, as the record stands; ``readings`` has every way it may come, and ``settled_by`` what would decide.
    """

    covered: bool
    reason: str
    listing: ListingThen | None = None
    reprieve: Identifier | None
    term: CoveringTerm | None
    citation: Name | None
    activity: Activity | None
    certifier: Certifier | None
    certification: Text | None
    also: tuple[TermOfReprieve, ...]
    still_required: tuple[str, ...]
    open: bool = False
    readings: tuple[CoverageReading, ...] = ()
    settled_by: str | None = None


def answer(terms: Terms, question: CoverageQuestion, on_list: OnTheList | None = None) -> CoverageAnswer:
    """Answer ``question`` from ``terms``, and from the list of the entity, where it is given."""
    asked = (question.destination, question.known_at)
    if question.day is not None:
        period = Period(end_of_day(question.day - timedelta(days=1)), end_of_day(question.day))
        found = covered_all_day(terms, question.entity, question.activity, question.day, *asked)
    else:
        assert question.at is not None, "a question is about a day or an instant"
        period = spells.at(question.at)
        found = covered(terms, question.entity, question.activity, question.at, *asked)
    return told(found) if on_list is None else _as_listed(told(found), question.entity, on_list, period)


def _as_listed(coverage: CoverageAnswer, entity: str, on_list: OnTheList, period: Period) -> CoverageAnswer:
    listed = spells.listed(on_list.spells, period, on_list.retrieved)
    said = f"{entity} {spells.told(on_list.spells, period, on_list.retrieved)}"
    listing = ListingThen(
        listed=listed,
        said=said,
        list=on_list.list,
        version=on_list.version,
        retrieved=on_list.retrieved,
    )
    if listed is False:
        # Whatever follows the term, nothing of it is needed.
        update = {
            "covered": False,
            "reason": said,
            "still_required": OTHER_LICENSES,
            "open": False,
            "readings": (),
            "settled_by": None,
        }
    else:
        sure = {ENTITY_LIST: LISTED} if listed else {}
        update = {"still_required": tuple(sure.get(each, each) for each in coverage.still_required)}
    return coverage.model_copy(update={"listing": listing, **update})


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
        open=coverage.open,
        readings=coverage.readings,
        settled_by=coverage.settled_by,
    )
