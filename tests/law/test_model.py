"""The bounded scalars, and the base of every model."""

import sys
import unicodedata
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from greenlight.kernel.authority import CommandId, StreamId
from greenlight.kernel.model import (
    MAX_INTEGER,
    Acn,
    Country,
    Digest,
    Identifier,
    Instant,
    LicenseNumber,
    Model,
    Name,
    Names,
    PositiveInteger,
    Text,
)

LONGEST = {"name": 300, "text": 4_000}


class Sample(Model):
    number: int
    names: Names = frozenset()


def test_a_field_nobody_declared_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"surprise\n\s+Extra inputs are not permitted"):
        Sample.model_validate({"number": 1, "surprise": 2})


def test_a_model_cannot_be_changed() -> None:
    sample = Sample(number=1)
    with pytest.raises(ValidationError, match="frozen"):
        sample.number = 2  # pyright: ignore[reportAttributeAccessIssue] -- the point of the test


def test_a_set_of_names_has_one_order_on_the_wire() -> None:
    names = frozenset({"resolution", "initial_action", "appeal", "expiry"})
    text = Sample(number=1, names=names).model_dump_json()
    assert text == '{"number":1,"names":["appeal","expiry","initial_action","resolution"]}'
    assert Sample.model_validate_json(text).names == names


@pytest.mark.parametrize(("kind", "adapter"), [("name", TypeAdapter(Name)), ("text", TypeAdapter(Text))])
def test_text_is_bounded_and_printable(kind: str, adapter: TypeAdapter[str]) -> None:
    longest = LONGEST[kind]
    for good in ("x", "x" * longest, "two\nlines\tand a tab", "株式会社", "\U0001f600" * longest):
        assert adapter.validate_python(good) == good
    for bad in ("", "x" * (longest + 1), "a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\rb", "a\ud800b"):
        with pytest.raises(ValidationError):
            adapter.validate_python(bad)


IDENTIFIER = TypeAdapter[str](Identifier)
COUNTRY = TypeAdapter[str](Country)
CONTROL_NUMBER = TypeAdapter[str](Acn)
LICENSE_NUMBER = TypeAdapter[str](LicenseNumber)
DIGEST = TypeAdapter[str](Digest)
COMMAND_ID = TypeAdapter[str](CommandId)
STREAM = TypeAdapter[str](StreamId)


@pytest.mark.parametrize(
    ("adapter", "good"),
    [
        (IDENTIFIER, "lee"),
        (IDENTIFIER, "0.a_b-c"),
        (IDENTIFIER, "x" * 64),
        (COUNTRY, "NO"),
        (CONTROL_NUMBER, "Z000001"),
        (LICENSE_NUMBER, "D000001"),
        (DIGEST, "sha256:" + "0f" * 32),
        (COMMAND_ID, "Abc_-123"),
        (COMMAND_ID, "x" * 64),
        (STREAM, "application-Z000001"),
        (STREAM, "officer-a.b_c-d"),
    ],
)
def test_an_id_of_the_right_shape_is_taken(adapter: TypeAdapter[str], good: str) -> None:
    assert adapter.validate_python(good) == good


@pytest.mark.parametrize(
    ("adapter", "bad"),
    [
        (IDENTIFIER, ""),
        (IDENTIFIER, "Lee"),
        (IDENTIFIER, "-lee"),
        (IDENTIFIER, "x" * 65),
        (IDENTIFIER, "lee\n"),
        (IDENTIFIER, "lée"),
        (COUNTRY, "no"),
        (COUNTRY, "NOR"),
        (COUNTRY, "NO\n"),
        (CONTROL_NUMBER, "Z00001"),
        (CONTROL_NUMBER, "z000001"),
        (CONTROL_NUMBER, "Z00000١"),
        (LICENSE_NUMBER, "E000001"),
        (DIGEST, "sha256:" + "0F" * 32),
        (DIGEST, "0f" * 32),
        (COMMAND_ID, "x" * 7),
        (COMMAND_ID, "x" * 65),
        (COMMAND_ID, "with blank"),
        (STREAM, "application"),
        (STREAM, "Application-Z000001"),
        (STREAM, "application-" + "x" * 81),
        (STREAM, "application-a b"),
    ],
)
def test_an_id_of_another_shape_is_refused(adapter: TypeAdapter[str], bad: str) -> None:
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)


def test_an_integer_is_positive_and_exact_everywhere() -> None:
    adapter = TypeAdapter[int](PositiveInteger)
    assert adapter.validate_json("1") == 1
    assert adapter.validate_json(str(MAX_INTEGER)) == MAX_INTEGER
    for bad in ("0", "-1", str(MAX_INTEGER + 1), "1.5", '"x"'):
        with pytest.raises(ValidationError):
            adapter.validate_json(bad)


INSTANT = TypeAdapter[datetime](Instant)


def test_an_instant_is_kept_in_utc() -> None:
    instant = INSTANT.validate_json('"2026-09-01T10:00:00-04:00"')
    assert instant == datetime(2026, 9, 1, 14, tzinfo=UTC)
    assert instant.tzinfo is UTC
    assert INSTANT.dump_json(instant) == b'"2026-09-01T14:00:00Z"'


@pytest.mark.parametrize(
    "bad",
    [
        "2026-09-01T10:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1969-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
        "1970-01-01T00:00:00+05:00",
        "2999-12-31T23:59:00-05:00",
        "yesterday",
    ],
    ids=[
        *("no offset", "before the first year", "after the last year", "too early", "too late"),
        *("too early in UTC", "too late in UTC", "no instant"),
    ],
)
def test_an_instant_that_cannot_be_counted_from_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(bad)


def test_a_line_may_end_as_windows_ends_it() -> None:
    text: TypeAdapter[str] = TypeAdapter(Text)
    assert text.validate_json('"One.\\r\\nTwo.\\n"') == "One.\nTwo.\n"
    with pytest.raises(ValidationError):
        text.validate_python("One.\rTwo.")


def test_of_all_characters_controls_and_surrogates_alone_are_refused() -> None:
    """Unicode's categories Cc and Cs, but for line feed and tab."""
    text: TypeAdapter[str] = TypeAdapter(Text)
    everything = [chr(point) for point in range(sys.maxunicode + 1)]
    allowed = [c for c in everything if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}]
    for first in range(0, len(allowed), 4_000):
        text.validate_python("".join(allowed[first : first + 4_000]))
    for refused in set(everything) - set(allowed):
        with pytest.raises(ValidationError):
            text.validate_python(refused)
