"""Commands made from the bodies that they send: arguments and options from the fields, help from docstrings.

What a name and a type do not say is on the field itself: ``Field(description=…)`` is the help of the option,
``greenlight.kernel.option.Option`` what it is called.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from inspect import Parameter, Signature, cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

import typer
from pydantic import AwareDatetime, TypeAdapter
from pydantic.fields import FieldInfo

from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossier,
    Json,
    beginning,
    body,
    instant,
    key_of,
    read_json,
    stream_named,
)
from greenlight.cli.base.send import send
from greenlight.cli.operations.development import OFFICERS
from greenlight.kernel.body import Body, Declared
from greenlight.kernel.model import MAX_INTEGER, Model
from greenlight.kernel.option import Option
from greenlight.kernel.roles import Role
from greenlight.law.registry import AnyAggregate

PROGRAM: Final = "starter.py"
NOTHING: Final = "none"
"""In the place of a value that has its place and may be left out."""

Command = Callable[..., None]


def add_commands(
    app: typer.Typer,
    aggregate: AnyAggregate,
    by_hand: Mapping[str, Command | None] | None = None,
    *,
    panels: Mapping[str, str] | None = None,
    panel: str | None = None,
    key: str | None = None,
) -> None:
    """Give ``app`` every command of an aggregate, in the order in which it declares them.

    :param by_hand: by the names on the wire, those that are written by hand, and None for what is no command.
    :param panels: where help shows a command, by its name on the wire; all others are shown at ``panel``.
    :param key: that of the only stream there is; without it, commands ask for it.
    """
    written, where = by_hand or {}, panels or {}
    for name, content in aggregate.commands.items():
        short = content.declared.short
        command = written[name] if name in written else _command(aggregate, content, key, app.info.name)
        if command is not None:
            app.command(short, rich_help_panel=where.get(name, panel))(command)


def group_of(aggregate: AnyAggregate) -> typer.Typer:
    """A group with nothing but the commands of an aggregate."""
    app = typer.Typer(name=aggregate.kind, help=aggregate.about, no_args_is_help=True)
    add_commands(app, aggregate)
    return app


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a command takes for a field: as which parameter, and how what was typed is read."""

    parameter: Parameter
    read: Callable[[Any], object]
    example: str


def _command(aggregate: AnyAggregate, content: type[Body], key: str | None, group: object) -> Command:
    declared = content.declared
    fields = {
        path: _taken(path[-1], field, first=not at) for at, (path, field) in enumerate(_fields(content))
    }
    named = key_of(aggregate)

    def command(**typed: Any) -> None:
        stream = stream_named(aggregate, key or typed[named.name])
        said: dict[str, Any] = {outer: {} for outer, *inner in fields if inner}
        for (*outer, name), taken in fields.items():
            if typed[name] is not None and typed[name] != []:
                within = said[outer[0]] if outer else said
                within[name] = taken.read(typed[name])
        role = typed.get("role")
        send(
            stream,
            body(content, **said),
            typed["as_"],
            typed["command_id"],
            typed["json"],
            typed.get("dossier"),
            Role(role) if role else None,
        )

    parameters = [
        *(() if key else (_parameter(named.name, named.argument),)),
        *(taken.parameter for taken in fields.values() if _is_argument(taken.parameter)),
        _parameter("as_", As),
        *(taken.parameter for taken in fields.values() if not _is_argument(taken.parameter)),
        *_in_role(declared),
        *((_parameter("dossier", Dossier, None),) if declared.decision else ()),
        _parameter("command_id", CommandId, None),
        _parameter("json", Json, False),
    ]
    # What typer reads of a function: it is the same as if these had been written by hand.
    command.__dict__["__signature__"] = Signature(parameters)
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    command.__name__ = declared.name
    words = (
        PROGRAM,
        *(() if group == PROGRAM else (str(group),)),
        declared.short,
        *(() if key else (named.example,)),
    )
    example = " ".join((*words, *(taken.example for taken in fields.values() if taken.example)))
    told = cleandoc(content.__doc__ or "").replace("``", "`")
    command.__doc__ = f"{told}\n\nExample: {example} --as {_officer(declared)}"
    return command


def _fields(of: type[Model]) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Each by its name, and that of the field in whose place it stands, if there is one."""
    for name, field in of.model_fields.items():
        if (
            _option(field).spread
            and isinstance(field.annotation, type)
            and issubclass(field.annotation, Model)
        ):
            yield from (((name, inner), each) for inner, each in field.annotation.model_fields.items())
        else:
            yield (name,), field


def _option(field: FieldInfo) -> Option:
    return next((each for each in field.metadata if isinstance(each, Option)), Option())


def _parameter(name: str, annotation: object, default: object = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _is_argument(parameter: Parameter) -> bool:
    return isinstance(parameter.annotation.__metadata__[0], typer.models.ArgumentInfo)


def _in_role(declared: Declared) -> tuple[Parameter, ...]:
    """The option for those who may send the command in several roles."""
    if len(declared.by) == 1:
        return ()
    roles = StrEnum("Role", {role.name: role.value for role in Role if role in declared.by})
    said = typer.Option(
        "--role", help="Of several roles, the one to sign in. Default: the one of yours that may."
    )
    return (_parameter("role", Annotated[roles | None, said], None),)


def _officer(declared: Declared) -> str:
    """Who of the officers for trying things out may send the command."""
    return next(name for name, (_, roles) in OFFICERS.items() if declared.by.intersection(roles))


def _taken(name: str, field: FieldInfo, *, first: bool) -> _Taken:
    said = _option(field)
    kind, several = _kind(field.annotation)
    typed, metavar, read = _typed(kind, field, said)
    required = field.is_required() and kind is not bool
    placed = first and required if said.argument is None else said.argument
    many = list[typed] if several else typed
    called = said.name or (_singular(name) if several else name)
    limits = _limits(field) if kind is int and not several else {}
    told = field.description or ""
    example = _example(kind, field, limits)
    if placed:
        told += "" if field.is_required() else f" Or {NOTHING}."
        metavar = called.upper() + ("..." if several else "")
        annotation = Annotated[many, typer.Argument(metavar=metavar, help=told, **limits)]
        return _Taken(_parameter(name, annotation), lambda given: read(_unless_nothing(given)), example)
    told += " Repeat." if several else ""
    option = f"--{called.replace('_', '-')}"
    annotation = Annotated[
        many if required or kind is bool else many | None,
        typer.Option(option, metavar=metavar, help=told, **limits),
    ]
    default = Parameter.empty if required else False if kind is bool else _default(field)
    return _Taken(_parameter(name, annotation, default), read, f"{option} {example}" if required else "")


def _singular(name: str) -> str:
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _unless_nothing(given: object) -> object:
    return None if given == NOTHING else given


def _default(field: FieldInfo) -> object:
    """What is shown of it: a choice; everything else is left to the body."""
    return field.default if isinstance(field.default, Enum) else None


def _kind(annotation: object) -> tuple[Any, bool]:
    """The type of a value, and whether there may be several: one that people can type, or else ``object``."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return StrEnum("Choice", {str(value): str(value) for value in inner}), False
    if origin in (Union, UnionType):
        some = [each for each in inner if each is not NoneType]
        return _kind(some[0]) if len(some) == 1 else (object, False)
    if origin in (tuple, frozenset):
        kind, several = _kind(inner[0])
        return (object, False) if several or kind is object else (kind, True)
    if annotation is AwareDatetime or (isinstance(annotation, type) and issubclass(annotation, _TYPED)):
        return annotation, False
    return object, False


_TYPED: Final = (bool, int, str, date)


def _typed(kind: Any, field: FieldInfo, said: Option) -> tuple[Any, str | None, Callable[[Any], object]]:
    """What typer makes of words, what help calls it, and what the body makes of that."""
    if kind is AwareDatetime:
        return str, "DAY|INSTANT", instant if said.end else beginning
    if kind is date:
        return str, "DAY", _as_it_is
    if kind is object:
        form: TypeAdapter[object] = TypeAdapter(cast(Any, field.annotation))
        return Path, "FILE", lambda path: read_json(form, path)
    return kind, None, (lambda given: not given) if said.denies else _as_it_is


def _as_it_is(given: object) -> object:
    return given


def _limits(field: FieldInfo) -> dict[str, Any]:
    """Of a whole number, as typer has them."""
    found: dict[str, Any] = {}
    for each in field.metadata:
        for name, (side, further) in _BOUNDS.items():
            bound: int | None = getattr(each, name, None)
            if bound is not None and bound != MAX_INTEGER:
                found[side] = bound + further
    return found


_BOUNDS: Final = {"ge": ("min", 0), "gt": ("min", 1), "le": ("max", 0), "lt": ("max", -1)}


def _example(kind: Any, field: FieldInfo, limits: Mapping[str, int]) -> str:
    match field.examples:
        case [[*several], *_]:
            return " ".join(map(str, several))
        case [one, *_]:
            return f'"{one}"' if " " in str(one) else str(one)
        case _:
            pass
    if kind in (AwareDatetime, date):
        return "2026-12-01"
    if kind is int:
        return str(limits.get("min", 1))
    if kind is object:
        return "file.json"
    return str(next(iter(kind))) if issubclass(kind, Enum) else '"…"'
