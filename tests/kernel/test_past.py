"""An event that went through two versions before the one of today, and refusals of a release to come."""

import inspect
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

import greenlight
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject
from greenlight.kernel.past import UnreadableError, current_version, read_tolerantly, unreadable
from greenlight.kernel.refusal import RefusalCode, known_code

AT = "2026-09-01T14:00:00Z"


def _in_metres(said: JsonObject) -> JsonObject:
    feet = said.pop("feet")
    assert isinstance(feet, int)
    return {**said, "metres": feet * 3 // 10}


def _of_each_side(said: JsonObject) -> JsonObject:
    metres = said.pop("metres")
    return {**said, "left": metres, "right": metres}


class ChannelDredged(Event, upcasts=(_in_metres, _of_each_side)):
    """A channel is so deep on either side."""

    type: Literal["ChannelDredged"] = "ChannelDredged"
    left: int
    right: int


class ChannelClosed(Event):
    """A channel is closed."""

    type: Literal["ChannelClosed"] = "ChannelClosed"


EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[ChannelDredged | ChannelClosed, Field(discriminator="type")]
)
TYPES: dict[str, type[Event]] = {each.__name__: each for each in (ChannelDredged, ChannelClosed)}


def read(**said: Any) -> tuple[Event, tuple[str, ...]]:
    record = json.dumps({"at": AT, "type": "ChannelDredged", **said})
    try:
        return read_tolerantly(EVENTS, current_version(record, TYPES))
    except ValidationError as error:
        raise unreadable(record, error) from error


def test_each_version_is_read_as_the_one_of_today() -> None:
    deep = ChannelDredged.model_validate({"at": AT, "left": 9, "right": 9})
    assert deep.declared.version == 3
    for said in ({"feet": 30}, {"v": 1, "feet": 30}, {"v": 2, "metres": 9}, {"v": 3, "left": 9, "right": 9}):
        assert read(**said) == (deep, ())
    assert read(v=2, metres=9, mud={"brown": True}) == (deep, ("mud",))


def test_what_is_written_says_its_version_where_it_is_not_the_first() -> None:
    said = json.loads(ChannelDredged.model_validate({"at": AT, "left": 9, "right": 8}).record())
    assert said == {"at": AT, "left": 9, "right": 8, "type": "ChannelDredged", "v": 3}
    assert "v" not in json.loads(ChannelClosed.model_validate({"at": AT}).record())
    schema = ChannelDredged.model_json_schema()
    assert (schema["properties"]["v"]["const"], "v" in schema["required"]) == (3, True)
    assert "v" not in ChannelClosed.model_json_schema()["properties"]


@pytest.mark.parametrize(
    "said",
    [{"v": 4, "left": 9, "right": 9}, {"v": 0, "feet": 30}, {"v": "3"}, {"v": 1, "metres": 9}],
    ids=["of a release to come", "of none", "no number", "of another version"],
)
def test_no_other_version_is_read(said: JsonObject) -> None:
    with pytest.raises(UnreadableError):
        read(**said)


def test_a_version_of_a_type_that_has_but_one_here_is_of_a_release_to_come() -> None:
    """Its members may mean something else by then: they are not read past."""
    with pytest.raises(UnreadableError, match="ChannelClosed cannot be read here") as raised:
        read(type="ChannelClosed", v=2)
    assert raised.value.type == "ChannelClosed"


def test_nobody_names_a_member_as_the_version() -> None:
    with pytest.raises(AssertionError, match="v is the version of the record"):
        type("Odd", (Event,), {"__annotations__": {"v": int}})


def test_a_refusal_of_a_release_to_come_is_read() -> None:
    said = {"at": AT, "by": None, "command": "assign", "command_id": "c-1", "message": "no"}
    refused = CommandRefused.model_validate({**said, "code": "too_deep"})
    assert (refused.code, refused.code.value) == ("too_deep", "too_deep")
    assert json.loads(refused.record())["code"] == "too_deep"
    assert CommandRefused.model_validate_json(refused.record()) == refused
    assert known_code("wrong_stage") is RefusalCode.WRONG_STAGE
    for none in ("Too deep", "", 7, "x" * 65):
        with pytest.raises(ValueError, match="no such code"):
            known_code(none)


def test_records_are_read_in_one_place() -> None:
    """Whoever else validated one would miss what versions of before meant."""
    code = Path(inspect.getfile(greenlight)).parent.parent
    reading = re.compile(r"events\.validate_(json|python)\(")
    found = {
        str(path.relative_to(code))
        for folder in ("greenlight", "activities", "workflows")
        for path in (code / folder).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"greenlight/kernel/past.py"}
