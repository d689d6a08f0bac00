"""The values that the inputs and the outcomes of a decision table may have."""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field

from greenlight.kernel.model import MAX_INTEGER, Model

Value = bool | int | str
Fact = Value | None
"""The known value of an input. None: nobody knows it, which a cell accepts on purpose or not at all."""


class Kind(StrEnum):
    """``date`` is a day in ISO 8601, of outcomes alone; ``string`` is one of an enumeration."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    STRING = "string"
    DATE = "date"


class Domain(Model):
    """A named value: its type, the bounds of an integer (both included), the members of an enumeration."""

    name: str
    type: Kind
    minimum: int = 0
    maximum: int = MAX_INTEGER
    values: tuple[str, ...] = ()
    annotation: str = ""

    def admits(self, value: Fact) -> bool:
        return self.test()(value)

    def test(self) -> Callable[[Fact], bool]:
        """``admits`` with the type looked up once. True and 1 are different values here."""
        low, high, values = self.minimum, self.maximum, frozenset(self.values)
        match self.type:
            case Kind.BOOLEAN:
                return lambda value: type(value) is bool
            case Kind.INTEGER:
                return lambda value: type(value) is int and low <= value <= high
            case Kind.STRING:
                return lambda value: value in values
            case Kind.DATE:
                return _is_date

    def __str__(self) -> str:
        match self.type:
            case Kind.BOOLEAN:
                return "true or false"
            case Kind.INTEGER:
                return f"an integer from {self.minimum} to {self.maximum}"
            case Kind.STRING:
                return f"one of {', '.join(self.values)}"
            case Kind.DATE:
                return "a date"


class Input(Domain):
    """An input clause. ``may_be_unknown``: a table has to reckon with not knowing it."""

    may_be_unknown: bool = False

    def admits(self, value: Fact) -> bool:
        return self.may_be_unknown if value is None else super().admits(value)


class Parameter(Domain):
    """A value that goes with an outcome: how many days, until when."""

    required: bool = True


class OutcomeType(Model):
    """An outcome that a table may come to, and the parameters that say it in full."""

    name: str
    parameters: tuple[Parameter, ...] = ()


class OutputEntry(Model):
    """The result of a row: one of the table's outcomes, with its parameters."""

    outcome: str
    parameters: dict[str, Value] = Field(default_factory=dict[str, Value])

    def objections(self, types: tuple[OutcomeType, ...]) -> Iterator[str]:
        """The reasons why this is not one of the outcomes of those ``types``."""
        declared = next((type_ for type_ in types if type_.name == self.outcome), None)
        if declared is None:
            yield f"{self.outcome} is not an outcome of the table"
            return
        known = {parameter.name: parameter for parameter in declared.parameters}
        for name in sorted(set(self.parameters) - set(known)):
            yield f"{self.outcome} has no parameter {name}"
        for name, parameter in known.items():
            if name not in self.parameters:
                if parameter.required:
                    yield f"{self.outcome} lacks the parameter {name}"
            elif not parameter.admits(self.parameters[name]):
                yield f"{self.outcome}: {name} must be {parameter}"


def _is_date(value: Fact) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
