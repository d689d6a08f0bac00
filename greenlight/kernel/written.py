"""The ways in which a sender may have written a body: with members that say nothing spelled out, or left out.

What was signed is a digest of the body as it was sent. The events have what it says; this finds how it was
said, so that whoever reads them later can tell whether it is what was signed.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import Any, NamedTuple, cast

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.model import Added, JsonObject
from greenlight.kernel.refusal import Refusal, RefusalCode

MAX_FORMS = 1_024
"""Tries before it is given up. A body has ten or so members that may be left out."""

MAX_SPELLED = 64
"""The same, for each turn in which members were ``Added``, where they are spelled out: programs from before
them never do that."""


class _Spot(NamedTuple):
    """A member that has its default: where it stands, or would stand. ``added``: in which turn, if it was."""

    owner: JsonObject
    name: str
    default: Any
    kind: tuple[str, str]
    added: int | None


def signed_form(body: Body, signed: str) -> bool:
    """Tell whether ``signed`` is the digest of a form of ``body``."""
    return any(digest(form) == signed for form in _forms(body))


def form_objection(body: Body, signed: str) -> Refusal | None:
    """Say why nobody could tell later that this body is the one that was signed, if so."""
    if signed_form(body, signed):
        return None
    return Refusal(
        RefusalCode.MALFORMED,
        "body: leave members that have their default out everywhere, or nowhere; write sets in order,"
        " instants in UTC and line ends as line feeds",
    )


def _forms(body: Body) -> Iterator[JsonObject]:
    """All left out first, as a client does, or all spelled out; then more and more of them otherwise."""
    content: JsonObject = body.model_dump(mode="json")
    spots = list(_spots(body, content))
    before = [spot for spot in spots if spot.added is None]
    yield from islice(_mixed(content, before), MAX_FORMS)
    # A program spells out what it knows: all that was added until it was written.
    for turn in sorted({spot.added for spot in spots if spot.added is not None}):
        for spot in spots:
            if spot.added == turn:
                spot.owner[spot.name] = spot.default
        yield from islice(_mixed(content, before), MAX_SPELLED)


def _mixed(content: JsonObject, spots: list[_Spot]) -> Iterator[JsonObject]:
    # Who writes one item without a member, writes all of them so.
    kinds = list(dict.fromkeys(spot.kind for spot in spots))
    for some in range(len(kinds) // 2 + 1):
        for otherwise in combinations(kinds, some):
            for left_out in (True, False):
                for spot in spots:
                    if (spot.kind in otherwise) is not left_out:
                        spot.owner.pop(spot.name, None)
                    else:
                        spot.owner[spot.name] = spot.default
                yield content


def _spots(model: BaseModel, content: JsonObject) -> Iterator[_Spot]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if not field.is_required() and value == field.get_default(call_default_factory=True):
            added = next((each.turn for each in field.metadata if isinstance(each, Added)), None)
            yield _Spot(content, name, to_jsonable_python(value), (type(model).__name__, name), added)
        elif name in content:
            yield from _within(value, content[name])


def _within(value: object, content: object) -> Iterator[_Spot]:
    if isinstance(value, BaseModel) and isinstance(content, dict):
        yield from _spots(value, cast(JsonObject, content))
    elif isinstance(value, Mapping) and isinstance(content, dict):
        for key, item in cast(Mapping[str, object], value).items():
            yield from _within(item, cast(JsonObject, content)[key])
    elif isinstance(value, tuple) and isinstance(content, list):
        for item, said in zip(cast(tuple[object, ...], value), cast(list[object], content), strict=True):
            yield from _within(item, said)
