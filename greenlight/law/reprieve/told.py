"""Decisions of a policy in words, for people: what was decided, by which row and why, and what facts were."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import JsonValue

from greenlight.kernel.commit import Event
from greenlight.kernel.counted import counted
from greenlight.kernel.tables.domain import Fact, OutputEntry
from greenlight.kernel.tables.table import Table
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.reprieve.events import PolicyAdopted, ReprieveOpened
from greenlight.law.rule.policy import POLICIES
from greenlight.law.terms.deciding import said


def outcome(then: OutputEntry) -> str:
    """An outcome with its parameters, in words."""
    said = [_words(then.outcome)]
    for name, value in then.parameters.items():
        match name:
            case "days":
                said.append(f"by {value} days")
            case "to":
                said.append(str(value))
            case _:
                said.append(f"{_words(name)} {value}")
    return f"{said[0]} {', '.join(said[1:])}" if said[1:] else said[0]


def decided_by(events: Iterable[Event], version: str | None) -> Table | None:
    """The table of the policy of that version, which one of the events has; None: there is none."""
    for event in events:
        if isinstance(event, ReprieveOpened | PolicyAdopted) and event.policy.version == version:
            return event.policy.table
    return None


def value_of(text: str) -> Fact:
    """A fact as it is typed."""
    match text:
        case "unknown":
            return None
        case "true" | "false":
            return text == "true"
        case _ if text.isdecimal() and len(text) <= 16:
            return int(text)
        case _:
            return text


def short(name: str, value: JsonValue) -> JsonValue:
    """A member of an event as a history has room for it: of what is long, what it is called."""
    match name, value:
        case "policy", {"table": {"id": str(table), "title": str(title)}}:
            return f"{title} ({table})"
        case "term", {
            "number": number,
            "effective": str(begins),
            "valid_through": str(last),
            "entities": [*entities],
        }:
            days = f"from {_day(begins)} through {plain_date(date.fromisoformat(last))}"
            return f"{number}, {days}, {counted(len(entities), 'entity', 'entities')}"
        case "evaluation", {"outcome": str(then), "row": row}:
            return f"{_words(then)}, by row {row}" if row else f"{_words(then)}, for no row fires"
        case "fact", {"name": str(fact), "source": str(source)}:
            return f"{_words(fact)} {said(_fact(value))} ({source})"
        case "facts", [*told]:
            facts = (each for each in told if isinstance(each, dict))
            return "; ".join(f"{_words(str(each['name']))} {said(_fact(each))}" for each in facts)
        case "ends_by", str(policy):
            # One of a newer release is told by its name.
            titles = (ends.table.title for name, ends in POLICIES.items() if name == policy)
            return next((f"{title} ({policy})" for title in titles), policy)
        case "scope", {"activities": [*activities]}:
            return ", ".join(str(each["key"]) for each in activities if isinstance(each, dict))
        case _:
            return value


def _day(instant: str) -> str:
    return plain_date(agency_date(datetime.fromisoformat(instant)))


def _fact(fact: Mapping[str, JsonValue]) -> Fact:
    value = fact.get("value")
    return value if isinstance(value, bool | int | str) else None


def _words(name: str) -> str:
    return name.replace("_", " ")
