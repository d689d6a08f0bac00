"""A freeze as it stands, and what its events change of an application."""

from typing import TYPE_CHECKING

from greenlight.kernel.model import Identifier, Instant, Model, Text
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.clock.language import lifted, placed
from greenlight.law.application.freeze.events import CaseFrozen, FreezeEvent

if TYPE_CHECKING:
    from greenlight.law.application.state import ApplicationState


class Freeze(Model):
    """Since when, by which directive, and until when at the latest a case stands. ``hold`` counts the holds
    from 1: the one by which the clock stands still meanwhile; None: it goes on."""

    directive: Identifier
    ordered_by: Identifier
    citation: Text
    since: Instant
    until: Instant
    ground: HoldKind | None = None
    hold: int | None = None


def freeze_changes(state: "ApplicationState", event: FreezeEvent) -> dict[str, object]:
    """The members of the state that a freeze, or its end, changes."""
    match event:
        case CaseFrozen(ground=ground, author=author):
            frozen = Freeze(
                directive=event.directive,
                ordered_by=author.officer,
                citation=event.citation,
                since=event.at,
                until=event.until,
                ground=ground,
                hold=None if ground is None else len(state.holds) + 1,
            )
            if ground is None:
                return {"freeze": frozen}
            hold = placed(ground, f"directive {event.directive}", event.at, author)
            return {"freeze": frozen, "holds": (*state.holds, hold)}
        case _:
            freeze = state.freeze
            if freeze is None or freeze.hold is None:
                return {"freeze": None}
            ended = lifted(state.holds, freeze.hold, event.at, freeze.ordered_by)
            return {"freeze": None, "holds": ended}
