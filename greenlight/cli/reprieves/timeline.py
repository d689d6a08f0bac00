"""A picture of a reprieve: in the terminal, and as SVG."""

from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, stream_named
from greenlight.cli.base.output import fail
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import USAGE, run
from greenlight.cli.law.timeline import Svg, show
from greenlight.cli.reprieves.reference import Reference, history
from greenlight.law.reprieve.aggregate import REPRIEVE

if TYPE_CHECKING:
    from greenlight.law.terms.picture import Timeline


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
    svg: Svg = None,
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
    show(shown, svg, json)


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
