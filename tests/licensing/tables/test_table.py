"""The evaluator of decision tables."""

from typing import Literal

import pytest
from pydantic import ValidationError

from licensing.tables.table import Cell, Evaluation, HitPolicy, NoRowAppliesError, Row, Table, Trace, Value


def _row(name: str, **when: Cell) -> Row:
    return Row(id=name, when=when, then=f"then-{name}", annotation="A row.", citation="Test")


def _table(*rows: Row, policy: HitPolicy = HitPolicy.FIRST) -> Table:
    return Table(
        id="sample",
        title="A sample",
        citation="Test",
        effective="2019-05-16",
        hit_policy=policy,
        inputs=("size", "colour"),
        rows=rows,
    )


LARGE = _row("large", size=Cell(test="at_least", value=10))
RED = _row("red", colour=Cell(test="is", value="red"), size=Cell(test="below", value=5))
OTHERWISE = _row("otherwise")


@pytest.mark.parametrize(
    ("test", "value", "yes", "no"),
    [
        ("is", "red", ("red",), ("green", "Red", 5)),
        ("is", True, (True,), (False, "True")),
        ("is", False, (False,), (True, "")),
        ("one_of", ("red", "blue"), ("red", "blue"), ("green", "r")),
        ("one_of", "red", (), ("red", "r")),
        ("at_least", 10, (10, 11, 10**15), (9, 0, -10, "10")),
        ("below", 10, (9, 0, -10), (10, 11, "9")),
    ],
)
def test_a_cell_accepts_what_its_test_says(
    test: Literal["is", "at_least", "below", "one_of"],
    value: Value | tuple[Value, ...],
    yes: tuple[Value, ...],
    no: tuple[Value, ...],
) -> None:
    cell = Cell(test=test, value=value)
    assert [given for given in yes if not cell.accepts(given)] == []
    assert [given for given in no if cell.accepts(given)] == []


def test_the_first_row_that_fires_decides_and_every_row_is_explained() -> None:
    evaluation = _table(LARGE, RED, OTHERWISE).evaluate({"size": 3, "colour": "red"})
    assert (evaluation.row, evaluation.outcome) == ("red", "then-red")
    assert evaluation.facts == {"size": 3, "colour": "red"}
    assert evaluation.trace == (
        Trace(row="large", fired=False, stopped_by="size is 3, not at least 10"),
        Trace(row="red", fired=True),
        Trace(row="otherwise", fired=True),
    )


def test_the_first_entry_that_does_not_accept_stops_a_row() -> None:
    evaluation = _table(RED, OTHERWISE).evaluate({"size": 7, "colour": "green"})
    assert evaluation.trace[0].stopped_by == "colour is green, not red"


def test_under_unique_two_rows_that_fire_are_a_defect() -> None:
    table = _table(LARGE, OTHERWISE, policy=HitPolicy.UNIQUE)
    assert table.evaluate({"size": 1, "colour": "red"}).row == "otherwise"
    with pytest.raises(NoRowAppliesError, match="2 rows apply"):
        table.evaluate({"size": 10, "colour": "red"})


def test_no_row_that_fires_is_a_defect() -> None:
    with pytest.raises(NoRowAppliesError, match="table sample: 0 rows apply"):
        _table(LARGE).evaluate({"size": 1, "colour": "red"})


def test_an_evaluation_reads_back_as_it_was() -> None:
    evaluation = _table(OTHERWISE).evaluate({"size": 1, "colour": "1"})
    again = Evaluation.model_validate_json(evaluation.model_dump_json())
    assert again == evaluation
    assert [type(value) for value in again.facts.values()] == [int, str]


def test_the_version_is_that_of_the_content() -> None:
    assert _table(LARGE, OTHERWISE).version == _table(LARGE, OTHERWISE).version
    assert _table(LARGE, OTHERWISE).version != _table(OTHERWISE, LARGE).version
    assert _table(LARGE).version != _table(_row("large", size=Cell(test="at_least", value=11))).version


def test_an_unknown_test_is_refused() -> None:
    with pytest.raises(ValidationError, match="test"):
        Cell.model_validate({"test": "matches", "value": ".*"})
