"""The policy that decides when a term runs out: a decision table, and the times around it, as data."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from greenlight.kernel.canonical import digest
from greenlight.kernel.model import Identifier, Model
from greenlight.kernel.tables.check import check
from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry, Parameter
from greenlight.kernel.tables.table import Table
from greenlight.law.reprieve.terms import Scope
from greenlight.law.terms.deciding import LAPSE, REFER
from greenlight.law.terms.ends import LEAD_DAYS

EXTEND = "extend"
EXTEND_TO = "extend_to"

MAX_DAYS = 366

_WINDOW = Parameter(name="objection_days", type=Kind.INTEGER, minimum=1, maximum=MAX_DAYS, required=False)
_SCOPE = Parameter(name="scope", type=Kind.STRING, required=False)

OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        OutcomeType(
            name=EXTEND,
            parameters=(
                Parameter(name="days", type=Kind.INTEGER, minimum=1, maximum=MAX_DAYS),
                _SCOPE,
                _WINDOW,
            ),
        ),
        OutcomeType(name=EXTEND_TO, parameters=(Parameter(name="to", type=Kind.DATE), _SCOPE, _WINDOW)),
        OutcomeType(name=LAPSE, parameters=(_WINDOW,)),
        OutcomeType(name=REFER),
    )
}
"""The outcomes that a policy may come to. ``days`` are beyond the last day of the term before; ``scope`` is
one of the policy's, that of the term before if not given; ``objection_days`` takes the place of the policy's
own."""

TERMS_ISSUED = "terms_issued"
ENTITIES_COVERED = "entities_covered"
LAW_FACTS = frozenset({TERMS_ISSUED, ENTITIES_COVERED})


class Origin(StrEnum):
    """The source of a fact: the service gathers it, an officer or agency submits it, the law knows it."""

    GATHERED = "gathered"
    EVIDENCE = "evidence"
    LAW = "law"


class Policy(Model):
    """A decision table for the end of a term.

    The decision is due at the beginning of the day, in Washington, that lies ``lead_days`` before the term's
    last. Its outcome takes effect when ``objection_days`` days, the day of the decision included, have gone
    by in silence. Evidence older than ``evidence_days`` counts as unknown.
    """

    table: Table
    origins: dict[str, Origin]
    scopes: dict[Identifier, Scope] = Field(default_factory=dict[str, Scope])
    lead_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = LEAD_DAYS
    objection_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 14
    evidence_days: Annotated[int, Field(ge=1)] = 366

    @cached_property
    def version(self) -> str:
        return digest(self.model_dump(mode="json", exclude_defaults=True))

    @cached_property
    def effective(self) -> date:
        return date.fromisoformat(self.table.effective)

    def input_of(self, name: str) -> Input | None:
        return next((given for given in self.table.inputs if given.name == name), None)

    def window(self, then: OutputEntry) -> int:
        days = then.parameters.get(_WINDOW.name, self.objection_days)
        assert isinstance(days, int), "the table was checked before it was adopted"
        return days

    def scope(self, then: OutputEntry) -> Scope | None:
        """The scope that the outcome names, None if it is that of the term before."""
        name = then.parameters.get(_SCOPE.name)
        return self.scopes[name] if isinstance(name, str) else None


def objections(policy: Policy) -> Iterator[str]:
    """Say why ``policy`` may not decide anything."""
    yield from (problem.message for problem in check(policy.table))
    yield from misfits(policy)


def misfits(policy: Policy) -> Iterator[str]:
    """Say what is wrong with the times and scopes around the table, and with its use for a reprieve."""
    yield from _inputs(policy)
    for outcome in policy.table.outcomes:
        yield from _outcome(policy, outcome)
    windows = [("policy", policy.objection_days)]
    windows += [(f"row {row.id}", policy.window(row.then)) for row in policy.table.rows if _fits(row.then)]
    for place, days in windows:
        # A decision made in time then takes effect before the term is over, and leaves no gap.
        if days > policy.lead_days:
            yield f"{place}: {days} days to object are more than the {policy.lead_days} before the term ends"


def _inputs(policy: Policy) -> Iterator[str]:
    names = {given.name for given in policy.table.inputs}
    for name in sorted(names ^ set(policy.origins)):
        yield f"{name} needs an origin, and every origin an input"
    for given in policy.table.inputs:
        origin = policy.origins.get(given.name)
        if origin is Origin.LAW and (given.name not in LAW_FACTS or given.type is not Kind.INTEGER):
            yield f"{given.name} is not a fact that the law knows"
        elif origin in {Origin.GATHERED, Origin.EVIDENCE} and not given.may_be_unknown:
            yield f"{given.name} has to reckon with being unknown: nobody may say it"


def _outcome(policy: Policy, outcome: OutcomeType) -> Iterator[str]:
    known = OUTCOMES.get(outcome.name)
    if known is None:
        yield f"{outcome.name} is not an outcome of a reprieve: {', '.join(OUTCOMES)}"
        return
    parameters = {parameter.name: parameter for parameter in known.parameters}
    for parameter in outcome.parameters:
        like = parameters.get(parameter.name)
        if like is None or like.type is not parameter.type:
            yield f"{outcome.name} has no {parameter.type} {parameter.name}"
        elif like.type is Kind.INTEGER and not 1 <= parameter.minimum <= parameter.maximum <= MAX_DAYS:
            yield f"{outcome.name}: {parameter.name} lies within 1 and {MAX_DAYS} days"
    for name in sorted({name for name, p in parameters.items() if p.required} - _required(outcome)):
        yield f"{outcome.name} requires {name}"
    for parameter in outcome.parameters:
        for name in sorted(set(parameter.values) - set(policy.scopes)):
            yield f"{outcome.name}: the policy has no scope {name}"


def _required(outcome: OutcomeType) -> set[str]:
    return {parameter.name for parameter in outcome.parameters if parameter.required}


def _fits(then: OutputEntry) -> bool:
    return isinstance(then.parameters.get(_WINDOW.name, 1), int)
