"""The bodies of commands as they come from outside."""

import inspect
import json

import pytest
from pydantic import JsonValue, ValidationError

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.problems import first_problem
from greenlight.law.application.commands import COMMANDS, INTERNAL
from tests.law.application.cases import NAME_OF, NAMES, Case
from tests.law.application.stories import bodies

DECISIONS = decisions(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_body_reads_back_strictly(name: str) -> None:
    for body in bodies(name, Case()):
        assert type(body).model_validate_json(body.model_dump_json(), strict=True) == body


@pytest.mark.parametrize("name", NAMES)
def test_a_field_nobody_declared_is_refused_by_name(name: str) -> None:
    body = bodies(name, Case())[0]
    fields = {**json.loads(body.model_dump_json()), "surprise": 1}
    with pytest.raises(ValidationError) as error:
        type(body).model_validate_json(json.dumps(fields), strict=True)
    assert first_problem(error.value) == "surprise: Extra inputs are not permitted"


@pytest.mark.parametrize(
    ("name", "fields", "problem"),
    [
        ("assign", {"officer": "Lee"}, "officer: "),
        ("assign", {}, "officer: Field required"),
        ("request_information", {"request": ""}, "request: "),
        ("request_information", {"request": "x" * 4_001}, "request: "),
        ("request_information", {"request": "bell\x07"}, "request: "),
        ("answer", {"answer": "x", "parties": []}, "parties: "),
        ("recommend", {"outcome": "return", "reasons": "x"}, "outcome: "),
        ("recommend", {"outcome": "grant"}, "reasons: Field required"),
        ("recommend", {"outcome": "grant", "reasons": "x", "lines": []}, "lines: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "lines": [1] * 101}, "lines: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "lines": ["1"]}, "lines.0: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "conditions": ["x"] * 51}, "conditions: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "conditions": [""]}, "conditions.0: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "riders": ["x"] * 51}, "riders: "),
        ("recommend", {"outcome": "deny", "reasons": "x", "lines": [1]}, "message: "),
        ("recommend", {"outcome": "deny", "reasons": "x", "conditions": ["x"]}, "message: "),
        ("recommend", {"outcome": "deny", "reasons": "x", "riders": ["x"]}, "message: "),
        ("recommend", {"outcome": "deny", "reasons": "x", "validity": "emergency"}, "message: "),
        ("recommend", {"outcome": "grant", "reasons": "x", "validity": "forever"}, "validity: "),
        ("countersign", {"agrees": "yes"}, "agrees: "),
        ("countersign", {"agrees": 1}, "agrees: "),
        ("countersign", {}, "agrees: Field required"),
        ("sign_off", {"approves": "true"}, "approves: "),
        ("sign_off", {"approves": None}, "approves: "),
        ("return_without_action", {"ground": "mood", "reasons": "x"}, "ground: "),
        ("withdraw", {"reason": ""}, "reason: "),
        ("answer", {"answer": "x", "agency": "treasury"}, "agency: "),
        ("place_hold", {"kind": "mood", "reason": "x"}, "kind: "),
        ("lift_hold", {"hold": 0}, "hold: "),
        ("refer", {"agencies": []}, "agencies: "),
        ("refer", {"agencies": ["state"] * 5}, "agencies: "),
        ("advise", {"advice": "approve", "conditions": ["x"]}, "message: "),
        ("advise", {"advice": "approve_with_conditions"}, "message: "),
        ("decide_dispute", {"outcome": "deny", "reasons": "x", "lines": [1]}, "message: "),
        ("vote", {"outcome": "abstain"}, "outcome: "),
        ("escalate", {}, "grounds: Field required"),
    ],
)
def test_a_body_of_another_shape_is_refused_by_its_place(
    name: str, fields: dict[str, JsonValue], problem: str
) -> None:
    with pytest.raises(ValidationError) as error:
        COMMANDS[name].model_validate_json(json.dumps(fields), strict=True)
    assert first_problem(error.value).startswith(problem)


def test_every_command_describes_itself() -> None:
    # The first sentence is what clients see beside the command's name.
    assert [body.__name__ for body in NAME_OF if not inspect.getdoc(body)] == []
    assert all(body.__doc__ != Body.__doc__ for body in NAME_OF)


def test_decisions_and_internal_commands_are_these() -> None:
    assert sorted(DECISIONS) == [
        "advise",
        "answer_wording",
        "confirm_match",
        "countersign",
        "decide_appeal",
        "decide_dispute",
        "note_flip",
        "recommend",
        "reconsider",
        "resolve_match",
        "return_without_action",
        "sign_off",
        "vote",
    ]
    assert set(COMMANDS) > DECISIONS
    assert INTERNAL.keys() == set(NAMES) - set(COMMANDS) == {"record_screening", "record_flip"}
