"""One byte sequence for one JSON value, and its digest (RFC 8785, the JSON Canonicalization Scheme).

The standard library gives the scheme's exact bytes for the values used here: strings, integers within
±(2**53 - 1), booleans, null, arrays, and objects with keys inside the Basic Multilingual Plane, nested at
most 32 deep. Everything else is refused, because a digest that two implementations compute differently
proves nothing.
"""

import hashlib
import json
from collections.abc import Mapping

from pydantic import JsonValue

from licensing.model import MAX_INTEGER

MAX_DEPTH = 32
"""How deep arrays and objects nest; without a limit the answer would depend on the caller's stack."""


class NotCanonicalError(ValueError):
    """A value that has no canonical form here. The message names the place."""


def canonical(value: JsonValue) -> bytes:
    """The canonical UTF-8 bytes of ``value``.

    :raises NotCanonicalError: for a fraction, an integer beyond 2**53 - 1, an unpaired surrogate, a key
        beyond the Basic Multilingual Plane, or nesting beyond ``MAX_DEPTH``.
    """
    _check(value, "$", 0)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: JsonValue) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the canonical bytes."""
    return digest_bytes(canonical(value))


def digest_bytes(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _check(value: JsonValue, place: str, depth: int) -> None:
    # bool before int: True is an instance of int.
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonicalError(f"{place}: integers must lie within ±(2**53 - 1)")
    elif isinstance(value, float):
        raise NotCanonicalError(f"{place}: numbers must be integers")
    elif depth == MAX_DEPTH:
        raise NotCanonicalError(f"{place}: nested deeper than {MAX_DEPTH} levels")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            # A key is named only once it is known to be text: the message must itself be fit to record.
            _check_text(key, f"a key of {place}")
            if any(ord(character) > 0xFFFF for character in key):
                raise NotCanonicalError(f"{place}: keys must lie within the Basic Multilingual Plane")
            _check(item, f"{place}.{key}", depth + 1)
    else:
        for index, item in enumerate(value):
            _check(item, f"{place}[{index}]", depth + 1)


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonicalError(f"{place}: unpaired surrogates are not text") from None
