"""Decision tables as data, in the words of DMN, with an evaluator that explains every cell.

A regulator asks not only why a rule applied but why the others did not; an evaluation answers both, and
can be repeated years later from what it stores.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Literal

from licensing.canonical import digest
from licensing.model import Digest, Model

Value = bool | int | str


class HitPolicy(StrEnum):
    FIRST = "FIRST"
    UNIQUE = "UNIQUE"


class Cell(Model):
    """An input entry: a test on one input. An input without a cell is not looked at."""

    test: Literal["is", "at_least", "below", "one_of"]
    value: Value | tuple[Value, ...]

    def accepts(self, given: Value) -> bool:
        match self.test:
            case "is":
                return given == self.value
            case "one_of":
                return isinstance(self.value, tuple) and given in self.value
            case "at_least":
                return isinstance(given, int) and isinstance(self.value, int) and given >= self.value
            case "below":
                return isinstance(given, int) and isinstance(self.value, int) and given < self.value

    def __str__(self) -> str:
        return str(self.value) if self.test == "is" else f"{self.test.replace('_', ' ')} {self.value}"


class Row(Model):
    """A rule: its input entries, its output entry, and what it rests on."""

    id: str
    when: dict[str, Cell]
    then: str
    annotation: str
    citation: str


class Trace(Model):
    """What became of one row: it fired, or ``stopped_by`` says which entry did not accept which input."""

    row: str
    fired: bool
    stopped_by: str | None = None


class Evaluation(Model):
    """A decision by a table, complete enough to be repeated and held against the original."""

    table: str
    version: Digest
    facts: dict[str, Value]
    outcome: str
    row: str
    trace: tuple[Trace, ...]


class NoRowAppliesError(ValueError):
    """The table has no row for the facts: a defect of the table."""


class Table(Model):
    """A decision table, in force from ``effective`` (an ISO date). Its content's digest is its version."""

    id: str
    title: str
    citation: str
    effective: str
    hit_policy: HitPolicy
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def version(self) -> str:
        return digest(self.model_dump(mode="json"))

    def evaluate(self, facts: Mapping[str, Value]) -> Evaluation:
        """Hold ``facts`` against every row.

        :raises NoRowAppliesError: if no row fires, or under UNIQUE more than one does.
        """
        trace = tuple(_trace(row, facts) for row in self.rows)
        fired = [row for row, result in zip(self.rows, trace, strict=True) if result.fired]
        if not fired or (self.hit_policy is HitPolicy.UNIQUE and len(fired) > 1):
            raise NoRowAppliesError(f"table {self.id}: {len(fired)} rows apply to {dict(facts)}")
        return Evaluation(
            table=self.id,
            version=self.version,
            facts={name: facts[name] for name in self.inputs},
            outcome=fired[0].then,
            row=fired[0].id,
            trace=trace,
        )


def _trace(row: Row, facts: Mapping[str, Value]) -> Trace:
    for name, cell in row.when.items():
        if not cell.accepts(facts[name]):
            return Trace(row=row.id, fired=False, stopped_by=f"{name} is {facts[name]}, not {cell}")
    return Trace(row=row.id, fired=True)
