"""The officer's questions to the applicant, and the holds that stop the clock meanwhile (15 CFR 750.4(b))."""

from datetime import datetime

from greenlight.kernel.model import Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import Hold, HoldKind


class Inquiry(Model):
    """A request for information and, once given, its answer. ``hold`` counts the holds from 1."""

    request: str
    requested_by: Actor
    hold: int
    answer: str | None = None
    answered_by: Actor | None = None


REASON = "information requested of the applicant"


def placed(kind: HoldKind, reason: str, at: datetime, by: Actor) -> Hold:
    return Hold(kind=kind, reason=reason, placed_at=at, placed_by=by.officer)


def lifted(holds: tuple[Hold, ...], number: int, at: datetime, by: Actor) -> tuple[Hold, ...]:
    """The holds without the one of that number, counted from 1."""
    ended = holds[number - 1].model_copy(update={"lifted_at": at, "lifted_by": by.officer})
    return (*holds[: number - 1], ended, *holds[number:])
