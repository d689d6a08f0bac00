"""The facts told of a case, whatever it is."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from greenlight.cli.base.output import to_the_second, words
from greenlight.kernel.model import Model
from greenlight.kernel.time.calendar import instant_of
from greenlight.law.registry import AnyAggregate
from greenlight.law.rule.acts import Act
from greenlight.law.rule.state import RuleState
from greenlight.letters.words import amount_of


def facts_of(
    aggregate: AnyAggregate, state: Any, *, parties: bool = True, items: bool = True
) -> Mapping[str, str | None]:
    """Names and values, for people: where it stands and what lists show of it, for some kinds more; of
    parties and items all there is, or what has room on a screen."""
    match aggregate.kind:
        case "application":
            from greenlight.cli.cases.case_view import application_facts

            return application_facts(state, parties=parties, items=items)
        case "license":
            from greenlight.cli.cases.case_view import license_facts

            return license_facts(state, parties=parties, items=items)
        case "directive":
            from greenlight.cli.cases.directive import facts

            return facts(state)
        case _:
            status = aggregate.status(state).model_dump(mode="json", exclude_none=True)
            row = {**status, **aggregate.view(state, 0).row}
            told = {words(name): _told(name, value) for name, value in row.items() if name != "version"}
            return {**told, **_matter(state)} if isinstance(state, RuleState) else told


_WAITING = "waiting "

_NAMES = frozenset({"stage", "waiting_for", "force", "posture"})
"""Members of rows whose values are names of ours."""


def _told(name: str, value: JsonValue) -> str | None:
    if value is None:
        return None
    return words(str(value)) if name in _NAMES else plain(value)


def _matter(state: RuleState) -> Mapping[str, str]:
    """The scope of a rule, and what waits for a second officer, whole: they put their name to it."""
    found = {f"governs {name}": value for name, value in _members(state.governs)}
    if held := state.held:
        number = held.number - len(held.acts)
        found[f"{_WAITING}NUMBER"] = f"{held.number}, for rule confirm: all that waits"
        found |= {f"{_WAITING}act {number + n}": _in_lines(act) for n, act in enumerate(held.acts, 1)}
        if held.corrects is not None:
            found["in the place of" if held.acts else "takes back"] = f"attestation {held.corrects}"
        if state.again:
            found["counts again"] = ", ".join(f"attestation {number}" for number in state.again)
    return found


def uncut(facts: Mapping[str, str | None]) -> set[str]:
    """The names of what a second officer puts their name to, which is told whole."""
    return {name for name in facts if name.startswith(_WAITING)}


def _in_lines(act: Act) -> str:
    """An act, each of its members in a line."""
    return "\n".join(f"{name}: {value}" for name, value in _members(act))


def _members(of: Model) -> Iterator[tuple[str, str]]:
    """Names and values in words; what is not said is left out."""
    said = of.model_dump(mode="json", exclude_none=True)
    for name, value in said.items():
        named = name == "kind" or isinstance(getattr(of, name), StrEnum)
        yield words(name), words(value) if named else plain(value)


def plain(value: JsonValue) -> str:
    """A value in a line; an instant as Washington has it, with its seconds where there are any."""
    if isinstance(value, list):
        return "; ".join(map(plain, value))
    if (money := amount_of(value)) is not None:
        return money
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {plain(part)}" for name, part in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and (at := instant_of(value)) is not None:
        return to_the_second(at)
    return "–" if value is None else str(value)
