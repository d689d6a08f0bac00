"""The events of the list. Names are in the past tense."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import Condition, absent, never
from greenlight.kernel.model import Digest, Identifier, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.screening_list.commands import (
    ConfirmAgeLimit,
    ConfirmList,
    DiscardList,
    LoadList,
    OpenList,
    ProposeAgeLimit,
    Source,
)
from greenlight.law.screening_list.content import ListContent
from greenlight.law.screening_list.refusals import ListRefusal

# As `ListContent.takes_two` has it.
_TAKES_TWO = (
    "$.content.compared_with == null || $.content.removed > 0 || $.content.renamed > 0"
    " || !exists($.content.renamed) || exists($.content.doubts[*])"
)


class ListOpened(Event, of={OpenList}):
    type: Literal["ListOpened"] = "ListOpened"
    by: Actor
    key: Identifier
    title: Name
    max_age_days: PositiveInteger


class ListLoaded(
    Event, of={LoadList}, requires=(never(_TAKES_TWO, message="such a version takes a second officer"),)
):
    """From here on parties are held against this version."""

    type: Literal["ListLoaded"] = "ListLoaded"
    by: Actor
    content: ListContent
    retrieved: date


class ListHeld(Event, of={LoadList}):
    """The version waits for a second officer; what was current stays so."""

    type: Literal["ListHeld"] = "ListHeld"
    by: Actor
    content: ListContent
    retrieved: date


def _by_another(column: str) -> Condition:
    """The person who confirms is not the one whom the row of the list names."""
    return absent(
        "list",
        {"key": "{key}", column: "{by.person}"},
        otherwise=ListRefusal.OWN_VERSION,
        message=ListRefusal.OWN_VERSION.meaning,
    )


class ListConfirmed(Event, of={ConfirmList}, requires=(_by_another("held_by"),)):
    """From here on parties are held against the version that waited. ``source``: where the officer had its
    digest from; of older logs that is not known."""

    type: Literal["ListConfirmed"] = "ListConfirmed"
    by: Actor
    digest: Digest
    source: Source | None = None
    reasons: Text


class AgeLimitProposed(Event, of={OpenList, ProposeAgeLimit}):
    """It takes effect when another officer confirms it."""

    type: Literal["AgeLimitProposed"] = "AgeLimitProposed"
    by: Actor
    max_age_days: PositiveInteger


class AgeLimitChanged(Event, of={ConfirmAgeLimit}, requires=(_by_another("limit_by"),)):
    """From here on a version is good for so many days."""

    type: Literal["AgeLimitChanged"] = "AgeLimitChanged"
    by: Actor
    max_age_days: PositiveInteger
    reasons: Text


class ListDiscarded(Event, of={DiscardList}):
    type: Literal["ListDiscarded"] = "ListDiscarded"
    by: Actor
    digest: Digest
    reasons: Text


class ListRefreshed(Event, of={LoadList}):
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
    """All were gone through. ``failed`` are those that could not be decided, however often tried."""

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
    | AgeLimitProposed
    | AgeLimitChanged
    | ListRefreshed
    | ListGrewOld
    | RescreeningBegun
    | RescreeningProgressed
    | RescreeningCompleted
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[ListEvent | CommandRefused, Field(discriminator="type")])
