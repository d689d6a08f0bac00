"""What a JSON schema means, in few words: everything where it is used, without titles and descriptions.

Names of models are no part of it, and neither is the order in which anything was written. A field's key says
whether it may be left out (``?``) and what it is then; one that is not text (``[…]``, ``{…}``) is spelt out.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter

T = TypeVar("T")
Schema = Mapping[str, JsonValue]

_SAYS_NOTHING = frozenset({"title", "description", "examples", "$defs", "discriminator", "default"})
_BOUNDS = {
    "format": "{}",
    "pattern": "/{}/",
    "minLength": "≥{}",
    "maxLength": "≤{}",
    "minItems": "≥{}",
    "maxItems": "≤{}",
    "minimum": "≥{}",
    "maximum": "≤{}",
    "exclusiveMinimum": ">{}",
    "exclusiveMaximum": "<{}",
    "contentMediaType": "{}",
}


def meaning(of: type[BaseModel], mode: Literal["validation", "serialization"] = "validation") -> JsonValue:
    """Of a model: as it is read, or as it is written."""
    schema = of.model_json_schema(mode=mode)
    return _Reading(schema).value(schema, ())


def variants(of: TypeAdapter[T]) -> dict[str, JsonValue]:
    """Of each member of a union, by its ``type``, as it is written."""
    schema = of.json_schema(mode="serialization")
    mapping: Mapping[str, str] = schema["discriminator"]["mapping"]
    return {name: _Reading(schema).value({"$ref": ref}, ()) for name, ref in mapping.items()}


class _Reading:
    """Of one document. ``within`` are the definitions that a value is part of."""

    def __init__(self, document: Schema) -> None:
        definitions: object = document.get("$defs", {})
        self.definitions = TypeAdapter(dict[str, dict[str, JsonValue]]).validate_python(definitions)

    def value(self, schema: JsonValue, within: tuple[str, ...]) -> JsonValue:
        """What it may be: words, or an object of fields.

        :raises AssertionError: the schema says something that is not understood here.
        """
        if schema is True:
            return "anything"
        assert isinstance(schema, dict), schema
        said = {key: value for key, value in schema.items() if key not in _SAYS_NOTHING}
        if "$ref" in said:
            name = str(said.pop("$ref")).rpartition("/")[2]
            assert not said, f"beside a reference: {said}"
            if name in within:
                return f"(as {len(within) - within.index(name)} levels up)"
            return self.value(self.definitions[name], (*within, name))
        for key in ("anyOf", "oneOf"):
            if isinstance(several := said.pop(key, None), list):
                assert not said, f"beside {key}: {said}"
                return _any_of([self.value(each, within) for each in several])
        if "const" in said:
            return _literal(said["const"])
        if isinstance(values := said.get("enum"), list):
            return " | ".join(sorted(map(_literal, values)))
        kind = said.pop("type", None)
        if kind is None:
            assert not said, said
            return "anything"
        if kind == "object":
            return self._object(said, within)
        if kind == "array":
            return self._array(said, within)
        return " ".join((str(kind), *_bounds(said)))

    def _array(self, said: dict[str, JsonValue], within: tuple[str, ...]) -> JsonValue:
        name = "set" if said.pop("uniqueItems", False) else "list"
        several = said.pop("prefixItems", None)
        items = said.pop("items", True)
        bounds = _bounds(said)
        if isinstance(several, list):
            return {" ".join(("in this order", *bounds)): [self.value(each, within) for each in several]}
        inner = self.value(items, within)
        what = " ".join((name, *bounds, "of"))
        return f"{what} ({inner})" if isinstance(inner, str) else {what: inner}

    def _object(self, said: dict[str, JsonValue], within: tuple[str, ...]) -> JsonValue:
        required = said.pop("required", [])
        properties = said.pop("properties", {})
        others = said.pop("additionalProperties", True)
        names = said.pop("propertyNames", None)
        patterns = said.pop("patternProperties", {})
        assert isinstance(required, list)
        assert isinstance(properties, dict)
        assert isinstance(patterns, dict)
        bounds = _bounds(said)
        assert not bounds, bounds
        fields: dict[str, JsonValue] = {
            _field(name, each, name in required): self.value(each, within)
            for name, each in properties.items()
        }
        fields |= {f"(/{pattern}/)": self.value(each, within) for pattern, each in patterns.items()}
        if others is not False:
            which = "(any other)" if names is None else f"({self.value(names, within)})"
            fields[which] = self.value(others, within)
        return fields


def _field(name: str, schema: JsonValue, required: bool) -> str:
    default = ""
    if isinstance(schema, dict) and "default" in schema:
        default = f" = {json.dumps(schema['default'], ensure_ascii=False, sort_keys=True)}"
    return f"{name}{'' if required else '?'}{default}"


def _literal(value: JsonValue) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def _bounds(said: Mapping[str, JsonValue]) -> Sequence[str]:
    """:raises ValueError: one that is not known here."""
    order = list(_BOUNDS)
    return [_BOUNDS[key].format(said[key]) for key in sorted(said, key=order.index)]


def _any_of(several: list[JsonValue]) -> JsonValue:
    words = sorted(each for each in several if isinstance(each, str))
    objects = [each for each in several if not isinstance(each, str)]
    if not objects:
        return " | ".join(words)
    objects.sort(key=lambda each: json.dumps(each, sort_keys=True))
    if len(objects) == 1 and words:
        return {f"{' | '.join(words)} | or": objects[0]}
    return {"any of": [*words, *objects]}
