"""A berth for a ship: the parts of a made-up aggregate that both releases of it have.

Whoever asks for one is given a place in the harbour, or hears nothing and must ask again.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import Aggregate, Status
from greenlight.kernel.body import Body, commands
from greenlight.kernel.commit import View
from greenlight.kernel.model import KEY, Identifier, Instant, JsonObject, Model, Name
from greenlight.kernel.roles import Role
from greenlight.kernel.row import StreamRow, Table
from greenlight.kernel.time.deadlines import Deadline


class RequestBerth(Body, by={Role.APPLICANT}, starts=True):
    """Ask for a place in the harbour."""

    ship: Annotated[Name, Field(description="The ship.", examples=["Aurora"])]


class AssignBerth(Body, by={Role.LICENSING_OFFICER}):
    """Give a ship its place."""

    place: Annotated[Name, Field(description="Where it lies.", examples=["quay 1"])]


class MoveShip(Body, by={Role.LICENSING_OFFICER}):
    """Take a ship from its place, until it is given another one. The later release knows it."""


class Stage(StrEnum):
    REQUESTED = "requested"
    ASSIGNED = "assigned"
    MOVED = "moved"
    LAPSED = "lapsed"

    @property
    def closed(self) -> bool:
        return self is Stage.LAPSED


class BerthState(Model):
    key: Identifier
    stage: Stage
    ship: Name
    requested_at: Instant
    place: Name | None = None
    minutes: int = 0


class BerthRow(StreamRow, table=Table("berth")):
    key: str
    ship: str


def deadlines(patience: timedelta, state: BerthState) -> tuple[Deadline, ...]:
    if state.stage is not Stage.REQUESTED:
        return ()
    return (
        Deadline(
            kind="answer",
            label="Answer",
            due=state.requested_at + patience,
            started_at=state.requested_at,
            citation="made up",
            explanation="An answer is due (made up)",
        ),
    )


def status(state: BerthState) -> Status:
    waiting_for = {Stage.ASSIGNED: Role.APPLICANT, Stage.LAPSED: "nobody"}
    return Status(
        stage=state.stage,
        waiting_for=waiting_for.get(state.stage, Role.LICENSING_OFFICER),
        closed=state.stage.closed,
        due=None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=None,
        license_number=None,
    )


def view(state: BerthState, version: int) -> View:
    return BerthRow(**status(state).shown(version), key=state.key, ship=state.ship).view()


def dossier(state: BerthState) -> JsonObject:
    return state.model_dump(mode="json")


def aggregate(bodies: tuple[type[Body], ...], events: TypeAdapter[Any], **law: Any) -> Aggregate[BerthState]:
    """The aggregate of one release."""
    return Aggregate(
        kind="berth",
        key=KEY,
        title="Berth",
        about="A place for a ship.",
        workflow="Berth",
        commands=commands(*bodies),
        events=events,
        state=TypeAdapter(BerthState),
        dossier=dossier,
        status=status,
        row=BerthRow,
        view=view,
        **law,
    )
