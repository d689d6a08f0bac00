"""The law of terms alone: spans, what is known of them, and how far a picture reaches."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlight.law.terms.knowing import Known, as_known
from greenlight.law.terms.picture import Timeline, Words
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER, gaps, overlaps

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, 5, tzinfo=UTC)
WORDS = Words("term", "gap", "overlap", "marks")
DAYS = st.integers(0, 40).map(lambda days: FIRST + days * DAY)
SPANS = st.lists(st.tuples(DAYS, st.integers(1, 20)).map(lambda of: (of[0], of[0] + of[1] * DAY)), max_size=6)


def day(number: int) -> datetime:
    return FIRST + number * DAY


@given(SPANS, DAYS)
def test_no_instant_is_in_a_gap_and_in_a_span_and_two_run_in_an_overlap(
    spans: list[tuple[datetime, datetime]], at: datetime
) -> None:
    """Counted one by one, it comes to the same."""
    begin, end = day(0), day(60)
    running = sum(starts <= at < ends for starts, ends in spans)
    assert any(starts <= at < ends for starts, ends in gaps(spans, begin, end)) == (running == 0)
    assert any(starts <= at < ends for starts, ends in overlaps(spans)) == (running > 1)


@given(st.lists(st.integers(0, 20)), st.integers(0, 20), st.none() | st.integers(0, 20))
def test_what_is_known_at_an_instant_is_all_that_was_said_by_then(
    said: list[int], at: int, first: int | None
) -> None:
    found = list(as_known(said, day, None if first is None else day(first)))
    known = Known(((since, tuple(counting)) for (since, _), counting in found), ())
    expected = tuple(each for each in said if each <= at and (first is None or first <= at))
    assert known.at(day(at)) == expected
    assert known.at(None) == (tuple(said) if said else ())
    assert [until for (_, until), _ in found[:-1]] == [begin for (begin, _), _ in found[1:]]


def test_what_was_known_before_counts_until_the_first_of_what_is_known_now() -> None:
    before = Known([(day(1), "one"), (day(5), "five")], "nothing")
    after = Known([(day(3), "three")], "nothing", before)
    assert [after.at(day(n)) for n in (0, 1, 2, 3, 6)] == ["nothing", "one", "one", "three", "three"]
    assert Known[str]((), "nothing", before).at(day(6)) == "nothing"


def test_what_nothing_is_printed_of_is_known_at_no_instant() -> None:
    ((known, said),) = as_known(["a"], lambda _: NEVER, NEVER)
    assert (known, said) == ((NEVER, NEVER), ["a"])


def picture(*runs: Run, gaps: tuple[tuple[datetime, datetime], ...] = ()) -> Timeline:
    return Timeline("Sample", runs, gaps, (), (), WORDS)


def test_a_picture_goes_on_beyond_the_last_day_only_where_something_does() -> None:
    closed = Run(1, day(0), day(100), None, None, "x")
    assert picture(closed).span == (day(0), day(100))
    assert picture(closed, gaps=((day(100), NEVER),)).span == (day(0), day(130))
    goes_on = Run(2, day(0), NEVER, None, None, "x")
    assert picture(closed, goes_on).within(goes_on.span) == (day(0), day(130))
    assert (closed.through, goes_on.through) == (day(100).date(), None)
