"""The holders of an application's days, as a table and as a picture."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Acn, AsOf, Csv, Json, OnRecordAt, stream_named
from greenlight.cli.base.output import counted, local, print_csv, print_json, print_table, say
from greenlight.cli.base.picture import write_picture
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import run
from greenlight.kernel.time.calendar import plain_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import Days, Spell
from greenlight.law.application.clock.days import days as account

if TYPE_CHECKING:
    from greenlight.law.application.state import ApplicationState

_COLUMNS = ("whose", "days", "since", "until", "citation")


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(days)


def days(
    acn: Acn,
    as_of: AsOf = None,
    known_at: OnRecordAt = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a picture to this file as well.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Tell whose the days of an application were: the applicant's, an officer's, an agency's, those on hold.

    Each day is given to whoever had the case as it ended in Washington, so that all come to its age.

    Example: starter.py days A123456 --svg days.svg
    """
    stream = stream_named(APPLICATION, acn)
    state, _ = run(lambda session: replayed(session, APPLICATION, stream, as_of, known_at))
    found = account(state, as_of or datetime.now(UTC))
    if svg is not None:
        from greenlight.cli.cases.days_svg import svg as picture

        write_picture(svg, picture(found))
    if json:
        print_json(found)
    elif csv:
        print_csv(_COLUMNS, map(_row, found.spells))
    else:
        end = "closed" if found.closed else "open"
        title = f"{acn}, {end}: {counted(found.age, 'day')} since {plain_date(found.registered_on)}"
        print_table(title, _COLUMNS, map(_row, found.spells), drop=("citation",))
        say(f"Together: {in_a_line(found)}")


def days_fact(state: "ApplicationState", now: datetime) -> str:
    """The days of a case in a line, the age first."""
    found = account(state, now)
    return f"{counted(found.age, 'day')}: {in_a_line(found)}"


def in_a_line(found: Days) -> str:
    """The shares, the greatest first."""
    return ", ".join(f"{each.label} {each.days}" for each in found.shares) or "none has ended yet"


def _row(spell: Spell) -> tuple[str, ...]:
    until = "–" if spell.until is None else local(spell.until)
    return (spell.label, str(spell.days), local(spell.since), until, spell.citation or "–")
