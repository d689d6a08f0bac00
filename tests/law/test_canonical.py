"""The canonical form, held against an independent implementation of RFC 8785."""

import hashlib
import json
from typing import cast

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from greenlight.kernel.canonical import MAX_DEPTH, NotCanonicalError, canonical, digest, digest_bytes
from greenlight.kernel.model import MAX_INTEGER
from tests.law.properties import QUICK

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF))
SCALARS = st.none() | st.booleans() | st.integers(min_value=-MAX_INTEGER, max_value=MAX_INTEGER) | TEXTS
VALUES = cast(
    "st.SearchStrategy[JsonValue]",
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=20,
    ),
)


@QUICK
@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: JsonValue) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@QUICK
@given(VALUES)
def test_the_bytes_read_back_as_the_value(value: JsonValue) -> None:
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"\u20ac": 1, "\r": 2, "1": 3, "\u00f6": 4}, '{"\\r":2,"1":3,"\u00f6":4,"\u20ac":1}'),
        ('\x00\x1f\x7f\b\t\n\f\r"\\/', '"\\u0000\\u001f\x7f\\b\\t\\n\\f\\r\\"\\\\/"'),
        ("\U0001f600 \u2028", '"\U0001f600 \u2028"'),
        ([True, None, False, -0], "[true,null,false,0]"),
        (MAX_INTEGER, "9007199254740991"),
        (-MAX_INTEGER, "-9007199254740991"),
    ],
    ids=["sorted", "sorted by code unit", "escapes", "no escapes", "literals", "largest", "smallest"],
)
def test_the_form_is_this(value: JsonValue, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (0.5, r"\$: numbers must be integers"),
        ({"a": [1, 1.0]}, r"\$\.a\[1\]: numbers must be integers"),
        (float("nan"), r"\$: numbers must be integers"),
        (float("inf"), r"\$: numbers must be integers"),
        ([MAX_INTEGER + 1], r"\$\[0\]: integers must lie within"),
        (-MAX_INTEGER - 1, r"\$: integers must lie within"),
        (10**5000, r"\$: integers must lie within"),
        ("\ud800", r"\$: unpaired surrogates"),
        ({"a": "x\udfff"}, r"\$\.a: unpaired surrogates"),
        ({"\ud83d\ude00": 1}, r"a key of \$: unpaired surrogates"),
        ({"\U0001f600": 1}, r"\$: keys must lie within the Basic Multilingual Plane"),
        ({"a": {"\U00010000": 1}}, r"\$\.a: keys must lie within"),
    ],
    ids=[
        "fraction",
        "integral fraction",
        "nan",
        "infinity",
        "too large",
        "too small",
        "far too large",
        "surrogate",
        "surrogate within",
        "key of surrogates",
        "astral key",
        "astral key within",
    ],
)
def test_a_value_without_a_canonical_form_is_refused_by_its_place(value: JsonValue, problem: str) -> None:
    with pytest.raises(NotCanonicalError, match=f"^{problem}"):
        canonical(value)


@pytest.mark.parametrize("value", [{"\ud800": 0.5}, {"a": {"\udfff": "\ud800"}}])
def test_the_reason_of_a_refusal_can_itself_be_recorded(value: JsonValue) -> None:
    with pytest.raises(NotCanonicalError) as refused:
        canonical(value)
    assert canonical(str(refused.value))


def test_nesting_has_a_limit() -> None:
    assert canonical(_nested(MAX_DEPTH))
    with pytest.raises(NotCanonicalError, match=f"nested deeper than {MAX_DEPTH} levels$"):
        canonical(_nested(MAX_DEPTH + 1))
    with pytest.raises(NotCanonicalError, match="nested deeper"):
        canonical(_nested(100_000))


def test_the_digest_is_that_of_the_canonical_bytes() -> None:
    expected = "sha256:" + hashlib.sha256(b'{"a":1,"b":[]}').hexdigest()
    assert digest({"b": [], "a": 1}) == expected
    assert digest_bytes(b'{"a":1,"b":[]}') == expected


def _nested(depth: int) -> JsonValue:
    value: JsonValue = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value
