"""A picture of terms over time: in the terminal, as a document, and as SVG."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.output import bad, print_json, print_table, say
from greenlight.cli.base.picture import write_picture
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.law.terms.spans import NEVER

if TYPE_CHECKING:
    from greenlight.kernel.model import JsonObject
    from greenlight.law.terms.picture import Timeline

WIDTH = 60

Svg = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the picture to this file as well.")]


def show(shown: "Timeline", svg: Path | None, json: bool, more: "JsonObject | None" = None) -> None:
    """Draw it where it is wanted. ``more``: what else the document has."""
    if svg is not None:
        from greenlight.cli.law.timeline_svg import svg as picture

        write_picture(svg, picture(shown))
    if json:
        print_json(document(shown) | (more or {}))
    else:
        print_timeline(shown)


def print_timeline(shown: "Timeline") -> None:
    print_table(
        shown.title,
        (shown.words.term, "from", "through", "█ runs  ▒ beside another  │ published", "citation"),
        (
            (
                str(bar.number),
                plain_date(agency_date(bar.begin)),
                plain_date(bar.through) if bar.through else "–",
                _line(shown, bar.begin, bar.end, bar.published),
                bar.citation or "–",
            )
            for bar in shown.terms
        ),
    )
    for begin, end in shown.gaps:
        say(bad(_begun(shown.words.gap)), f": {_days(begin, end)}")
    for begin, end in shown.overlaps:
        say(f"{_begun(shown.words.overlap)}: {_days(begin, end)}")
    for mark in shown.marks:
        say(f"{plain_date(agency_date(mark.at))}: {mark.told}")


def _begun(words: str) -> str:
    return words[0].upper() + words[1:]


def _days(begin: datetime, end: datetime) -> str:
    if end == NEVER:
        return f"from {plain_date(agency_date(begin))} on"
    first, last = plain_date(agency_date(begin)), plain_date(last_day(end))
    return first if first == last else f"{first} – {last}"


def _line(shown: "Timeline", begin: datetime, end: datetime, published: datetime | None) -> str:
    """A cell stands for its part of the time; what touches it is drawn."""
    first, last = shown.span
    part = (last - first) / WIDTH
    cells: list[str] = []
    for number in range(WIDTH):
        at, until = first + part * number, first + part * (number + 1)
        if published is not None and at <= published < until:
            cells.append("│")
        elif not (begin < until and at < end):
            cells.append("·")
        else:
            beside = any(starts < until and at < ends for starts, ends in shown.overlaps)
            cells.append("▒" if beside else "█")
    return "".join(cells)


def document(shown: "Timeline") -> "JsonObject":
    return {
        "title": shown.title,
        "terms": [
            {
                "number": bar.number,
                "effective": bar.begin.isoformat(),
                "valid_through": bar.through.isoformat() if bar.through else None,
                "published": bar.published.isoformat() if bar.published else None,
                "citation": bar.citation,
            }
            for bar in shown.terms
        ],
        "gaps": [[begin.isoformat(), _until(end)] for begin, end in shown.gaps],
        "overlaps": [[begin.isoformat(), _until(end)] for begin, end in shown.overlaps],
        "marks": [{"at": mark.at.isoformat(), "label": mark.label} for mark in shown.marks],
    }


def _until(end: datetime) -> str | None:
    return None if end == NEVER else end.isoformat()
