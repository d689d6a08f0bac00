"""How long a license is valid, and how long its records are kept."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.calendar import agency_date, legal_holiday
from greenlight.law.application.validity import Validity, nominal_last_day, retained_through, valid_through
from tests.kernel.time.samples import INSTANTS, washington
from tests.law.properties import QUICK


@pytest.mark.parametrize(
    ("at", "validity", "last_day"),
    [
        (washington(2026, 9, 1), Validity.STANDARD, date(2030, 9, 1)),
        (washington(2026, 9, 1), Validity.SHORT_SUPPLY, date(2027, 9, 1)),
        (washington(2026, 9, 1), Validity.EMERGENCY, date(2026, 10, 31)),
        (washington(2026, 9, 30, 23, 59), Validity.EMERGENCY, date(2026, 10, 31)),
        (washington(2026, 10, 1, 0), Validity.EMERGENCY, date(2026, 11, 30)),
        (washington(2028, 2, 29), Validity.SHORT_SUPPLY, date(2029, 2, 28)),
    ],
    ids=["four years", "one year", "emergency", "last of a month", "first of a month", "leap day"],
)
def test_a_license_is_valid_for_as_long_as_its_kind_says(
    at: datetime, validity: Validity, last_day: date
) -> None:
    assert valid_through(at, validity) == last_day


@pytest.mark.parametrize(
    ("at", "validity", "nominal", "last_day"),
    [
        (washington(2026, 9, 2), Validity.STANDARD, date(2030, 9, 2), date(2030, 9, 3)),
        (washington(2026, 12, 25), Validity.STANDARD, date(2030, 12, 25), date(2030, 12, 26)),
        (washington(2026, 12, 25), Validity.SHORT_SUPPLY, date(2027, 12, 25), date(2027, 12, 27)),
        (washington(2026, 7, 3), Validity.SHORT_SUPPLY, date(2027, 7, 3), date(2027, 7, 3)),
        (washington(2026, 7, 4), Validity.SHORT_SUPPLY, date(2027, 7, 4), date(2027, 7, 6)),
        (washington(2028, 11, 10), Validity.STANDARD, date(2032, 11, 10), date(2032, 11, 10)),
        (washington(2026, 12, 31), Validity.SHORT_SUPPLY, date(2027, 12, 31), date(2028, 1, 3)),
        (washington(2027, 4, 9), Validity.EMERGENCY, date(2027, 5, 31), date(2027, 6, 1)),
        (washington(2015, 12, 24), Validity.STANDARD, date(2019, 12, 24), date(2019, 12, 24)),
        (washington(2024, 12, 25), Validity.SHORT_SUPPLY, date(2025, 12, 25), date(2025, 12, 26)),
    ],
    ids=[
        "Labor Day",
        "Christmas on a Wednesday",
        "Christmas on a Saturday: over the Sunday",
        "an ordinary Saturday stays",
        "Independence Day on a Sunday: over the day it is observed",
        "the day before a holiday stays",
        "New Year's Day observed on the Friday before",
        "an emergency license to Memorial Day",
        "a day on which an order closed the offices stays",
        "Christmas before such a day",
    ],
)
def test_an_expiry_on_a_legal_holiday_rolls_to_the_next_business_day(
    at: datetime, validity: Validity, nominal: date, last_day: date
) -> None:
    assert nominal_last_day(agency_date(at), validity) == nominal
    assert valid_through(at, validity) == last_day


@QUICK
@given(at=INSTANTS, validity=st.sampled_from(Validity))
def test_a_roll_is_short_and_never_backwards(at: datetime, validity: Validity) -> None:
    nominal = nominal_last_day(agency_date(at), validity)
    last = valid_through(at, validity)
    assert timedelta(0) <= last - nominal <= timedelta(days=5)
    assert (last != nominal) == legal_holiday(nominal)
    assert not legal_holiday(last)


def test_records_are_kept_for_five_years_from_the_latest_trigger() -> None:
    assert retained_through([date(2026, 9, 1)]) == date(2031, 9, 1)
    assert retained_through([date(2030, 9, 1), date(2030, 9, 2), date(2028, 1, 1)]) == date(2035, 9, 2)
    assert retained_through([date(2028, 2, 29)]) == date(2033, 2, 28)


def test_a_kind_of_validity_says_its_length() -> None:
    assert {kind.value: kind.length for kind in Validity} == {
        "standard": "4 years",
        "short_supply": "1 year, short supply",
        "emergency": "emergency, to the end of the following month",
    }
