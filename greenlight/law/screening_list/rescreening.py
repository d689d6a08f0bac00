"""The progress of a rescreening: which cases were held against the list, and which could not be decided."""

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Instant, Model, PositiveInteger
from greenlight.kernel.sweep import Sweep
from greenlight.law.screening_list.events import (
    RescreeningBegun,
    RescreeningCompleted,
    RescreeningProgressed,
)

MAX_ROUNDS = 5
"""So often cases that could not be decided are tried again before somebody has to see to them."""

RescreeningEvent = RescreeningBegun | RescreeningProgressed | RescreeningCompleted


class Rescreening(Sweep):
    """``pending`` counts what was open when it began. Of ``cases`` with ``parties``, ``differing`` recorded
    that something else is found."""

    number: int
    digest: str
    pending: int
    cases: int = 0
    parties: int = 0
    differing: int = 0

    @property
    def left(self) -> int:
        """At least so many are to come; cases that came meanwhile were screened as they came."""
        return 0 if self.completed else max(self.pending - self.cases, len(self.failed))


def rescreening_after(before: Rescreening | None, event: RescreeningEvent) -> Rescreening:
    """The rescreening after ``event``."""
    if isinstance(event, RescreeningBegun):
        return Rescreening(
            number=event.number, digest=event.digest, pending=event.pending, recorded_at=event.at
        )
    assert before is not None, "a rescreening begins before it goes on"
    if isinstance(event, RescreeningCompleted):
        return before.model_copy(update={"completed": True})
    counted = {
        "cases": before.cases + event.cases,
        "parties": before.parties + event.parties,
        "differing": before.differing + event.differing,
    }
    gone_on = before.gone_on(event.at, event.cursor, event.failed, last=event.last)
    return before.model_copy(update=gone_on | counted)


class RescreenRequest(Model):
    """Which cases are held against the current list next: those after the stream ``cursor``, applications
    before licenses, or ``streams`` with which it failed. ``at``: in a rehearsal, when.

    ``by``: the stream of whoever rescreens, and ``since``: when that recorded its last batch, or began. None:
    a workflow of the release before asks, and leaves it to the activity to tell others.
    """

    cursor: StreamId | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None
    by: StreamId | None = None
    since: Instant | None = None


class RescreenBatch(Model):
    """The result of a batch, as ``RecordRescreening`` tells it. ``problem``: why nothing could be compared,
    and nothing was. The workflows of ``tell`` are to be told that their cases have gone on."""

    cursor: StreamId | None
    last: bool
    cases: int
    parties: int
    differing: int
    failed: tuple[StreamId, ...] = ()
    problem: str | None = None
    # Left out where it says nothing: a worker of before may read it.
    tell: tuple[StreamId, ...] = Field(default=(), exclude_if=lambda tell: not tell)
