"""The officer's questions to the applicant, the holds that stop the clock (15 CFR 750.4(b)), and who had the
case since when."""

from datetime import datetime
from enum import StrEnum

from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import Hold, HoldKind


class Inquiry(Model):
    """A request for information and, once given, its answer. ``hold`` counts the holds from 1."""

    request: str
    requested_by: Actor
    hold: int
    answer: str | None = None
    answered_by: Actor | None = None


class OpenHold(Model):
    """A hold that lasts, by its number among the holds of the case, from 1."""

    number: int
    kind: HoldKind
    reason: str
    placed_at: Instant
    placed_by: Identifier


REASON = "information requested of the applicant"


def placed(kind: HoldKind, reason: str, at: datetime, by: Actor) -> Hold:
    return Hold(kind=kind, reason=reason, placed_at=at, placed_by=by.officer)


def lifted(holds: tuple[Hold, ...], number: int, at: datetime, by: Identifier) -> tuple[Hold, ...]:
    """The holds without the one of that number, counted from 1; ``by``: the officer."""
    ended = holds[number - 1].model_copy(update={"lifted_at": at, "lifted_by": by})
    return (*holds[: number - 1], ended, *holds[number:])


def lasting(holds: tuple[Hold, ...], inquiry: Inquiry | None) -> tuple[OpenHold, ...]:
    """The holds that an officer placed and that nobody has lifted yet; an open question's own is that
    question's, and ends with its answer."""
    return tuple(
        OpenHold(number=number, **hold.model_dump(exclude={"lifted_at", "lifted_by"}))
        for number, hold in enumerate(holds, 1)
        if hold.lifted_at is None and (inquiry is None or inquiry.hold != number)
    )


class Holder(StrEnum):
    """Holders that a case can have. ``forum``: it decides a dispute among agencies; ``hold``: the clock
    stands still, and it is not the applicant who is waited for; ``freeze``: a directive holds the case."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    COUNTERSIGNER = "countersigner"
    EXECUTIVE = "executive"
    AGENCY = "agency"
    FORUM = "forum"
    HOLD = "hold"
    FREEZE = "freeze"
    SERVICE = "service"


class Stay(Model):
    """The case is with somebody from ``since`` until the next stay begins; ``holder`` None: it is closed.

    ``of`` names the agencies that have it together, the forum, or the directive; ``ground`` is that of the
    hold by which the clock stands still (15 CFR 750.4(b)).
    """

    since: Instant
    holder: Holder | None
    of: tuple[Identifier, ...] = ()
    ground: HoldKind | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The holders by name, each of the agencies for itself: ``officer``, ``agency defense``."""
        if self.holder is None:
            return ()
        of = (self.ground.value,) if self.holder is Holder.HOLD and self.ground else self.of
        return tuple(f"{self.holder} {each}" for each in of) or (self.holder.value,)
