"""Instants and days. Inside, everything is UTC; a day is a day in the agency's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AGENCY_ZONE = ZoneInfo("America/New_York")
"""Washington, D.C."""


@lru_cache(maxsize=16_384)
def agency_date(instant: datetime) -> date:
    """The calendar day in Washington at ``instant``."""
    return instant.astimezone(AGENCY_ZONE).date()


def end_of_day(day: date) -> datetime:
    """The first instant after ``day`` in Washington, in UTC: midnight there."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=AGENCY_ZONE).astimezone(UTC)


def last_day(due: datetime) -> date:
    """The day in Washington by whose end something must happen that is due at ``due``."""
    return agency_date(due - timedelta(microseconds=1))


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; 28 February where 29 February does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def plain_date(day: date) -> str:
    """``14 Dec 2026``, independent of any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
