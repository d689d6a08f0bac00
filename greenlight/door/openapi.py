"""The door's document, OpenAPI 3.1, made of the operations: there is none beside it that could differ."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from greenlight.door import attachments
from greenlight.door.operation import JSON, Operation
from greenlight.feed.cloudevents import BATCH
from greenlight.feed.routes import EventsQuery
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.refusal import known_codes
from greenlight.law.registry import with_workflow
from greenlight.serving.house import POSITION
from greenlight.serving.problems import PROBLEM

REF = "#/components/schemas/{model}"
VERSION = "1"
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Act on the code; the detail is for people, and changes.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": "A code of refusals, or one of HTTP's own: "
            "not_found, position_not_reached, too_many_requests, unavailable.",
        },
        "detail": {"type": "string"},
        "command_id": {"type": "string"},
        "stream": {"type": "string"},
        "position": {"type": "integer"},
    },
}
_STATUSES = {
    400: "The request is not of its form.",
    401: "Nothing shows who asks, or the token is not valid now.",
    403: "Not in that role.",
    404: "There is none, or none that the caller may know of.",
    408: "The body came too slowly.",
    412: "The log has not come to that position, or the dossier changed after it was signed.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    429: "More than is answered in a time; Retry-After says when the next is.",
    500: "The service failed.",
    503: "Nobody can answer now; of a command it is open what became of it: send the same again.",
}
_OF_COMMANDS = {
    409: "The case, as it stands, does not allow it; the code says why.",
    422: "The command names something that there is not.",
    428: "A decision must name the dossier.",
}


def document(operations: Iterable[Operation]) -> str:
    """The document as JSON text."""
    known = tuple(operations)
    return json.dumps(_document(known), indent=1, ensure_ascii=False) + "\n"


def _document(operations: tuple[Operation, ...]) -> dict[str, Any]:
    taken: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (each.body, "validation") for each in operations if each.body is not None
    ]
    given: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (each.answer, "serialization") for each in operations if not isinstance(each.answer, str)
    ]
    bodies: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (body, "validation") for kind in with_workflow() for body in kind.commands.values()
    ]
    refs, definitions = models_json_schema([*taken, *given, *bodies], ref_template=REF)
    schemas: dict[str, Any] = _without_codes(definitions.get("$defs", {}))
    schemas["RefusalCode"] = {"type": "string", "examples": [code.value for code in known_codes()]}
    schemas["Problem"] = _PROBLEM
    paths: dict[str, Any] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, refs)
    paths[attachments.PATH]["put"] = _brought(operations)
    tags = {each.tag: each.tag for each in operations}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Greenlight",
            "version": VERSION,
            "description": "Export licenses: commands and readings, each by whoever signs for it.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "tags": [{"name": tag} for tag in tags],
        "paths": {**paths, **_PLAIN, "/events": {"get": _events()}},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "reading": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWS",
                    "description": "A token for reading, signed by a registered key: `starter.py token`.",
                }
            },
        },
    }


def _events() -> dict[str, Any]:
    """The feed, which the door has from elsewhere."""
    position = {"description": "The position to go on after.", "schema": {"type": "integer"}}
    content = {
        BATCH: {"schema": {"type": "array", "items": {"type": "object"}}},
        "text/event-stream": {"schema": {"type": "string"}},
    }
    return {
        "operationId": "events",
        "summary": "What happened, as CloudEvents 1.0 in the order of the log.",
        "description": "To each what they may read; with Accept: text/event-stream as a stream.",
        "tags": ["reading"],
        "security": [{"reading": []}],
        "parameters": _query(EventsQuery),
        "responses": {
            "200": {"description": "The answer.", "content": content, "headers": {POSITION: position}},
            **_problems({**_STATUSES, 409: "The log has not reached the position."}),
        },
    }


def _brought(operations: tuple[Operation, ...]) -> dict[str, Any]:
    """Bringing an attachment, which has limits of its own."""
    reads = next(each for each in operations if each.path == attachments.PATH)
    found = attachments.described()
    statuses = {**_STATUSES, 415: "Of another type than the filing names.", 422: "Other bytes."}
    return {**found, "parameters": _parts(reads), "responses": {**found["responses"], **_problems(statuses)}}


def _operation(each: Operation, refs: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.says,
        "tags": [each.tag],
        "parameters": [*_parts(each), *_query(each.query)],
        "responses": _responses(each, refs),
    }
    if each.signed:
        found["security"] = [{"reading": []}]
        found["description"] = f"Answered to: {', '.join(sorted(each.roles))}."
    else:
        found["security"] = []
        found["description"] = f"Sent by: {', '.join(sorted(each.roles))}. The token shows who sends it."
        found["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The command's id, the token's `jti`, which makes a second sending harmless.",
                "schema": {"type": "string"},
            }
        )
    if each.body is SignedCommand:
        found["requestBody"] = _body(_signed(each, refs))
    elif each.body is not None:
        found["requestBody"] = _body(refs[each.body, "validation"])
    return found


def _signed(each: Operation, refs: Any) -> dict[str, Any]:
    """A signed command whose body is that of the one command."""
    name = each.path.rpartition("/")[2]
    kind = next(kind for kind in with_workflow() if kind.kind == each.tag)
    return {
        "allOf": [refs[SignedCommand, "validation"]],
        "properties": {"body": refs[kind.commands[name], "validation"]},
    }


def _body(schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _parts(each: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{each.parts[name]}$"},
        }
        for name in re.findall(r"\{(\w+)\}", each.path)
    ]


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=REF)
    definitions = schema.get("$defs", {})
    members = [(name, _inlined(dict(of), definitions)) for name, of in schema.get("properties", {}).items()]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            **({"description": said.pop("description")} if "description" in said else {}),
            "schema": said,
        }
        for name, said in members
    ]


def _inlined(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema by itself; that it may be null says that it may be left out."""
    choices = [each for each in schema.pop("anyOf", ()) if each.get("type") != "null"]
    schema = {**schema, **(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})}
    schema.pop("title", None)
    if schema.get("default", 0) is None:
        schema.pop("default")
    reference = schema.pop("$ref", None)
    return {**schema, **definitions[reference.rpartition("/")[2]]} if reference else schema


def _responses(each: Operation, refs: Any) -> dict[str, Any]:
    content = (
        {each.answer: {"schema": {"type": "string"}}}
        if isinstance(each.answer, str)
        else {JSON: {"schema": refs[each.answer, "serialization"]}}
    )
    headers = {POSITION: {"description": "A position of the log.", "schema": {"type": "integer"}}}
    answer = {"content": content, "headers": headers}
    found: dict[str, Any] = {"200": {"description": "The answer.", **answer}}
    if each.status == 201:
        found["201"] = {"description": "It is on record.", **answer}
    if each.method == "GET":
        found["304"] = {"description": "As the caller has it already (If-None-Match)."}
    statuses = _STATUSES if each.signed else {**_STATUSES, **_OF_COMMANDS}
    return found | _problems(statuses)


def _problems(statuses: Mapping[int, str]) -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": says, "content": content} for status, says in sorted(statuses.items())
    }


def _plain(name: str, says: str) -> dict[str, Any]:
    answer = {"description": "Yes.", "content": {JSON: {"schema": {"type": "object"}}}}
    return {"get": {"operationId": name, "summary": says, "security": [], "responses": {"200": answer}}}


_PLAIN = {
    "/openapi.json": _plain("openapi", "This document."),
    "/livez": _plain("livez", "The door is there."),
    "/healthz": _plain("healthz", "The log and Temporal answer."),
}


def _without_codes(value: Any) -> Any:
    """Refer to the codes of refusals where they would be enumerated: new ones may come at any time. Titles,
    which repeat names, are left out."""
    if isinstance(value, list):
        return [_without_codes(each) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    schema = cast("dict[str, Any]", value)
    if schema.get("title") == "RefusalCode":
        return {"$ref": "#/components/schemas/RefusalCode"}
    return {
        key: _without_codes(each)
        for key, each in schema.items()
        if key != "title" or not isinstance(each, str)
    }
