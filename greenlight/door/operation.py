"""One thing that the door does: its route, its document and what it takes, in one declaration."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from greenlight.answers.caller import Caller
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Model
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import Role
from greenlight.serving.house import House
from greenlight.serving.problems import malformed

JSON = "application/json"

M = TypeVar("M", bound=BaseModel)


class Nothing(Model):
    """No parameters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as an operation has it: who asks, where in the path, with which parameters and body."""

    request: Request
    house: House
    caller: Caller
    path: Mapping[str, str]
    query: Any
    body: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """``path`` names its parts in braces, each of which matches a pattern in ``parts``; ``query`` and
    ``body`` are models that parameters and the body are read as; ``answer`` what comes back, a model or the
    media type of what is none. ``roles``: others are refused. ``signed``: whoever asks sends a token for
    reading; if not, the body is a signed command."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    says: str
    handle: Callable[[Asked], Awaitable[Response]]
    answer: type[BaseModel] | str
    query: type[Model] = Nothing
    body: type[BaseModel] | None = None
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    roles: frozenset[Role] = frozenset(Role)
    status: int = 200
    signed: bool = True
    tag: str = "reading"


def query_of(model: type[M], request: Request) -> M:
    """The parameters of a request.

    :raises Problem: one is given twice, or not of its form.
    """
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        raise malformed("a parameter is given twice")
    try:
        return model.model_validate_strings(given, context=ENTERED)
    except ValidationError as error:
        raise malformed(first_problem(error)) from error


def body_of(model: type[M], content: bytes) -> M:
    """The body of a request, of which every member counts.

    :raises Problem: it is not JSON, has a member twice, or is not of its form.
    """
    try:
        json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise malformed(f"the body is not JSON that is taken: {_plain(error)}") from None
    try:
        return model.model_validate_json(content, strict=True, context=ENTERED)
    except ValidationError as error:
        raise malformed(first_problem(error)) from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Of two members of one name, programs read now the one and now the other.
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError("a member is given twice")
    return found


def _no_number(text: str) -> object:
    raise _TwiceError("a number that is none")


class _TwiceError(ValueError):
    pass


def _plain(error: Exception) -> str:
    match error:
        case _TwiceError():
            return str(error)
        case json.JSONDecodeError():
            return f"line {error.lineno}, column {error.colno}"
        case _:
            return "it cannot be read"


_DUMP = TypeAdapter(object)


def answered(
    content: BaseModel | tuple[BaseModel, ...], headers: Mapping[str, str] | None = None
) -> Response:
    """An answer as JSON."""
    return Response(_DUMP.dump_json(content, serialize_as_any=True), 200, dict(headers or {}), JSON)
