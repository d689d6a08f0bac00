"""Deadlines computed, each time anew, from recorded instants and holds; never counted down."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.time.calendar import agency_date, end_of_day, plain_date
from greenlight.kernel.time.holds import HeldDays


@dataclass(frozen=True, slots=True)
class Period:
    """A statutory period: ``days`` calendar days counted from an event."""

    kind: str
    label: str
    days: int
    counted_from: str
    citation: str


class Deadline(Model):
    """When something is due, and why.

    ``due`` is the first instant after the last day in Washington, in UTC, or None while a hold stops the
    clock. ``explanation`` says how the date came about, as a sentence.
    """

    kind: str
    label: str
    due: Instant | None
    started_at: Instant
    citation: str
    explanation: str


def period_deadline(period: Period, started_at: datetime, held_days: HeldDays) -> Deadline:
    """The end of the period's last calendar day, moved by the days that were held."""
    counted = agency_date(started_at) + timedelta(days=period.days)
    last_day, held = held_days.extend(counted, started_at)
    return Deadline(
        kind=period.kind,
        label=period.label,
        due=None if last_day is None else end_of_day(last_day),
        started_at=started_at,
        citation=period.citation,
        explanation=_explain(period, started_at, last_day, held, held_days),
    )


def _explain(
    period: Period, started_at: datetime, last_day: date | None, held: int, held_days: HeldDays
) -> str:
    counted = f"{period.counted_from} {plain_date(agency_date(started_at))}, {_days(period.days)}"
    reasons = ""
    if held or last_day is None:
        kinds = held_days.between(started_at, last_day)
        reasons = ", ".join(kind.replace("_", " ") for kind in kinds)
    if held:
        counted += f", {_days(held)} held for {reasons}"
    if last_day is None:
        return f"{period.label}: clock stopped ({reasons}); {counted} ({period.citation})"
    return f"{period.label} due {plain_date(last_day)}: {counted} ({period.citation})"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
