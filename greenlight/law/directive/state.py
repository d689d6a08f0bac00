"""A directive as it stands, folded from its events, and what can be read off it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model, Name
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.directive.events import (
    AttestationWithdrawn,
    DirectiveCameInForce,
    DirectiveExpired,
    DirectiveIssued,
    DirectiveRescinded,
    DirectiveSuperseded,
    EventAttested,
    FanOutBegun,
    FanOutCompleted,
    FanOutProgressed,
    FanOutResumed,
    FanOutRetried,
    FanOutStopped,
)
from greenlight.law.directive.fan_out import FanOut, fan_out_after
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.standing import StandingDirective


class Stage(StrEnum):
    """The stage of a directive. The last three are ends.

    ``issued``: its effective instant is to come. ``awaiting_event``: the outside event is not attested.
    """

    ISSUED = "issued"
    AWAITING_EVENT = "awaiting_event"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    RESCINDED = "rescinded"
    SUPERSEDED = "superseded"

    @property
    def closed(self) -> bool:
        return self in CLOSED


CLOSED = frozenset({Stage.EXPIRED, Stage.RESCINDED, Stage.SUPERSEDED})


class Attestation(Model):
    """Somebody's word that the outside event has happened."""

    by: Actor
    at: Instant
    statement: str
    source: str


class DirectiveState(Model):
    """``since`` is when it came in force, None while it is not; ``times`` counts how often it did.

    ``fan_out`` is the last one, ``superseded_by`` the directive that took the place of this one.
    """

    key: Identifier
    title: Name
    stage: Stage
    issued_by: Actor
    issued_at: Instant
    scope: Scope
    posture: Posture
    effective: Instant
    expires: Instant | None
    supersedes: Identifier | None
    condition: Name | None
    citation: Name
    reasons: str
    ground: Annotated[HoldKind | None, Field(exclude_if=lambda ground: ground is None)] = None
    attestation: Attestation | None = None
    since: Instant | None = None
    times: int = 0
    fan_out: FanOut | None = None
    superseded_by: Identifier | None = None

    @property
    def standing(self) -> StandingDirective | None:
        """The directive as cases are held against it, while it is in force."""
        if self.since is None:
            return None
        return StandingDirective(
            key=self.key,
            author=self.issued_by,
            scope=self.scope,
            posture=self.posture,
            citation=self.citation,
            reasons=self.reasons,
            since=self.since,
            expires=self.expires,
            ground=self.ground,
        )

    @property
    def fan_out_due(self) -> bool:
        """In force since a fan-out was begun last: there is one to begin."""
        return self.stage is Stage.IN_FORCE and (self.fan_out.number if self.fan_out else 0) < self.times

    @property
    def fanning_out(self) -> FanOut | None:
        """The fan-out that goes on, stopped or not."""
        fan_out = self.fan_out
        going_on = self.stage is Stage.IN_FORCE and fan_out is not None and not fan_out.completed
        return fan_out if going_on and not self.fan_out_due else None


def evolve(state: DirectiveState | None, event: Event) -> DirectiveState:
    """The state after ``event``. Total on recorded streams: the first event is the issue."""
    match event, state:
        case DirectiveIssued(), None:
            return _issued(event)
        case _, DirectiveState() if not isinstance(event, DirectiveIssued):
            return state.model_copy(update=_changes(state, event))
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def _issued(event: DirectiveIssued) -> DirectiveState:
    return DirectiveState(
        key=event.key,
        title=event.title,
        stage=Stage.ISSUED if event.condition is None else Stage.AWAITING_EVENT,
        issued_by=event.by,
        issued_at=event.at,
        scope=event.scope,
        posture=event.posture,
        effective=event.effective,
        expires=event.expires,
        supersedes=event.supersedes,
        condition=event.condition,
        citation=event.citation,
        reasons=event.reasons,
        ground=event.ground,
    )


def _changes(state: DirectiveState, event: Event) -> dict[str, object]:
    match event:
        case EventAttested(at=at, by=by, statement=statement, source=source):
            attestation = Attestation(by=by, at=at, statement=statement, source=source)
            return {"attestation": attestation, "stage": Stage.ISSUED}
        case AttestationWithdrawn():
            return {"attestation": None, "stage": Stage.AWAITING_EVENT, "since": None}
        case DirectiveCameInForce(at=at):
            return {"stage": Stage.IN_FORCE, "since": at, "times": state.times + 1}
        case DirectiveExpired():
            return {"stage": Stage.EXPIRED, "since": None}
        case DirectiveRescinded():
            return {"stage": Stage.RESCINDED, "since": None}
        case DirectiveSuperseded(by_directive=other):
            return {"stage": Stage.SUPERSEDED, "since": None, "superseded_by": other}
        case (
            FanOutBegun()
            | FanOutProgressed()
            | FanOutCompleted()
            | FanOutStopped()
            | FanOutResumed()
            | FanOutRetried()
        ):
            return {"fan_out": fan_out_after(state.fan_out, event)}
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of a directive")


def dossier(state: DirectiveState) -> JsonObject:
    """Gather the order and whether the event is attested. How far the fan-out is changes nothing of it."""
    return state.model_dump(mode="json", exclude={"stage", "since", "times", "fan_out"})


def dossier_digest(state: DirectiveState) -> str:
    return digest(dossier(state))
