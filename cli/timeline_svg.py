"""A timeline as SVG: one document, with no script and nothing to load."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape

from licensing.reprieve.timeline import Bar, Timeline
from licensing.time.calendar import agency_date, end_of_day, last_day, plain_date

WIDTH, LEFT, RIGHT, TOP, ROW = 1_080, 90, 30, 84, 34
MARK = 18
STYLE = (
    "text{font:12px sans-serif;fill:#1f2933;paint-order:stroke;stroke:#fff;stroke-width:3}"
    ".title{font-size:15px;font-weight:bold}.faint{fill:#66737f}.grid{stroke:#d5dbe1}.term{fill:#2f6f9f}"
    ".in{fill:#fff;stroke:none}.gap{fill:#c0392b;fill-opacity:.25}.overlap{fill:#e0a100;fill-opacity:.28}"
    ".published{stroke:#0b2239;stroke-width:2}.mark{fill:#5b3a8e}"
)


def svg(shown: Timeline) -> str:
    """The picture, its instants laid out from left to right in one scale."""
    scale = _Scale(shown)
    bottom = TOP + ROW * len(shown.terms)
    height = bottom + 44 + MARK * len(shown.marks)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(shown.title)}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(LEFT, 24, shown.title, "title"),
        *_legend(),
        *_months(scale, bottom),
        *(_band(scale, begin, end, "overlap", "two terms", bottom) for begin, end in shown.overlaps),
        *(_band(scale, begin, end, "gap", "no cover", bottom) for begin, end in shown.gaps),
        *_lines(shown, scale, bottom + 40),
        *(part for place, bar in enumerate(shown.terms) for part in _term(scale, bar, TOP + ROW * place)),
        *_marks(shown, scale, bottom + 40),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    def __init__(self, shown: Timeline) -> None:
        self.begin, self.end = shown.span
        self._seconds = (self.end - self.begin).total_seconds() or 1

    def x(self, at: datetime) -> float:
        inside = WIDTH - LEFT - RIGHT
        return round(LEFT + inside * (at - self.begin).total_seconds() / self._seconds, 1)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def _legend() -> Iterator[str]:
    for place, (kind, label) in enumerate((("term", "term"), ("overlap", "two terms"), ("gap", "no cover"))):
        x = LEFT + 110 * place
        yield f'<rect x="{x}" y="36" width="14" height="12" class="{kind}"/>'
        yield _text(x + 20, 46, label, "faint")
    yield f'<line x1="{LEFT + 337}" y1="35" x2="{LEFT + 337}" y2="49" class="published"/>'
    yield _text(LEFT + 350, 46, "published", "faint")


def _months(scale: _Scale, bottom: int) -> Iterator[str]:
    """A line for the start of each month, or of as many as have room for their names."""
    first, last = agency_date(scale.begin), agency_date(scale.end)
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    starts = [(day, end_of_day(day - timedelta(days=1))) for day in months]
    within = [(day, at) for day, at in starts if scale.begin <= at <= scale.end]
    step = 1 + len(within) // 17
    for day, at in within[::step]:
        x = scale.x(at)
        yield f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{bottom}" class="grid"/>'
        yield _text(x, TOP - 14, plain_date(day).removeprefix("1 "), "faint", "middle")


def _band(scale: _Scale, begin: datetime, end: datetime, kind: str, label: str, bottom: int) -> str:
    x, told = scale.x(begin), f"{label}: {plain_date(agency_date(begin))} – {plain_date(last_day(end))}"
    width = max(round(scale.x(end) - x, 1), 1.0)
    return (
        f'<rect x="{x}" y="{TOP - 8}" width="{width}" height="{bottom - TOP + 8}" class="{kind}">'
        f"<title>{escape(told)}</title></rect>"
    )


def _term(scale: _Scale, bar: Bar, y: int) -> Iterator[str]:
    x, end = scale.x(bar.begin), scale.x(bar.end)
    days = f"{plain_date(agency_date(bar.begin))} – {plain_date(last_day(bar.end))}"
    told = f"{days}{f', {bar.citation}' if bar.citation else ''}. {bar.reason}"
    yield _text(LEFT - 10, y + 18, f"term {bar.number}", "", "end")
    yield f'<rect x="{x}" y="{y + 4}" width="{round(end - x, 1)}" height="20" rx="2" class="term">'
    yield f"<title>{escape(told)}</title></rect>"
    if bar.published is not None:
        at = min(max(scale.x(bar.published), LEFT), WIDTH - RIGHT)
        yield f'<line x1="{at}" y1="{y + 1}" x2="{at}" y2="{y + 27}" class="published"/>'
    label = bar.citation or plain_date(agency_date(bar.begin))
    if end - x > 7 * len(label) + 24:
        yield _text(x + 16, y + 18, label, "in")
    elif end + 7 * len(label) < WIDTH:
        yield _text(end + 6, y + 18, label)
    else:
        yield _text(x - 6, y + 18, label, "", "end")


def _lines(shown: Timeline, scale: _Scale, y: int) -> Iterator[str]:
    """From each mark up to its time; drawn first, so that they lie behind the terms."""
    for place, mark in enumerate(shown.marks):
        x = scale.x(mark.at)
        yield f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{y + MARK * place - 9}" class="grid"/>'


def _marks(shown: Timeline, scale: _Scale, y: int) -> Iterator[str]:
    """Each on a line of its own, so that no two labels meet, with its label where there is room."""
    for place, mark in enumerate(shown.marks):
        x, line = scale.x(mark.at), y + MARK * place
        label = f"{plain_date(agency_date(mark.at))}, {mark.label.replace('_', ' ')}"
        yield f'<path d="M{x} {line - 10}l5 5l-5 5l-5 -5z" class="mark"/>'
        right = x + 7 * len(label) + 10 < WIDTH
        yield _text(x + 10 if right else x - 10, line - 1, label, "", "start" if right else "end")
