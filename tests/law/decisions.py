"""What tests ask of a decision, and what they tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.refusal import Code, Refusal

T = TypeVar("T")
Answers = Mapping[type[Need[Any]], object]


def accepted(decision: Decision) -> tuple[Event, ...]:
    """The events of a decision that must be an acceptance."""
    if isinstance(decision, Refusal):
        raise AssertionError(f"refused: {decision.code}: {decision.message}")
    if isinstance(decision, Need):
        raise AssertionError(f"not decided for want of {decision}")
    return decision


def code_of(decision: Decision) -> Code | None:
    """The code of a refusal, None for any other decision."""
    return decision.code if isinstance(decision, Refusal) else None


@dataclass(frozen=True, slots=True)
class Told(Facts):
    """Facts by the type of the need, whatever it is of."""

    by_type: Answers = field(default_factory=dict[type[Need[Any]], object])

    def told(self, need: Need[T]) -> T:
        answer: Any = self.by_type[type(need)] if type(need) in self.by_type else Facts.told(self, need)
        return answer

    def without(self, kind: type[Need[Any]]) -> "Told":
        return Told(by_type={known: each for known, each in self.by_type.items() if known is not kind})


def told(command: Command[Body], answers: Answers) -> Command[Body]:
    """The command with those answers to every need of their types, beside those that it has."""
    known: Answers = command.facts.by_type if isinstance(command.facts, Told) else {}
    return replace(command, facts=Told(by_type={**known, **answers}))
