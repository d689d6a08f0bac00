"""JSON Schemas: one file for each aggregate, with its commands and events, and one for each other message."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, cast

from pydantic import BaseModel, JsonValue, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from greenlight.cli.operations.documents.markdown import first_sentence
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.clock_kind import Tick, Ticked
from greenlight.kernel.commit import Receipt
from greenlight.kernel.inclusion import SIGN_OFF
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from greenlight.kernel.refusal import Code
from greenlight.law import registry
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Question
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CODES: Final = "refusal-code"
_ANSWERS: Final[dict[str, type[BaseModel]]] = {
    "claims": Claims,
    "receipt": Receipt,
    "resume": Resume,
    "tick": Tick,
    "ticked": Ticked,
    "query.status": CaseStatus,
    "query.dossier": DossierAnswer,
    "query.deadlines": Deadlines,
    "query.covered": CoverageAnswer,
    "question.covered": CoverageQuestion,
    "question.determine": Question,
    "answer.determine": Determination,
    "question.authorised": AuthorisationQuestion,
    "answer.authorised": Authorisation,
}


def files() -> Iterator[tuple[str, str]]:
    """Give every schema as text, by its file's name."""
    yield _CODES, json.dumps({"$schema": _DIALECT, **_codes()}, indent=2) + "\n"
    for name, model in _ANSWERS.items():
        yield name, _render(name, TypeAdapter(model).json_schema(mode="serialization"))
    for each in registry.with_workflow():
        yield each.kind, _render(each.title, _aggregate(each))


def _aggregate(each: registry.AnyAggregate) -> dict[str, Any]:
    """Define each command as it is sent, by its name on the wire, and each event as it is recorded."""
    bodies: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(body)) for name, body in each.commands.items()
    ]
    found, together = TypeAdapter.json_schemas([*bodies, ("events", "serialization", each.events)])
    definitions = dict(together.get("$defs", {}))
    signed = SignedCommand.model_json_schema()
    for name, body in each.commands.items():
        definitions[name] = _command(name, first_sentence(body.__doc__), signed, found[name, "validation"])
    if SIGN_OFF in each.commands:
        definitions |= signed["$defs"]
    definitions["JsonValue"] = {}
    definitions["event"] = found["events", "serialization"]
    return {"description": f"{each.about} Commands and events, by their names.", "$defs": definitions}


def _command(name: str, says: str, signed: dict[str, Any], body: JsonValue) -> dict[str, Any]:
    """Make a signed command's schema one whose body is the command's own."""
    # Only that one is given by a batch as well.
    others = {"inclusion"} if name != SIGN_OFF else set[str]()
    members = {member: schema for member, schema in signed["properties"].items() if member not in others}
    return {
        **signed,
        "title": name,
        "description": says,
        "properties": {**members, "body": body},
        "$defs": {},
    }


def _render(title: str, schema: dict[str, Any]) -> str:
    definitions = schema.get("$defs", {})
    for definition in definitions.values():
        definition.pop("$defs", None)
    document = {"$schema": _DIALECT, **_without_codes(schema), "title": title}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _without_codes(value: Any) -> Any:
    """Refer to the file of refusal codes wherever they would be enumerated."""
    if isinstance(value, list):
        return [_without_codes(each) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    schema = cast("dict[str, Any]", value)
    if schema.get("enum") == _codes()["enum"]:
        return {"$ref": f"{_CODES}.json"}
    return {key: _without_codes(each) for key, each in schema.items()}


@cache
def _codes() -> dict[str, Any]:
    return TypeAdapter(Code).json_schema()
