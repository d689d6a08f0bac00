"""The events of a freeze, as a directive brings it: it comes, and is lifted or lapses."""

from typing import Annotated, Literal

from pydantic import Field

from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import absent
from greenlight.kernel.model import Identifier, Instant, Text
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.directive.standing import STANDS

_STANDS_NO_MORE = absent(
    "standing_directive", {"key": "{directive}"}, message="the directive {directive} is in force still"
)


class CaseFrozen(Event, recorded_by=SERVICE, requires=(STANDS,)):
    """Nothing is decided in the case from here on, until ``until`` at the latest: ``author`` ordered it by
    ``citation``. The statutory clock goes on, unless ``ground`` names one of 15 CFR 750.4(b)."""

    type: Literal["CaseFrozen"] = "CaseFrozen"
    directive: Identifier
    author: Actor
    citation: Text
    until: Instant
    ground: Annotated[HoldKind | None, Field(exclude_if=lambda ground: ground is None)] = None


class FreezeLifted(Event, recorded_by=SERVICE, requires=(_STANDS_NO_MORE,)):
    """The directive was taken back, or another took its place, before its time: the case goes on."""

    type: Literal["FreezeLifted"] = "FreezeLifted"
    directive: Identifier


class FreezeLapsed(Event, recorded_by=SERVICE):
    """The time for which the case was to stand still is over: it goes on. ``at`` is that instant."""

    type: Literal["FreezeLapsed"] = "FreezeLapsed"
    directive: Identifier


FreezeEvent = CaseFrozen | FreezeLifted | FreezeLapsed
