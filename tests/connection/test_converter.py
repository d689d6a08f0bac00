"""Payloads: plain JSON that any program reads, and nothing that arrives can break its receiver."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from greenlight.codec.sealing import Sealing
from greenlight.connection.converter import data_converter
from greenlight.kernel.aggregate import Status
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.model import Model
from greenlight.law.application.dossier import Submission
from tests.law.application.cases import submission

CONVERTER = data_converter(Sealing.off()).payload_converter

MODELS: Mapping[str, Model] = {
    "command": SignedCommand(token="e30.e30.e30", body={"agrees": True, "more": [1, None, "\N{SNOWMAN}"]}),
    "application": submission(),
    "status": CaseStatus(
        stream="application-Z000001",
        version=2,
        dossier="sha256:" + "0" * 64,
        status=Status(
            stage="review",
            waiting_for="licensing_officer",
            closed=False,
            due=datetime(2026, 9, 11, tzinfo=UTC),
            outcome=None,
            officer="olga",
            listed=True,
            license_number=None,
        ),
    ),
}


def payload(data: bytes, encoding: str | None = "json/plain") -> Payload:
    return Payload(metadata={} if encoding is None else {"encoding": encoding.encode()}, data=data)


def sent(*values: object) -> list[Payload]:
    return list(CONVERTER.to_payloads(values))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_travels_as_plain_json(name: str) -> None:
    model = MODELS[name]
    (payload,) = sent(model)
    assert dict(payload.metadata) == {"encoding": b"json/plain"}
    assert json.loads(payload.data) == model.model_dump(mode="json")
    assert CONVERTER.from_payloads([payload], [type(model)]) == [model]


def test_text_is_sent_as_it_is_written() -> None:
    (payload,) = sent("Dvořák \N{SNOWMAN}")
    assert payload.data == '"Dvořák \N{SNOWMAN}"'.encode()


@pytest.mark.parametrize("text", ['{"a": [1, 2.5, null, true, {}]}', "[]", '"text"', "0", "null", "true"])
def test_json_comes_as_it_was_sent(text: str) -> None:
    value: object = json.loads(text)
    assert CONVERTER.from_payloads(sent(value)) == [value]


def test_a_model_comes_as_json_to_whoever_takes_anything() -> None:
    """A message handler reads it by itself, and refuses on record what it cannot read."""
    model = MODELS["command"]
    assert CONVERTER.from_payloads(sent(model)) == [model.model_dump(mode="json")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "json/plain"),
        (b'{"token": ', "json/plain"),
        (b'"\xff"', "json/plain"),
        (rb'"\ud800"', "json/plain"),
        (b"1" * 5_000, "json/plain"),
        (b"[" * 100_000 + b"]" * 100_000, "json/plain"),
        (b"x", "binary/encrypted"),
        (b"{}", None),
        (b"x", "json/protobuf"),
    ],
)
def test_what_cannot_be_read_comes_as_it_is(data: bytes, encoding: str | None) -> None:
    unreadable, readable = payload(data, encoding), payload(b'{"a": 1}')
    before, there, after = CONVERTER.from_payloads([readable, unreadable, readable])
    assert (before, after) == ({"a": 1}, {"a": 1})
    assert isinstance(there, RawValue)
    assert there.payload == unreadable


def test_a_raw_value_is_sent_as_it_is() -> None:
    raw = payload(b"whatever", "binary/encrypted")
    assert sent(RawValue(raw)) == [raw]


def test_nothing_is_nothing() -> None:
    assert sent() == []
    assert CONVERTER.from_payloads([]) == []


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"token": "x"}, SignedCommand),
        ({"token": "x", "body": {}, "by": "vera"}, SignedCommand),
        ({"token": "x", "body": []}, SignedCommand),
        ("text", Submission),
    ],
)
def test_an_answer_of_another_form_is_refused(content: object, wanted: type) -> None:
    """Whoever asked for a type gets that or an error, never something else."""
    with pytest.raises(ValueError, match="validation error"):
        CONVERTER.from_payloads(sent(content), [wanted])


def test_half_an_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        CONVERTER.from_payloads([payload(b'{"token": ')], [SignedCommand])


@pytest.mark.parametrize("value", [object(), {"a": object()}, "\ud800", len])
def test_what_is_not_json_is_not_sent(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        sent(value)
