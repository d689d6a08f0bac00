"""An outlook as SVG: when something changes, from top to bottom, and for how many cases, as bars."""

from collections.abc import Iterator
from typing import Final

from greenlight.cli.base.output import counted, drawn, words
from greenlight.cli.base.svg import document, text
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.outlook.answers import Change
from greenlight.law.outlook.forecast import Moment, Outlook, Tally

WIDTH, LEFT, RIGHT, TOP = 1_080, 150, 90, 96
LINE, BAR, GAP = 18, 20, 16
LETTERS = 150
"""Of a line of text, as far as there is room."""

_COLOURS: Final = {
    Change.FLIPS: "#c0392b",
    Change.MOVES: "#5b3a8e",
    Change.GROUNDS: "#e0a100",
    Change.UNSEEN: "#8a939b",
}
_MEANS: Final = {
    Change.FLIPS: "another answer",
    Change.MOVES: "moved by a directive",
    Change.GROUNDS: "the same on other grounds",
    Change.UNSEEN: "not seen by the service",
}


def svg(found: Outlook) -> str:
    """The picture. All bars have one scale, so that instants can be compared."""
    title = (
        f"What changes from {plain_date(agency_date(found.asked_at))} to"
        f" {plain_date(agency_date(found.until))}, and for how many cases"
    )
    of = f"of {counted(found.applications, 'open application')} and {counted(found.licenses, 'license')}"
    most = max((max(m.applications.cases, m.licenses.cases) for m in found.moments), default=0) or 1
    parts = [text(24, 24, title, "title"), text(24, 44, of, "faint"), *_legend()]
    y = TOP
    for moment in found.moments:
        parts += _moment(moment, most, y)
        y += 2 * LINE * len(moment.coming) + 2 * BAR + GAP
    if not found.moments:
        parts.append(text(24, y, "Nothing is known to change until then."))
        y += LINE
    return document(WIDTH, y + 8, title, "", parts)


def _legend() -> Iterator[str]:
    for place, (change, colour) in enumerate(_COLOURS.items()):
        x = 24 + 220 * place
        yield f'<rect x="{x}" y="56" width="14" height="12" fill="{colour}"/>'
        yield text(x + 20, 66, _MEANS[change], "faint")


def _moment(moment: Moment, most: int, y: int) -> Iterator[str]:
    yield f'<line x1="24" y1="{y - 14}" x2="{WIDTH - 24}" y2="{y - 14}" class="grid"/>'
    yield text(24, y, plain_date(agency_date(moment.at)))
    for place, each in enumerate(moment.coming):
        line = y + 2 * LINE * place
        yield text(LEFT, line, _short(each.text))
        settled = f"; settled by {each.settled_by}" if each.settled_by else ""
        yield text(LEFT, line + LINE, _short(f"{each.citation} ({words(each.certainty)}){settled}"), "faint")
    bars = y + LINE * (2 * len(moment.coming) - 1) + 6
    yield from _bar("applications", moment.applications, most, bars)
    yield from _bar("licenses", moment.licenses, most, bars + BAR)


def _bar(kind: str, tally: Tally, most: int, y: int) -> Iterator[str]:
    yield text(LEFT - 8, y + 13, kind, "faint", "end")
    x = float(LEFT)
    for change, colour in _COLOURS.items():
        number: int = getattr(tally, change.value)
        if not number:
            continue
        width = round((WIDTH - LEFT - RIGHT) * number / most, 1)
        yield (
            f'<rect x="{round(x, 1)}" y="{y + 2}" width="{width}" height="{BAR - 6}" fill="{colour}">'
            f"<title>{drawn(f'{number} {kind}: {_MEANS[change]}')}</title></rect>"
        )
        x += width
    yield text(x + 6, y + 13, str(tally.cases), "" if tally.cases else "faint")


def _short(said: str) -> str:
    return said if len(said) <= LETTERS else f"{said[: LETTERS - 1]}…"
