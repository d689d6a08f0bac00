"""Whose the days of an application were, reckoned a second time: midnight by midnight."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from greenlight.kernel.commit import Event
from greenlight.kernel.time.holds import Hold
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import days, label_of
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.state import ApplicationState
from tests.kernel.time.samples import WASHINGTON


def check_days(events: Sequence[Event], now: datetime) -> None:
    """Hold the account of a case, as it is at ``now``, against a walk from midnight to midnight."""
    state = _after(events)
    assert state is not None
    told = days(state, now)
    walked = list(_walk(events, now))
    assert told.age == len(walked) == (told.through - told.registered_on).days
    assert sum(spell.days for spell in told.spells) == told.age
    assert Counter({share.label: share.days for share in told.shares}) == Counter(walked)
    for one, other in pairwise(told.spells):
        assert one.until == other.since, "a gap, or two have it at once"
        assert one.label != other.label, "one and the same goes on"
    assert told.spells[0].since == state.registered_at
    assert (told.spells[-1].until is None) == (not state.stage.closed) == (not told.closed)
    if not any(isinstance(event, IntentToDenyIssued) for event in events):
        ends = [events[-1].at] if state.stage.closed else [now]
        held = sum(_is_held(state.holds, midnight) for midnight in _midnights(state.registered_at, ends[0]))
        assert held == sum(spell.days for spell in told.spells if spell.ground), "days that the clock stood"


def _walk(events: Sequence[Event], now: datetime) -> Iterator[str]:
    """The label of whoever had the case as each day ended that it was open."""
    for midnight in _midnights(events[0].at, now):
        state = _after([event for event in events if event.at < midnight])
        assert state is not None
        if state.stage.closed:
            return
        yield " and ".join(map(label_of, state.stays[-1].names))


def _after(events: Sequence[Event]) -> ApplicationState | None:
    state = None
    for event in events:
        state = APPLICATION.apply(state, event)
    return state


def _is_held(holds: Sequence[Hold], midnight: datetime) -> bool:
    return any(h.placed_at < midnight and (h.lifted_at is None or midnight <= h.lifted_at) for h in holds)


def _midnights(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Those after ``begin`` until ``end``, that one included."""
    day: date = begin.astimezone(WASHINGTON).date()
    while True:
        day += timedelta(days=1)
        midnight = datetime.combine(day, time.min, tzinfo=WASHINGTON)
        if midnight > end:
            return
        yield midnight
