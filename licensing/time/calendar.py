"""Instants and days. Inside, everything is UTC; a day is a day in the agency's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

AGENCY_ZONE = ZoneInfo("America/New_York")
"""Washington, D.C."""


@lru_cache(maxsize=16_384)
def agency_date(instant: datetime) -> date:
    """The calendar day in Washington at ``instant``."""
    return instant.astimezone(AGENCY_ZONE).date()


@lru_cache(maxsize=16_384)
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


def legal_holiday(day: date) -> bool:
    """Whether ``day`` is a legal public holiday of the United States (5 U.S.C. 6103), kept or observed.

    A holiday on a Saturday or Sunday is also observed on a working day beside it; both are holidays here.
    """
    return day in _legal_holidays(day.year)


def business_day_from(day: date) -> date:
    """``day`` itself or the first day after it that is neither a weekend nor a legal holiday."""
    while day.weekday() >= 5 or legal_holiday(day):
        day += timedelta(days=1)
    return day


def end_of_following_month(day: date) -> date:
    """The last day of the month after that of ``day``."""
    begin = day.replace(day=1)
    for _ in range(2):
        begin = (begin + timedelta(days=31)).replace(day=1)
    return begin - timedelta(days=1)


@cache
def _legal_holidays(year: int) -> frozenset[date]:
    # Imported late: it takes as long as everything else that a command line needs.
    from holidays.countries.united_states import US

    return frozenset(US(categories=("public", "government"), years=year, expand=False))


def plain_date(day: date) -> str:
    """``14 Dec 2026``, independent of any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
