"""Tables and facts at random, and a second, plainer way to evaluate and to check them."""

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table

NUMBERS = st.integers(0, 6)
COLOURS = ("red", "green", "blue")

INPUTS = (
    Input(name="size", type=Kind.INTEGER, maximum=6, may_be_unknown=True),
    Input(name="colour", type=Kind.STRING, values=COLOURS),
    Input(name="urgent", type=Kind.BOOLEAN, may_be_unknown=True),
    Input(name="age", type=Kind.INTEGER, minimum=2, maximum=5),
)


def _cells(given: Input) -> st.SearchStrategy[Cell]:
    cells: list[st.SearchStrategy[Cell]] = []
    if given.may_be_unknown:
        cells.append(st.sampled_from([Cell(test="unknown"), Cell(test="known")]))
    match given.type:
        case Kind.BOOLEAN:
            cells.append(st.booleans().map(lambda value: Cell(test="is", value=value)))
        case Kind.INTEGER:
            numbers = st.integers(given.minimum, given.maximum)
            cells += [
                st.builds(Cell, test=st.sampled_from(["is", "at_least", "below"]), value=numbers),
                st.builds(Cell, test=st.just("between"), value=st.tuples(numbers, numbers)),
                st.builds(Cell, test=st.just("one_of"), value=st.sets(numbers, min_size=1).map(tuple)),
            ]
        case Kind.STRING | Kind.DATE:
            some = st.sets(st.sampled_from(given.values), min_size=1)
            cells += [
                st.builds(Cell, test=st.just("is"), value=st.sampled_from(given.values)),
                st.builds(Cell, test=st.just("one_of"), value=some.map(lambda values: tuple(sorted(values)))),
            ]
    return st.one_of(cells)


def _row(number: int, when: dict[str, Cell]) -> Row:
    then = OutputEntry(outcome=f"outcome-{number}")
    return Row(id=f"row-{number}", when=when, then=then, annotation="", citation="Test")


def table(*whens: dict[str, Cell], policy: HitPolicy = HitPolicy.FIRST) -> Table:
    rows = tuple(_row(number, when) for number, when in enumerate(whens))
    return Table(
        id="sample",
        title="A sample",
        citation="Test",
        effective="2019-05-16",
        hit_policy=policy,
        inputs=INPUTS,
        outcomes=tuple(OutcomeType(name=row.then.outcome) for row in rows),
        rows=rows,
    )


def _whens() -> st.SearchStrategy[dict[str, Cell]]:
    return st.fixed_dictionaries({}, optional={given.name: _cells(given) for given in INPUTS})


def _table(whens: list[dict[str, Cell]], policy: HitPolicy) -> Table:
    return table(*whens, policy=policy)


TABLES = st.builds(
    _table,
    st.lists(_whens(), min_size=1, max_size=7),
    st.sampled_from(HitPolicy),
)


def values(given: Input) -> list[Fact]:
    """Every value that ``given`` may have."""
    unknown: list[Fact] = [None] if given.may_be_unknown else []
    match given.type:
        case Kind.BOOLEAN:
            return [True, False, *unknown]
        case Kind.INTEGER:
            return [*range(given.minimum, given.maximum + 1), *unknown]
        case Kind.STRING | Kind.DATE:
            return [*given.values, *unknown]


def every_fact(inputs: tuple[Input, ...] = INPUTS) -> Iterator[dict[str, Fact]]:
    names = [given.name for given in inputs]
    for combination in product(*map(values, inputs)):
        yield dict(zip(names, combination, strict=True))


FACTS = st.sampled_from(list(every_fact()))


def naively_accepts(cell: Cell, given: Fact) -> bool:
    if cell.test in {"unknown", "known"}:
        return (given is None) == (cell.test == "unknown")
    if given is None:
        return False
    wanted = cell.value
    if cell.test == "is":
        return repr(given) == repr(wanted)
    if cell.test == "one_of":
        assert isinstance(wanted, tuple)
        return repr(given) in [repr(member) for member in wanted]
    assert isinstance(given, int)
    if cell.test == "between":
        assert isinstance(wanted, tuple)
        low, high = wanted
        return given in range(int(low), int(high) + 1)
    assert isinstance(wanted, int)
    return given >= wanted if cell.test == "at_least" else not given >= wanted


def naively_fires(row: Row, facts: Mapping[str, Fact]) -> bool:
    return all(naively_accepts(cell, facts[name]) for name, cell in row.when.items())
