"""How much of a period holds take."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.holds import HeldDays, Hold
from tests.kernel.time.samples import HOLDS, INSTANTS, LIFTED_HOLDS, OPEN_HOLDS, hold, washington
from tests.law.properties import QUICK

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
    assert HeldDays.of(holds).extend(LAST_DAY, START) == (LAST_DAY + timedelta(days=days), days)


def test_a_hold_placed_on_the_last_day_still_counts() -> None:
    last_minute = hold(washington(2026, 11, 30, 23, 59), washington(2026, 12, 5))
    assert HeldDays.of([last_minute]).extend(LAST_DAY, START) == (date(2026, 12, 5), 5)


def test_a_hold_placed_on_the_last_day_that_an_earlier_hold_gave_still_counts() -> None:
    # 10.5 days by the clock; the period would be over at noon if hours were counted.
    first = hold(washington(2026, 10, 1, 8), washington(2026, 10, 11, 20))
    assert HeldDays.of([first]).extend(LAST_DAY, START) == (date(2026, 12, 10), 10)
    afternoon = hold(washington(2026, 12, 10, 15), washington(2026, 12, 12, 9))
    assert HeldDays.of([first, afternoon]).extend(LAST_DAY, START) == (date(2026, 12, 12), 12)


def test_a_hold_placed_when_the_period_is_over_changes_nothing() -> None:
    over = washington(2026, 12, 1, 0)
    assert HeldDays.of([hold(over, washington(2026, 12, 9))]).extend(LAST_DAY, START) == (LAST_DAY, 0)
    assert HeldDays.of([hold(over, None)]).extend(LAST_DAY, START) == (LAST_DAY, 0)


def test_an_open_hold_leaves_no_last_day_but_says_what_was_held_before() -> None:
    earlier = hold(washington(2026, 10, 1), washington(2026, 10, 15))
    assert HeldDays.of([earlier, hold(washington(2026, 11, 1), None)]).extend(LAST_DAY, START) == (None, 14)


@QUICK
@given(start=INSTANTS, holds=HOLDS, extra=LIFTED_HOLDS)
def test_another_hold_never_makes_the_last_day_earlier(
    start: datetime, holds: list[Hold], extra: Hold
) -> None:
    last_day = start.date() + timedelta(days=90)
    without, _ = HeldDays.of(holds).extend(last_day, start)
    with_it, _ = HeldDays.of([*holds, extra]).extend(last_day, start)
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
    assert HeldDays.of([*holds, *halves]).extend(last_day, start) == HeldDays.of([*holds, whole]).extend(
        last_day, start
    )


@QUICK
@given(start=INSTANTS, holds=HOLDS, lasting=OPEN_HOLDS)
def test_counting_a_hold_twice_changes_nothing(start: datetime, holds: list[Hold], lasting: Hold) -> None:
    last_day = start.date() + timedelta(days=90)
    assert HeldDays.of([*holds, *holds]).extend(last_day, start) == HeldDays.of(holds).extend(last_day, start)
    every = [*holds, lasting]
    assert HeldDays.of([*every, lasting]).extend(last_day, start) == HeldDays.of(every).extend(
        last_day, start
    )
