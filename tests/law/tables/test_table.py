"""The evaluator of decision tables."""

from typing import Literal

import pytest
from pydantic import ValidationError

from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry, Parameter, Value
from greenlight.kernel.tables.table import (
    Cell,
    Evaluation,
    HitPolicy,
    NoRowAppliesError,
    OutsideDomainError,
    Row,
    Table,
    Trace,
)


def _row(name: str, **when: Cell) -> Row:
    then = OutputEntry(outcome=f"then-{name}")
    return Row(id=name, when=when, then=then, annotation="A row.", citation="Test")


def _table(*rows: Row, policy: HitPolicy = HitPolicy.FIRST) -> Table:
    return Table(
        id="sample",
        title="A sample",
        citation="Test",
        effective="2019-05-16",
        hit_policy=policy,
        inputs=(
            Input(name="size", type=Kind.INTEGER, may_be_unknown=True),
            Input(name="colour", type=Kind.STRING, values=("red", "green", "1")),
        ),
        outcomes=tuple(OutcomeType(name=row.then.outcome) for row in rows),
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
        ("is", 1, (1,), (True, "1", None)),
        ("one_of", (1, "a"), (1, "a"), (True, "1", None)),
        ("between", (3, 5), (3, 4, 5), (2, 6, "4", None, True)),
        ("at_least", 0, (0,), (None, False)),
        ("below", 1, (0,), (None, False)),
        ("unknown", None, (None,), (0, False, "")),
        ("known", None, (0, False, ""), (None,)),
        ("between", 3, (), (3,)),
        ("is", None, (), (None, 0)),
    ],
)
def test_a_cell_accepts_what_its_test_says(
    test: Literal["is", "at_least", "below", "one_of", "between", "unknown", "known"],
    value: Value | tuple[Value, ...] | None,
    yes: tuple[Fact, ...],
    no: tuple[Fact, ...],
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


def test_where_no_row_fires_the_callers_outcome_can_stand_in() -> None:
    refer = OutputEntry(outcome="refer", parameters={"to": "somebody"})
    evaluation = _table(LARGE).evaluate({"size": 1, "colour": "red"}, refer)
    assert (evaluation.outcome, evaluation.parameters, evaluation.row) == ("refer", {"to": "somebody"}, None)
    assert evaluation.trace == (Trace(row="large", fired=False, stopped_by="size is 1, not at least 10"),)
    several = _table(LARGE, OTHERWISE, policy=HitPolicy.UNIQUE).evaluate({"size": 10, "colour": "red"}, refer)
    assert (several.outcome, several.row) == ("refer", None)


def test_what_nobody_knows_is_told_as_unknown() -> None:
    evaluation = _table(LARGE, OTHERWISE).evaluate({"colour": "red"})
    assert evaluation.facts == {"size": None, "colour": "red"}
    assert evaluation.trace[0].stopped_by == "size is unknown, not at least 10"


@pytest.mark.parametrize(
    "facts",
    [
        {"size": 1},
        {"size": 1, "colour": "blue"},
        {"size": -1, "colour": "red"},
        {"size": True, "colour": "red"},
    ],
)
def test_facts_outside_the_inputs_domains_are_not_evaluated(facts: dict[str, Fact]) -> None:
    with pytest.raises(OutsideDomainError, match="a value that it cannot have"):
        _table(OTHERWISE).evaluate(facts)


def test_the_parameters_of_an_outcome_come_with_it() -> None:
    extend = OutcomeType(
        name="extend",
        parameters=(
            Parameter(name="days", type=Kind.INTEGER, minimum=1, maximum=366),
            Parameter(name="until", type=Kind.DATE, required=False),
        ),
    )
    then = OutputEntry(outcome="extend", parameters={"days": 90, "until": "2019-08-19"})
    row = OTHERWISE.model_copy(update={"then": then})
    table = _table(row).model_copy(update={"outcomes": (extend,)})
    assert list(then.objections(table.outcomes)) == []
    assert table.evaluate({"size": 1, "colour": "red"}).parameters == {"days": 90, "until": "2019-08-19"}


def test_an_evaluation_recorded_before_outcomes_had_parameters_can_be_read() -> None:
    evaluation = _table(OTHERWISE).evaluate({"size": 1, "colour": "1"})
    record = evaluation.model_dump(mode="json")
    del record["parameters"]
    assert Evaluation.model_validate(record) == evaluation


def test_spelling_out_a_default_does_not_change_the_version() -> None:
    document = _table(LARGE, OTHERWISE).model_dump(mode="json", exclude_defaults=True)
    document["inputs"][1]["may_be_unknown"] = False
    assert Table.model_validate(document).version == _table(LARGE, OTHERWISE).version


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
