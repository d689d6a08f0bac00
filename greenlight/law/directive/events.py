"""The events of a directive. Names are in the past tense; ``by`` is missing where the service acted."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import exists
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.directive.commands import (
    AttestEvent,
    IssueDirective,
    RescindDirective,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
    WithdrawAttestation,
)
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.scope import Posture, Scope

# A slip of the pen would leave both in force.
_SUPERSEDED_IS_ON_RECORD = exists(
    "directive",
    {"key": "{supersedes}"},
    when="$.supersedes != null",
    otherwise=DirectiveRefusal.UNKNOWN_DIRECTIVE,
    message="there is no directive {supersedes}",
)


class DirectiveIssued(Event, of={IssueDirective}, requires=(_SUPERSEDED_IS_ON_RECORD,)):
    """``effective`` is the earliest instant from which it can be in force."""

    type: Literal["DirectiveIssued"] = "DirectiveIssued"
    by: Actor
    key: Identifier
    title: Name
    scope: Scope
    posture: Posture
    effective: Instant
    expires: Instant | None
    supersedes: Identifier | None
    condition: Name | None
    citation: Name
    reasons: Text
    ground: Annotated[HoldKind | None, Field(exclude_if=lambda ground: ground is None)] = None


class EventAttested(Event, of={AttestEvent}):
    type: Literal["EventAttested"] = "EventAttested"
    by: Actor
    statement: Text
    source: Name


class AttestationWithdrawn(Event, of={WithdrawAttestation}):
    """The directive is out of force until the event is attested again; what was decided stays decided."""

    type: Literal["AttestationWithdrawn"] = "AttestationWithdrawn"
    by: Actor
    reasons: Text


class DirectiveCameInForce(Event, recorded_by=SERVICE):
    """From here on every case in scope is held against it."""

    type: Literal["DirectiveCameInForce"] = "DirectiveCameInForce"


class DirectiveExpired(Event, recorded_by=SERVICE):
    type: Literal["DirectiveExpired"] = "DirectiveExpired"


class DirectiveRescinded(Event, of={RescindDirective}):
    type: Literal["DirectiveRescinded"] = "DirectiveRescinded"
    by: Actor
    reasons: Text


class DirectiveSuperseded(Event, recorded_by=SERVICE):
    type: Literal["DirectiveSuperseded"] = "DirectiveSuperseded"
    by_directive: Identifier


class FanOutBegun(Event, recorded_by=SERVICE):
    """The service goes through what was pending when the directive came in force."""

    type: Literal["FanOutBegun"] = "FanOutBegun"
    number: PositiveInteger
    pending: int


class FanOutProgressed(Event, recorded_by=SERVICE):
    """The result of a batch; ``cursor`` is its last key, None for one of cases that had failed."""

    type: Literal["FanOutProgressed"] = "FanOutProgressed"
    number: PositiveInteger
    cursor: Name | None
    last: bool
    routes: dict[Identifier, int]
    out_of_scope: int
    failed: tuple[StreamId, ...]


class FanOutCompleted(Event, recorded_by=SERVICE):
    """All were gone through. ``failed`` are those that could not be decided, however often tried."""

    type: Literal["FanOutCompleted"] = "FanOutCompleted"
    number: PositiveInteger
    failed: tuple[StreamId, ...]


class FanOutStopped(Event, of={StopFanOut}):
    type: Literal["FanOutStopped"] = "FanOutStopped"
    by: Actor
    reasons: Text | None


class FanOutResumed(Event, of={ResumeFanOut}):
    type: Literal["FanOutResumed"] = "FanOutResumed"
    by: Actor


class FanOutRetried(Event, of={RetryFanOut}):
    type: Literal["FanOutRetried"] = "FanOutRetried"
    by: Actor


DirectiveEvent = (
    DirectiveIssued
    | EventAttested
    | AttestationWithdrawn
    | DirectiveCameInForce
    | DirectiveExpired
    | DirectiveRescinded
    | DirectiveSuperseded
    | FanOutBegun
    | FanOutProgressed
    | FanOutCompleted
    | FanOutStopped
    | FanOutResumed
    | FanOutRetried
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[DirectiveEvent | CommandRefused, Field(discriminator="type")]
)
