"""Holds and hours in Washington, and a second way to compute a deadline."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from greenlight.kernel.time.holds import Hold, HoldKind

WASHINGTON = ZoneInfo("America/New_York")


def washington(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WASHINGTON).astimezone(UTC)


def hold(placed: datetime, lifted: datetime | None) -> Hold:
    return Hold(
        kind=HoldKind.APPLICANT_INFORMATION,
        reason="information requested of the applicant",
        placed_at=placed,
        placed_by="lee",
        lifted_at=lifted,
        lifted_by="rivera" if lifted else None,
    )


def walked(started: datetime, days: int, holds: Sequence[Hold]) -> datetime | None:
    """The end of the period, found by walking from midnight to midnight.

    The midnight that ends the day of the start is not counted, nor is one that comes while the clock stands
    still; the deadline is the last that counts.
    """
    counted = -1
    for midnight in _midnights_after(started):
        if any(h.placed_at < midnight and (h.lifted_at is None or midnight <= h.lifted_at) for h in holds):
            if any(h.placed_at < midnight and h.lifted_at is None for h in holds):
                return None
            continue
        counted += 1
        if counted == days:
            return midnight
    raise AssertionError("midnights never end")


def _midnights_after(started: datetime) -> Iterator[datetime]:
    first: date = started.astimezone(WASHINGTON).date()
    for days in count(1):
        midnight = datetime.combine(first + timedelta(days=days), time.min, tzinfo=WASHINGTON)
        yield midnight.astimezone(UTC)


def _instants() -> st.SearchStrategy[datetime]:
    """Instants of two years with a leap day, by the minute, with a liking for midnights and clock changes."""
    minutes = st.integers(min_value=0, max_value=2 * 365 * 24 * 60)
    anywhere = minutes.map(lambda minute: datetime(2027, 7, 1, tzinfo=UTC) + timedelta(minutes=minute))
    midnights = st.integers(min_value=0, max_value=729).map(
        lambda days: datetime.combine(
            date(2027, 7, 1) + timedelta(days=days), time.min, tzinfo=WASHINGTON
        ).astimezone(UTC)
    )
    changes = st.sampled_from(
        [washington(2027, 11, 7, 0), washington(2028, 3, 12, 0), washington(2028, 11, 5, 0)]
    ).flatmap(
        lambda day: st.integers(min_value=0, max_value=5 * 60).map(
            lambda minute: day + timedelta(minutes=minute)
        )
    )
    return anywhere | midnights | changes


INSTANTS = _instants()


def _hold(instants: Iterable[datetime]) -> Hold:
    first, last = sorted(instants)
    return hold(first, last)


LIFTED_HOLDS = st.tuples(INSTANTS, INSTANTS).map(_hold)
OPEN_HOLDS = INSTANTS.map(lambda placed: hold(placed, None))
HOLDS = st.lists(LIFTED_HOLDS, max_size=5)
