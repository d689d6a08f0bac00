"""The policy of the reprieves in timelines, and what their orders need not say each time."""

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry, Value
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.reprieve.policy import EXTEND, EXTEND_TO, OUTCOMES, Origin, Policy
from greenlight.law.terms.deciding import LAPSE, REFER
from tests.law.reprieve.cases import BROAD as SCOPE
from tests.timelines.moving import shown

ENTITIES = frozenset({"one", "two"})

_DIRECTIVES = ("end", "to_july", "to_march", "soon", "ask")


def _row(name: str, outcome: str, parameters: dict[str, Value] | None = None, **when: Cell) -> Row:
    then = OutputEntry(outcome=outcome, parameters=parameters or {})
    return Row(id=name, when=when, then=then, annotation="A row.", citation="Test")


def _outcome(name: str) -> OutcomeType:
    """Without scopes, of which the policy has none."""
    parameters = tuple(each for each in OUTCOMES[name].parameters if each.name != "scope")
    return OutcomeType(name=name, parameters=parameters)


def _directed(directive: str) -> Cell:
    return Cell(test="is", value=directive)


POLICY = Policy(
    table=Table(
        id="golden",
        title="What follows a term",
        citation="Test",
        effective="2020-01-01",
        hit_policy=HitPolicy.FIRST,
        inputs=(
            Input(name="applications_pending", type=Kind.INTEGER, maximum=9, may_be_unknown=True),
            Input(name="directive", type=Kind.STRING, values=_DIRECTIVES, may_be_unknown=True),
            Input(name="dependence", type=Kind.BOOLEAN, may_be_unknown=True),
            Input(name="entities_covered", type=Kind.INTEGER, maximum=9),
        ),
        outcomes=tuple(map(_outcome, (EXTEND, EXTEND_TO, LAPSE, REFER))),
        rows=(
            _row("ended", LAPSE, directive=_directed("end")),
            _row("july", EXTEND_TO, {"to": "2026-07-01"}, directive=_directed("to_july")),
            _row("march", EXTEND_TO, {"to": "2026-03-31"}, directive=_directed("to_march")),
            _row("soon", EXTEND, {"days": 30, "objection_days": 2}, directive=_directed("soon")),
            _row("asked", REFER, directive=_directed("ask")),
            _row("docket-unknown", REFER, applications_pending=Cell(test="unknown")),
            _row("silence", REFER, dependence=Cell(test="unknown")),
            _row("dependence", EXTEND, {"days": 90}, dependence=Cell(test="is", value=True)),
            _row("no-directive", LAPSE, directive=Cell(test="unknown")),
        ),
    ),
    origins={
        "applications_pending": Origin.GATHERED,
        "directive": Origin.EVIDENCE,
        "dependence": Origin.EVIDENCE,
        "entities_covered": Origin.LAW,
    },
)
"""The decision is due 14 days before the last, and that is the first of 14 days to object."""


_ORDER: dict[str, JsonValue] = {
    "scope": SCOPE.model_dump(mode="json"),
    "entities": list[JsonValue](sorted(ENTITIES)),
    "reason": "Existing customers.",
}


def usual(changed: Mapping[str, object]) -> Policy:
    """The usual policy but for its times, and its effective date."""
    dated = {name: str(value) for name, value in changed.items() if name == "effective"}
    times = {name: value for name, value in changed.items() if name != "effective"}
    table = POLICY.table.model_copy(update=dated)
    return Policy.model_validate(POLICY.model_dump() | {"table": table.model_dump()} | times)


def act_of(act: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """An act on a rule: from the beginning of a day, as was read in print, if it does not say otherwise."""
    begins = {
        name: shown(start_of_day(date.fromisoformat(str(act[name]))))
        for name in ("effective", "published", "filed")
        if name in act
    }
    return {"certainty": "primary", "text": "As printed.", **act, **begins}


def completed(body: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The body of a command with what a timeline leaves out."""
    found = dict(body)
    match found.get("term"):
        case dict() as term:
            found["term"] = _ORDER | term
        case _:
            pass
    match found.get("act"):
        case dict() as act:
            found["act"] = act_of(act)
        case _:
            pass
    match found.get("policy"):
        case dict() as changed:
            found["policy"] = usual(changed).model_dump(mode="json")
        case _:
            pass
    return found
