"""The events of the list. Names are in the past tense."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Digest, Identifier, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.screening_list.content import ListContent


class ListOpened(Event):
    type: Literal["ListOpened"] = "ListOpened"
    by: Actor
    key: Identifier
    title: Name
    max_age_days: PositiveInteger


class ListLoaded(Event):
    """From here on parties are held against this version."""

    type: Literal["ListLoaded"] = "ListLoaded"
    by: Actor
    content: ListContent
    retrieved: date


class ListHeld(Event):
    """The version is doubtful and waits for a second officer; what was current stays so."""

    type: Literal["ListHeld"] = "ListHeld"
    by: Actor
    content: ListContent
    retrieved: date


class ListConfirmed(Event):
    """From here on parties are held against the version that waited."""

    type: Literal["ListConfirmed"] = "ListConfirmed"
    by: Actor
    digest: Digest
    reasons: Text


class ListDiscarded(Event):
    type: Literal["ListDiscarded"] = "ListDiscarded"
    by: Actor
    digest: Digest
    reasons: Text


class ListRefreshed(Event):
    """The current version was downloaded once more and is the same."""

    type: Literal["ListRefreshed"] = "ListRefreshed"
    by: Actor
    digest: Digest
    retrieved: date


class ListGrewOld(Event, recorded_by=SERVICE):
    """The current version says nothing of parties any more, until one that is younger is loaded."""

    type: Literal["ListGrewOld"] = "ListGrewOld"


class RescreeningBegun(Event, recorded_by=SERVICE):
    """The service holds every open case and license against the current version."""

    type: Literal["RescreeningBegun"] = "RescreeningBegun"
    number: PositiveInteger
    digest: Digest
    pending: int


class RescreeningProgressed(Event, recorded_by=SERVICE):
    """The result of a batch; see ``RecordRescreening``."""

    type: Literal["RescreeningProgressed"] = "RescreeningProgressed"
    number: PositiveInteger
    cursor: StreamId | None
    last: bool
    cases: int
    parties: int
    differing: int
    failed: tuple[StreamId, ...]


class RescreeningCompleted(Event, recorded_by=SERVICE):
    """All were gone through. ``failed`` are those that did not answer, however often asked."""

    type: Literal["RescreeningCompleted"] = "RescreeningCompleted"
    number: PositiveInteger
    cases: int
    parties: int
    differing: int
    failed: tuple[StreamId, ...]


ListEvent = (
    ListOpened
    | ListLoaded
    | ListHeld
    | ListConfirmed
    | ListDiscarded
    | ListRefreshed
    | ListGrewOld
    | RescreeningBegun
    | RescreeningProgressed
    | RescreeningCompleted
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[ListEvent | CommandRefused, Field(discriminator="type")])
