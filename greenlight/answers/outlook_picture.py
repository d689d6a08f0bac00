"""An outlook as a picture: when something changes, from top to bottom, and for how many cases, as bars."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final, NamedTuple

from greenlight.kernel.counted import counted
from greenlight.kernel.svg import document, drawn, text
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.outlook.answers import Change
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.forecast import Moment, Outlook, Tally

WIDTH, LEFT, RIGHT, TOP = 1_080, 150, 210, 96
LINE, BAR, GAP = 18, 20, 16
LETTERS = 135
"""Of a line of text: what is longer goes on below."""

_COLOURS: Final = {
    Change.FLIPS: "#c0392b",
    Change.MOVES: "#5b3a8e",
    Change.GROUNDS: "#e0a100",
    Change.UNSEEN: "#8a939b",
}
MEANS: Final = {
    Change.FLIPS: "another answer",
    Change.MOVES: "moved by a directive",
    Change.GROUNDS: "the same on other grounds",
    Change.UNSEEN: "not seen by the service",
}
"""Changes in words."""
_BEFALLS: Final = {
    Change.FLIPS: ("gets another answer", "get another answer"),
    Change.MOVES: ("is moved by a directive", "are moved by a directive"),
    Change.GROUNDS: ("stays the same on other grounds", "stay the same on other grounds"),
    Change.UNSEEN: ("is not seen by the service", "are not seen by the service"),
}
MOST = 6
"""Things that come at one instant and are told one by one; further ones are counted."""


def befalls(number: int, change: Change) -> str:
    """So many cases, and what becomes of them: ``2 get another answer``."""
    one, many = _BEFALLS[change]
    return f"{number} {one if number == 1 else many}"


class Picture(NamedTuple):
    """A drawing in parts, for a page that has it in the midst of others, or for a file of its own."""

    width: int
    height: int
    title: str
    parts: tuple[str, ...]

    @property
    def svg(self) -> str:
        """The file."""
        return document(self.width, self.height, self.title, "", self.parts)


def picture(found: Outlook) -> Picture:
    """The picture. All bars have one scale, so that instants can be compared."""
    title = (
        f"What changes from {plain_date(agency_date(found.asked_at))} to"
        f" {plain_date(agency_date(found.until))}, and for how many cases"
    )
    of = f"of {counted(found.applications, 'open application')} and {counted(found.licenses, 'license')}"
    most = max((max(m.applications.cases, m.licenses.cases) for m in found.moments), default=0) or 1
    parts = [text(24, 24, title, "title"), text(24, 44, of, "faint"), *_legend()]
    y = TOP
    for each in found.open:
        lines = _said(each)
        parts += [text(24, y, f"since {plain_date(agency_date(each.at))}"), *_lines(lines, y)]
        parts.append(text(24, y + LINE, "open", "faint"))
        y += LINE * len(lines) + GAP
    for moment in found.moments:
        parts += _moment(moment, most, y)
        y += LINE * len(_all(moment)) + 2 * BAR + GAP
    if not found.moments:
        parts.append(text(24, y, "Nothing is known to change until then."))
        y += LINE
    return Picture(WIDTH, y + 8, title, tuple(parts))


def _legend() -> Iterator[str]:
    for place, (change, colour) in enumerate(_COLOURS.items()):
        x = 24 + 220 * place
        yield f'<rect x="{x}" y="56" width="14" height="12" fill="{colour}"/>'
        yield text(x + 20, 66, MEANS[change], "faint")


class _Line(NamedTuple):
    said: str
    style: str = ""


def _said(each: Coming) -> list[_Line]:
    """A thing that comes, and what it rests on, in lines that have room."""
    settled = f"; settled by {each.settled_by}" if each.settled_by else ""
    rests_on = f"{each.citation} ({each.certainty.replace('_', ' ')}){settled}"
    return [*map(_Line, wrap(each.text, LETTERS)), *(_Line(of, "faint") for of in wrap(rests_on, LETTERS))]


def _all(moment: Moment) -> list[_Line]:
    told = [line for each in moment.coming[:MOST] for line in _said(each)]
    more = len(moment.coming) - MOST
    return [*told, _Line(f"and {more} more", "faint")] if more > 0 else told


def _lines(lines: Iterable[_Line], y: int) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield text(LEFT, y + LINE * place, line.said, line.style)


def _moment(moment: Moment, most: int, y: int) -> Iterator[str]:
    yield f'<line x1="24" y1="{y - 14}" x2="{WIDTH - 24}" y2="{y - 14}" class="grid"/>'
    yield text(24, y, plain_date(agency_date(moment.at)))
    told = _all(moment)
    yield from _lines(told, y)
    bars = y + LINE * (len(told) - 1) + 6
    yield from _bar("application", moment.applications, most, bars)
    yield from _bar("license", moment.licenses, most, bars + BAR)


def _bar(kind: str, tally: Tally, most: int, y: int) -> Iterator[str]:
    yield text(LEFT - 8, y + 13, f"{kind}s", "faint", "end")
    x = float(LEFT)
    for change, colour in _COLOURS.items():
        number: int = getattr(tally, change.value)
        if not number:
            continue
        width = round((WIDTH - LEFT - RIGHT) * number / most, 1)
        yield (
            f'<rect x="{round(x, 1)}" y="{y + 2}" width="{width}" height="{BAR - 6}" fill="{colour}">'
            f"<title>{drawn(f'{counted(number, kind)}: {MEANS[change]}')}</title></rect>"
        )
        x += width
    told = f"{tally.cases}, of which {befalls(tally.flips, Change.FLIPS)}" if tally.cases else "0"
    yield text(x + 6, y + 13, told, "" if tally.cases else "faint")
