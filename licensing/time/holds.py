"""Intervals during which a statutory clock stands still (15 CFR 750.4(b))."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from licensing.model import Identifier, Instant, Model


class HoldKind(StrEnum):
    """What stops the clock."""

    APPLICANT_INFORMATION = "applicant_information"
    """The applicant was asked for information: 15 CFR 750.4(b)(1)."""


class Hold(Model):
    """An interval from ``placed_at`` to ``lifted_at``, which is None while the hold lasts."""

    kind: HoldKind
    reason: str
    placed_at: Instant
    placed_by: Identifier
    lifted_at: Instant | None = None
    lifted_by: Identifier | None = None


def extend(due: datetime, start: datetime, holds: Iterable[Hold]) -> tuple[datetime | None, timedelta]:
    """Move ``due`` by the time that holds took from a clock running since ``start``.

    Time that several holds share counts once. A hold placed at or after the moved due time changes nothing
    any more.

    :returns: the moved due time, or None while a hold that matters lasts; and the time held so far.
    """
    held = timedelta(0)
    counted_until = start
    for hold in sorted(holds, key=lambda hold: hold.placed_at):
        begin = max(hold.placed_at, counted_until)
        if begin >= due + held:
            continue
        if hold.lifted_at is None:
            return None, held
        if hold.lifted_at > begin:
            held += hold.lifted_at - begin
            counted_until = hold.lifted_at
    return due + held, held
