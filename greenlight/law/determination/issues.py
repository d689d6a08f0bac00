"""Issues of the control tables: which of those that are kept prints the law of a day, as known on another.

An issue prints what counts on its day. Nothing is known of a day before the first that is kept, and of what
changed on which of the days between two, no more than that it had by the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from greenlight.kernel.time.calendar import agency_date


@dataclass(frozen=True, slots=True)
class Issue:
    """``issued``: the day in Washington whose law is printed. ``known``: since when it is kept here."""

    issued: date
    known: datetime


Kept = TypeVar("Kept", bound=Issue)


@dataclass(frozen=True, slots=True)
class InForce(Generic[Kept]):
    """The issue to ask about a day. ``missing`` says why it may not print what counted then; ``of_the_day``:
    it was in force. ``following``: the next that is kept, where the day is one between the two."""

    issue: Kept
    missing: tuple[str, ...] = ()
    of_the_day: bool = True
    following: Kept | None = None


def in_force(kept: Sequence[Kept], day: date, known_at: datetime | None) -> InForce[Kept]:
    """Find the issue in force on a day among those ``kept``, of which there is one at least.

    Of two of one day the later known corrects the other. Of a time at which none was known yet, the first
    that became known tells: no issue that is kept later changes what is answered about it.
    """
    missing: list[str] = []
    known = [each for each in kept if known_at is None or each.known <= known_at]
    if not known:
        known = [min(kept, key=lambda each: (each.known, each.issued))]
        if known_at is not None:
            missing.append(
                f"No control tables were known here on {agency_date(known_at)}: asked were the first that"
                f" became known, of {known[0].issued}"
            )
    latest = {each.issued: each for each in sorted(known, key=lambda each: each.known)}
    days = sorted(latest)
    begun = [each for each in days if each <= day]
    if not begun:
        missing.append(
            f"No control tables of {day} are kept: asked were the earliest that are, of {days[0]}, and what"
            " was printed on that day may be another thing"
        )
        return InForce(latest[days[0]], tuple(missing), of_the_day=False)
    coming = days[len(begun) :]
    between = bool(coming) and begun[-1] < day
    return InForce(latest[begun[-1]], tuple(missing), following=latest[coming[0]] if between else None)
