"""The door's document is valid, names every command and reading, and is the one that is written down."""

import json

from openapi_spec_validator import validate

from greenlight.cli.operations.documents import DOCS, stale
from greenlight.door.app import operations
from greenlight.door.openapi import document
from greenlight.law.registry import with_workflow


def test_it_is_valid_and_written_down() -> None:
    said = document(operations())
    validate(json.loads(said))
    assert json.loads((DOCS / "reference" / "openapi.json").read_text(encoding="utf-8")) == json.loads(said)
    assert stale() == []


def test_every_command_of_every_case_is_there_and_who_may_send_it() -> None:
    paths = json.loads(document(operations()))["paths"]
    for kind in with_workflow():
        for name, body in kind.commands.items():
            said = paths[f"/cases/{kind.kind}-{{key}}/{name}"]["post"]
            assert all(role in said["description"] for role in body.declared.by), name
            assert ("201" in said["responses"]) == body.declared.starts
    for path in ("/docket", "/licenses", "/tasks", "/statistics", "/outlook", "/rules", "/cases/{stream}"):
        assert paths[path]["get"]["security"] == [{"reading": []}]


def test_names_of_operations_are_used_once() -> None:
    names = [each.name for each in operations()]
    assert len(names) == len({*names})
