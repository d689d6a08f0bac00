"""The next release: ``GREENLIGHT_EXTENSIONS=tests.releases.later``.

A request may say how deep the ship goes (a new member), a place is given for minutes (another version of an
event), and a ship may leave it (a new type of event, and its command).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused, Ruling
from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, JsonObject, Name, PositiveInteger
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.registry import register
from tests.releases.berth import (
    AssignBerth,
    BerthState,
    MoveShip,
    Stage,
    aggregate,
    deadlines,
)

PATIENCE = timedelta(days=1)


class BerthRefusal(Code):
    """Why the later release refuses something."""

    TOO_DEEP = "too_deep", "The ship goes deeper than the place allows."


class RequestBerth(Body, by={Role.APPLICANT}, starts=True):
    """Ask for a place in the harbour."""

    ship: Annotated[Name, Field(description="The ship.", examples=["Aurora"])]
    draught: Annotated[
        PositiveInteger | None,
        Field(description="How deep it goes, in metres.", examples=[7], exclude_if=lambda said: said is None),
    ] = None


class BerthRequested(Event, of={RequestBerth}):
    """The request is on record, and its time runs."""

    type: Literal["BerthRequested"] = "BerthRequested"
    by: Actor
    key: Identifier
    ship: Name
    draught: PositiveInteger | None = None


def _in_minutes(said: JsonObject) -> JsonObject:
    hours = said.pop("hours")
    assert isinstance(hours, int), "the first version has them so"
    return {**said, "minutes": hours * 60}


class BerthAssigned(Event, of={AssignBerth}, upcasts=(_in_minutes,)):
    """The ship has its place, or another one."""

    type: Literal["BerthAssigned"] = "BerthAssigned"
    by: Actor
    place: Name
    minutes: int


class ShipMoved(Event, of={MoveShip}):
    """The ship has left its places."""

    type: Literal["ShipMoved"] = "ShipMoved"
    by: Actor


class BerthLapsed(Event, recorded_by=SERVICE):
    """Nobody answered in time."""

    type: Literal["BerthLapsed"] = "BerthLapsed"


_GOES_ON: Mapping[str, frozenset[Stage] | Code] = {
    "request_berth": RefusalCode.ALREADY_SUBMITTED,
    "assign_berth": frozenset({Stage.ASSIGNED}),
    "move_ship": frozenset({Stage.MOVED}),
}
_CLOSED: Mapping[str, frozenset[Stage] | Code] = dict.fromkeys(_GOES_ON, RefusalCode.CASE_CLOSED)
TRANSITIONS: Mapping[Stage | None, Mapping[str, frozenset[Stage] | Code]] = {
    None: {
        **dict.fromkeys(_GOES_ON, RefusalCode.NO_SUCH_CASE),
        "request_berth": frozenset({Stage.REQUESTED}),
    },
    Stage.REQUESTED: _GOES_ON,
    Stage.ASSIGNED: _GOES_ON,
    Stage.MOVED: {**_GOES_ON, "move_ship": RefusalCode.WRONG_STAGE},
    Stage.LAPSED: _CLOSED,
}


def rule(state: BerthState | None, command: Command[Body], now: datetime) -> Ruling:
    match command.body:
        case RequestBerth(ship=ship, draught=draught):
            by = command.sender
            return (BerthRequested(at=now, by=by, key=command.key, ship=ship, draught=draught),)
        case AssignBerth(place="shallows"):
            return Refusal(BerthRefusal.TOO_DEEP, "it is seven metres deep")
        case AssignBerth(place=place):
            return (BerthAssigned(at=now, by=command.sender, place=place, minutes=1_440),)
        case MoveShip():
            return (ShipMoved(at=now, by=command.sender),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def evolve(state: BerthState | None, event: Event) -> BerthState:
    match event, state:
        case BerthRequested(), None:
            return BerthState(key=event.key, stage=Stage.REQUESTED, ship=event.ship, requested_at=event.at)
        case BerthAssigned(place=place, minutes=minutes), BerthState():
            return state.model_copy(update={"stage": Stage.ASSIGNED, "place": place, "minutes": minutes})
        case ShipMoved(), BerthState():
            return state.model_copy(update={"stage": Stage.MOVED, "place": None})
        case BerthLapsed(), BerthState():
            return state.model_copy(update={"stage": Stage.LAPSED})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow")


def passed(state: BerthState, deadline: Deadline) -> tuple[Event, ...]:
    assert deadline.due is not None, "nothing stops this clock"
    return (BerthLapsed(at=deadline.due),)


BERTH = aggregate(
    (RequestBerth, AssignBerth, MoveShip),
    TypeAdapter(
        Annotated[
            BerthRequested | BerthAssigned | ShipMoved | BerthLapsed | CommandRefused,
            Field(discriminator="type"),
        ]
    ),
    transitions=TRANSITIONS,
    by_time={Stage.REQUESTED: frozenset({Stage.LAPSED})},
    rule=rule,
    evolve=evolve,
    deadlines=partial(deadlines, PATIENCE),
    passed=passed,
)
register(BERTH)
