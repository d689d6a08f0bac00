"""The facts that the rows of tables tell apart, and what is left of some when others are cut out of them.

Cells can tell only finitely many classes of values apart: an integer input falls into the intervals between
the bounds that some cell names, an enumeration into its members, and not knowing is a class of its own. A
row is then a box: on each input, the set of classes that it accepts. Cutting boxes out of each other is
exhaustive and yet never lists the product of all inputs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from greenlight.kernel.tables.domain import Fact, Input, Kind
from greenlight.kernel.tables.table import Cell, Row

Box = tuple[int, ...]
"""For each input the classes that are accepted, as bits."""


class Space:
    """One example for each class of each of ``inputs``, and a box for each of ``rows``.

    ``cuts`` are further first integers of classes, for what tells values apart and is not a cell.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        rows: Sequence[Row],
        cuts: Callable[[Input], Iterable[int]] | None = None,
    ) -> None:
        self.inputs = tuple(inputs)
        self.classes = [classes(given, rows, cuts(given) if cuts else ()) for given in inputs]
        self.whole: Box = tuple((1 << len(examples)) - 1 for examples in self.classes)
        self.boxes = [self.box(row) for row in rows]

    def box(self, row: Row) -> Box:
        return tuple(
            _accepted(row.when.get(given.name), examples)
            for given, examples in zip(self.inputs, self.classes, strict=True)
        )

    def where(self, accepts: Callable[[str, Fact], bool]) -> Box:
        """The box of the facts that ``accepts``, asked for each input by its name, accepts."""
        return tuple(
            sum(1 << at for at, example in enumerate(examples) if accepts(given.name, example))
            for given, examples in zip(self.inputs, self.classes, strict=True)
        )

    def witness(self, box: Box) -> dict[str, Fact] | None:
        """Some facts in ``box``, None if it is empty."""
        if not all(box):
            return None
        return {
            given.name: examples[(classes & -classes).bit_length() - 1]
            for given, examples, classes in zip(self.inputs, self.classes, box, strict=True)
        }


def classes(given: Input, rows: Sequence[Row], further: Iterable[int] = ()) -> list[Fact]:
    """One value of each class of ``given``; its least one, where values have an order."""
    examples: list[Fact]
    match given.type:
        case Kind.BOOLEAN:
            examples = [False, True]
        case Kind.INTEGER:
            cells = (cell for row in rows if (cell := row.when.get(given.name)))
            cuts = {cut for cell in cells for cut in _cuts(cell)} | set(further)
            examples = [given.minimum, *sorted(cut for cut in cuts if given.minimum < cut <= given.maximum)]
        case Kind.STRING | Kind.DATE:
            examples = list(given.values)
    return [*examples, None] if given.may_be_unknown else examples


def both(one: Box, other: Box) -> Box:
    return tuple(mine & its for mine, its in zip(one, other, strict=True))


def _cuts(cell: Cell) -> Iterator[int]:
    """The places where the answer of ``cell`` may change: the first integers of intervals."""
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


def outside(box: Box, rows: Sequence[Box]) -> Iterator[Box]:
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
            yield from outside((*rest[:at], beyond, *rest[at + 1 :]), others)
            rest = (*rest[:at], rest[at] & accepted, *rest[at + 1 :])
