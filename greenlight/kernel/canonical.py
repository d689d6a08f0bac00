"""One byte sequence for one JSON value, and its digest (RFC 8785, the JSON Canonicalization Scheme).

The standard library gives the scheme's exact bytes for the values used here: strings, integers within
±(2**53 - 1), booleans, null, arrays, and objects with keys inside the Basic Multilingual Plane, nested at
most 32 deep. Everything else is refused, because a digest that two implementations compute differently
proves nothing.
"""

import hashlib
import json
import re
from collections.abc import Iterable

from pydantic import JsonValue

from greenlight.kernel.model import MAX_INTEGER

MAX_DEPTH = 32
"""The depth to which arrays and objects may nest.

Without a limit the answer would depend on the caller's stack.
"""


class NotCanonicalError(ValueError):
    """A value that has no canonical form here. The message names the place."""


def canonical(value: JsonValue) -> bytes:
    """The canonical UTF-8 bytes of ``value``.

    :raises NotCanonicalError: for a fraction, an integer beyond 2**53 - 1, an unpaired surrogate, a key
        beyond the Basic Multilingual Plane, or nesting beyond ``MAX_DEPTH``.
    """
    # Nearly every value is in order, and is told so at a glance. Any other is gone through with care.
    if not _plain((value,), MAX_DEPTH):
        _refuse_faults(value)
    text = _ENCODER.encode(value)
    if not text.isascii() and _RARE.search(text):
        _refuse_faults(value)
    return text.encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

_RARE = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
"""Surrogates are no text, and characters beyond the Basic Multilingual Plane are not for keys."""

_SCALARS = frozenset({str, bool, type(None)})


def _plain(items: Iterable[JsonValue], levels: int) -> bool:
    """Tell whether all of it, so many levels deep at most, is in order but for what stands in its texts."""
    for item in items:
        kind = type(item)
        # By its type: a bool is an int, and anything of a class of its own is gone through with care.
        if kind in _SCALARS or (kind is int and isinstance(item, int) and abs(item) <= MAX_INTEGER):
            continue
        if levels == 0:
            return False
        if isinstance(item, dict):
            if not _plain(item.values(), levels - 1):
                return False
        elif not isinstance(item, list) or not _plain(item, levels - 1):
            return False
    return True


def _refuse_faults(value: JsonValue) -> None:
    """:raises NotCanonicalError: there is a fault in it."""
    try:
        _check(value, 0)
    except _FaultError as fault:
        raise NotCanonicalError(
            f"{fault.subject}${''.join(reversed(fault.steps))}: {fault.problem}"
        ) from None


def is_canonical(text: str) -> bool:
    """Tell whether a text is the canonical form of what it says: no member twice, no space, one order."""
    try:
        return canonical(json.loads(text)) == text.encode()
    except ValueError:
        return False


def digest(value: JsonValue) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the canonical bytes."""
    return digest_bytes(canonical(value))


def digest_bytes(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


class _FaultError(Exception):
    """The fault found; its place is put together on the way out, because nearly every value is in order."""

    def __init__(self, problem: str, subject: str = "") -> None:
        self.problem = problem
        self.subject = subject
        self.steps: list[str] = []


def _check(value: JsonValue, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif value is None or isinstance(value, bool):
        # bool before int: True is an instance of int.
        return
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise _FaultError("integers must lie within ±(2**53 - 1)")
    elif isinstance(value, float):
        raise _FaultError("numbers must be integers")
    elif depth == MAX_DEPTH:
        raise _FaultError(f"nested deeper than {MAX_DEPTH} levels")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, "a key of ")
            if not key.isascii() and max(key) > "\uffff":
                raise _FaultError("keys must lie within the Basic Multilingual Plane")
            try:
                _check(item, depth + 1)
            except _FaultError as fault:
                fault.steps.append(f".{key}")
                raise
    else:
        for index, item in enumerate(value):
            try:
                _check(item, depth + 1)
            except _FaultError as fault:
                fault.steps.append(f"[{index}]")
                raise


def _check_text(text: str, subject: str = "") -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _FaultError("unpaired surrogates are not text", subject) from None
