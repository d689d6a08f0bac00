"""The progress of a directive's fan-out: which cases were gone through, and which could not be reached."""

from collections import Counter

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Identifier, Instant, Model, Name, PositiveInteger
from greenlight.law.directive.events import (
    FanOutBegun,
    FanOutCompleted,
    FanOutProgressed,
    FanOutResumed,
    FanOutRetried,
    FanOutStopped,
)

MAX_ROUNDS = 5
"""So often cases that could not be reached are tried again before somebody has to see to them."""

FanOutEvent = FanOutBegun | FanOutProgressed | FanOutCompleted | FanOutStopped | FanOutResumed | FanOutRetried


class FanOut(Model):
    """``pending`` counts what was pending when it began; ``cursor`` is the last key gone through, None
    before the first; ``routes`` counts the cases in scope by what the directive meant for them.

    ``swept``: the last batch is done, and only ``failed`` ones are left; ``rounds`` counts the tries of
    those.
    """

    number: int
    pending: int
    cursor: str | None = None
    routes: dict[str, int] = Field(default_factory=dict[str, int])
    out_of_scope: int = 0
    failed: tuple[str, ...] = ()
    swept: bool = False
    rounds: int = 0
    stopped: bool = False
    completed: bool = False

    @property
    def done(self) -> int:
        """Cases gone through, in scope or not."""
        return sum(self.routes.values()) + self.out_of_scope

    @property
    def left(self) -> int:
        """At least so many are to come; cases that came meanwhile evaluate themselves."""
        return 0 if self.completed else max(self.pending - self.done, len(self.failed))


def fan_out_after(fan_out: FanOut | None, event: FanOutEvent) -> FanOut:
    match event:
        case FanOutBegun(number=number, pending=pending):
            return FanOut(number=number, pending=pending)
        case _:
            assert fan_out is not None, "a fan-out begins with FanOutBegun"
    match event:
        case FanOutProgressed():
            changes = _progress(fan_out, event)
        case FanOutCompleted(failed=failed):
            changes: dict[str, object] = {"completed": True, "failed": failed}
        case FanOutStopped():
            changes = {"stopped": True}
        case FanOutResumed():
            changes = {"stopped": False}
        case FanOutRetried():
            changes = {"completed": False, "rounds": 0}
    return fan_out.model_copy(update=changes)


def _progress(fan_out: FanOut, event: FanOutProgressed) -> dict[str, object]:
    again = event.cursor is None and fan_out.swept
    return {
        "cursor": event.cursor or fan_out.cursor,
        "routes": dict(Counter(fan_out.routes) + Counter(event.routes)),
        "out_of_scope": fan_out.out_of_scope + event.out_of_scope,
        # A round goes through all that had failed; a batch adds to them.
        "failed": event.failed if again else (*fan_out.failed, *event.failed),
        "swept": fan_out.swept or event.last,
        "rounds": fan_out.rounds + 1 if again else fan_out.rounds,
    }


class FanOutRequest(Model):
    """Which cases are next: those ``after`` a key, or ``streams`` that could not be reached.

    ``at``: in a rehearsal, when they are knocked at.
    """

    directive: Identifier
    licenses: bool
    after: Name | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None


class FanOutBatch(Model):
    """The result of a batch; ``cursor`` is its last key, None for one of ``streams``."""

    cursor: Name | None
    last: bool
    routes: dict[Identifier, int]
    out_of_scope: int
    failed: tuple[StreamId, ...]
