"""When a period ends, and the sentence that says why."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.deadlines import Period, period_deadline
from greenlight.kernel.time.holds import HeldDays, Hold
from greenlight.law.application.deadlines import INITIAL_ACTION, RESOLUTION
from tests.kernel.time.samples import HOLDS, INSTANTS, OPEN_HOLDS, hold, walked, washington
from tests.law.properties import QUICK

START = washington(2026, 9, 1)
TWO_WEEKS = hold(washington(2026, 10, 25), washington(2026, 11, 8))


def test_the_end_of_a_period_is_explained() -> None:
    assert (
        period_deadline(RESOLUTION, START, HeldDays.of([])).explanation
        == "Resolution due 30 Nov 2026: registered 1 Sep 2026, 90 days (15 CFR 750.4(a)(1))"
    )


def test_what_was_held_is_explained() -> None:
    assert period_deadline(RESOLUTION, START, HeldDays.of([TWO_WEEKS])).explanation == (
        "Resolution due 14 Dec 2026: registered 1 Sep 2026, 90 days, 14 days held for applicant information "
        "(15 CFR 750.4(a)(1))"
    )


def test_one_day_is_not_days() -> None:
    night = hold(washington(2026, 9, 2), washington(2026, 9, 3))
    assert ", 1 day held for" in period_deadline(INITIAL_ACTION, START, HeldDays.of([night])).explanation


def test_a_stopped_clock_is_explained() -> None:
    stopped = period_deadline(
        RESOLUTION, START, HeldDays.of([TWO_WEEKS, hold(washington(2026, 11, 20), None)])
    )
    assert stopped.due is None
    assert stopped.explanation == (
        "Resolution: clock stopped (applicant information); registered 1 Sep 2026, 90 days, "
        "14 days held for applicant information (15 CFR 750.4(a)(1))"
    )


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        (washington(2026, 9, 1, 0), 9, washington(2026, 9, 11, 0)),
        (washington(2026, 9, 1, 23, 59), 9, washington(2026, 9, 11, 0)),
        (washington(2026, 9, 1), 90, washington(2026, 12, 1, 0)),
        (washington(2027, 1, 1), 90, washington(2027, 4, 2, 0)),
        (washington(2027, 12, 1), 90, washington(2028, 3, 1, 0)),
        (washington(2026, 12, 1), 90, washington(2027, 3, 2, 0)),
        (washington(2026, 12, 25), 9, washington(2027, 1, 4, 0)),
    ],
    ids=[
        "first minute of the day",
        "last minute of the day",
        "clocks go back",
        "clocks go forward",
        "leap day",
        "no leap day",
        "year end",
    ],
)
def test_a_period_ends_with_its_last_calendar_day(started: datetime, days: int, due: datetime) -> None:
    assert period_deadline(_days(days), started, HeldDays.of([])).due == due


@QUICK
@given(started=INSTANTS, days=st.sampled_from([1, 9, 90]), holds=st.lists(OPEN_HOLDS, max_size=1), more=HOLDS)
def test_the_end_is_the_midnight_one_finds_by_walking(
    started: datetime, days: int, holds: list[Hold], more: list[Hold]
) -> None:
    every = [*holds, *more]
    assert period_deadline(_days(days), started, HeldDays.of(every)).due == walked(started, days, every)


@QUICK
@given(started=INSTANTS, holds=HOLDS)
def test_a_period_never_ends_while_the_clock_stands_still(started: datetime, holds: list[Hold]) -> None:
    due = period_deadline(_days(90), started, HeldDays.of(holds)).due
    assert due is not None
    assert not any(h.lifted_at and h.placed_at < due < h.lifted_at for h in holds)


@QUICK
@given(started=INSTANTS, holds=HOLDS, after=st.timedeltas(min_value=timedelta(0), max_value=timedelta(400)))
def test_a_hold_placed_from_the_due_instant_on_changes_nothing(
    started: datetime, holds: list[Hold], after: timedelta
) -> None:
    due = period_deadline(_days(90), started, HeldDays.of(holds)).due
    assert due is not None
    late = hold(due + after, None)
    assert period_deadline(_days(90), started, HeldDays.of([*holds, late])).due == due


def _days(days: int) -> Period:
    return Period(kind="period", label="Period", days=days, counted_from="started", citation="here")
