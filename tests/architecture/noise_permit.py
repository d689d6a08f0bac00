"""A noise permit: an aggregate that the service does not know, whole in this file.

Somebody asks to be loud in a place, an officer allows it, at most so loud; where nobody answers in time, the
request lapses by itself. ``GREENLIGHT_EXTENSIONS=tests.architecture.noise_permit`` brings it in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import Aggregate, CommandRefused, Ruling, Status
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event, View
from greenlight.kernel.model import KEY, Identifier, Instant, JsonObject, Model, Name, PositiveInteger
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.row import StreamRow, Table
from greenlight.kernel.time.calendar import agency_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.registry import register
from greenlight.letters import forms
from greenlight.letters.content import Letter, Records, Step

PATIENCE = timedelta(seconds=45)
"""Permits are asked for at the last moment: later than the commands of a test take on a busy machine, and
soon enough to wait for."""

LOUDEST = 100
LETTER = "noise_permit"


class PermitRefusal(Code):
    """Why no permit is given."""

    TOO_LOUD = "too_loud", "No permit is given for more decibels than ears can bear."


class RequestPermit(Body, by={Role.APPLICANT}, starts=True):
    """Ask to be loud in a place."""

    place: Annotated[Name, Field(description="Where it will be loud.", examples=["harbour"])]
    decibels: Annotated[PositiveInteger, Field(description="How loud it will be.", examples=[80])]


class GrantPermit(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Allow it, at most so loud."""

    decibels: Annotated[PositiveInteger, Field(description="How loud it may be.", examples=[70])]


class PermitRequested(Event, of={RequestPermit}):
    """The request is on record, and its time runs."""

    type: Literal["PermitRequested"] = "PermitRequested"
    by: Actor
    key: Identifier
    place: Name
    decibels: PositiveInteger


class PermitGranted(Event, of={GrantPermit}, letter=LETTER):
    """It may be so loud."""

    type: Literal["PermitGranted"] = "PermitGranted"
    by: Actor
    decibels: PositiveInteger


class RequestLapsed(Event, recorded_by=SERVICE):
    """Nobody answered in time."""

    type: Literal["RequestLapsed"] = "RequestLapsed"


class Stage(StrEnum):
    REQUESTED = "requested"
    GRANTED = "granted"
    LAPSED = "lapsed"


class NoiseState(Model):
    key: Identifier
    stage: Stage
    place: Name
    decibels: PositiveInteger
    requested_at: Instant


class NoiseRow(StreamRow, table=Table("noise_permit")):
    key: str
    decibels: int


TRANSITIONS: Mapping[Stage | None, Mapping[str, frozenset[Stage] | Code]] = {
    None: {"request_permit": frozenset({Stage.REQUESTED}), "grant_permit": RefusalCode.NO_SUCH_CASE},
    Stage.REQUESTED: {
        "request_permit": RefusalCode.ALREADY_SUBMITTED,
        "grant_permit": frozenset({Stage.GRANTED}),
    },
    Stage.GRANTED: dict.fromkeys(("request_permit", "grant_permit"), RefusalCode.CASE_CLOSED),
    Stage.LAPSED: dict.fromkeys(("request_permit", "grant_permit"), RefusalCode.CASE_CLOSED),
}


def rule(state: NoiseState | None, command: Command[Body], now: datetime) -> Ruling:
    match command.body:
        case RequestPermit(place=place, decibels=decibels):
            if decibels > LOUDEST:
                return Refusal(PermitRefusal.TOO_LOUD, f"{decibels} decibels; at most {LOUDEST}")
            by = command.sender
            return (PermitRequested(at=now, by=by, key=command.key, place=place, decibels=decibels),)
        case GrantPermit(decibels=decibels):
            return (PermitGranted(at=now, by=command.sender, decibels=decibels),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def evolve(state: NoiseState | None, event: Event) -> NoiseState:
    match event, state:
        case PermitRequested(), None:
            return NoiseState(
                key=event.key,
                stage=Stage.REQUESTED,
                place=event.place,
                decibels=event.decibels,
                requested_at=event.at,
            )
        case PermitGranted(decibels=decibels), NoiseState():
            return state.model_copy(update={"stage": Stage.GRANTED, "decibels": decibels})
        case RequestLapsed(), NoiseState():
            return state.model_copy(update={"stage": Stage.LAPSED})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def deadlines(state: NoiseState) -> tuple[Deadline, ...]:
    if state.stage is not Stage.REQUESTED:
        return ()
    return (
        Deadline(
            kind="answer",
            label="Answer",
            due=state.requested_at + PATIENCE,
            started_at=state.requested_at,
            citation="made up",
            explanation=f"An answer is due {PATIENCE.seconds} seconds after the request (made up)",
        ),
    )


def passed(state: NoiseState, deadline: Deadline) -> tuple[Event, ...]:
    assert deadline.due is not None, "nothing stops this clock"
    return (RequestLapsed(at=deadline.due),)


def status(state: NoiseState) -> Status:
    open_ = state.stage is Stage.REQUESTED
    return Status(
        stage=state.stage,
        waiting_for=Role.LICENSING_OFFICER if open_ else "nobody",
        closed=not open_,
        due=state.requested_at + PATIENCE if open_ else None,
        outcome=None if open_ else state.stage.value,
        officer=None,
        listed=None,
        license_number=None,
    )


def view(state: NoiseState, version: int) -> View:
    return NoiseRow(**status(state).shown(version), key=state.key, decibels=state.decibels).view()


def dossier(state: NoiseState) -> JsonObject:
    return state.model_dump(mode="json")


NOISE_PERMIT: Aggregate[NoiseState] = Aggregate(
    kind="noise",
    key=KEY,
    title="Noise permit",
    about="A permit to be loud.",
    workflow="NoisePermit",
    commands=commands(RequestPermit, GrantPermit),
    transitions=TRANSITIONS,
    by_time={Stage.REQUESTED: frozenset({Stage.LAPSED})},
    events=TypeAdapter(
        Annotated[
            PermitRequested | PermitGranted | RequestLapsed | CommandRefused, Field(discriminator="type")
        ]
    ),
    state=TypeAdapter(NoiseState),
    rule=rule,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    row=NoiseRow,
    view=view,
)


class PermitLetter(Letter):
    kind = LETTER

    decibels: PositiveInteger


def compose(step: Step, records: Records) -> PermitLetter:
    state = NOISE_PERMIT.replay(None, records)
    assert state is not None, "a permit is granted on a request"
    return PermitLetter(
        letter_id=step.letter_id,
        rests_on=digest({step.stream: list(records)}),
        dated=agency_date(NOISE_PERMIT.read(records[-1]).at),
        decibels=state.decibels,
    )


TEMPLATE = """
#import "base.typ": *
#show: page-of-letter.with("Noise permit")
You may be as loud as #letter.decibels decibels.
"""

register(NOISE_PERMIT)
forms.register(LETTER, forms.Form(compose, TEMPLATE))
