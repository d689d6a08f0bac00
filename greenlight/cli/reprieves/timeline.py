"""A picture of a reprieve: in the terminal, and as SVG."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, stream_named
from greenlight.cli.base.output import bad, fail, print_json, print_table, say
from greenlight.cli.base.picture import write_picture
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import USAGE, run
from greenlight.cli.reprieves.reference import Reference, history
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.law.reprieve.aggregate import REPRIEVE

if TYPE_CHECKING:
    from pydantic import JsonValue

    from greenlight.law.reprieve.timeline import Timeline

WIDTH = 60


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(timeline)


def timeline(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="The reprieve's key; left out with --reference.")
    ] = None,
    reference: Reference = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|NAME",
            help="With --reference: what this policy would have made of it, with its decisions, instead of "
            "what happened.",
        ),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the picture to this file as well.")
    ] = None,
    json: Json = False,
) -> None:
    """Draw the terms of a reprieve over time: where none ran, where two did, what was decided when.

    Example: starter.py reprieve timeline rural --svg rural.svg
    """
    if (key is None) == (reference is None):
        raise fail(USAGE, "give a reprieve's key (`reprieve list` shows them), or --reference")
    if reference is not None:
        shown = _recorded(reference, policy)
    elif policy is not None:
        raise fail(USAGE, "--policy goes with --reference: only of those is it known what was known when")
    else:
        shown = _of_the_log(stream_named(REPRIEVE, key or ""))
    if svg is not None:
        from greenlight.cli.reprieves.timeline_svg import svg as picture

        write_picture(svg, picture(shown))
    if json:
        print_json(_document(shown))
    else:
        _print(shown)


def _recorded(reference: str, policy: str | None) -> "Timeline":
    from greenlight.cli.reprieves.policy import load
    from greenlight.law.reprieve import timeline as pictures
    from greenlight.law.reprieve.simulation.rehearsal import rehearse

    past = history(reference)
    title = past.file.title
    if policy is None:
        return pictures.timeline(title, past.events())
    chosen = load(policy)
    return pictures.timeline(f"{title}, under {chosen.table.id}", rehearse(chosen, past.life()))


def _of_the_log(stream: str) -> "Timeline":
    from greenlight.law.reprieve import timeline as pictures

    state, events = run(lambda session: replayed(session, REPRIEVE, stream))
    return pictures.timeline(f"{stream}: {state.title}", events)


def _print(shown: "Timeline") -> None:
    print_table(
        shown.title,
        ("term", "from", "through", "█ runs  ▒ beside another  │ published", "citation"),
        (
            (
                str(bar.number),
                plain_date(agency_date(bar.begin)),
                plain_date(last_day(bar.end)),
                _line(shown, bar.begin, bar.end, bar.published),
                bar.citation or "–",
            )
            for bar in shown.terms
        ),
    )
    for begin, end in shown.gaps:
        say(bad("No cover"), f": {_days(begin, end)}")
    for begin, end in shown.overlaps:
        say(f"Two terms: {_days(begin, end)}")
    for mark in shown.marks:
        say(f"{plain_date(agency_date(mark.at))}: {mark.label.replace('_', ' ')}")


def _days(begin: datetime, end: datetime) -> str:
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


def _document(shown: "Timeline") -> "JsonValue":
    return {
        "title": shown.title,
        "terms": [
            {
                "number": bar.number,
                "effective": bar.begin.isoformat(),
                "valid_through": last_day(bar.end).isoformat(),
                "published": bar.published.isoformat() if bar.published else None,
                "citation": bar.citation,
            }
            for bar in shown.terms
        ],
        "gaps": [[begin.isoformat(), end.isoformat()] for begin, end in shown.gaps],
        "overlaps": [[begin.isoformat(), end.isoformat()] for begin, end in shown.overlaps],
        "marks": [{"at": mark.at.isoformat(), "label": mark.label} for mark in shown.marks],
    }
