"""Instants and days. Inside, everything is UTC; a day is a day in the agency's time zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

AGENCY_ZONE = ZoneInfo("America/New_York")
"""Washington, D.C."""


@lru_cache(maxsize=16_384)
def agency_date(instant: datetime) -> date:
    """The calendar day in Washington at ``instant``."""
    return instant.astimezone(AGENCY_ZONE).date()


_WRITTEN = re.compile(r"(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}(Z|[+-][0-9]{2}:[0-9]{2})")


def instant_of(text: str) -> datetime | None:
    """The instant that a record writes so, RFC 3339 in the years of instants; None: it is another text."""
    if _WRITTEN.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=16_384)
def end_of_day(day: date) -> datetime:
    """The first instant after ``day`` in Washington, in UTC: midnight there."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=AGENCY_ZONE).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of ``day`` in Washington, in UTC."""
    return end_of_day(day - timedelta(days=1))


def last_day(due: datetime) -> date:
    """The day in Washington by whose end something must happen that is due at ``due``."""
    return agency_date(due - timedelta(microseconds=1))


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; 28 February where 29 February does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Closing(StrEnum):
    """By what federal offices in all of the United States are closed on a day, weekends apart.

    ``statute``: a legal public holiday of 5 U.S.C. 6103, kept or observed. One on a Saturday or Sunday is
    also observed on a working day beside it; both are holidays here. ``executive_order``: an order of the
    President for that day alone, such as Christmas Eve 2019 or a day of mourning.
    """

    STATUTE = "statute"
    EXECUTIVE_ORDER = "executive_order"


LEGAL_HOLIDAYS = frozenset({Closing.STATUTE})
"""Legal holidays as 15 CFR 750.7(g) means them (unverified: it does not say, and names no State's either).

An order comes days before the day, and the last day of a license is fixed years before: it would have to
change after it was printed. It is law, and no setting of a deployment, for the same reason: equal cases have
equal dates. Licenses keep the day that they were issued with, whatever is written here.
"""


_YEARS = 6
"""A license lasts four years, and ends on a business day."""


def closing(day: date) -> Closing | None:
    """By what federal offices are closed on ``day``; None where they are not, and on ordinary weekends."""
    return _closings(day.year).get(day)


def legal_holiday(day: date) -> bool:
    return closing(day) in LEGAL_HOLIDAYS


def business_day_from(day: date, closed: frozenset[Closing] = LEGAL_HOLIDAYS) -> date:
    """``day`` itself or the first day after it that is neither a weekend nor a day so ``closed``."""
    while day.weekday() >= 5 or closing(day) in closed:
        day += timedelta(days=1)
    return day


def end_of_following_month(day: date) -> date:
    """The last day of the month after that of ``day``."""
    begin = day.replace(day=1)
    for _ in range(2):
        begin = (begin + timedelta(days=31)).replace(day=1)
    return begin - timedelta(days=1)


def read_calendar(year: int) -> None:
    """Look the closings up from a year on, for as many as licenses last: the first time it takes a while."""
    for each in range(year, year + _YEARS):
        _closings(each)


@cache
def _closings(year: int) -> Mapping[date, Closing]:
    # Imported late: it takes as long as everything else that a command line needs.
    from holidays.countries.united_states import US

    def found(category: str, closing: Closing) -> Mapping[date, Closing]:
        return dict.fromkeys(US(categories=(category,), years=year, expand=False), closing)

    # The library may count one day as both; the statute has the last word.
    return {**found("government", Closing.EXECUTIVE_ORDER), **found("public", Closing.STATUTE)}


def plain_date(day: date) -> str:
    """``14 Dec 2026``, independent of any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
