"""Golden timelines: what is sent when, and what the regulation makes of it, as data.

What is listed comes after the opening. Instants are Washington's local time; one that clocks put back make
ambiguous is written with its offset. The kinds of cases are modules of their own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Annotated, Literal, Self, cast, get_args

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    InstanceOf,
    JsonValue,
    Tag,
    TypeAdapter,
    model_validator,
)

from greenlight.cli.operations.development import OFFICERS
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject, Model, Name, Text
from greenlight.kernel.refusal import Code
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.application.events import ApplicationEvent
from greenlight.law.contract import commands
from greenlight.law.reprieve.events import ReprieveEvent
from greenlight.law.rule.events import RuleEvent
from tests.timelines.moving import moved, moved_json, moved_model, shown
from tests.timelines.policies import completed

COMMANDS = commands()

OPENINGS = frozenset({"submit", "open_reprieve", "open_rule"})
"""A timeline begins with them."""

_EVENTS: Mapping[str, type[Event]] = {
    kind.__name__: kind for kinds in (ApplicationEvent, ReprieveEvent, RuleEvent) for kind in get_args(kinds)
}
_LATEST = time(23, 59)
"""From then on a command may reach the server in the next day."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def _instant(local: datetime) -> datetime:
    if local.tzinfo is None:
        first, second = (local.replace(tzinfo=AGENCY_ZONE, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            raise ValueError(f"{local} comes twice or never in Washington; write the offset")
        return first.astimezone(UTC)
    if local.utcoffset() != local.astimezone(AGENCY_ZONE).utcoffset():
        raise ValueError(f"{local} does not have Washington's offset")
    return local.astimezone(UTC)


Washington = Annotated[datetime, AfterValidator(_instant)]


def _rest(data: object, own: frozenset[str], into: str) -> object:
    """A table whose keys are partly those of another model, which go ``into`` a field of their own."""
    if not isinstance(data, dict):
        return data
    table = cast(dict[str, object], data)
    rest = {key: value for key, value in table.items() if key not in own}
    return {key: value for key, value in table.items() if key in own} | {into: rest}


def content(value: object) -> JsonValue:
    """What a file has in it, as records have it: instants in UTC."""
    match value:
        case dict():
            table = cast(dict[str, object], value)
            return {name: content(each) for name, each in table.items()}
        case list():
            return [content(each) for each in cast(list[object], value)]
        case datetime():
            return shown(_instant(value))
        case date():
            return value.isoformat()
        case _:
            return cast(JsonValue, value)


class Step(Model):
    """A command. In the file its body's fields stand beside ``at``, ``by`` and ``command``.

    One that ``overtakes`` is decided when what is due by then is noticed, and before the service has done
    what it owes of it.
    """

    at: Washington
    by: str
    command: str
    role: Role | None = None
    refused: Code | None = None
    overtakes: bool = False
    body: InstanceOf[Body]

    @model_validator(mode="before")
    @classmethod
    def _read_body(cls, data: object) -> object:
        known = frozenset({"at", "by", "command", "role", "refused", "overtakes"})
        read = cast(dict[str, object], _rest(data, known, "body"))
        kind = COMMANDS.get(str(read.get("command")))
        if kind is None or read.get("command") in OPENINGS or read.get("by") not in OFFICERS:
            raise ValueError(f"no such command or officer: {read.get('command')}, {read.get('by')}")
        body = completed(cast(JsonObject, content(read["body"])))
        return read | {"body": kind.model_validate_json(json.dumps(body), strict=True)}

    def moved(self, by: timedelta) -> Self:
        return self.model_copy(update={"at": moved(self.at, by), "body": moved_model(self.body, by)})


class Wait(Model):
    """Time passes. With the worker ``down`` nobody notices what comes due until it is up again."""

    until: Washington
    worker: Literal["up", "down"] = "up"

    @property
    def at(self) -> datetime:
        return self.until

    def moved(self, by: timedelta) -> Self:
        return self.model_copy(update={"until": moved(self.until, by)})


def is_gap(step: Step | Wait) -> bool:
    """Nobody is there meanwhile."""
    return isinstance(step, Wait) and step.worker == "down"


def _kind(data: object) -> str:
    return "wait" if isinstance(data, dict) and "until" in data else "step"


class Expect(Model):
    """An event, by the fields that matter. In the file they stand beside ``at`` and ``event``.

    Of a field that is a table itself, only what is given matters.
    """

    at: Washington
    event: str
    by: str | None = None
    fields: JsonObject

    @model_validator(mode="before")
    @classmethod
    def _read_fields(cls, data: object) -> object:
        read = cast(dict[str, object], _rest(data, frozenset({"at", "event", "by"}), "fields"))
        return read | {"fields": content(read["fields"])}

    @model_validator(mode="after")
    def _event_has_these_fields(self) -> Self:
        if self.event not in _EVENTS:
            raise ValueError(f"there is no event {self.event}")
        unknown = set(self.fields) - set(_EVENTS[self.event].model_fields)
        if unknown:
            raise ValueError(f"{self.event} has no {', '.join(sorted(unknown))}")
        return self

    def moved(self, by: timedelta) -> Self:
        fields = moved_json(self.fields, by)
        return self.model_copy(update={"at": moved(self.at, by), "fields": fields})

    def settled(self, came: Mapping[datetime, datetime], event: Event) -> Self:
        """With instants that ``came`` a moment later, where ``event`` has them so."""
        later = {shown(expected): shown(actual) for expected, actual in came.items()}
        fields = _settled(self.fields, recorded(event), later)
        at = event.at if came.get(self.at) == event.at else self.at
        return self.model_copy(update={"at": at, "fields": fields})

    def line(self) -> str:
        return _line(self.at, self.event, self.by, self.fields)

    def line_of(self, event: Event | None) -> str:
        """The same fields of what happened."""
        if event is None:
            return ""
        return line(event, self.by is not None, self.fields)


class Due(Model):
    """A deadline as it stands at an instant, after whatever is sent at that instant.

    ``last_day``: by whose end it is due, ``stopped`` while its clock stands still, ``none`` without one.
    """

    at: Washington
    kind: str
    last_day: date | Literal["stopped", "none"]
    sentence: str | None = None


class Timeline(Model):
    """``why`` says how a person finds the dates in the regulation. One that is ``law_only``, for the reason
    given, is not lived on the server."""

    title: Name
    rule: Annotated[
        str, Field(pattern=r"^(15 CFR 7\d\d\.|Supplement No. 7 to 15 CFR Part 744|ADR (16|58|74|90))")
    ]
    why: Text
    start: Washington
    law_only: Text | None = None
    step: tuple[
        Annotated[
            Annotated[Step, Tag("step")] | Annotated[Wait, Tag("wait")],
            Discriminator(_kind),
        ],
        ...,
    ]
    expect: tuple[Expect, ...]
    due: tuple[Due, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for moments in (self.step, self.expect, self.due):
            instants = [self.start, *(moment.at for moment in moments)]
            if instants != sorted(instants):
                raise ValueError("what comes later stands below")
        return self

    @model_validator(mode="after")
    def _can_be_lived(self) -> Self:
        late = any(step.at.astimezone(AGENCY_ZONE).time() > _LATEST for step in self.commands)
        if late and self.law_only is None:
            raise ValueError("the server's clock runs on; what is sent in a day's last minute is law_only")
        if any(step.overtakes for step in self.commands) and self.law_only is None:
            raise ValueError("no server is slow on purpose; what overtakes is law_only")
        return self

    @property
    def commands(self) -> tuple[Step, ...]:
        return tuple(step for step in self.step if isinstance(step, Step))

    def moved(self, by: timedelta) -> Self:
        """With everything so many whole days later, at the same time of day."""
        later = {
            "start": moved(self.start, by),
            "step": tuple(step.moved(by) for step in self.step),
            "expect": tuple(expected.moved(by) for expected in self.expect),
        }
        return self.model_copy(update=later)

    def differences(self, events: Iterable[Event]) -> str | None:
        """Expected and actual events in two columns; None where they agree."""
        rows: list[tuple[str, str]] = []
        for expected, actual in zip_longest(self.expect, events):
            said = expected.line_of(actual) if expected else line(actual) if actual else ""
            rows.append((expected.line() if expected else "", said))
        return None if all(left == right for left, right in rows) else columns(rows)


def columns(rows: Iterable[tuple[str, str]]) -> str:
    rows = [("expected", "actual"), *rows]
    width = max(len(left) for left, _ in rows)
    return "\n".join(
        f"{' ' if left == right or not n else '≠'} {left:{width}} | {right}"
        for n, (left, right) in enumerate(rows)
    )


def line(event: Event, by: bool = False, fields: JsonObject | None = None) -> str:
    sent = recorded(event)
    sender = cast(JsonObject | None, sent.get("by"))
    officer = str(sender["officer"]) if by and sender else None
    return _line(event.at, type(event).__name__, officer, _like(fields or {}, sent))


def recorded(event: Event) -> JsonObject:
    return cast(JsonObject, _JSON.validate_json(event.record()))


def _settled(expected: JsonValue, actual: JsonValue, came: Mapping[str, str]) -> JsonValue:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {name: _settled(each, actual.get(name), came) for name, each in expected.items()}
    return actual if isinstance(expected, str) and came.get(expected) == actual else expected


def _like(fields: JsonObject, content: JsonObject) -> JsonObject:
    """Of ``content`` what ``fields`` have too."""
    found: JsonObject = {}
    for name, expected in fields.items():
        actual = content.get(name)
        if isinstance(expected, dict) and isinstance(actual, dict):
            actual = _like(expected, actual)
        found[name] = actual
    return found


def _line(at: datetime, event: str, by: str | None, fields: JsonObject) -> str:
    local = at.astimezone(AGENCY_ZONE)
    shown = [local.isoformat(" "), event, *([f"by={by}"] if by else [])]
    return " ".join([*shown, *(f"{name}={value}" for name, value in fields.items())])
