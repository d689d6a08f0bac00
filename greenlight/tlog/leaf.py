"""An event as an entry of the tree: its salt, then its fields, which can be read back in one way only.

The hash of an entry is public. Without the salt, whoever guesses an event could see that they guessed right.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

SALT_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class EntryError(ValueError):
    """The bytes are no entry of a log."""


class Recorded(Protocol):
    """An event as the log has it."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def command_id(self) -> str | None: ...
    @property
    def proof(self) -> str | None: ...
    @property
    def record(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as its entry tells it. ``microseconds``: of the recording, since 1970."""

    position: int
    stream: str
    version: int
    microseconds: int
    command_id: str | None
    proof: str | None
    record: str


def salt(secret: bytes, position: int) -> bytes:
    """The salt of the event at ``position``: HMAC-SHA256 of the log's secret over it, as eight bytes."""
    return hmac.digest(secret, position.to_bytes(8, "big"), "sha256")


def entry(secret: bytes, event: Recorded) -> bytes:
    """The entry of an event: its salt, and its fields as netstrings, of which None is a dash."""
    return fields(
        secret,
        event.position,
        event.stream,
        event.version,
        microseconds(event.recorded_at),
        event.command_id,
        event.proof,
        event.record,
    )


def microseconds(instant: datetime) -> int:
    """Since the beginning of 1970."""
    return (instant - _EPOCH) // _MICROSECOND


def fields(
    secret: bytes,
    position: int,
    stream: str,
    version: int,
    microseconds: int,
    command_id: str | None,
    proof: str | None,
    record: str,
) -> bytes:
    """``entry``, of fields one by one: millions of events are not worth an object each."""
    return b"%b%b%b%b%b%b%b%b" % (
        salt(secret, position),
        _field(str(position)),
        _field(stream),
        _field(str(version)),
        _field(str(microseconds)),
        b"-" if command_id is None else _field(command_id),
        b"-" if proof is None else _field(proof),
        _field(record),
    )


def read(content: bytes) -> Entry:
    """Read an entry back.

    :raises EntryError: it is none, or is written in another way than ``entry`` writes it.
    """
    found: list[str | None] = []
    at = SALT_BYTES
    while at < len(content):
        if content[at : at + 1] == b"-":
            found.append(None)
            at += 1
            continue
        colon = content.find(b":", at, at + 20)
        length = content[at:colon]
        if colon < 0 or not length.isdigit() or length != b"%d" % int(length):
            raise EntryError("not a row of netstrings")
        begin, at = colon + 1, colon + 1 + int(length) + 1
        if at > len(content) or content[at - 1 : at] != b",":
            raise EntryError("a netstring has another length")
        found.append(_text(content[begin : at - 1]))
    match found:
        case [
            str(position),
            str(stream),
            str(version),
            str(microseconds),
            command_id,
            proof,
            str(record),
        ]:
            numbers = (_number(position), _number(version), _number(microseconds))
            return Entry(numbers[0], stream, numbers[1], numbers[2], command_id, proof, record)
        case _:
            raise EntryError("not the seven fields of an event")


def _field(value: str) -> bytes:
    content = value.encode()
    return b"%d:%b," % (len(content), content)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise EntryError("not UTF-8") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or text != str(int(text)):
        raise EntryError("not a number in its one spelling")
    return int(text)
