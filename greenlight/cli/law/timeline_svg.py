"""A timeline as SVG."""

from collections.abc import Iterator
from datetime import date, datetime

from greenlight.cli.base.looks import LOOKS, OPEN
from greenlight.kernel.svg import document, drawn, text
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date, start_of_day
from greenlight.law.terms.picture import Mark, Timeline
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import Interval

WIDTH, LEFT, RIGHT, TOP = 1_080, 90, 30, 84
ROW, LEAST, HEIGHT = 34, 6, 680
"""The height of a row, at most and at least; and of all together, unless that makes the rows too low."""

LINE, LETTER = 15, 7
"""The height that a label takes, and the width of each letter of it."""

MARK, FEW = 18, 12
"""The height of a mark's own line; and the number of marks up to which each has one."""

STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
TICKS = 17
STYLE = (
    "text{paint-order:stroke;stroke:#fff;stroke-width:3}.term{fill:#2f6f9f}"
    ".in{fill:#fff;stroke:none}.gap{fill:#c0392b;fill-opacity:.25}.overlap{fill:#e0a100;fill-opacity:.28}"
    ".published{stroke:#0b2239;stroke-width:2}.mark{fill:#5b3a8e}"
)


def svg(shown: Timeline) -> str:
    """The picture, its instants laid out from left to right in one scale."""
    scale = _Scale(shown)
    row = max(LEAST, min(ROW, HEIGHT // (len(shown.terms) or 1)))
    first = TOP + (ROW if shown.stands else 0)
    bottom = first + row * len(shown.terms)
    marks = len(shown.marks) if len(shown.marks) <= FEW else 1
    height = bottom + 44 + MARK * marks
    parts = [
        text(LEFT, 24, shown.title, "title"),
        *((f"<defs>{OPEN}</defs>",) if shown.stands else ()),
        *_legend(shown),
        *_months(scale, bottom),
        *(_band(scale, each, "overlap", shown.words.overlap, bottom) for each in _wide(shown, scale)),
        *(_band(scale, shown.within(each), "gap", shown.words.gap, bottom) for each in shown.gaps),
        *(_lines(shown, scale, bottom + 40) if len(shown.marks) <= FEW else ()),
        *_stands(shown, scale),
        *(
            part
            for place, bar in enumerate(shown.terms)
            for part in _term(shown, scale, bar, first + row * place, row, named=place % -(-LINE // row) == 0)
        ),
        *(_marks if len(shown.marks) <= FEW else _many_marks)(shown, scale, bottom + 40),
    ]
    return document(WIDTH, height, shown.title, STYLE, parts)


class _Scale:
    def __init__(self, shown: Timeline) -> None:
        self.begin, self.end = shown.span
        self._seconds = (self.end - self.begin).total_seconds() or 1

    def x(self, at: datetime) -> float:
        inside = WIDTH - LEFT - RIGHT
        return round(LEFT + inside * (at - self.begin).total_seconds() / self._seconds, 1)


def _legend(shown: Timeline) -> Iterator[str]:
    words, x = shown.words, LEFT
    told = [] if shown.stands else [('class="term"', words.term)]
    told += [(f'fill="{fill}"', label) for label, fill in LOOKS.values() if shown.stands]
    told += [('class="overlap"', words.overlap), *([] if shown.stands else [('class="gap"', words.gap)])]
    for look, label in told:
        yield f'<rect x="{x}" y="36" width="14" height="12" {look}/>'
        yield text(x + 20, 46, label, "faint")
        x += LETTER * len(label) + 48
    yield f'<line x1="{x + 7}" y1="35" x2="{x + 7}" y2="49" class="published"/>'
    yield text(x + 20, 46, "published", "faint")


def _stands(shown: Timeline, scale: _Scale) -> Iterator[str]:
    """How it stands, phase after phase, in a row above the terms."""
    if shown.stands:
        yield text(LEFT - 10, TOP + 16, "stands", "", "end")
    for each in shown.stands:
        begins, ends = map(scale.x, shown.within(each.span))
        days = f"from {plain_date(agency_date(each.begin))}"
        yield (
            f'<rect x="{begins}" y="{TOP + 3}" width="{max(round(ends - begins, 1), 1.0)}" height="18"'
            f' fill="{LOOKS[each.how][1]}" stroke="#66737f" stroke-width="0.5" class="{each.how}">'
            f"<title>{drawn(f'{days}: {each.said}')}</title></rect>"
        )


def _months(scale: _Scale, bottom: int) -> Iterator[str]:
    """A line for the start of each month, or of as many as have room for their names."""
    first, last = agency_date(scale.begin), agency_date(scale.end)
    begin, end = 12 * first.year + first.month - 1, 12 * last.year + last.month - 1
    step = next((step for step in STEPS if (end - begin) // step < TICKS), STEPS[-1])
    for month in range(begin - begin % step, end + 1, step):
        day = date(month // 12, month % 12 + 1, 1)
        at = start_of_day(day)
        if at < scale.begin:
            continue
        x = scale.x(at)
        yield f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{bottom}" class="grid"/>'
        label = str(day.year) if step >= 12 else plain_date(day).removeprefix("1 ")
        yield text(x, TOP - 14, label, "faint", "middle")


def _wide(shown: Timeline, scale: _Scale) -> Iterator[Interval]:
    """The overlaps that can be seen. A gap, which somebody may look for, is always made wide enough."""
    return ((begin, end) for begin, end in shown.overlaps if scale.x(end) - scale.x(begin) >= 1)


def _band(scale: _Scale, of: Interval, kind: str, label: str, bottom: int) -> str:
    begin, end = of
    x, told = scale.x(begin), f"{label}: {plain_date(agency_date(begin))} – {plain_date(last_day(end))}"
    width = max(round(scale.x(end) - x, 1), 1.0)
    return (
        f'<rect x="{x}" y="{TOP - 8}" width="{width}" height="{bottom - TOP + 8}" class="{kind}">'
        f"<title>{drawn(told)}</title></rect>"
    )


def _term(shown: Timeline, scale: _Scale, bar: Run, y: int, row: int, *, named: bool) -> Iterator[str]:
    """``named``: there is room for its number. Its citation has room where the row is as high as a line."""
    begins, ends = shown.within(bar.span)
    x, end = scale.x(begins), scale.x(ends)
    through = plain_date(bar.through) if bar.through else ""
    days = f"{plain_date(agency_date(bar.begin))} – {through}".rstrip()
    told = f"{days}{f', {bar.citation}' if bar.citation else ''}. {bar.said}"
    high = max(row * 20 // ROW, 3)
    margin = (row - high) // 3
    base = y + margin + high // 2 + 4
    if named:
        yield text(LEFT - 10, base, f"{shown.words.term} {bar.number}", "", "end")
    width = max(round(end - x, 1), 1.0)
    look = f' style="fill:{LOOKS[bar.how][1]}"' if bar.how else ""
    yield f'<rect x="{x}" y="{y + margin}" width="{width}" height="{high}" rx="2" class="term"{look}>'
    yield f"<title>{drawn(told)}</title></rect>"
    if bar.published is not None:
        at = min(max(scale.x(bar.published), LEFT), WIDTH - RIGHT)
        yield f'<line x1="{at}" y1="{y}" x2="{at}" y2="{y + margin + high + 2}" class="published"/>'
    if row < LINE:
        return
    label = bar.citation or plain_date(agency_date(bar.begin))
    if end - x > LETTER * len(label) + 24:
        yield text(x + 16, base, label, "in" if bar.how in {None, "in_force"} else "")
    elif end + LETTER * len(label) < WIDTH:
        yield text(end + 6, base, label)
    else:
        yield text(x - 6, base, label, "", "end")


def _lines(shown: Timeline, scale: _Scale, y: int) -> Iterator[str]:
    """From each mark up to its time; drawn first, so that they lie behind the terms."""
    for place, mark in enumerate(shown.marks):
        x = scale.x(mark.at)
        yield f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{y + MARK * place - 9}" class="grid"/>'


def _marks(shown: Timeline, scale: _Scale, y: int) -> Iterator[str]:
    """Each on a line of its own, so that no two labels meet, with its label where there is room."""
    for place, mark in enumerate(shown.marks):
        x, line = scale.x(mark.at), y + MARK * place
        label = _told(mark)
        yield f'<path d="M{x} {line - 10}l5 5l-5 5l-5 -5z" class="mark"/>'
        right = x + LETTER * len(label) + 10 < WIDTH
        yield text(x + 10 if right else x - 10, line - 1, label, "", "start" if right else "end")


def _many_marks(shown: Timeline, scale: _Scale, y: int) -> Iterator[str]:
    """All on one line, each telling its label to whoever points at it."""
    yield text(LEFT - 10, y - 1, shown.words.marks, "faint", "end")
    for mark in shown.marks:
        yield f'<path d="M{scale.x(mark.at)} {y - 10}l3 5l-3 5l-3 -5z" class="mark">'
        yield f"<title>{drawn(_told(mark))}</title></path>"


def _told(mark: Mark) -> str:
    return f"{plain_date(agency_date(mark.at))}, {mark.told}"
