"""Decisions on what follows a term: by a table, from facts with sources, with the trace of every row."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from greenlight.kernel.model import Identifier, Model, Name, PositiveInteger
from greenlight.kernel.tables.domain import Fact, Input, OutputEntry
from greenlight.kernel.tables.table import Evaluation, Table

LAPSE = "lapse"
REFER = "refer"

REFERRED = OutputEntry(outcome=REFER)
"""The output where no row fires."""


class KnownFact(Model):
    """A fact with its source. A value of None says that the source was asked and did not know.

    ``position``: that of the log up to which it was read, where the log is the source.
    """

    name: Identifier
    value: Fact
    source: Name
    position: PositiveInteger | None = None


def evaluate(table: Table, facts: Iterable[KnownFact]) -> Evaluation:
    """Find what ``table`` says of ``facts``; where it says nothing, somebody is to decide."""
    return table.evaluate({fact.name: fact.value for fact in facts}, REFERRED)


def bounded(given: Input, count: int) -> int:
    """Keep a count within a table's bounds, which it may outgrow: their last value stands for all beyond."""
    return max(given.minimum, min(given.maximum, count))


class OfRow(NamedTuple):
    """A row of the table: whether it fires, and what stopped it; empty: it does not, or nothing did."""

    row: str
    fires: str
    stopped_by: str


def trace(found: Evaluation) -> Iterator[OfRow]:
    """Every row of the table as it was gone through."""
    for of_row in found.trace:
        fires = "" if not of_row.fired else "and decides" if of_row.row == found.row else "after another"
        yield OfRow(of_row.row, fires, of_row.stopped_by or "")


def why(table: Table | None, found: Evaluation) -> str | None:
    """The reason for the row that decided, and where that is from; None: no row decided."""
    if table is None or found.row is None:
        return None
    row = next(each for each in table.rows if each.id == found.row)
    return f"{row.annotation} ({row.citation})"


def said(value: Fact) -> str:
    """A fact as it is read, and may be typed."""
    if value is None:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else str(value)
