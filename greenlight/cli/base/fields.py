"""Fields of a body as people type them: as an argument or an option, of which type, and how it is read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from inspect import Parameter
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

import typer
from pydantic import AwareDatetime, Discriminator, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import from_json, to_json

from greenlight.cli.base.options import USAGE, beginning, instant, read_json
from greenlight.cli.base.output import fail
from greenlight.kernel.model import MAX_INTEGER, Model
from greenlight.kernel.option import Option

_OWN: Final = frozenset({"as", "command_id", "dossier", "json", "role", "yes"})
"""Options that commands have whatever their body says."""

NOTHING: Final = "none"
"""In the place of an argument that may be left out."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a command takes it.

    The parameter's name is none that a command has for its own. ``within`` is the field in whose place it
    stands, if its model is spread; ``example`` what an example of the command says of it, nothing where it
    may be left out.
    """

    within: str | None
    name: str
    parameter: Parameter
    read: Callable[[Any], object]
    placed: bool
    example: str


def fields_of(model: type[Model]) -> Iterator[Field]:
    """All of them, those of a model that is spread in its place."""
    for place, (name, field) in enumerate(model.model_fields.items()):
        inner: Any = field.annotation
        if _option(field).spread:
            yield from (_field(name, each, of, first=False) for each, of in inner.model_fields.items())
        else:
            yield _field(None, name, field, first=place == 0)


def parameter(name: str, annotation: object, default: object = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _field(within: str | None, name: str, field: FieldInfo, *, first: bool) -> Field:
    said = _option(field)
    kind, several = (str, True) if said.between else _kind(field.annotation)
    needed = field.is_required() and kind is not bool
    placed = first and needed if said.argument is None else said.argument
    called = said.name or (_singular(name) if several else name)
    typed, metavar, read = _typed(kind, field, said)
    if several:
        typed, read = list[typed], _each(read)
    limits = _limits(field) if kind is int else {}
    help_ = f"{field.description or ''}{_ON_A_DAY[said.end] if kind is AwareDatetime else ''}"
    example = f"{name}.json" if kind is object else _example(kind, field, limits.get("min", 1))
    if placed:
        shown = called.upper() + ("..." if several else "")
        help_ += "" if needed else f" Or {NOTHING}."
        as_argument = Annotated[typed, typer.Argument(metavar=shown, help=help_, **limits)]
        return Field(within, name, parameter(f"said_{name}", as_argument), _or_nothing(read), True, example)
    if called in _OWN:
        raise ValueError(f"{name}: --{called} is an option of every command; name it by Option(name=…)")
    option = f"--{called.replace('_', '-')}"
    help_ += " Repeat." if several else ""
    # All else that may be left out is left to the body; of a choice people see what it is then.
    default = field.default if isinstance(field.default, Enum) else None
    if kind is bool and field.default is not None and field.default is not True:
        default = False
    elif kind is bool:
        option = f"{option}/--no-{option.removeprefix('--')}"
    as_option = Annotated[
        typed if needed or default is not None else typed | None,
        typer.Option(option, metavar=metavar, help=help_, **limits),
    ]
    taken = parameter(f"said_{name}", as_option, Parameter.empty if needed else default)
    return Field(within, name, taken, read, False, f"{option} {example}" if needed else "")


def _option(field: FieldInfo) -> Option:
    return next((each for each in field.metadata if isinstance(each, Option)), Option())


def _singular(name: str) -> str:
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _or_nothing(read: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda given: None if given == NOTHING else read(given)


def _kind(annotation: Any) -> tuple[Any, bool]:
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
    if annotation is AwareDatetime or (isinstance(annotation, type) and issubclass(annotation, _PLAIN)):
        return cast(Any, annotation), False
    return object, False


_PLAIN: Final = (bool, int, str, date)


def _typed(kind: Any, field: FieldInfo, said: Option) -> tuple[Any, str | None, Callable[[Any], object]]:
    """The type that typer makes of words, its name in help, and what makes the body's value of it."""
    if kind is AwareDatetime:
        return str, "DAY|INSTANT", instant if said.end else beginning
    if kind is date:
        return str, "DAY", _as_it_is
    if get_origin(field.annotation) is Literal:
        # People type words, and the body may want numbers.
        values = {str(value): value for value in get_args(field.annotation)}
        return kind, None, lambda given: values[str(given)]
    if said.between:
        parts = list(_model_of(field.annotation).model_fields)
        metavar = said.between.join(part.upper() for part in parts)
        return str, metavar, _split(said.between, parts)
    if kind is object:
        return Path, "FILE", lambda path: read_json(_whole(field), path)
    return kind, None, (lambda given: not given) if said.denies else _as_it_is


def _whole(field: FieldInfo) -> TypeAdapter[Any]:
    """The type of a field; of a union whose members say which they are, faults are those of that one."""
    of: Any = field.annotation
    if isinstance(field.discriminator, str):
        of = cast(Any, Annotated)[of, Discriminator(field.discriminator)]
    return TypeAdapter(of)


def _model_of(annotation: Any) -> type[Model]:
    """The model of each of several values."""
    return next(each for each in get_args(annotation) if isinstance(each, type) and issubclass(each, Model))


def _split(between: str, parts: Sequence[str]) -> Callable[[Any], object]:
    """Members of a model that are typed one behind the other; or as JSON, where one of them has in it what
    stands between."""
    as_json = to_json(dict.fromkeys(parts, "…")).decode()

    def read(given: str) -> object:
        if given.lstrip().startswith("{") and isinstance(whole := _json_of(given), dict):
            return cast(object, whole)
        said = [each.strip() for each in given.split(between.strip())]
        if len(said) != len(parts):
            form = between.join(part.upper() for part in parts)
            found = "" if len(said) < len(parts) else f", or, as{between}stands in what you give, {as_json}"
            raise fail(USAGE, f"{given}: give {form}{found}")
        return dict(zip(parts, said, strict=True))

    return read


def _json_of(text: str) -> object:
    try:
        return from_json(text)
    except ValueError:
        return None


def _each(read: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda given: [read(one) for one in given]


def _as_it_is(given: object) -> object:
    return given


_ON_A_DAY: Final = {True: " A day means its end.", False: " A day means its first moment."}

_BOUNDS: Final = {"ge": ("min", 0), "gt": ("min", 1), "le": ("max", 0), "lt": ("max", -1)}


def _limits(field: FieldInfo) -> dict[str, Any]:
    """Of a whole number, as typer has them."""
    found: dict[str, Any] = {}
    for each in field.metadata:
        for name, (side, further) in _BOUNDS.items():
            bound: int | None = getattr(each, name, None)
            if bound is not None and bound != MAX_INTEGER:
                found[side] = bound + further
    return found


def _example(kind: Any, field: FieldInfo, least: int) -> str:
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
        return str(least)
    return str(next(iter(kind))) if issubclass(kind, Enum) else '"…"'
