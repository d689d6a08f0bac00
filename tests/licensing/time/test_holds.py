"""How much of a period holds take."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.time.holds import Hold, extend
from tests.licensing.properties import QUICK
from tests.licensing.time.samples import HOLDS, INSTANTS, LIFTED_HOLDS, OPEN_HOLDS, hold, washington

START = washington(2026, 9, 1)
LAST_DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("holds", "days"),
    [
        ([], 0),
        ([hold(washington(2026, 10, 1), washington(2026, 10, 15))], 14),
        ([hold(washington(2026, 10, 1, 9), washington(2026, 10, 1, 17))], 0),
        ([hold(washington(2026, 10, 1, 23, 59), washington(2026, 10, 2, 0, 1))], 1),
        ([hold(washington(2026, 10, 1), washington(2026, 10, 2, 0))], 1),
        ([hold(washington(2026, 10, 1, 0), washington(2026, 10, 2, 0))], 1),
        ([hold(washington(2026, 10, 1), washington(2026, 10, 1))], 0),
        ([hold(washington(2026, 10, 25), washington(2026, 11, 8))], 14),
        ([hold(washington(2026, 8, 1), washington(2026, 9, 3))], 2),
        ([hold(washington(2026, 8, 1), washington(2026, 8, 3))], 0),
        (
            [
                hold(washington(2026, 10, 1), washington(2026, 10, 15)),
                hold(washington(2026, 10, 10), washington(2026, 10, 20)),
            ],
            19,
        ),
        (
            [
                hold(washington(2026, 10, 1), washington(2026, 10, 15)),
                hold(washington(2026, 10, 5), washington(2026, 10, 6)),
            ],
            14,
        ),
        (
            [
                hold(washington(2026, 11, 1), washington(2026, 11, 3)),
                hold(washington(2026, 10, 1), washington(2026, 10, 2)),
            ],
            3,
        ),
    ],
    ids=[
        "none",
        "two weeks",
        "within a day",
        "over one midnight",
        "until midnight",
        "from midnight to midnight",
        "no time at all",
        "over the end of daylight saving",
        "since before the start",
        "before the start",
        "overlapping",
        "one within the other",
        "in any order",
    ],
)
def test_a_day_is_held_if_the_clock_stands_still_at_its_end(holds: list[Hold], days: int) -> None:
    assert extend(LAST_DAY, START, holds) == (LAST_DAY + timedelta(days=days), days)


def test_a_hold_placed_on_the_last_day_still_counts() -> None:
    last_minute = hold(washington(2026, 11, 30, 23, 59), washington(2026, 12, 5))
    assert extend(LAST_DAY, START, [last_minute]) == (date(2026, 12, 5), 5)


def test_a_hold_placed_on_the_last_day_that_an_earlier_hold_gave_still_counts() -> None:
    # 10.5 days by the clock; the period would be over at noon if hours were counted.
    first = hold(washington(2026, 10, 1, 8), washington(2026, 10, 11, 20))
    assert extend(LAST_DAY, START, [first]) == (date(2026, 12, 10), 10)
    afternoon = hold(washington(2026, 12, 10, 15), washington(2026, 12, 12, 9))
    assert extend(LAST_DAY, START, [first, afternoon]) == (date(2026, 12, 12), 12)


def test_a_hold_placed_when_the_period_is_over_changes_nothing() -> None:
    over = washington(2026, 12, 1, 0)
    assert extend(LAST_DAY, START, [hold(over, washington(2026, 12, 9))]) == (LAST_DAY, 0)
    assert extend(LAST_DAY, START, [hold(over, None)]) == (LAST_DAY, 0)


def test_an_open_hold_leaves_no_last_day_but_says_what_was_held_before() -> None:
    earlier = hold(washington(2026, 10, 1), washington(2026, 10, 15))
    assert extend(LAST_DAY, START, [earlier, hold(washington(2026, 11, 1), None)]) == (None, 14)


@QUICK
@given(start=INSTANTS, holds=HOLDS, extra=LIFTED_HOLDS)
def test_another_hold_never_makes_the_last_day_earlier(
    start: datetime, holds: list[Hold], extra: Hold
) -> None:
    last_day = start.date() + timedelta(days=90)
    without, _ = extend(last_day, start, holds)
    with_it, _ = extend(last_day, start, [*holds, extra])
    assert without is not None
    assert with_it is not None
    assert with_it >= without


@QUICK
@given(start=INSTANTS, holds=HOLDS, whole=LIFTED_HOLDS, part=st.floats(min_value=0, max_value=1))
def test_splitting_a_hold_changes_nothing(
    start: datetime, holds: list[Hold], whole: Hold, part: float
) -> None:
    last_day = start.date() + timedelta(days=90)
    assert whole.lifted_at is not None
    between = whole.placed_at + (whole.lifted_at - whole.placed_at) * part
    halves = [hold(between, whole.lifted_at), hold(whole.placed_at, between)]
    assert extend(last_day, start, [*holds, *halves]) == extend(last_day, start, [*holds, whole])


@QUICK
@given(start=INSTANTS, holds=HOLDS, lasting=OPEN_HOLDS)
def test_counting_a_hold_twice_changes_nothing(start: datetime, holds: list[Hold], lasting: Hold) -> None:
    last_day = start.date() + timedelta(days=90)
    assert extend(last_day, start, [*holds, *holds]) == extend(last_day, start, holds)
    every = [*holds, lasting]
    assert extend(last_day, start, [*every, lasting]) == extend(last_day, start, every)
