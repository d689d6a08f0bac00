"""The things in force that a case is held against: directives, the list, orders on listed entities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from greenlight.kernel.condition import exists
from greenlight.kernel.model import Identifier, Instant, Model, Text
from greenlight.kernel.need import Need
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.screening_list.content import StandingList

STANDS = exists(
    "standing_directive",
    {"key": "{directive}"},
    message="the directive {directive} is not in force",
)
"""Of events that a directive leads to, which they name."""


class StandingDirective(Model):
    """A directive in force ``since`` then. It stands no longer once ``expires`` has come."""

    key: Identifier
    author: Actor
    scope: Scope
    posture: Posture
    citation: Text
    reasons: Text
    since: Instant
    expires: Instant | None = None
    ground: HoldKind | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All directives in force, the current version of the list, and what is decided of listed entities.

    ``orders`` counts the listings, amendments and removals on record, those to come included. ``count``
    counts how often any of it has changed in the log, which was read up to ``position``; None: not at all.
    """

    count: int = 0
    directives: tuple[StandingDirective, ...] = ()
    position: int | None = None
    list: StandingList | None = None
    orders: int = 0

    @property
    def tells_of_parties(self) -> bool:
        """Tell whether there is more to hold parties against than the book that is shipped."""
        return self.list is not None or self.orders > 0


@dataclass(frozen=True, slots=True)
class StandingNow(Need[Standing]):
    """Ask what stands as a decision is made."""


def applying(
    directives: Iterable[StandingDirective], meant: Callable[[StandingDirective], bool], now: datetime
) -> StandingDirective | None:
    """Of the directives that are ``meant`` the one that came in force last."""
    found = (d for d in directives if (d.expires is None or now < d.expires) and meant(d))
    return max(found, key=lambda directive: (directive.since, directive.key), default=None)
