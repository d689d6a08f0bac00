"""The events of a moment. Nobody but the service brings one about."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant
from greenlight.law.letter import LetterKind
from greenlight.law.moment.commands import Comings
from greenlight.law.moment.told import Count, Told
from greenlight.law.outlook.tally import Tally


class MomentCame(Event, recorded_by=SERVICE):
    """An instant has come from which on the law says something else of its own day: since it came, or since
    something was confirmed then. ``pending`` counts the open cases and licenses, which are asked anew from
    here on."""

    type: Literal["MomentCame"] = "MomentCame"
    instant: Instant
    coming: Comings
    pending: Count


class MomentProgressed(Event, recorded_by=SERVICE):
    """The result of a batch; ``cursor`` is its last stream, None for one of cases that had failed. ``told``
    tells of the cases with another answer to whom they are assigned."""

    type: Literal["MomentProgressed"] = "MomentProgressed"
    cursor: StreamId | None
    last: bool
    cases: Count
    applications: Tally
    licenses: Tally
    failed: tuple[StreamId, ...]
    told: tuple[Told, ...] = ()


class OfficerTold(Event, recorded_by=SERVICE, letter=LetterKind.NOTICE_OF_FLIPS, tells=True):
    """One officer is told, by one letter, of all their cases with another answer. ``officer`` None: the
    licensing officers, of those that are assigned to nobody."""

    type: Literal["OfficerTold"] = "OfficerTold"
    officer: Identifier | None


class MomentCompleted(Event, recorded_by=SERVICE):
    """All were asked, and every answer that is another one is on record."""

    type: Literal["MomentCompleted"] = "MomentCompleted"
    cases: Count
    applications: Tally
    licenses: Tally


MomentEvent = MomentCame | MomentProgressed | OfficerTold | MomentCompleted

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[MomentEvent, Field(discriminator="type")])
"""Nobody can send it a command, so that none is refused."""
