"""A moment as it stands, folded from its events, and what its workflow asks for."""

from datetime import UTC, datetime
from enum import StrEnum

from greenlight.kernel.authority import StreamId
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Instant, JsonObject, Model, PositiveInteger
from greenlight.kernel.sweep import Sweep
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.moment.commands import RecordMoment
from greenlight.law.moment.events import MomentCame, MomentCompleted, MomentProgressed, OfficerTold
from greenlight.law.moment.told import Told, together
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.tally import Tally


class Stage(StrEnum):
    """``asking``: there are cases to be asked anew. ``asked`` is the end."""

    ASKING = "asking"
    ASKED = "asked"

    @property
    def closed(self) -> bool:
        return self is Stage.ASKED


class MomentState(Sweep):
    """``pending`` counts what was open when it came. Of ``cases`` the tallies tell what is another answer;
    ``told`` has whose cases these are."""

    instant: Instant
    coming: tuple[Coming, ...]
    pending: int
    cases: int = 0
    applications: Tally = Tally()
    licenses: Tally = Tally()
    told: tuple[Told, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.instant)

    @property
    def title(self) -> str:
        """Its name in letters."""
        return f"What came on {plain_date(agency_date(self.instant))}"

    @property
    def stage(self) -> Stage:
        return Stage.ASKED if self.completed else Stage.ASKING

    @property
    def left(self) -> int:
        """At least so many are to come."""
        return 0 if self.completed else max(self.pending - self.cases, len(self.failed))


def evolve(state: MomentState | None, event: Event) -> MomentState:
    """The state after ``event``. Total on recorded streams: the first event is that it came."""
    match event, state:
        case MomentCame(), None:
            return MomentState(
                instant=event.instant, coming=event.coming, pending=event.pending, recorded_at=event.at
            )
        case MomentProgressed(), MomentState():
            counted = {
                "cases": state.cases + event.cases,
                "applications": state.applications + event.applications,
                "licenses": state.licenses + event.licenses,
                "told": together((*state.told, *event.told)),
            }
            gone_on = state.gone_on(event.at, event.cursor, event.failed, last=event.last)
            return state.model_copy(update=gone_on | counted)
        case OfficerTold(), MomentState():
            return state
        case MomentCompleted(), MomentState():
            return state.model_copy(update={"completed": True})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def dossier(state: MomentState) -> JsonObject:
    """Gather what came. How many cases were asked so far changes nothing of it."""
    return state.model_dump(mode="json", include={"instant", "coming"})


def key_of(instant: datetime) -> str:
    """The key of the moment of an instant: there is one of each."""
    at = instant.astimezone(UTC)
    return at.strftime("%Y%m%dT%H%M%S") + (f".{at.microsecond:06}" if at.microsecond else "") + "Z"


def instant_of(key: str) -> datetime:
    """The instant whose moment has that key."""
    whole, _, parts = key.removesuffix("Z").partition(".")
    return datetime.strptime(whole, "%Y%m%dT%H%M%S").replace(tzinfo=UTC, microsecond=int(parts or 0))


class MomentRequest(Model):
    """Which cases are asked next, as batch ``batch``: those after the stream ``cursor``, applications before
    licenses, or ``streams`` with which it failed. ``by``: the stream of the moment, and ``since``: when that
    recorded its last batch, or began."""

    instant: Instant
    batch: PositiveInteger
    cursor: StreamId | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...]
    by: StreamId
    since: Instant


class MomentBatch(Model):
    """The result of a batch: what is to be recorded of it. The workflows of ``tell`` are to be told that
    their cases have gone on."""

    progress: RecordMoment
    tell: tuple[StreamId, ...] = ()
