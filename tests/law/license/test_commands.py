"""The bodies of a license's commands as they come from outside."""

import inspect
import json

import pytest
from pydantic import JsonValue, ValidationError

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.model import JsonObject
from greenlight.kernel.problems import first_problem
from greenlight.law.license.commands import COMMANDS
from tests.law.license.cases import bodies, issued

DECISIONS = decisions(COMMANDS)

ITN = "X20260901000001"
LINE: JsonObject = {"line": 1, "quantity": 5, "value": {"minor_units": 1, "currency": "USD"}}
SHIPMENT: JsonObject = {"itn": ITN, "kind": "single", "shipped_on": "2026-09-01", "lines": [LINE]}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_body_reads_back_strictly(name: str) -> None:
    for body in bodies(name, issued().shipped()):
        assert type(body).model_validate_json(body.model_dump_json(), strict=True) == body


@pytest.mark.parametrize(
    ("name", "fields", "problem"),
    [
        ("accept_conditions", {"all": True}, "all: Extra"),
        ("report_shipment", {}, "shipment: Field required"),
        ("report_shipment", {"shipment": SHIPMENT | {"itn": "X20260231000001"}}, "shipment.itn: "),
        ("report_shipment", {"shipment": SHIPMENT | {"kind": "net"}}, "shipment.kind: "),
        ("report_shipment", {"shipment": SHIPMENT | {"shipped_on": "2026-13-01"}}, "shipment.shipped_on: "),
        ("report_shipment", {"shipment": SHIPMENT | {"lines": []}}, "shipment.lines: "),
        ("report_shipment", {"shipment": SHIPMENT | {"lines": [LINE, LINE]}}, "shipment: "),
        (
            "report_shipment",
            {"shipment": SHIPMENT | {"lines": [LINE | {"quantity": 0}]}},
            "shipment.lines.0.quantity: ",
        ),
        (
            "report_shipment",
            {"shipment": SHIPMENT | {"lines": [LINE | {"quantity": 1.5}]}},
            "shipment.lines.0.quantity: ",
        ),
        ("correct_shipment", {"itn": ITN}, "reasons: Field required"),
        ("correct_shipment", {"itn": "X20260901000002", "shipment": SHIPMENT, "reasons": "x"}, "message: "),
        ("request_transfer", {"transferee": "Another Company", "reasons": "x"}, "transferee: "),
        ("refuse_transfer", {}, "reasons: Field required"),
        ("suspend", {}, "reasons: Field required"),
        ("revoke", {"reasons": ""}, "reasons: "),
        ("revoke", {"reasons": "x", "order": "Order 7"}, "order: "),
        ("void", {}, "statement: Field required"),
        ("resolve_listing", {"party": 1, "listing": "acme", "verdict": "false_match"}, "reason: "),
        ("replace", {"by_license": "E000001", "change": "x"}, "by_license: "),
    ],
)
def test_a_body_of_another_shape_is_refused_by_its_place(
    name: str, fields: dict[str, JsonValue], problem: str
) -> None:
    with pytest.raises(ValidationError) as error:
        COMMANDS[name].model_validate_json(json.dumps(fields), strict=True)
    assert first_problem(error.value).startswith(problem)


def test_every_command_describes_itself() -> None:
    assert [body.__name__ for body in COMMANDS.values() if not inspect.getdoc(body)] == []
    assert all(body.__doc__ != Body.__doc__ for body in COMMANDS.values())


def test_decisions_are_these() -> None:
    assert sorted(DECISIONS) == [
        "approve_transfer",
        "confirm_listing",
        "note_license_flip",
        "refuse_transfer",
        "reinstate",
        "replace",
        "resolve_listing",
        "revoke",
        "suspend",
        "void",
    ]
    assert set(COMMANDS) > DECISIONS
