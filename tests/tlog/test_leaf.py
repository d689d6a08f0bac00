"""An entry is read back in one way only, and nobody can guess it."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.tlog.leaf import SALT_BYTES, Entry, EntryError, entry, fields, read, salt
from tests.law.properties import QUICK

SECRET = bytes(range(32))


class Event(NamedTuple):
    position: int
    stream: str
    version: int
    recorded_at: datetime
    command_id: str | None
    proof: str | None
    record: str


EVENT = Event(7, "application-A1", 2, datetime(2026, 9, 1, 14, 0, 0, 5, tzinfo=UTC), None, None, '{"é":1}')

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
events = st.builds(
    Entry,
    st.integers(1, 2**40),
    texts,
    st.integers(1, 999),
    st.integers(0, 2**60),
    st.none() | texts,
    st.none() | texts,
    texts,
)


def test_the_form_is_the_documented_one() -> None:
    content = entry(SECRET, EVENT)
    assert content[SALT_BYTES:] == (
        b"1:7,14:application-A1,1:2,16:1788271200000005,--8:" + '{"é":1}'.encode() + b","
    )
    assert content[:SALT_BYTES] == salt(SECRET, 7)


@given(events)
@QUICK
def test_what_was_written_is_read_back(event: Entry) -> None:
    content = fields(SECRET, *(getattr(event, name) for name in Entry.__dataclass_fields__))
    assert read(content) == event
    for shorter in range(SALT_BYTES, len(content)):
        with pytest.raises(EntryError):
            read(content[:shorter])


@pytest.mark.parametrize(
    "text",
    [
        "01:7,1:s,1:2,1:3,--1:r,",
        "1:7,1:s,1:2,1:3,--1:r,1:x,",
        "1:7,1:s,2:02,1:3,--1:r,",
        "1:7,1:s,1:2,1:3,--1:r;",
        "1:7,-1:2,1:3,--1:r,",
        "1:7,1:s,1:2,1:3,--9:r,",
        "",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(EntryError):
        read(SECRET + text.encode())


def test_every_position_and_every_log_has_its_own_salt() -> None:
    assert len({salt(secret, position) for secret in (SECRET, bytes(32)) for position in range(9)}) == 18
