"""Faults of a decision table, found before it decides anything.

Rows that cannot fire, rows that overlap and facts that no row accepts are found in the table's space.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from greenlight.kernel.model import Model
from greenlight.kernel.tables.domain import Fact, Input, Kind
from greenlight.kernel.tables.space import Space, outside
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table

MAX_GAPS = 5
"""So many gaps are told; a table that lacks a row may have very many."""


class ProblemKind(StrEnum):
    """``type``: something does not fit its declaration; without it being right, the rest is not looked at.

    ``unreachable``: a row fires for no facts that an earlier one does not decide. ``overlap``: two rows fire
    under UNIQUE. ``gap``: no row fires. ``unnamed_unknown``: an input may be unknown and no row says so.
    """

    TYPE = "type"
    UNREACHABLE = "unreachable"
    OVERLAP = "overlap"
    GAP = "gap"
    UNNAMED_UNKNOWN = "unnamed_unknown"


class Problem(Model):
    """``witness``: facts that show the problem; of an unreachable row, facts that it accepts, if any."""

    kind: ProblemKind
    rows: tuple[str, ...]
    message: str
    witness: dict[str, Fact] | None = None


def check(table: Table) -> tuple[Problem, ...]:
    """Everything that is wrong with ``table``; nothing, if every combination of facts has one outcome."""
    if problems := tuple(_declared(table)):
        return problems
    space = Space(table.inputs, table.rows)
    overlaps = _overlaps(table, space) if table.hit_policy is HitPolicy.UNIQUE else iter(())
    return (*_unnamed(table), *_unreachable(table, space), *overlaps, *_gaps(space))


def _unreachable(table: Table, space: Space) -> Iterator[Problem]:
    first = table.hit_policy is HitPolicy.FIRST
    for at, (row, box) in enumerate(zip(table.rows, space.boxes, strict=True)):
        witness = space.witness(box)
        if witness is None:
            message = f"row {row.id} accepts no facts at all"
        elif first and next(outside(box, space.boxes[:at]), None) is None:
            message = f"row {row.id} never decides: earlier rows accept all that it accepts"
        else:
            continue
        yield Problem(kind=ProblemKind.UNREACHABLE, rows=(row.id,), message=message, witness=witness)


def _overlaps(table: Table, space: Space) -> Iterator[Problem]:
    rows = list(zip(table.rows, space.boxes, strict=True))
    for at, (later, box) in enumerate(rows):
        for earlier, other in rows[:at]:
            both = space.witness(tuple(mine & its for mine, its in zip(box, other, strict=True)))
            if both is not None:
                yield Problem(
                    kind=ProblemKind.OVERLAP,
                    rows=(earlier.id, later.id),
                    message=f"rows {earlier.id} and {later.id} both fire",
                    witness=both,
                )


def _gaps(space: Space) -> Iterator[Problem]:
    open_boxes = outside(space.whole, [box for box in space.boxes if all(box)])
    for _, box in zip(range(MAX_GAPS), open_boxes, strict=False):
        yield Problem(kind=ProblemKind.GAP, rows=(), message="no row fires", witness=space.witness(box))


def _unnamed(table: Table) -> Iterator[Problem]:
    for given in table.inputs:
        cells = [row.when[given.name] for row in table.rows if given.name in row.when]
        if given.may_be_unknown and cells and not any(cell.test == "unknown" for cell in cells):
            yield Problem(
                kind=ProblemKind.UNNAMED_UNKNOWN,
                rows=(),
                message=f"{given.name} may be unknown, and no row says what follows from that",
            )


def _declared(table: Table) -> Iterator[Problem]:
    """Everything that does not fit its declaration."""
    for message in _misdeclared(table):
        yield Problem(kind=ProblemKind.TYPE, rows=(), message=message)
    inputs = {given.name: given for given in table.inputs}
    for row in table.rows:
        for message in (*_mistyped(row, inputs), *row.then.objections(table.outcomes)):
            yield Problem(kind=ProblemKind.TYPE, rows=(row.id,), message=f"row {row.id}: {message}")


def _misdeclared(table: Table) -> Iterator[str]:
    try:
        date.fromisoformat(table.effective)
    except ValueError:
        yield "effective is not a date"
    for title, names in (
        ("row", [row.id for row in table.rows]),
        ("input", [given.name for given in table.inputs]),
        ("outcome", [outcome.name for outcome in table.outcomes]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"there are several {title}s {name}"
    for given in table.inputs:
        if given.type is Kind.DATE:
            yield f"{given.name}: a date is not an input; a number of days is"
        elif given.type is Kind.INTEGER and given.minimum > given.maximum:
            yield f"{given.name}: its least value is above its greatest"
        elif given.type is Kind.STRING and (not given.values or len(set(given.values)) < len(given.values)):
            yield f"{given.name}: an enumeration has members, each once"


def _mistyped(row: Row, inputs: dict[str, Input]) -> Iterator[str]:
    for name, cell in row.when.items():
        given = inputs.get(name)
        if given is None:
            yield f"{name} is not an input of the table"
        elif (message := _misfit(cell, given)) is not None:
            yield f"{name}: {message}"


def _misfit(cell: Cell, given: Input) -> str | None:
    """Say why ``cell`` is no test on ``given``, if so."""
    values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    match cell.test:
        case "unknown" | "known":
            if not given.may_be_unknown:
                return "it is never unknown"
            return None if cell.value is None else f"{cell.test} takes no value"
        case "is":
            fits = not isinstance(cell.value, tuple)
        case "one_of":
            fits = isinstance(cell.value, tuple) and len(values) > 0
        case "at_least" | "below":
            fits = given.type is Kind.INTEGER and not isinstance(cell.value, tuple)
        case "between":
            fits = given.type is Kind.INTEGER and isinstance(cell.value, tuple) and len(values) == 2
    if not fits:
        return f"the test {cell.test} does not go with its value or with {given.type}"
    # The first integer past the greatest one is a bound, though not a value.
    if not all(value is not None and given.admits(value) for value in values):
        return f"{cell} is not {given}"
    return None
