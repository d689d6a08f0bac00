"""Count what was received and what became of it, as the agency publishes it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from greenlight.cli.base.options import AsOf, Csv, Json
from greenlight.cli.base.output import faint, local, print_csv, print_json, print_table, say
from greenlight.cli.base.session import run

if TYPE_CHECKING:
    from greenlight.eventlog.statistics import Counts, HolderCounts


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(statistics)


def statistics(
    as_of: AsOf = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Count applications by item class and by month: received, pending, and what became of the others; and
    with whom the days of the decided ones were.

    RWA is returned without action. Days are calendar days from registration to the decision. A denial that
    was overturned counts for the time between. Values are of applications priced in US dollars. Agencies that
    had a case together are each counted.

    Example: starter.py statistics --as-of 2019-11-20
    """
    from greenlight.eventlog.statistics import statistics as counted

    at = as_of or datetime.now(UTC)
    found = run(lambda session: counted(session.database_url, at))
    if json:
        print_json(found)
        return
    classes = [(each.item_class, each) for each in found.classes]
    months = [(f"{each.month:%Y-%m}", each) for each in found.months]
    if csv:
        print_csv(("class or month", *_COLUMNS), [*_rows(classes), *_rows(months)])
        return
    print_table(f"By item class, as of {local(at)}", ("class", *_COLUMNS), _rows(classes), drop=_DROP)
    print_table("By month of receipt and of decision", ("month", *_COLUMNS), _rows(months), drop=_DROP)
    if found.holders:
        print_table("Whose the days of decided cases were", _HOLDERS, _held(found.holders))
    say(faint("Days: on the average (half, and nine tenths of them, came within so many)."))


_COUNTED = ("received", "approved", "denied", "returned", "withdrawn", "pending")
_COLUMNS = ("received", "approved", "denied", "RWA", "withdrawn", "pending", "days", "value approved")
_DROP = ("value approved", "withdrawn", "days")
_HOLDERS = ("whose", "cases", "days", "median", "90th percentile")


def _rows(counted: "Iterable[tuple[str, Counts]]") -> list[tuple[str, ...]]:
    return [
        (
            name,
            *(str(getattr(of, each)) for each in _COUNTED),
            _days(of),
            f"${of.value_approved / 100_000_000:,.1f} m" if of.approved else "–",
        )
        for name, of in counted
    ]


def _held(counted: "Iterable[HolderCounts]") -> list[tuple[str, ...]]:
    return [
        (each.label, str(each.cases), str(each.days), f"{each.median_days:g}", f"{each.days_90_percent:g}")
        for each in counted
    ]


def _days(of: "Counts") -> str:
    """On the average, and within how many half of the decisions and nine tenths of them came."""
    if of.average_days is None or of.median_days is None or of.days_90_percent is None:
        return "–"
    return f"{of.average_days:.0f} ({of.median_days:.0f}, {of.days_90_percent:.0f})"
