"""What two tables decide otherwise, against every combination of facts asked of both."""

from hypothesis import given, settings

from greenlight.kernel.tables.compare import compare
from greenlight.kernel.tables.domain import Fact
from greenlight.kernel.tables.table import Cell, Table
from tests.law.tables.samples import INPUTS, TABLES, every_fact, naively_fires, table

ALL = list(every_fact())


def decided(by: Table, facts: dict[str, Fact]) -> str | None:
    """The row that decides, the first one that fires."""
    return next((row.id for row in by.rows if naively_fires(row, facts)), None)


@settings(max_examples=40, deadline=None)
@given(TABLES, TABLES)
def test_it_finds_each_pair_of_rows_that_decide_otherwise_and_no_other(one: Table, other: Table) -> None:
    found = compare(one, other).decided
    then = {row.id: row.then for row in (*one.rows, *other.rows)}
    pairs = {(decided(one, facts), decided(other, facts)) for facts in ALL}
    differ = {pair for pair in pairs if then.get(pair[0] or "") != then.get(pair[1] or "")}
    assert {(each.before, each.after) for each in found} == differ
    for each in found:
        assert (decided(one, each.witness), decided(other, each.witness)) == (each.before, each.after)


@settings(max_examples=20, deadline=None)
@given(TABLES)
def test_a_table_is_the_same_as_itself(one: Table) -> None:
    found = compare(one, one)
    assert found.same
    assert not found.decided


def test_it_names_the_cells_the_rows_and_the_places_that_differ() -> None:
    big, red = {"size": Cell(test="at_least", value=3)}, {"colour": Cell(test="is", value="red")}
    one = table(big, red, {})
    bigger = one.rows[0].model_copy(update={"when": {"size": Cell(test="at_least", value=4)}})
    changed = one.model_copy(update={"rows": (bigger, *one.rows[1:])})
    (change,) = compare(one, changed).rows
    assert (change.row, change.cells) == ("row-0", ("size",))
    (otherwise,) = (each for each in compare(one, changed).decided if each.after == "row-2")
    assert otherwise.witness["size"] == 3
    moved = one.model_copy(update={"rows": (one.rows[1], one.rows[0], one.rows[2])})
    assert [change.cells for change in compare(one, moved).rows] == [("place",)]
    fewer = one.model_copy(update={"rows": one.rows[1:]})
    (gone,) = compare(one, fewer).rows
    assert (gone.row, gone.after) == ("row-0", None)


def test_a_value_that_only_one_table_admits_has_no_row_in_the_other() -> None:
    one = table({})
    wider = INPUTS[3].model_copy(update={"maximum": 9})
    other = one.model_copy(update={"inputs": (*INPUTS[:3], wider)})
    found = compare(one, other)
    assert found.inputs == ("age",)
    (only,) = found.decided
    assert (only.before, only.after, only.witness["age"]) == (None, "row-0", 6)


def test_inputs_of_two_types_cannot_be_compared() -> None:
    one = table({})
    other = one.model_copy(update={"inputs": (INPUTS[2].model_copy(update={"name": "size"}),)})
    assert compare(one, other).incomparable == ("size",)
