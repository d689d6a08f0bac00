"""The whole contract as one JSON document."""

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from pydantic import JsonValue
from pydantic_settings import BaseSettings
from temporalio import workflow

from greenlight.law.contract import permitted
from tests.contract.schemas import meaning, variants
from tests.contract.sources import (
    ACTIVITIES,
    AGGREGATES,
    ANSWERS,
    CLIENTS,
    DECISIONS,
    LIMITS,
    ROWS,
    SERVICE_EVENTS,
    STREAMS,
    TASK_QUEUE,
    WORKFLOWS,
    Aggregate,
    Case,
    Kind,
    LetterKind,
    Role,
    SearchAttribute,
    Settings,
    known_codes,
    workflow_type,
)

PERMITTED = permitted()

WIDTH = 110


def contract() -> str:
    """Sorted, and each value on one line that has room there: a difference is read line by line."""
    return _pretty(_contract()) + "\n"


def _contract() -> dict[str, JsonValue]:
    streams = [name("x").partition("-")[0] for name in STREAMS]
    return {
        "activities": _sorted(_activities()),
        "answers": {name: meaning(model, "serialization") for name, model in ANSWERS.items()},
        "clients": {client.__name__: _methods(client) for client in CLIENTS},
        "commands": {
            name: {
                "aggregate": kind,
                "body": meaning(body),
                "names the dossier": name in DECISIONS,
                "roles": _sorted(PERMITTED[name]),
            }
            for kind, aggregate in AGGREGATES.items()
            for name, body in aggregate.commands.items()
        },
        "events": {kind: variants(aggregate.events) for kind, aggregate in AGGREGATES.items()},
        "events of the service": _sorted(SERVICE_EVENTS),
        "kinds of logs": _sorted(Kind),
        "letters": _sorted(LetterKind),
        "limits": dict(LIMITS),
        "refusal codes": _sorted(code for code in known_codes() if code.__module__.startswith("greenlight.")),
        "roles": _sorted(Role),
        "rows": {name: meaning(model, "serialization") for name, model in ROWS.items()},
        "search attributes": {each.value: each.indexed_as for each in SearchAttribute},
        "settings": _settings(Settings),
        "stages": {kind: _procedure(aggregate) for kind, aggregate in AGGREGATES.items()},
        "streams": {kind: _type_of(name("x")) for kind, name in zip(streams, STREAMS, strict=True)},
        "task queue": TASK_QUEUE,
        "workflows": dict(_workflow(each) for each in WORKFLOWS),
    }


def _sorted(names: Iterable[object]) -> list[JsonValue]:
    return [*sorted(map(str, names))]


def _activities() -> Iterable[str]:
    for each in ACTIVITIES:
        for _, method in inspect.getmembers(each, inspect.isfunction):
            # What the SDK makes of its own decorators is nowhere public.
            definition = getattr(method, "__temporal_activity_definition", None)
            if definition is not None:
                yield definition.name


def _workflow(of: type[Case[Any]]) -> tuple[str, JsonValue]:
    # As above.
    definition = workflow._Definition.must_from_class(of)  # pyright: ignore[reportPrivateUsage]
    assert definition.name is not None, "no workflow here takes every name"
    return definition.name, {
        "first": of.aggregate.starts_with,
        "ids": of.aggregate.stream_pattern,
        "queries": _names(definition.queries),
        "signals": _names(definition.signals),
        "timer of another try": of.trying,
        "updates": _names(definition.updates),
    }


def _names(handlers: Mapping[str | None, object]) -> list[JsonValue]:
    return _sorted(name or "(any other)" for name in handlers)


def _type_of(stream: str) -> str | None:
    try:
        return workflow_type(stream)
    except ValueError:
        return None


def _procedure(of: Aggregate) -> JsonValue:
    """Command by command, to where it leads from a stage, or why it does not; then what happens by itself."""
    commands = sorted({str(name) for cells in of.stages.values() for name in cells})
    by_command: dict[str, JsonValue] = {
        name: {str(stage or "(none)"): _cell(cells[name]) for stage, cells in of.stages.items()}
        for name in commands
    }
    by_itself: dict[str, JsonValue] = {
        name: {str(stage): _cell(cell) for stage, cell in stages.items()}
        for name, stages in of.by_itself.items()
        if stages
    }
    return {
        "by command": by_command,
        **{name.lower().replace("_", " "): it for name, it in by_itself.items()},
    }


def _cell(cell: object) -> str:
    if isinstance(cell, frozenset):
        return " / ".join(sorted(map(str, cast(frozenset[object], cell))))
    return f"! {cell}"


def _settings(of: type[BaseSettings]) -> JsonValue:
    prefix = of.model_config.get("env_prefix", "")
    return {
        str(field.validation_alias or f"{prefix}{name}".upper()): str(field.get_default())
        for name, field in of.model_fields.items()
    }


def _methods(of: type) -> JsonValue:
    return {
        name: _parameters(method)
        for name, method in inspect.getmembers(of, inspect.isroutine)
        if not name.startswith("_") or name == "__init__"
    }


def _parameters(method: Callable[..., object]) -> list[JsonValue]:
    parameters = inspect.signature(method).parameters.values()
    return [
        f"{'*, ' if each.kind is each.KEYWORD_ONLY else ''}{each.name}{_default(each)}"
        for each in parameters
        if each.name not in {"self", "cls"}
    ]


def _default(of: inspect.Parameter) -> str:
    if of.default is of.empty:
        return ""
    return f" = {getattr(of.default, '__name__', of.default)}"


def _pretty(value: JsonValue, indent: int = 0) -> str:
    line = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    gap = "\n" + " " * (indent + 1)
    if isinstance(value, list):
        parts = [_pretty(each, indent + 1) for each in value]
        opening, closing = "[]"
    else:
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_pretty(value[key], indent + 1)}"
            for key in sorted(value)
        ]
        opening, closing = "{}"
    return f"{opening}{gap}{f',{gap}'.join(parts)}\n{' ' * indent}{closing}"
