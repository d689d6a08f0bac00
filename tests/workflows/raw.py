"""Inputs as they come over the wire from anybody, in whatever shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

JSON = "json/plain"


def raw(data: bytes, encoding: str | None = JSON) -> RawValue:
    """One input, byte for byte."""
    metadata = {} if encoding is None else {"encoding": encoding.encode()}
    return RawValue(Payload(metadata=metadata, data=data))


def plain(content: object) -> RawValue:
    return raw(json.dumps(content).encode())


def nested(levels: int) -> RawValue:
    return raw(b"[" * levels + b"]" * levels)


def inside(levels: int) -> RawValue:
    """Token and body, with ``levels`` of nesting in the body."""
    body = b'{"a":' * levels + b"1" + b"}" * levels
    return raw(b'{"token": "e30.e30.e30", "body": ' + body + b"}")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Inputs that are no command, and what their refusal must name."""

    inputs: tuple[RawValue, ...]
    names: str


NO_JSON = "not JSON (encoding json/plain)"
NO_OBJECT = "takes an object with token and body"
TOO_DEEP = "nests deeper"

UNREADABLE: Mapping[str, Unreadable] = {
    "no input": Unreadable((), "takes one input, token and body; got 0"),
    "two inputs": Unreadable((plain({}), plain({})), "takes one input, token and body; got 2"),
    "an empty object": Unreadable((plain({}),), "token: Field required"),
    "no token": Unreadable((plain({"body": {}}),), "token: Field required"),
    "no body": Unreadable((plain({"token": "e30.e30.e30"}),), "body: Field required"),
    "an unknown field": Unreadable((plain({"token": "x", "body": {}, "by": "vera"}),), "by: Extra inputs"),
    "a body that is a list": Unreadable((plain({"token": "x", "body": []}),), "body: Input should be"),
    "a token that is a number": Unreadable((plain({"token": 1, "body": {}}),), "token: Input should be"),
    "an endless token": Unreadable((plain({"token": "x" * 5_000, "body": {}}),), "token: String should"),
    "a list": Unreadable((plain([]),), NO_OBJECT),
    "a text": Unreadable((plain("countersign"),), NO_OBJECT),
    "null": Unreadable((plain(None),), NO_OBJECT),
    "a null payload": Unreadable((raw(b"", "binary/null"),), NO_OBJECT),
    "a number beyond all limits": Unreadable((raw(b"1" * 400),), NO_OBJECT),
    "a number that is none": Unreadable((raw(b'{"token": NaN, "body": {}}'),), "token: Input should be"),
    "nothing": Unreadable((raw(b""),), NO_JSON),
    "half of an object": Unreadable((raw(b'{"token": '),), NO_JSON),
    "other bytes than UTF-8": Unreadable((raw(b'{"token": "\xff", "body": {}}'),), NO_JSON),
    "half of a surrogate pair": Unreadable((raw(rb'{"token": "\ud800", "body": {}}'),), NO_JSON),
    "a number of 5,000 digits": Unreadable((raw(b"1" * 5_000),), NO_JSON),
    "binary/plain": Unreadable((raw(b'{"token": "x", "body": {}}', "binary/plain"),), NO_JSON),
    "an unknown encoding": Unreadable((raw(b"x", "binary/encrypted"),), NO_JSON),
    "no encoding": Unreadable((raw(b"{}", None),), NO_JSON),
    "34 levels": Unreadable((nested(35),), TOO_DEEP),
    "the deepest that can be parsed": Unreadable((nested(200),), TOO_DEEP),
    "a body too deep": Unreadable((inside(34),), TOO_DEEP),
    "100,000 levels": Unreadable((nested(100_000),), NO_JSON),
}
