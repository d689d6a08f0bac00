"""The release before: ``GREENLIGHT_EXTENSIONS=tests.releases.earlier``."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused, Ruling
from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Name
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.registry import register
from tests.releases.berth import AssignBerth, BerthState, RequestBerth, Stage, aggregate, deadlines

PATIENCE = timedelta(days=1)


class BerthRequested(Event, of={RequestBerth}):
    """The request is on record, and its time runs."""

    type: Literal["BerthRequested"] = "BerthRequested"
    by: Actor
    key: Identifier
    ship: Name


class BerthAssigned(Event, of={AssignBerth}):
    """The ship has its place, or another one."""

    type: Literal["BerthAssigned"] = "BerthAssigned"
    by: Actor
    place: Name
    hours: int


class BerthLapsed(Event, recorded_by=SERVICE):
    """Nobody answered in time."""

    type: Literal["BerthLapsed"] = "BerthLapsed"


_CLOSED: Mapping[str, frozenset[Stage] | Code] = {
    "request_berth": RefusalCode.CASE_CLOSED,
    "assign_berth": RefusalCode.CASE_CLOSED,
}
_GOES_ON: Mapping[str, frozenset[Stage] | Code] = {
    "request_berth": RefusalCode.ALREADY_SUBMITTED,
    "assign_berth": frozenset({Stage.ASSIGNED}),
}
TRANSITIONS: Mapping[Stage | None, Mapping[str, frozenset[Stage] | Code]] = {
    None: {"request_berth": frozenset({Stage.REQUESTED}), "assign_berth": RefusalCode.NO_SUCH_CASE},
    Stage.REQUESTED: _GOES_ON,
    Stage.ASSIGNED: _GOES_ON,
    Stage.MOVED: _CLOSED,
    Stage.LAPSED: _CLOSED,
}


def rule(state: BerthState | None, command: Command[Body], now: datetime) -> Ruling:
    match command.body:
        case RequestBerth(ship=ship):
            return (BerthRequested(at=now, by=command.sender, key=command.key, ship=ship),)
        case AssignBerth(place=place):
            return (BerthAssigned(at=now, by=command.sender, place=place, hours=24),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def evolve(state: BerthState | None, event: Event) -> BerthState:
    match event, state:
        case BerthRequested(), None:
            return BerthState(key=event.key, stage=Stage.REQUESTED, ship=event.ship, requested_at=event.at)
        case BerthAssigned(place=place, hours=hours), BerthState():
            given = {"stage": Stage.ASSIGNED, "place": place, "minutes": hours * 60}
            return state.model_copy(update=given)
        case BerthLapsed(), BerthState():
            return state.model_copy(update={"stage": Stage.LAPSED})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow")


def passed(state: BerthState, deadline: Deadline) -> tuple[Event, ...]:
    assert deadline.due is not None, "nothing stops this clock"
    return (BerthLapsed(at=deadline.due),)


BERTH = aggregate(
    (RequestBerth, AssignBerth),
    TypeAdapter(
        Annotated[BerthRequested | BerthAssigned | BerthLapsed | CommandRefused, Field(discriminator="type")]
    ),
    transitions=TRANSITIONS,
    by_time={Stage.REQUESTED: frozenset({Stage.LAPSED})},
    rule=rule,
    evolve=evolve,
    deadlines=partial(deadlines, PATIENCE),
    passed=passed,
)
register(BERTH)
