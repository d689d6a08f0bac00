"""The progress of a directive's fan-out: which cases were gone through, and which could not be decided."""

from collections import Counter

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Identifier, Instant, Model, Name, PositiveInteger
from greenlight.kernel.sweep import Sweep
from greenlight.law.directive.events import (
    FanOutBegun,
    FanOutCompleted,
    FanOutProgressed,
    FanOutResumed,
    FanOutRetried,
    FanOutStopped,
)

MAX_ROUNDS = 5
"""So often cases that could not be decided are tried again before somebody has to see to them."""

FanOutEvent = FanOutBegun | FanOutProgressed | FanOutCompleted | FanOutStopped | FanOutResumed | FanOutRetried


class FanOut(Sweep):
    """``pending`` counts what was pending when it began; ``routes`` the cases in scope by what the directive
    meant for them."""

    number: int
    pending: int
    routes: dict[str, int] = Field(default_factory=dict[str, int])
    out_of_scope: int = 0
    stopped: bool = False

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
        case FanOutBegun(number=number, pending=pending, at=at):
            return FanOut(number=number, pending=pending, recorded_at=at)
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
    return {
        **fan_out.gone_on(event.at, event.cursor, event.failed, last=event.last),
        "routes": dict(Counter(fan_out.routes) + Counter(event.routes)),
        "out_of_scope": fan_out.out_of_scope + event.out_of_scope,
    }


class FanOutRequest(Model):
    """Which cases are next: those ``after`` a key, or ``streams`` that could not be decided.

    ``at``: in a rehearsal, when they are gone through. ``since``: when the last batch was recorded, or the
    fan-out begun; None: a workflow of the release before asks, and leaves it to the activity to tell others.
    """

    directive: Identifier
    licenses: bool
    after: Name | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None
    since: Instant | None = None


class FanOutBatch(Model):
    """The result of a batch; ``cursor`` is its last key, None for one of ``streams``. The workflows of
    ``tell`` are to be told that their cases have gone on."""

    cursor: Name | None
    last: bool
    routes: dict[Identifier, int]
    out_of_scope: int
    failed: tuple[StreamId, ...]
    # Left out where it says nothing: a worker of before may read it.
    tell: tuple[StreamId, ...] = Field(default=(), exclude_if=lambda tell: not tell)
