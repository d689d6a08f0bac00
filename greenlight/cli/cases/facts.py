"""The facts told of a case, whatever it is."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from greenlight.cli.base.output import words
from greenlight.cli.cases.case_view import application_facts, license_facts
from greenlight.cli.cases.directive import facts as directive_facts
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.registry import AnyAggregate

_FACTS: Mapping[str, Callable[[Any], Mapping[str, str | None]]] = {
    APPLICATION.kind: application_facts,
    LICENSE.kind: license_facts,
    DIRECTIVE.kind: directive_facts,
}
"""The facts told of a case, where that is more than where it stands and what lists show of it."""


def facts_of(aggregate: AnyAggregate, state: object) -> Mapping[str, str | None]:
    """Names and values, for people."""
    if aggregate.kind in _FACTS:
        return _FACTS[aggregate.kind](state)
    status = aggregate.status(state).model_dump(mode="json", exclude_none=True)
    row = {**status, **aggregate.view(state, 0).row}
    return {words(name): None if value is None else plain(value) for name, value in row.items()}


def plain(value: JsonValue) -> str:
    """A value in a line."""
    if isinstance(value, list):
        return "; ".join(map(plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {plain(part)}" for name, part in value.items())
    return "yes" if value is True else str(value)
