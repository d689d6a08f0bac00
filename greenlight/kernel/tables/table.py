"""Decision tables as data, in the words of DMN, with an evaluator that explains every cell.

A regulator asks not only why a rule applied but why the others did not; an evaluation answers both, and
can be repeated years later from what it stores. ``greenlight.kernel.tables.check`` finds what is wrong with
a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field, with_config

from greenlight.kernel.canonical import digest
from greenlight.kernel.model import Digest, Model
from greenlight.kernel.tables.domain import Fact, Input, OutcomeType, OutputEntry, Value

Accepts = Callable[[Fact], bool]


class HitPolicy(StrEnum):
    FIRST = "FIRST"
    UNIQUE = "UNIQUE"


class Cell(Model):
    """An input entry: a test on one input. An input without a cell is not looked at.

    Only the test ``unknown`` accepts a fact that nobody knows, and it accepts nothing else; so a missing
    fact never passes for a small number or a no. ``between`` includes both ends.
    """

    test: Literal["is", "one_of", "at_least", "below", "between", "unknown", "known"]
    value: Value | tuple[Value, ...] | None = None

    def accepts(self, given: Fact) -> bool:
        return self.compiled()(given)

    def compiled(self) -> Accepts:
        """``accepts`` with the test looked up once."""
        match self.test, self.value:
            case "is", bool() | int() | str() as wanted:
                # True equals 1, and is another value.
                boolean = isinstance(wanted, bool)
                return lambda given: given == wanted and isinstance(given, bool) is boolean
            case "one_of", tuple() as members:
                among = frozenset((isinstance(member, bool), member) for member in members)
                return lambda given: (isinstance(given, bool), given) in among
            case "at_least", int() as bound:
                return lambda given: type(given) is int and given >= bound
            case "below", int() as bound:
                return lambda given: type(given) is int and given < bound
            case "between", (int() as low, int() as high):
                return lambda given: type(given) is int and low <= given <= high
            case "unknown", None:
                return lambda given: given is None
            case "known", None:
                return lambda given: given is not None
            case _:
                return lambda given: False

    def __str__(self) -> str:
        words = self.test.replace("_", " ")
        if self.value is None:
            return words
        return str(self.value) if self.test == "is" else f"{words} {self.value}"


class Row(Model):
    """A rule: its input entries, its output entry, and what it rests on."""

    id: str
    when: dict[str, Cell]
    then: OutputEntry
    annotation: str
    citation: str


@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, unsafe_hash=True)
class Trace:
    """The account of one row: it fired, or ``stopped_by`` says which entry did not accept which input.

    Not frozen, as everything else here is: making frozen ones takes most of the time of an evaluation.
    """

    row: str
    fired: bool
    stopped_by: str | None = None


class Evaluation(Model):
    """A decision by a table, complete enough to be repeated and held against the original.

    ``row`` is None where the table had no single row for the facts and the caller's own outcome stands in.
    """

    table: str
    version: Digest
    facts: dict[str, Fact]
    outcome: str
    row: str | None
    trace: tuple[Trace, ...]
    parameters: dict[str, Value] = Field(default_factory=dict[str, Value])


class NoRowAppliesError(ValueError):
    """The table has no row for the facts, or several under UNIQUE: a defect of the table."""


class OutsideDomainError(ValueError):
    """A fact is missing, or not a value that the table's input may have."""


class Table(Model):
    """A decision table, in force from ``effective`` (an ISO date). Its content's digest is its version."""

    id: str
    title: str
    citation: str
    effective: str
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outcomes: tuple[OutcomeType, ...]
    rows: tuple[Row, ...]

    @cached_property
    def version(self) -> str:
        """The same for two tables that say the same, whether or not one of them spells out a default."""
        return digest(self.model_dump(mode="json", exclude_defaults=True))

    def evaluate(self, facts: Mapping[str, Fact], otherwise: OutputEntry | None = None) -> Evaluation:
        """Hold ``facts`` against every row. ``otherwise`` is the outcome where no single row has one.

        :raises NoRowAppliesError: without ``otherwise``, if no row fires, or under UNIQUE more than one.
        :raises OutsideDomainError: if ``facts`` lacks an input or has it in a value that it cannot have.
        """
        given = self._within(facts)
        trace: list[Trace] = []
        fired: list[Row] = []
        for row, fires, cells in self._compiled:
            for name, accepts, wanted in cells:
                value = given[name]
                if not accepts(value):
                    said = "unknown" if value is None else value
                    trace.append(Trace(fires.row, False, f"{name} is {said}, not {wanted}"))
                    break
            else:
                trace.append(fires)
                fired.append(row)
        single = bool(fired) and (self.hit_policy is HitPolicy.FIRST or len(fired) == 1)
        if not single and otherwise is None:
            raise NoRowAppliesError(f"table {self.id}: {len(fired)} rows apply to {given}")
        then = fired[0].then if single or otherwise is None else otherwise
        # Everything in it was validated when the table and the facts were; again would take as long as this.
        return Evaluation.model_construct(
            table=self.id,
            version=self.version,
            facts=given,
            outcome=then.outcome,
            row=fired[0].id if single else None,
            trace=tuple(trace),
            parameters=then.parameters,
        )

    def _within(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        given: dict[str, Fact] = {}
        for name, may_be_unknown, admits in self._domains:
            value = facts.get(name)
            if not (may_be_unknown if value is None else admits(value)):
                raise OutsideDomainError(f"table {self.id}: {name} has a value that it cannot have")
            given[name] = value
        return given

    @cached_property
    def _domains(self) -> tuple[tuple[str, bool, Accepts], ...]:
        return tuple((given.name, given.may_be_unknown, given.test()) for given in self.inputs)

    @cached_property
    def _compiled(self) -> tuple[tuple[Row, Trace, tuple[tuple[str, Accepts, str], ...]], ...]:
        return tuple(
            (
                row,
                Trace(row.id, True),
                tuple((name, cell.compiled(), str(cell)) for name, cell in row.when.items()),
            )
            for row in self.rows
        )
