"""What is wrong with a decision table, found before it decides anything.

Cells can tell only finitely many classes of values apart: an integer input falls into the intervals between
the bounds that some cell names, an enumeration into its members, and not knowing is a class of its own. A
row is then a box: on each input, the set of classes that it accepts. Rows that cannot fire, rows that
overlap and facts that no row accepts are found by cutting boxes out of each other, which is exhaustive and
yet never lists the product of all inputs.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from licensing.model import Model
from licensing.tables.domain import Fact, Input, Kind
from licensing.tables.table import Cell, HitPolicy, Row, Table

MAX_GAPS = 5
"""So many gaps are told; a table that lacks a row may have very many."""

Box = tuple[int, ...]
"""For each input the classes that are accepted, as bits."""


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
    space = _Space(table)
    overlaps = _overlaps(space) if table.hit_policy is HitPolicy.UNIQUE else iter(())
    return (*_unnamed(table), *_unreachable(table, space), *overlaps, *_gaps(space))


class _Space:
    """The facts that a table distinguishes: one example for each class of each input."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.classes = [_classes(given, table.rows) for given in table.inputs]
        self.whole: Box = tuple((1 << len(examples)) - 1 for examples in self.classes)
        self.boxes = [self._box(row) for row in table.rows]

    def _box(self, row: Row) -> Box:
        return tuple(
            _accepted(row.when.get(given.name), examples)
            for given, examples in zip(self.table.inputs, self.classes, strict=True)
        )

    def witness(self, box: Box) -> dict[str, Fact] | None:
        """Some facts in ``box``, None if it is empty."""
        if not all(box):
            return None
        return {
            given.name: examples[(classes & -classes).bit_length() - 1]
            for given, examples, classes in zip(self.table.inputs, self.classes, box, strict=True)
        }


def _classes(given: Input, rows: Sequence[Row]) -> list[Fact]:
    """One value of each class of ``given``; its least one, where values have an order."""
    examples: list[Fact]
    match given.type:
        case Kind.BOOLEAN:
            examples = [False, True]
        case Kind.INTEGER:
            cells = (cell for row in rows if (cell := row.when.get(given.name)))
            cuts = {cut for cell in cells for cut in _cuts(cell) if given.minimum < cut <= given.maximum}
            examples = [given.minimum, *sorted(cuts)]
        case Kind.STRING | Kind.DATE:
            examples = list(given.values)
    return [*examples, None] if given.may_be_unknown else examples


def _cuts(cell: Cell) -> Iterator[int]:
    """Where the answer of ``cell`` may change: the first integers of intervals."""
    values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    numbers = [value for value in values if isinstance(value, int)]
    match cell.test:
        case "at_least" | "below":
            yield from numbers
        case "between":
            yield numbers[0]
            yield numbers[1] + 1
        case "is" | "one_of":
            for number in numbers:
                yield number
                yield number + 1
        case "unknown" | "known":
            pass


def _accepted(cell: Cell | None, examples: Sequence[Fact]) -> int:
    if cell is None:
        return (1 << len(examples)) - 1
    return sum(1 << at for at, example in enumerate(examples) if cell.accepts(example))


def _outside(box: Box, rows: Sequence[Box]) -> Iterator[Box]:
    """The parts of ``box`` that none of ``rows`` accepts, apart from each other."""
    meeting = [row for row in rows if all(mine & its for mine, its in zip(box, row, strict=True))]
    if not meeting:
        yield box
        return
    # The row that sticks out the least on this box leaves the fewest pieces to look at.
    row = min(meeting, key=lambda row: sum(1 for mine, its in zip(box, row, strict=True) if mine & ~its))
    others = [other for other in meeting if other is not row]
    rest = box
    for at, accepted in enumerate(row):
        if beyond := rest[at] & ~accepted:
            yield from _outside((*rest[:at], beyond, *rest[at + 1 :]), others)
            rest = (*rest[:at], rest[at] & accepted, *rest[at + 1 :])


def _unreachable(table: Table, space: _Space) -> Iterator[Problem]:
    first = table.hit_policy is HitPolicy.FIRST
    for at, (row, box) in enumerate(zip(table.rows, space.boxes, strict=True)):
        witness = space.witness(box)
        if witness is None:
            message = f"row {row.id} accepts no facts at all"
        elif first and next(_outside(box, space.boxes[:at]), None) is None:
            message = f"row {row.id} never decides: earlier rows accept all that it accepts"
        else:
            continue
        yield Problem(kind=ProblemKind.UNREACHABLE, rows=(row.id,), message=message, witness=witness)


def _overlaps(space: _Space) -> Iterator[Problem]:
    rows = list(zip(space.table.rows, space.boxes, strict=True))
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


def _gaps(space: _Space) -> Iterator[Problem]:
    open_boxes = _outside(space.whole, [box for box in space.boxes if all(box)])
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
    """Why ``cell`` is no test on ``given``."""
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
