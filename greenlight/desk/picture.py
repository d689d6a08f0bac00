"""The picture of an application's time: who had it when, and what is due until when, in lanes over one axis.

Places are worked out here, in the picture's own units; the template draws them, the stylesheet colours them.
It shows what the page says in words beside it, and nothing else.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from greenlight.desk.history import Happened
from greenlight.desk.pages import by_day, sentence
from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.clock.days import Days, Spell
from greenlight.law.application.clock.language import Holder

LABELS: Final = 230
"""The width that labels have."""
WIDTH: Final = 940
LANE: Final = 26
TOP: Final = 30
_MOST_LABEL = 32
_MOST_TICKS = 8
_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 365, 730)
"""Days between two marks of the axis."""
_LEAST = 3.0
"""The width of what took no time that could be seen."""


class Bar(NamedTuple):
    """A stretch of a lane; ``kind``: ``stay``, ``hold``, ``period`` or ``late``."""

    x: float
    width: float
    kind: str
    said: str


class Lane(NamedTuple):
    """A holder's stays, or a deadline with the time that leads to it; ``due``: where that is."""

    label: str
    y: int
    bars: tuple[Bar, ...]
    due: float | None = None


class Mark(NamedTuple):
    """A day on the axis, or an event."""

    x: float
    said: str


class Picture(NamedTuple):
    """All of it; ``now``: where today is, unless the case is over."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Mark, ...]
    events: tuple[Mark, ...]
    now: float | None


def picture(days: Days, deadlines: Sequence[Deadline], events: Iterable[Happened], now: datetime) -> Picture:
    """The picture of a case as it is at an instant."""
    shown = [each for each in events if not each.refused]
    ends = [each.until or now for each in days.spells] + [each.due for each in deadlines if each.due]
    first = datetime.combine(days.registered_on, time.min, tzinfo=AGENCY_ZONE)
    last = max([*ends, *(each.at for each in shown), first + timedelta(days=1)])
    # Some room behind the last mark.
    axis = _Axis(first, last + (last - first) / 40)
    lanes = [
        *_of_holders(days, axis, now),
        *(_of_deadline(each, axis, now) for each in deadlines),
    ]
    placed = tuple(lane._replace(y=TOP + place * LANE) for place, lane in enumerate(lanes))
    return Picture(
        width=WIDTH,
        height=TOP + len(lanes) * LANE + LANE,
        lanes=placed,
        ticks=tuple(axis.ticks()),
        events=tuple(Mark(axis.x(each.at), f"{sentence(each.what)}, {by_day(each.at)}") for each in shown),
        now=None if days.closed else axis.x(now),
    )


class _Axis(NamedTuple):
    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        share = (min(max(at, self.first), self.last) - self.first) / (self.last - self.first)
        return round(LABELS + share * (WIDTH - LABELS), 1)

    def ticks(self) -> Iterable[Mark]:
        whole = (self.last - self.first).days + 1
        step = next((each for each in _STEPS if whole / each <= _MOST_TICKS), whole // _MOST_TICKS + 1)
        begin = agency_date(self.first)
        for day in range(0, whole, step):
            on = begin + timedelta(days=day)
            x = self.x(datetime.combine(on, time.min, tzinfo=AGENCY_ZONE))
            # The last words would stand beyond the edge.
            if x <= WIDTH - 60:
                yield Mark(x, plain_date(on) if day == 0 else on.strftime("%-d %b"))


def _of_holders(days: Days, axis: _Axis, now: datetime) -> Iterable[Lane]:
    by_label: dict[str, list[Spell]] = {}
    for spell in days.spells:
        by_label.setdefault(spell.label, []).append(spell)
    for label, spells in by_label.items():
        bars = tuple(
            _bar(
                axis,
                spell.since,
                spell.until or now,
                "hold" if spell.holder is Holder.HOLD else "stay",
                f"{sentence(label)}, {spell.days} {'day' if spell.days == 1 else 'days'}",
            )
            for spell in spells
        )
        yield Lane(_short(sentence(label)), 0, bars)


def _of_deadline(each: Deadline, axis: _Axis, now: datetime) -> Lane:
    late = each.due is not None and each.due <= now
    bar = _bar(axis, each.started_at, each.due or now, "late" if late else "period", each.explanation)
    return Lane(_short(each.label), 0, (bar,), axis.x(each.due) if each.due else None)


def _bar(axis: _Axis, since: datetime, until: datetime, kind: str, said: str) -> Bar:
    x = axis.x(since)
    return Bar(x, max(_LEAST, round(axis.x(until) - x, 1)), kind, said)


def _short(label: str) -> str:
    return label if len(label) <= _MOST_LABEL else f"{label[: _MOST_LABEL - 1].rstrip()}…"
