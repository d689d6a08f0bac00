"""From a message as it came to a command, or to the reason why it is none."""

import base64
import json

import pytest
from pydantic import JsonValue

from greenlight.kernel.canonical import canonical, digest, digest_bytes
from greenlight.kernel.messages import Incoming
from greenlight.kernel.model import JsonObject
from greenlight.kernel.need import Facts
from greenlight.kernel.reading import Reading, read, read_question
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.reprieve.questions import CoverageQuestion
from tests.law.application.cases import submission

STREAM = "application-Z000001"
BODY: JsonObject = {"agrees": True, "comment": "Agreed."}


def _message(body: JsonObject, **claims: JsonValue) -> JsonObject:
    payload: JsonObject = {
        "sub": "quill",
        "person": "p-quill",
        "org": "bis",
        "role": "countersigner",
        "aud": STREAM,
        "cmd": "countersign",
        "body": digest_bytes(canonical(body)),
        "dossier": digest({}),
        "iat": 1_800_000_000,
        "exp": 1_800_000_600,
        "jti": "command-0001",
        **claims,
    }
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return {"token": f"e30.{encoded}.c2ln", "body": body}


def test_a_message_becomes_a_command_with_its_proof() -> None:
    message = _message(BODY)
    reading = read(APPLICATION, STREAM, Incoming(name="countersign", content=message))
    assert isinstance(reading, Reading)
    command = reading.command
    assert (command.name, command.key) == ("countersign", "Z000001")
    assert command.body == Countersign(agrees=True, comment="Agreed.")
    assert command.dossier == digest({})
    assert command.by is not None
    assert (command.by.officer, command.by.role) == ("quill", Role.COUNTERSIGNER)
    assert command.facts == Facts()
    assert reading.proof.token == message["token"]
    assert reading.proof.claims.jti == "command-0001"


@pytest.mark.parametrize("name", ["", "Countersign", "record_screening", "accept_conditions", "__class__"])
def test_a_name_that_is_no_command_here_is_refused(name: str) -> None:
    assert _refused(name, _message(BODY)) is RefusalCode.UNKNOWN_COMMAND


def test_a_command_of_another_aggregate_is_refused() -> None:
    refusal = read(LICENSE, "license-D000001", Incoming(name="countersign", content=_message(BODY)))
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.UNKNOWN_COMMAND
    known = ", ".join(LICENSE.commands)
    assert refusal.message == f"there is no such command here; known: {known}"


def test_a_message_that_could_not_be_decoded_is_refused_with_the_reason() -> None:
    refusal = read(APPLICATION, STREAM, Incoming(name="countersign", content=None, problem="not JSON"))
    assert refusal == Refusal(RefusalCode.MALFORMED, "not JSON")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "x",
        1,
        {},
        {"token": "x"},
        {"body": {}},
        {"token": 1, "body": {}},
        {"token": "x", "body": None},
    ],
    ids=repr,
)
def test_anything_but_token_and_body_is_malformed(content: JsonValue) -> None:
    assert _refused("countersign", content) is RefusalCode.MALFORMED


@pytest.mark.parametrize(
    "body",
    [{}, {"agrees": "yes"}, {"agrees": 1}, {"agrees": True, "agreed": True}, {"agrees": True, "comment": ""}],
    ids=repr,
)
def test_a_signed_body_of_another_shape_is_malformed(body: JsonObject) -> None:
    assert _refused("countersign", _message(body)) is RefusalCode.MALFORMED


def test_the_proof_is_looked_at_before_the_body() -> None:
    assert _refused("countersign", _message({}, role="applicant")) is RefusalCode.WRONG_ROLE


def test_a_nested_body_is_refused_and_not_climbed_down() -> None:
    deep: JsonValue = 1
    for _ in range(100):
        deep = [deep]
    message: JsonObject = {"token": _message({})["token"], "body": {"agrees": deep}}
    assert _refused("countersign", message) is RefusalCode.MALFORMED


def test_codes_are_held_against_their_tables_where_a_command_comes() -> None:
    filed = submission().model_dump(mode="json")
    filed["parties"][0]["country"] = "UK"
    message = _message({"application": filed}, role="applicant", cmd="submit")
    refusal = read(APPLICATION, STREAM, Incoming(name="submit", content=message))
    assert refusal == Refusal(
        RefusalCode.MALFORMED,
        "application.parties.0.country: is no country code of ISO 3166-1: write GB (United Kingdom)",
    )


def test_codes_are_held_against_their_tables_where_a_question_comes() -> None:
    asked: JsonObject = {"entity": "acme", "activity": "devices", "day": "2020-02-17", "destination": "UK"}
    refusal = read_question(CoverageQuestion, Incoming(name="covered", content=asked))
    assert isinstance(refusal, Refusal)
    assert "write GB" in refusal.message


def _refused(name: str, content: JsonValue) -> Code:
    refusal = read(APPLICATION, STREAM, Incoming(name=name, content=content))
    assert isinstance(refusal, Refusal)
    assert refusal.message
    return refusal.code
