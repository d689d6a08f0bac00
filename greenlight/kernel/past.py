"""Records as releases of before wrote them, and as releases to come will: read as far as this one can.

A release to come may add members, which are read past; types of events, versions of a type and values, of
which this one can only say that it does not know them.
"""

from collections.abc import Mapping
from typing import Final, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from greenlight.kernel.commit import VERSION, Event
from greenlight.kernel.model import JsonObject
from greenlight.kernel.problems import first_problem

UNTYPED: Final = "no event"


NEWER_RELEASE: Final = "newer_release"
"""The party for which a case waits that goes on with what cannot be read here."""


def newer_release(type_: str) -> str:
    """The sentence on a case that goes on with an event of this type."""
    return f"it goes on with an event {type_} that cannot be read here: it waits for a newer release"


class UnreadableError(ValueError):
    """A record that this release cannot read, by the type that it says it is of. The message has nothing of
    what is in it."""

    def __init__(self, type_: str, reason: str) -> None:
        super().__init__(f"{type_} cannot be read here, a newer release may know it: {reason}")
        self.type = type_


def unreadable(record: str, error: ValidationError) -> UnreadableError:
    """The error of a record that pydantic does not take."""
    said = _said(record)
    name = said.get("type") if said else None
    return UnreadableError(name if isinstance(name, str) else UNTYPED, first_problem(error))


def current_version(record: str, types: Mapping[str, type[Event]]) -> str:
    """The record as it would be written today, without the member that says in which version it is."""
    said = _said(record)
    declared = types[str(said["type"])].declared if said and said.get("type") in types else None
    if said is None or declared is None or not declared.upcasts:
        return record
    version = said.pop(VERSION, 1)
    if not isinstance(version, int) or not 1 <= version <= declared.version:
        raise UnreadableError(str(said["type"]), f"version {version} of it, and {declared.version} is known")
    name = str(said["type"])
    try:
        for upcast in declared.upcasts[version - 1 :]:
            said = upcast(said)
    except Exception as error:
        # A record that is not what its version says leads an upcast anywhere.
        raise UnreadableError(name, f"not as version {version} has it") from error
    return to_json(said).decode()


def read_tolerantly(events: TypeAdapter[Event], record: str) -> tuple[Event, tuple[str, ...]]:
    """The event, and the members of its record that are not known here.

    :raises ValidationError: it is none of these events.
    """
    try:
        return events.validate_json(record), ()
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        extra = [each["loc"] for each in problems if each["type"] == "extra_forbidden"]
        # In another version of a type members that are known may mean something else.
        if not extra or any(place[1:] == (VERSION,) for place in extra):
            raise
        # Of other problems some only follow from these; what is wrong otherwise is so without them, too.
        unknown = tuple(".".join(map(str, place[1:])) for place in extra)
        return events.validate_json(record, extra="ignore"), unknown


def _said(record: str) -> JsonObject | None:
    try:
        said = from_json(record)
    except ValueError:
        return None
    return cast(JsonObject, said) if isinstance(said, dict) else None
