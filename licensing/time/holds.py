"""Intervals during which a statutory clock stands still (15 CFR 750.4(b))."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from licensing.model import Identifier, Instant, Model
from licensing.time.calendar import agency_date, end_of_day


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


def extend(last_day: date, start: datetime, holds: Iterable[Hold]) -> tuple[date | None, int]:
    """Move the last day of a clock running since ``start`` by the days that holds took from it.

    A day is held if the clock stands still at its end. So days stay calendar days whatever the hour and
    whether or not clocks are put back meanwhile, and the last day never ends while the clock stands still.
    A day that several holds share counts once. A hold placed after the last day changes nothing any more.

    :returns: the moved last day, or None while a hold that matters lasts; and the number of days held so far.
    """
    held = 0
    counted_until = start
    for hold in sorted(holds, key=lambda hold: hold.placed_at):
        begin = max(hold.placed_at, counted_until)
        if begin >= end_of_day(last_day + timedelta(days=held)):
            break
        if hold.lifted_at is None:
            return None, held
        if hold.lifted_at > begin:
            held += (agency_date(hold.lifted_at) - agency_date(begin)).days
            counted_until = hold.lifted_at
    return last_day + timedelta(days=held), held
