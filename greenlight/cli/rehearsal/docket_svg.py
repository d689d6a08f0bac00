"""The docket over time as SVG: what was received and became of it, beside what was reported; the reprieve
below."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from greenlight.cli.rehearsal.years import Span
from greenlight.cli.rehearsal.years_svg import band
from greenlight.cli.rehearsal.years_svg import height as height_of
from greenlight.kernel.model import Model
from greenlight.kernel.svg import document, drawn, text
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.terms.picture import Timeline
from greenlight.reference.chronicles import Chronicle


class Point(NamedTuple):
    """A day, and how many were received, and of these approved, denied or to be denied, returned or
    withdrawn, and pending without a notice: the last four add up to the first."""

    day: date
    received: int
    approved: int
    denied: int
    returned: int
    pending: int


class Reported(NamedTuple):
    """The figures of the sources, in their words: by line, and of the day on which pending ones fell."""

    lines: Mapping[str, str]
    drop: date
    drop_said: str


class Milestone(Model):
    """A day of which something is published, and how the docket stood at its end.

    ``reported_received``: how many applications were reported, None if that was not.
    """

    day: date
    reported: str
    reported_received: int | None
    received: int
    approved: int
    to_be_denied: int
    denied: int
    returned: int
    pending: int


WIDTH, HEIGHT, LEFT, RIGHT, TOP = 1_370, 420, 60, 460, 56
BAND, ROW = 40, 18
_APART = 15
"""Of labels at the end of lines, in pixels."""
LINES = {
    "received": ("received", "#0b2239"),
    "approved": ("approved", "#2e7d32"),
    "denied": ("denied or noticed", "#c0392b"),
    "returned": ("returned or withdrawn", "#7b4fa3"),
    "pending": ("pending", "#b97f00"),
}
TITLE = "The docket of 2019-2020, rehearsed"
STYLE = (
    ".line{fill:none;stroke-width:2.2}.term{fill:#2f6f9f}.dot{fill:#fff;stroke-width:2}"
    ".drop{stroke:#b97f00;stroke-dasharray:3 3}"
)


def picture(
    points: Sequence[Point],
    milestones: Sequence[Milestone],
    reprieve: Timeline,
    reported: Reported,
    years: tuple[Chronicle, Sequence[Span]] | None = None,
) -> str:
    """The picture, its days laid out from left to right; below it, ``years`` that came later."""
    first, last, most = points[0].day, points[-1].day, max(point.received for point in points)
    top = (most // 100 + 1) * 100

    def x(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / max((last - first).days, 1)

    def y(count: float) -> float:
        return TOP + HEIGHT * (1 - count / top)

    height = TOP + HEIGHT + BAND + ROW * len(reprieve.terms) + 30
    parts = [
        text(LEFT, 24, f"{TITLE}; circles are what was reported", "title"),
        *_grid(first, last, top, x, y),
        *_drop(points, reported, x, y),
        *_lines(points, reported, x, y),
        *(
            f'<circle class="dot" cx="{x(each.day):.1f}" cy="{y(each.reported_received):.1f}" r="5"'
            ' stroke="#0b2239">'
            f"<title>{plain_date(each.day)}: {drawn(each.reported)}</title></circle>"
            for each in milestones
            if each.reported_received is not None
        ),
        *_terms(reprieve, first, last, x),
    ]
    if years is not None:
        chronicle, spans = years
        parts += band(chronicle.title, spans, (chronicle.begins, chronicle.ends), height, LEFT, WIDTH - RIGHT)
        height += height_of(spans)
    return document(WIDTH, height, TITLE, STYLE, parts)


Scale = Callable[[date], float]


def _grid(first: date, last: date, top: int, x: Scale, y: Callable[[float], float]) -> Iterator[str]:
    for count in range(0, top + 1, 100):
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(count):.1f}" y2="{y(count):.1f}"/>'
        yield text(LEFT - 34, y(count) + 4, str(count), "faint")
    day = _next_month(first)
    while day <= last:
        yield f'<line class="grid" x1="{x(day):.1f}" x2="{x(day):.1f}" y1="{TOP}" y2="{TOP + HEIGHT}"/>'
        if day.month % 2:
            yield text(x(day) - 18, TOP + HEIGHT + 16, f"{day:%Y-%m}", "faint")
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _lines(
    points: Sequence[Point], reported: Reported, x: Scale, y: Callable[[float], float]
) -> Iterator[str]:
    for name, (_, colour) in LINES.items():
        path = " ".join(f"{x(point.day):.1f},{y(_count(point, name)):.1f}" for point in points)
        yield f'<polyline class="line" stroke="{colour}" points="{path}"/>'
    lowest = float("inf")
    # From below, each label where its line ends, or above the one before it.
    for name in sorted(LINES, key=lambda each: _count(points[-1], each)):
        what, colour = LINES[name]
        end = _count(points[-1], name)
        lowest = min(y(end) + 4, lowest - _APART)
        said = reported.lines.get(name)
        label = f"{end} {what}" + (f" (reported: {said})" if said else "")
        yield text(WIDTH - RIGHT + 10, lowest, label, fill=colour)


def _drop(
    points: Sequence[Point], reported: Reported, x: Scale, y: Callable[[float], float]
) -> Iterator[str]:
    """The day on which pending ones fell, and by how many, in words."""
    before = [point for point in points if point.day < reported.drop]
    on = [point for point in points if point.day >= reported.drop]
    if not before or not on:
        return
    was, then, at = before[-1].pending, on[0].pending, x(reported.drop)
    yield f'<line class="drop" x1="{at:.1f}" x2="{at:.1f}" y1="{y(was):.1f}" y2="{y(then):.1f}"/>'
    # Under what was received, above what is pending from then on.
    below = y(was) + 25
    fell = f"{plain_date(reported.drop)}: pending {was} to {then}"
    yield text(at + 8, below, fell, fill=LINES["pending"][1])
    yield text(at + 8, below + 15, reported.drop_said, "faint")


def _count(point: Point, name: str) -> int:
    return int(getattr(point, name))


def _terms(reprieve: Timeline, first: date, last: date, x: Scale) -> Iterator[str]:
    begin = TOP + HEIGHT + BAND
    yield text(LEFT, begin - 6, "Terms of the reprieve", "faint")
    for row, bar in enumerate(reprieve.terms):
        starts, ends = x(max(agency_date(bar.begin), first)), x(min(agency_date(bar.end), last))
        y = begin + ROW * row
        yield f'<rect class="term" x="{starts:.1f}" y="{y}" width="{ends - starts:.1f}" height="{ROW - 5}"/>'
        yield text(ends + 6, y + 11, str(bar.number), "faint")
