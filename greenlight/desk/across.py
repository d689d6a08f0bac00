"""Checks across the members of an input of which some are wrong by themselves.

Pydantic holds members against each other only once each of them is right. Here the checks of a model are
asked of what could be read: one that looks at a member that could not says nothing, all others what they
always say.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from inspect import signature
from typing import Annotated, Any, Final, cast, get_args, get_origin

from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_json

Place = tuple[int | str, ...]

_UNREAD: Final = object()


def across(
    model: type[BaseModel], content: Mapping[str, Any], faulty: frozenset[Place], context: object = None
) -> Iterator[tuple[Place, str]]:
    """Each problem with its place, in the order of members. ``content``: as JSON has it; ``faulty``: where
    something is wrong by itself, or missing."""
    _, problems = _Partly(faulty, context).read(model, content, ())
    yield from problems


Problems = list[tuple[Place, str]]


class _Partly:
    """Reads what can be read."""

    def __init__(self, faulty: frozenset[Place], context: object) -> None:
        self._faulty, self._context = faulty, context

    def read(
        self, model: type[BaseModel], content: Mapping[str, Any], at: Place
    ) -> tuple[BaseModel, Problems]:
        """The model without its faulty members: who asks for one of them gets an AttributeError."""
        found: dict[str, Any] = {}
        problems: Problems = []
        for name, field in model.model_fields.items():
            place = (*at, name)
            if name in content:
                found[name] = self._member(field, content[name], place, problems)
            elif place in self._faulty or field.is_required():
                found[name] = _UNREAD
        made = model.model_construct(**{name: value for name, value in found.items() if value is not _UNREAD})
        for name, value in found.items():
            if value is _UNREAD:
                cast(dict[str, Any], made.__dict__).pop(name, None)
        for name, check in model.__pydantic_decorators__.model_validators.items():
            if check.info.mode == "after":
                problems += _asked(getattr(made, name), at)
        return made, problems

    def _member(self, field: FieldInfo, value: Any, at: Place, problems: Problems) -> Any:
        if not any(each[: len(at)] == at for each in self._faulty):
            exact: Any = field.annotation
            if field.metadata:
                exact = Annotated[(exact, *field.metadata)]
            with suppress(ValidationError):
                return TypeAdapter(exact).validate_json(to_json(value), strict=True, context=self._context)
            return _UNREAD
        inner = _model_in(field.annotation)
        if inner is None:
            return _UNREAD
        if isinstance(value, dict):
            made, found = self.read(inner, cast(dict[str, Any], value), at)
            problems += found
            return made
        if not isinstance(value, list):
            return _UNREAD
        rows: list[BaseModel] = []
        for place, row in enumerate(cast(list[Any], value)):
            if not isinstance(row, dict):
                return _UNREAD
            made, found = self.read(inner, cast(dict[str, Any], row), (*at, place))
            rows.append(made)
            problems += found
        for check in field.metadata:
            if isinstance(check, AfterValidator) and len(signature(check.func).parameters) == 1:
                problems += _asked(partial(cast(Any, check.func), tuple(rows)), at)
        return tuple(rows)


def _asked(check: Any, at: Place) -> Sequence[tuple[Place, str]]:
    """The words of a check, if it has any without what could not be read."""
    try:
        check()
    except AttributeError:
        return ()
    except (ValueError, AssertionError) as error:
        return ((at, str(error)),)
    return ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a member holds, by itself or in a row, or may leave out; None: it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is Annotated:
        return _model_in(get_args(annotation)[0])
    inner = [each for each in get_args(annotation) if each not in (type(None), Ellipsis)]
    return _model_in(inner[0]) if len(inner) == 1 else None
