"""When the executive must sign off."""

from dataclasses import dataclass, field

import pytest

from greenlight.kernel.tables.check import check
from greenlight.kernel.tables.table import Evaluation, HitPolicy
from greenlight.law.application.review.sign_off_table import NOT_REQUIRED, REQUIRED, TABLE, facts

MILLION = 1_000_000_00


@dataclass(frozen=True)
class Sample:
    row: str
    listed: bool = False
    outcome: str = "grant"
    values: dict[str, int] = field(default_factory=lambda: {"USD": 1})
    controlled: bool = False
    disputed: bool = False

    def evaluate(self) -> Evaluation:
        return TABLE.evaluate(
            facts(
                listed=self.listed,
                disputed=self.disputed,
                outcome=self.outcome,
                values=self.values,
                controlled=self.controlled,
            )
        )


SAMPLES = [
    Sample("listed-entity", listed=True),
    Sample("listed-entity", listed=True, outcome="deny"),
    Sample("disputed", disputed=True),
    Sample("disputed", disputed=True, outcome="deny"),
    Sample("denial", outcome="deny"),
    Sample("denial", outcome="deny", values={"EUR": 1}),
    Sample("value-unknown", values={"EUR": 1}),
    Sample("value-unknown", values={"USD": 100 * MILLION, "JPY": 1}),
    Sample("large-value", values={"USD": 50 * MILLION}),
    Sample("large-value", values={"USD": 50 * MILLION}, controlled=True),
    Sample("controlled-and-substantial", values={"USD": 50 * MILLION - 1}, controlled=True),
    Sample("controlled-and-substantial", values={"USD": 5 * MILLION}, controlled=True),
    Sample("otherwise", values={"USD": 5 * MILLION - 1}, controlled=True),
    Sample("otherwise", values={"USD": 50 * MILLION - 1}),
    Sample("otherwise"),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=repr)
def test_the_row_is_the_first_that_applies(sample: Sample) -> None:
    evaluation = sample.evaluate()
    assert evaluation.row == sample.row
    assert evaluation.outcome == (NOT_REQUIRED if sample.row == "otherwise" else REQUIRED)
    assert evaluation.version == TABLE.version


@pytest.mark.parametrize("sample", SAMPLES, ids=repr)
def test_the_trace_explains_every_row(sample: Sample) -> None:
    trace = sample.evaluate().trace
    assert [result.row for result in trace] == [row.id for row in TABLE.rows]
    assert next(result.row for result in trace if result.fired) == sample.row
    assert all(result.fired == (result.stopped_by is None) for result in trace)


def test_every_row_fires_for_some_sample() -> None:
    assert {sample.row for sample in SAMPLES} == {row.id for row in TABLE.rows}


def test_a_row_that_does_not_fire_says_why() -> None:
    assert [result.stopped_by for result in Sample("otherwise").evaluate().trace] == [
        "listed_party is False, not True",
        "disputed is False, not True",
        "outcome is grant, not deny",
        "comparable_value is True, not False",
        "value_usd_cents is 1, not at least 5000000000",
        "controlled_items is False, not True",
        None,
    ]


def test_the_table_ends_with_a_row_for_everything_else() -> None:
    assert TABLE.hit_policy is HitPolicy.FIRST
    assert TABLE.rows[-1].when == {}


def test_rows_look_at_declared_inputs_only() -> None:
    inputs = {given.name for given in TABLE.inputs}
    assert {name for row in TABLE.rows for name in row.when} == inputs
    assert set(Sample("otherwise").evaluate().facts) == inputs


def test_nothing_is_wrong_with_the_table() -> None:
    assert check(TABLE) == ()
