"""What a check finds wrong with a table, and that it misses nothing."""

from time import process_time
from typing import Literal

import pytest
from hypothesis import given

from greenlight.kernel.tables.check import MAX_GAPS, Problem, ProblemKind, check
from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry, Parameter
from greenlight.kernel.tables.table import Cell, HitPolicy, NoRowAppliesError, Row, Table
from tests.law.properties import QUICK
from tests.law.tables.samples import FACTS, INPUTS, TABLES, every_fact, naively_fires, table

RED = {"colour": Cell(test="is", value="red")}
SMALL = {"size": Cell(test="below", value=3)}
LARGE = {"size": Cell(test="at_least", value=3)}
NO_SIZE = {"size": Cell(test="unknown")}


def _kinds(problems: tuple[Problem, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(problem.kind.value, problem.rows) for problem in problems]


def test_nothing_is_wrong_with_a_table_that_covers_everything_once() -> None:
    assert check(table(SMALL, LARGE, NO_SIZE, policy=HitPolicy.UNIQUE)) == ()
    assert check(table(SMALL, NO_SIZE, {})) == ()


def test_a_gap_is_shown_by_facts_for_which_no_row_fires() -> None:
    (gap,) = check(table(SMALL, NO_SIZE, {"size": Cell(test="at_least", value=4)}))
    assert gap.kind is ProblemKind.GAP
    assert gap.witness is not None
    assert gap.witness["size"] == 3


def test_not_knowing_is_a_gap_of_its_own() -> None:
    found = check(table(SMALL, LARGE))
    assert [problem.kind for problem in found] == [ProblemKind.UNNAMED_UNKNOWN, ProblemKind.GAP]
    assert found[1].witness is not None
    assert found[1].witness["size"] is None


def test_a_row_for_everything_else_does_not_stand_in_for_one_that_names_the_unknown() -> None:
    (found,) = check(table(SMALL, {}))
    assert (found.kind, found.message) == (
        ProblemKind.UNNAMED_UNKNOWN,
        "size may be unknown, and no row says what follows from that",
    )


def test_a_row_that_earlier_ones_shadow_together_is_unreachable() -> None:
    (found,) = check(table(SMALL, LARGE, RED | LARGE | {"age": Cell(test="is", value=3)}, NO_SIZE))
    assert (found.kind, found.rows) == (ProblemKind.UNREACHABLE, ("row-2",))
    assert found.witness is not None
    assert (found.witness["colour"], found.witness["age"]) == ("red", 3)


@pytest.mark.parametrize("policy", HitPolicy)
def test_a_row_that_accepts_nothing_is_unreachable_under_any_policy(policy: HitPolicy) -> None:
    nothing = {"age": Cell(test="below", value=2)}
    assert _kinds(check(table(nothing, SMALL, LARGE, NO_SIZE, policy=policy))) == [
        ("unreachable", ("row-0",))
    ]


def test_an_overlap_under_unique_names_both_rows_and_facts() -> None:
    (found,) = check(table(SMALL, LARGE, NO_SIZE, SMALL | RED, policy=HitPolicy.UNIQUE))
    assert (found.kind, found.rows) == (ProblemKind.OVERLAP, ("row-0", "row-3"))
    assert found.witness is not None
    assert found.witness["size"] == 0


def test_no_more_gaps_are_told_than_a_reader_can_use() -> None:
    diagonal = [
        {"size": Cell(test="is", value=number), "age": Cell(test="is", value=2 + number % 4)}
        for number in range(7)
    ]
    gaps = [p for p in check(table(*diagonal, RED | NO_SIZE)) if p.kind is ProblemKind.GAP]
    assert len(gaps) == MAX_GAPS
    assert len({str(gap.witness) for gap in gaps}) == MAX_GAPS


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"weight": Cell(test="is", value=1)}, "row row-0: weight is not an input of the table"),
        ({"size": Cell(test="is", value="red")}, "row row-0: size: red is not an integer from 0 to 6"),
        ({"size": Cell(test="is", value=True)}, "row row-0: size: True is not an integer from 0 to 6"),
        (
            {"size": Cell(test="at_least", value=7)},
            "row row-0: size: at least 7 is not an integer from 0 to 6",
        ),
        ({"colour": Cell(test="below", value=3)}, "does not go with its value or with string"),
        ({"colour": Cell(test="one_of", value=("red", "pink"))}, "is not one of red, green, blue"),
        ({"colour": Cell(test="one_of", value=())}, "does not go with its value"),
        ({"colour": Cell(test="one_of", value="red")}, "does not go with its value"),
        ({"colour": Cell(test="unknown")}, "row row-0: colour: it is never unknown"),
        ({"size": Cell(test="unknown", value=3)}, "unknown takes no value"),
        ({"size": Cell(test="between", value=(1, 2, 3))}, "does not go with its value"),
        ({"size": Cell(test="is")}, "is not an integer from 0 to 6"),
        ({"urgent": Cell(test="is", value=1)}, "row row-0: urgent: 1 is not true or false"),
    ],
)
def test_a_cell_that_does_not_fit_its_input_is_named(when: dict[str, Cell], message: str) -> None:
    (found,) = check(table(when, {}))
    assert found.kind is ProblemKind.TYPE
    assert message in found.message


@pytest.mark.parametrize(
    ("then", "message"),
    [
        (OutputEntry(outcome="refer"), "refer is not an outcome of the table"),
        (OutputEntry(outcome="extend"), "extend lacks the parameter days"),
        (
            OutputEntry(outcome="extend", parameters={"days": 0}),
            "extend: days must be an integer from 1 to 366",
        ),
        (
            OutputEntry(outcome="extend", parameters={"days": 9, "until": "2019-02-29"}),
            "until must be a date",
        ),
        (OutputEntry(outcome="extend", parameters={"days": 9, "for": 1}), "extend has no parameter for"),
    ],
)
def test_an_outcome_that_does_not_fit_its_type_is_named(then: OutputEntry, message: str) -> None:
    extend = OutcomeType(
        name="extend",
        parameters=(
            Parameter(name="days", type=Kind.INTEGER, minimum=1, maximum=366),
            Parameter(name="until", type=Kind.DATE, required=False),
        ),
    )
    sample = table({})
    rows = (sample.rows[0].model_copy(update={"then": then}),)
    (found,) = check(sample.model_copy(update={"rows": rows, "outcomes": (extend,)}))
    assert found.kind is ProblemKind.TYPE
    assert message in found.message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effective": "soon"}, "effective is not a date"),
        ({"inputs": (*INPUTS, INPUTS[0])}, "there are several inputs size"),
        ({"outcomes": (OutcomeType(name="outcome-0"),) * 2}, "there are several outcomes outcome-0"),
        ({"inputs": (*INPUTS, Input(name="day", type=Kind.DATE))}, "day: a date is not an input"),
        ({"inputs": (*INPUTS, Input(name="n", type=Kind.INTEGER, minimum=2, maximum=1))}, "n: its least"),
        ({"inputs": (*INPUTS, Input(name="word", type=Kind.STRING))}, "word: an enumeration has members"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(changes: dict[str, object], message: str) -> None:
    (found,) = check(table({}).model_copy(update=changes))
    assert found.kind is ProblemKind.TYPE
    assert message in found.message


def test_two_rows_of_one_name_are_refused() -> None:
    sample = table({})
    (found,) = check(sample.model_copy(update={"rows": sample.rows * 2}))
    assert found.message == "there are several rows row-0"


@QUICK
@given(sample=TABLES)
def test_the_check_agrees_with_trying_every_combination(sample: Table) -> None:
    fired = [[row.id for row in sample.rows if naively_fires(row, facts)] for facts in every_fact()]
    problems = check(sample)
    assert {problem.kind for problem in problems} <= set(ProblemKind) - {ProblemKind.TYPE}
    found = {kind: {p.rows for p in problems if p.kind is kind} for kind in ProblemKind}
    assert bool(found[ProblemKind.GAP]) == any(not rows for rows in fired)
    first = sample.hit_policy is HitPolicy.FIRST
    deciding = {rows[0] for rows in fired if rows} if first else {row for rows in fired for row in rows}
    assert found[ProblemKind.UNREACHABLE] == {(row.id,) for row in sample.rows if row.id not in deciding}
    pairs = {(rows[i], rows[j]) for rows in fired for j in range(len(rows)) for i in range(j)}
    assert found[ProblemKind.OVERLAP] == (set() if first else pairs)


@QUICK
@given(sample=TABLES)
def test_every_witness_shows_its_problem(sample: Table) -> None:
    for problem in check(sample):
        if problem.witness is None:
            continue
        fired = [row.id for row in sample.rows if naively_fires(row, problem.witness)]
        match problem.kind:
            case ProblemKind.GAP:
                assert fired == []
            case ProblemKind.OVERLAP:
                assert set(problem.rows) <= set(fired)
            case ProblemKind.UNREACHABLE:
                assert problem.rows[0] in fired[1:]
            case ProblemKind.TYPE | ProblemKind.UNNAMED_UNKNOWN:
                raise AssertionError("has no witness")


@QUICK
@given(sample=TABLES, facts=FACTS)
def test_a_naive_evaluator_agrees(sample: Table, facts: dict[str, Fact]) -> None:
    fired = [row for row in sample.rows if naively_fires(row, facts)]
    try:
        evaluation = sample.evaluate(facts)
    except NoRowAppliesError:
        assert len(fired) == 0 or (sample.hit_policy is HitPolicy.UNIQUE and len(fired) > 1)
        return
    assert (evaluation.row, evaluation.outcome) == (fired[0].id, fired[0].then.outcome)
    assert [t.row for t in evaluation.trace if t.fired] == [row.id for row in fired]
    for row, told in zip(sample.rows, evaluation.trace, strict=True):
        stopping = next((n for n, cell in row.when.items() if not naively_fires(_only(n, cell), facts)), None)
        assert (told.stopped_by or "").split(" ")[0] == (stopping or "")
    assert sample.evaluate(evaluation.facts) == evaluation


def _only(name: str, cell: Cell) -> Row:
    return table({name: cell}).rows[0]


def test_a_table_of_thirty_rows_is_checked_in_no_time() -> None:
    """Eight inputs with ten classes and more each: their product has a hundred million members."""
    inputs = tuple(
        Input(name=f"i{n}", type=Kind.INTEGER, maximum=1000, may_be_unknown=True) for n in range(8)
    )
    tests: tuple[Literal["at_least", "below"], ...] = ("at_least", "below")
    rows = [
        {
            f"i{(row + n * 3) % 8}": Cell(test=tests[(row + n) % 2], value=(row * 37 + n * 101) % 900 + 50)
            for n in range(1 + row % 4)
        }
        for row in range(21)
    ]
    sample = table(*rows, *({f"i{n}": Cell(test="unknown")} for n in range(8)), {})
    sample = sample.model_copy(update={"inputs": inputs})
    started = process_time()
    found = check(sample)
    assert process_time() - started < 1
    assert {problem.kind for problem in found} <= {ProblemKind.UNREACHABLE}
