"""The terms of a reprieve: what each authorises, for whom, from when and through which day."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, PlainSerializer, model_validator

from greenlight.kernel.model import Country, Day, Identifier, Instant, Model, Name, PositiveInteger, Text
from greenlight.kernel.time.calendar import agency_date, end_of_day

MAX_ENTITIES = 1_000
MAX_ACTIVITIES = 20

Entities = Annotated[
    frozenset[Identifier],
    Field(max_length=MAX_ENTITIES),
    PlainSerializer(sorted, return_type=list[str], when_used="json"),
]
"""Listed entities by their keys in the list, in one order on the wire."""

Countries = Annotated[frozenset[Country], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class Certifier(StrEnum):
    """The one who has to certify that a transaction is within the scope, before it takes place."""

    EXPORTER = "exporter"
    RECIPIENT = "recipient"


class Activity(Model):
    """An authorised activity. ``key`` stays the same from term to term; ``paragraph`` is its number there."""

    key: Identifier
    paragraph: Name
    covers: Text
    certifier: Certifier
    certification: Text


class Scope(Model):
    """The activities that are authorised, and the destinations for which they never are."""

    activities: Annotated[tuple[Activity, ...], Field(min_length=1, max_length=MAX_ACTIVITIES)]
    excluded_destinations: Countries = frozenset()
    exclusion: Text | None = None

    @model_validator(mode="after")
    def _each_activity_once(self) -> Self:
        if len({activity.key for activity in self.activities}) < len(self.activities):
            raise ValueError("activities: each key once")
        return self


class Term(Model):
    """A term as it was issued.

    It runs from ``effective`` to the midnight in Washington that ends ``valid_through``. ``citation`` and
    ``published`` are None until it is published; it may take effect before that.
    """

    number: PositiveInteger
    effective: Instant
    valid_through: date
    citation: Name | None
    published: Instant | None
    scope: Scope
    entities: Entities
    reason: Text

    @property
    def end(self) -> datetime:
        """The first instant after the term, in UTC."""
        return end_of_day(self.valid_through)


class Correction(Model):
    """The correction to what a term should have said. None: as it stands."""

    effective: Instant | None = None
    valid_through: Day | None = None
    citation: Name | None = None
    published: Instant | None = None
    scope: Scope | None = None
    entities: Entities | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(value is None for value in self.__dict__.values()):
            raise ValueError("a correction says what is wrong")
        return self

    def applied(self, term: Term) -> Term:
        said = {name: value for name, value in self.__dict__.items() if value is not None}
        return term.model_copy(update=said)


class EntityChange(Model):
    """Entities that came or went, from ``effective`` on. ``terms``: the running terms that an addition joins.

    A removal goes for every term: an entity that is not listed needs no reprieve.
    """

    entities: Entities
    effective: Instant
    added: bool
    terms: tuple[PositiveInteger, ...] = ()


def entities_at(entities: frozenset[str], changes: Iterable[EntityChange], at: datetime) -> frozenset[str]:
    """Whom a term beginning at ``at`` covers that goes on from one that covered ``entities``."""
    for change in sorted(changes, key=lambda change: change.effective):
        if change.effective <= at:
            entities = entities | change.entities if change.added else entities - change.entities
    return entities


def extended_by(days: int, previous: date, starts: datetime) -> date:
    """The last day of a term of ``days`` days after ``previous``, the last day of the term before.

    Where the new one starts only after a gap, its days count from its own first day: the gap is not made up.
    """
    return max(previous, agency_date(starts) - timedelta(days=1)) + timedelta(days=days)
