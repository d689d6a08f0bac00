"""Days in Washington."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.calendar import (
    LEGAL_HOLIDAYS,
    Closing,
    agency_date,
    business_day_from,
    closing,
    end_of_day,
    end_of_following_month,
    instant_of,
    last_day,
    legal_holiday,
    plain_date,
    years_after,
)
from tests.law.properties import QUICK


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 9, 1, 3, 59, 59, tzinfo=UTC), date(2026, 8, 31)),
        (datetime(2026, 9, 1, 4, 0, tzinfo=UTC), date(2026, 9, 1)),
        (datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
    ids=[
        "summer, before midnight",
        "summer, midnight",
        "winter, before",
        "winter, midnight",
        "New Year's Eve",
    ],
)
def test_the_day_is_the_day_in_washington(instant: datetime, day: date) -> None:
    assert agency_date(instant) == day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 7), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 29, 5, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 3, 1, 5, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 1, 1, 5, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_day_ends_at_midnight_in_washington(day: date, end: datetime) -> None:
    assert end_of_day(day) == end


@QUICK
@given(st.dates(min_value=date(1970, 1, 2), max_value=date(2999, 12, 30)))
def test_the_end_of_a_day_is_the_first_instant_of_the_next(day: date) -> None:
    end = end_of_day(day)
    assert agency_date(end) == day + timedelta(days=1)
    assert agency_date(end - timedelta(microseconds=1)) == day
    assert end.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 9, 1), 4, date(2030, 9, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 12, 31)),
    ],
    ids=str,
)
def test_years_later_is_the_same_day_or_the_last_of_february(day: date, years: int, later: date) -> None:
    assert years_after(day, years) == later


def test_dates_are_written_without_a_locale() -> None:
    assert [plain_date(date(2026, month, 1)) for month in range(1, 13)] == [
        "1 Jan 2026",
        "1 Feb 2026",
        "1 Mar 2026",
        "1 Apr 2026",
        "1 May 2026",
        "1 Jun 2026",
        "1 Jul 2026",
        "1 Aug 2026",
        "1 Sep 2026",
        "1 Oct 2026",
        "1 Nov 2026",
        "1 Dec 2026",
    ]


def test_the_last_day_of_a_deadline_is_the_one_that_ends_with_it() -> None:
    assert last_day(end_of_day(date(2026, 11, 30))) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 7, 4), True),
        (date(2026, 7, 3), True),
        (date(2026, 7, 5), False),
        (date(2027, 12, 31), True),
        (date(2030, 9, 2), True),
        (date(2030, 9, 1), False),
        (date(2030, 6, 19), True),
        (date(2018, 6, 19), False),
        (date(2026, 9, 8), False),
    ],
    ids=[
        "on a Saturday",
        "observed on the Friday",
        "the Sunday after",
        "New Year's Day, observed the year before",
        "Labor Day",
        "a Sunday",
        "Juneteenth",
        "Juneteenth before it was one",
        "a Tuesday",
    ],
)
def test_legal_holidays_are_those_of_the_united_states(day: date, holiday: bool) -> None:
    assert legal_holiday(day) is holiday


BY_STATUTE = [date(2018, 12, 25), date(2019, 11, 28), date(2021, 6, 18), date(2025, 1, 20)]
BY_ORDER = [
    date(2004, 6, 11),
    date(2007, 1, 2),
    date(2014, 12, 26),
    date(2018, 12, 5),
    date(2019, 12, 24),
    date(2025, 1, 9),
    date(2025, 12, 24),
    date(2025, 12, 26),
]


@pytest.mark.parametrize("day", BY_ORDER, ids=str)
def test_a_day_on_which_an_order_closed_the_offices_is_no_legal_holiday(day: date) -> None:
    assert closing(day) is Closing.EXECUTIVE_ORDER
    assert not legal_holiday(day)
    assert business_day_from(day) == day
    assert business_day_from(day, frozenset(Closing)) > day


@pytest.mark.parametrize("day", BY_STATUTE, ids=str)
def test_a_holiday_of_the_statute_is_a_legal_one(day: date) -> None:
    assert closing(day) is Closing.STATUTE
    assert legal_holiday(day)


def test_which_closings_are_legal_holidays_is_said_in_one_place() -> None:
    assert {Closing.STATUTE} == LEGAL_HOLIDAYS
    assert closing(date(2026, 9, 8)) is None


@pytest.mark.parametrize(
    ("day", "business_day"),
    [
        (date(2026, 9, 8), date(2026, 9, 8)),
        (date(2026, 7, 3), date(2026, 7, 6)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 12, 31), date(2028, 1, 3)),
        (date(2030, 9, 1), date(2030, 9, 3)),
        (date(2025, 12, 25), date(2025, 12, 26)),
    ],
    ids=[
        "itself",
        "over a long weekend",
        "a Friday",
        "into the next year",
        "a Sunday before a holiday",
        "a day on which an order closed the offices",
    ],
)
def test_the_next_business_day_skips_weekends_and_holidays(day: date, business_day: date) -> None:
    assert business_day_from(day) == business_day


@QUICK
@given(st.dates(min_value=date(1971, 1, 1), max_value=date(2990, 1, 1)))
def test_a_business_day_is_never_far_and_never_free(day: date) -> None:
    found = business_day_from(day)
    assert timedelta(0) <= found - day <= timedelta(days=5)
    assert found.weekday() < 5
    assert not legal_holiday(found)
    assert business_day_from(found) == found


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 9, 1), date(2026, 10, 31)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 1), date(2028, 2, 29)),
        (date(2026, 11, 30), date(2026, 12, 31)),
    ],
    ids=str,
)
def test_the_following_month_ends_on_its_own_last_day(day: date, end: date) -> None:
    assert end_of_following_month(day) == end


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-04-05T04:00:00Z", datetime(2026, 4, 5, 4, tzinfo=UTC)),
        ("2026-04-05T04:00:00.123456Z", datetime(2026, 4, 5, 4, 0, 0, 123456, tzinfo=UTC)),
        ("2026-04-05T00:00:00-04:00", datetime(2026, 4, 5, 4, tzinfo=UTC)),
        ("2026-99-99T99:99:99Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2026-04-05", None),
        ("2026-04-05T04:00:00Z, or later", None),
        ("2026-04-05T::::::::Z", None),
    ],
)
def test_a_text_is_an_instant_only_where_it_is_written_as_one(text: str, at: datetime | None) -> None:
    assert instant_of(text) == at
