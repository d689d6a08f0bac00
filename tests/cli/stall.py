"""An aggregate that no code here knows: a permit for a market stall, with a field of every kind."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from greenlight.kernel.body import Body, commands
from greenlight.kernel.model import Identifier, Instant, Model, Name, PositiveInteger
from greenlight.kernel.option import Option, Reasons
from greenlight.kernel.roles import Role
from greenlight.law.batch.aggregate import BATCH


class Ware(StrEnum):
    FRUIT = "fruit"
    FISH = "fish"


class Place(Model):
    row: Annotated[int, Field(ge=1, lt=10)] = 1
    corner: bool = False


class OpenStall(Body, by={Role.APPLICANT}, starts=True):
    """Apply for a stall.

    With ``wares``, for these alone.
    """

    holder: Annotated[Identifier, Field(description="Who stands there.", examples=["ann"])]
    wares: tuple[Ware, ...] = ()
    place: Annotated[Place, Option(spread=True)]
    helpers: Annotated[frozenset[Name], Field(max_length=3)] = frozenset()
    opens: Instant
    closes: Annotated[Instant | None, Option(end=True)] = None
    inspected: date | None = None
    layout: dict[str, int] | None = None


class PaintStall(Body, by={Role.APPLICANT, Role.EXECUTIVE}):
    """Paint a stall."""

    key: Annotated[Name, Field(description="Of the paint.", examples=["red"])]
    public: bool = True
    covered: bool | None = None
    coats: Literal[1, 2] = 1
    days: tuple[Instant, ...] = ()


class CloseStall(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, decision=True, short="shut"):
    """Close a stall."""

    notice: PositiveInteger
    keeps_place: Annotated[bool, Option("give-up-place", denies=True)]
    reasons: Reasons


STALL = replace(
    BATCH,
    kind="stall",
    title="Market stall",
    about="A permit for a market stall.",
    workflow="Stall",
    commands=commands(OpenStall, PaintStall, CloseStall),
    internal={},
)
