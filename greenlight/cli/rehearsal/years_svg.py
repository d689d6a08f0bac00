"""The rules of some years as a part of a picture: a row for each, with its days as bars."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from greenlight.cli.base.looks import LOOKS, OPEN, hatched
from greenlight.cli.rehearsal.years import ONE_DAY, How, Span
from greenlight.kernel.svg import drawn, text
from greenlight.kernel.time.calendar import plain_date

ROW, BAR, HEAD, FOOT = 48, 18, 58, 26
LETTERS = 56
"""Of a source, as far as there is room beside the row."""
_LOOKS = {
    **LOOKS,
    How.TOLD: ("told of these days", "#5b3a8e"),
    How.TOLD_ROUGHLY: ("told of these months", "url(#roughly)"),
}


def height(spans: Sequence[Span]) -> int:
    """The pixels that the part takes."""
    return HEAD + ROW * len({each.what for each in spans}) + FOOT


def band(
    title: str, spans: Sequence[Span], years: tuple[date, date], top: int, left: int, right: int
) -> Iterator[str]:
    """Draw the part below ``top``, its days laid out between ``left`` and ``right``."""
    first, last = years
    rows = [(what, list(of)) for what, of in groupby(spans, key=lambda each: each.what)]
    bottom = top + HEAD + ROW * len(rows)

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / ((last - first).days + 1)

    yield "<defs>" + OPEN + hatched("roughly", "#5b3a8e") + "</defs>"
    yield text(left, top + 16, title, "title")
    yield from _legend(left, top + 36)
    day = first
    while day <= last:
        yield f'<line class="grid" x1="{x(day):.1f}" x2="{x(day):.1f}" y1="{top + HEAD - 8}" y2="{bottom}"/>'
        if day.month % 2:
            yield text(x(day) - 2, bottom + 14, f"{day:%Y-%m}", "faint")
        day = (day.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    for place, (what, of) in enumerate(rows):
        y = top + HEAD + ROW * place
        for each in of:
            yield _bar(each, x(each.begins), x(each.through + ONE_DAY), y)
        yield text(right + 10, y + 8, what)
        yield text(right + 10, y + 22, _briefly(of[-1], years), "faint")
        yield text(right + 10, y + 36, _short(of[-1].citation), "faint")


def _legend(left: int, y: int) -> Iterator[str]:
    for place, (said, fill) in enumerate(_LOOKS.values()):
        x = left + 150 * place
        yield f'<rect x="{x}" y="{y - 10}" width="14" height="11" fill="{fill}" stroke="#66737f"/>'
        yield text(x + 19, y, said, "faint")


def _bar(span: Span, starts: float, ends: float, y: int) -> str:
    days = f"{plain_date(span.begins)} to {plain_date(span.through)}"
    settled = f"; settled by {span.settled_by}" if span.settled_by else ""
    said = f"{span.what}, {days}: {span.text} [{span.citation}]{settled}"
    fill = _LOOKS[span.how][1]
    return (
        f'<rect x="{starts:.1f}" y="{y}" width="{max(ends - starts, 3):.1f}" height="{BAR}"'
        f' fill="{fill}" stroke="#66737f" stroke-width="0.5"><title>{drawn(said)}</title></rect>'
    )


def _briefly(last: Span, years: tuple[date, date]) -> str:
    if last.how is How.TOLD_ROUGHLY:
        return f"{last.begins:%Y-%m} to {last.through:%Y-%m}"
    if last.begins == last.through:
        return last.begins.isoformat()
    through = f" through {last.through}" if last.through < years[1] else ""
    return f"{_LOOKS[last.how][0]}, from {last.begins}{through}"


def _short(said: str) -> str:
    """As much as there is room for, the last word on it with how certain it is."""
    if len(said) <= LETTERS:
        return said
    source, bracket, certain = said.rpartition(" (")
    return f"{source[: LETTERS - len(certain) - 4].rstrip()} …{bracket}{certain}"
