"""The progress of a rescreening: cases held against the current version, and those that did not answer."""

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Instant, Model, PositiveInteger
from greenlight.law.screening_list.events import (
    RescreeningBegun,
    RescreeningCompleted,
    RescreeningProgressed,
)

MAX_ROUNDS = 5
"""So often cases that did not answer are asked again before somebody has to see to them."""

RescreeningEvent = RescreeningBegun | RescreeningProgressed | RescreeningCompleted


class Rescreening(Model):
    """``pending`` counts what was open when it began; ``cursor`` is the last stream gone through, None before
    the first. Of ``cases`` with ``parties``, ``differing`` recorded that something else is found.

    ``swept``: the last batch is done, and only ``failed`` ones are left; ``rounds`` counts the tries of
    those.
    """

    number: int
    digest: str
    pending: int
    cursor: str | None = None
    cases: int = 0
    parties: int = 0
    differing: int = 0
    failed: tuple[str, ...] = ()
    swept: bool = False
    rounds: int = 0
    completed: bool = False

    @property
    def left(self) -> int:
        """At least so many are to come; cases that came meanwhile were screened as they came."""
        return 0 if self.completed else max(self.pending - self.cases, len(self.failed))


def rescreening_after(before: Rescreening | None, event: RescreeningEvent) -> Rescreening:
    """The rescreening after ``event``."""
    if isinstance(event, RescreeningBegun):
        return Rescreening(number=event.number, digest=event.digest, pending=event.pending)
    assert before is not None, "a rescreening begins before it goes on"
    if isinstance(event, RescreeningCompleted):
        return before.model_copy(update={"completed": True})
    again = before.swept
    return before.model_copy(
        update={
            "cursor": event.cursor or before.cursor,
            "cases": before.cases + event.cases,
            "parties": before.parties + event.parties,
            "differing": before.differing + event.differing,
            "failed": event.failed if again else (*before.failed, *event.failed),
            "swept": again or event.last,
            "rounds": before.rounds + again,
        }
    )


class RescreenRequest(Model):
    """Which cases are held against the current list next: those after the stream ``cursor``, applications
    before licenses, or ``streams`` that did not answer. ``at``: in a rehearsal, when."""

    cursor: StreamId | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None


class RescreenBatch(Model):
    """The result of a batch, as ``RecordRescreening`` tells it. ``problem``: why nothing could be compared,
    and nothing was."""

    cursor: StreamId | None
    last: bool
    cases: int
    parties: int
    differing: int
    failed: tuple[StreamId, ...] = ()
    problem: str | None = None
