"""Recall against alerts as the threshold moves, as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import floor, sqrt
from typing import Final, NamedTuple

from bench.panel import Axis, Panel
from bench.screening.official import Group, scores
from bench.screening.recall import Altered
from bench.screening.slips import IN_A_LONG_WORD
from bench.targets import TARGETS
from greenlight.kernel.svg import document, text
from greenlight.screening import THRESHOLD
from greenlight.screening.book import ListingBook
from greenlight.screening.index import NameIndex

LOWEST, HIGHEST, STEP = 60, 95, 1
DRAWN: Final[tuple[tuple[Group, str], ...]] = (("organisations", "firms"), ("people", "people"))
"""Whose slips are held against whose alerts."""

MOST: Final = 2_000
"""Names with slips of each group: at the lowest threshold each takes long."""


class Point(NamedTuple):
    """The share that a threshold finds of names with a slip in a long word, and its alerts for 1,000 unlisted
    names."""

    threshold: int
    recall: float
    alerts: float


class Curve(NamedTuple):
    """From the lowest threshold on; and what is asked, a recall at least and alerts at most."""

    title: str
    points: Sequence[Point]
    asked_recall: float
    asked_alerts: float


def curves(slips: Sequence[Altered], names: Mapping[str, Sequence[str]], book: ListingBook) -> list[Curve]:
    """None without unlisted names."""
    index = NameIndex(book, LOWEST)
    return [_curve(group, source, slips, names[source], index) for group, source in DRAWN if source in names]


def _curve(
    group: Group, source: str, slips: Sequence[Altered], unlisted: Sequence[str], index: NameIndex
) -> Curve:
    of_group = [each for each in slips if each.group == group and each.slip in IN_A_LONG_WORD]
    some = of_group[:: -(-len(of_group) // MOST)]
    reached = [scores(index, each.written).get(each.listed.key, 0.0) for each in some]
    raised = [max(scores(index, name).values(), default=0.0) for name in unlisted]
    points = [
        Point(
            threshold,
            sum(score >= threshold for score in reached) / len(reached),
            1_000 * sum(score >= threshold for score in raised) / len(raised),
        )
        for threshold in range(LOWEST, HIGHEST + 1, STEP)
    ]
    asked_recall, asked_alerts = (
        TARGETS[name][1] for name in (f"slip_recall_{group}", f"alerts_per_1000_{source}")
    )
    return Curve(source.title(), points, asked_recall, asked_alerts)


TITLE: Final = (
    "Names of the official list found with a slip in them, and alerts for names that are on no list"
)
PANEL, HEIGHT, LEFT, GAP, TOP, BOTTOM = 440, 360, 60, 90, 90, 60
LABELLED: Final = 5
"""Thresholds that are multiples of it are written beside the line."""

TICKS: Final = (0, 1, 4, 10, 15, 25, 50, 100, 200, 400, 700, 1_000)
STYLE: Final = (
    ".line{fill:none;stroke:#2f6f9f;stroke-width:2.2}.dot{fill:#fff;stroke:#2f6f9f;stroke-width:1.6}"
    ".now{fill:#c0392b}.told{fill:#c0392b;font-weight:bold}.asked{fill:#2e7d32;fill-opacity:.12}"
)


def picture(drawn: Sequence[Curve]) -> str:
    """One panel for each curve. To the right alerts grow as the square of the way: the first matter most."""
    width = LEFT + len(drawn) * (PANEL + GAP)
    parts = [
        text(LEFT, 26, TITLE, "title"),
        text(
            LEFT,
            46,
            "One slip in a word of six letters or more. On the line: thresholds, red the one at work. "
            "Green: what is asked.",
            "faint",
        ),
        *(part for place, curve in enumerate(drawn) for part in _panel(curve, LEFT + place * (PANEL + GAP))),
    ]
    return document(width, TOP + HEIGHT + BOTTOM, TITLE, STYLE, parts)


def _axes(curve: Curve, left: int) -> Panel:
    """A panel that begins at ``left``: to the right alerts, upwards the share that is found."""
    # Whole steps of 5 %, with room below the lowest point for its label.
    least = min(point.recall for point in curve.points) - 0.02
    step = max(min(floor(20 * least), 18), 0)
    lowest = step / 20
    most_alerts = max(curve.asked_alerts, *(point.alerts for point in curve.points))
    most = next((tick for tick in TICKS if tick >= most_alerts), TICKS[-1])
    recalls = tuple(1 - number / 20 for number in range(20 - step + 1))
    return Panel(
        *(left, TOP, PANEL, HEIGHT),
        right_axis=Axis(
            lambda alerts: sqrt(alerts / most), tuple((tick, str(tick)) for tick in TICKS if tick <= most)
        ),
        up_axis=Axis(
            lambda recall: (recall - lowest) / (1 - lowest), tuple((each, f"{each:.0%}") for each in recalls)
        ),
    )


def _panel(curve: Curve, left: int) -> Iterator[str]:
    panel = _axes(curve, left)
    yield text(left, TOP - 14, f"{curve.title}: found of names with a slip")
    yield from (
        text(panel.right, TOP - 14, f"at {point.threshold}: {_told(point)}", "told", "end")
        for point in curve.points
        if point.threshold == THRESHOLD
    )
    yield from _asked(curve, panel)
    yield from panel.grid()
    yield text(panel.left, panel.bottom + 36, "alerts per 1,000 names that are on no list", "faint")
    yield panel.line((point.alerts, point.recall) for point in curve.points)
    for point in curve.points:
        yield from _mark(point, panel)


def _asked(curve: Curve, panel: Panel) -> Iterator[str]:
    width, height = panel.x(curve.asked_alerts) - panel.left, panel.y(curve.asked_recall) - TOP
    told = f"asked: {curve.asked_recall:.0%} found, at most {curve.asked_alerts:g} alerts"
    yield (
        f'<rect class="asked" x="{panel.left}" y="{TOP}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(told)}</title></rect>"
    )


def _mark(point: Point, panel: Panel) -> Iterator[str]:
    at_work = point.threshold == THRESHOLD
    if at_work or point.threshold % LABELLED == 0:
        kind, radius = ("now", 5.5) if at_work else ("dot", 4)
        at = (point.alerts, point.recall)
        yield from panel.mark(at, radius, kind, f"{point.threshold}: {escape(_told(point))}")
        yield text(
            panel.x(at[0]) + 8, panel.y(at[1]) + 14, str(point.threshold), "told" if at_work else "faint"
        )


def _told(point: Point) -> str:
    return f"{point.recall:.1%} found, {point.alerts:.1f} alerts"
