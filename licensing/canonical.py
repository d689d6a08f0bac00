"""One byte sequence for one JSON value, and its digest (RFC 8785, the JSON Canonicalization Scheme).

The standard library gives the scheme's exact bytes for the values used here: strings, integers within
±(2**53 - 1), booleans, null, arrays, and objects with keys inside the Basic Multilingual Plane. Everything
else is refused, because a digest that two implementations compute differently proves nothing.
"""

import hashlib
import json
from collections.abc import Mapping

from pydantic import JsonValue

from licensing.model import MAX_INTEGER


class NotCanonical(ValueError):
    """A value that has no canonical form here. The message names the place."""


def canonical(value: JsonValue) -> bytes:
    """The canonical UTF-8 bytes of ``value``.

    :raises NotCanonical: for a fraction, an integer beyond 2**53 - 1, an unpaired surrogate, or a key
        beyond the Basic Multilingual Plane.
    """
    _check(value, "$")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("$: a string holds an unpaired surrogate") from error


def digest(value: JsonValue) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the canonical bytes."""
    return digest_bytes(canonical(value))


def digest_bytes(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _check(value: JsonValue, place: str) -> None:
    # bool before int: True is an instance of int.
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"{place}: integers must lie within ±(2**53 - 1)")
    elif isinstance(value, float):
        raise NotCanonical(f"{place}: numbers must be integers")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if any(ord(character) > 0xFFFF for character in key):
                raise NotCanonical(f"{place}: keys must lie within the Basic Multilingual Plane")
            _check(item, f"{place}.{key}")
    else:
        for index, item in enumerate(value):
            _check(item, f"{place}[{index}]")
