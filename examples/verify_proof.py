"""Check a proof that an event is in the log, with Python's standard library and `cryptography`, offline.

    starter.py proof A123456 --event 12
    python examples/verify_proof.py application-A123456-12.tlog-proof --log KEY --auditor KEY

KEY is a verifier key, `name+id+key`, or a file of such keys (keys.txt), of which the first is the log's and
the second the auditor's. Have the keys from elsewhere than the proof. Where there is no auditor:
--without-auditor.

Shares no code with the service. Checked are the signatures of log and auditor (c2sp.org/signed-note and
tlog-cosignature), and that the Merkle path (RFC 6962) leads from the event to the root that they signed.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE, COSIGNATURE = 1, 4


class Wrong(Exception):  # noqa: N818 - the word for a proof that does not hold
    pass


class Key(NamedTuple):
    name: str
    id: bytes
    type: int
    public: bytes


class Event(NamedTuple):
    position: int
    stream: str
    version: int
    recorded: datetime
    command_id: str | None
    token: str | None
    record: str


def need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def decoded(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    need(base64.b64encode(content).decode() == text, "base64 in another spelling")
    return content


def read_key(text: str) -> Key:
    name, key_id, encoded = text.strip().split("+", 2)
    content = decoded(encoded)
    need(sha(f"{name}\n".encode() + content)[:4].hex() == key_id, f"the key of {name} was mistyped")
    need(len(content) == 33, f"the key of {name} has another length")
    return Key(name, bytes.fromhex(key_id), content[0], content[1:])


def given_key(text: str, line: int) -> Key:
    """The key that was given, or the one on that line of the file that was."""
    if "+" not in text or Path(text).exists():
        text = Path(text).read_text(encoding="utf-8").splitlines()[line]
    return read_key(text)


def signed(note: str, signatures: list[str], key: Key) -> datetime | None:
    """Check that the key signed; when, if it is an auditor's."""
    for line in signatures:
        dash, name, encoded = line.split(" ")
        content = decoded(encoded)
        if (dash, name, content[:4]) != ("—", key.name, key.id):
            continue
        message, signature, time = note, content[4:], None
        if key.type == COSIGNATURE:
            seconds = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {seconds}\n{note}", signature[8:]
            time = datetime.fromtimestamp(seconds, UTC)
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message.encode())
        except InvalidSignature:
            raise Wrong(f"the signature of {key.name} is wrong") from None
        return time
    raise Wrong(f"{key.name} did not sign")


def root(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Where a path leads: RFC 9162, section 2.1.3.2."""
    need(0 <= index < size, "there is no such place in the tree")
    place, last, found = index, size - 1, sha(b"\x00" + entry)
    for step in path:
        need(last > 0, "the path is too long")
        if place & 1 or place == last:
            found = sha(b"\x01" + step + found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha(b"\x01" + found + step)
        place, last = place >> 1, last >> 1
    need(last == 0, "the path is too short")
    return found


def read_event(entry: bytes) -> Event:
    """The event of an entry: a salt of 32 bytes, then seven netstrings, of which a dash is none."""
    rest, fields = entry[32:], list[str | None]()
    while rest:
        if rest[:1] == b"-":
            fields.append(None)
            rest = rest[1:]
            continue
        length, _, rest = rest.partition(b":")
        need(length.isdigit() and rest[int(length) : int(length) + 1] == b",", "not a row of netstrings")
        fields.append(rest[: int(length)].decode())
        rest = rest[int(length) + 1 :]
    need(len(fields) == 7, "an event has seven fields")
    position, stream, version, microseconds, command_id, token, record = fields
    if position is None or stream is None or version is None or microseconds is None or record is None:
        raise Wrong("a field of the event is missing")
    recorded = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))
    return Event(int(position), stream, int(version), recorded, command_id, token, record)


def check(content: str, log: Key, auditor: Key | None) -> str:
    head, _, checkpoint = content.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and extra.startswith("extra "), "not a proof with its event")
    need(index.startswith("index "), "the proof does not say where the event is")
    text, _, tail = checkpoint.rpartition("\n\n")
    note, signatures = text + "\n", tail.splitlines()
    need(log.type == NOTE, "the first key is not one of a log")
    signed(note, signatures, log)
    seen = None
    if auditor is not None:
        need(auditor.type == COSIGNATURE, "the second key is not one of an auditor")
        seen = signed(note, signatures, auditor)
    origin, size, signed_root = note.split("\n")[:3]
    need(origin == log.name, "the checkpoint is of another log")
    entry, place = decoded(extra.removeprefix("extra ")), int(index.removeprefix("index "))
    reached = root(entry, place, int(size), [decoded(step) for step in path])
    need(reached == decoded(signed_root), "the path does not lead to the root that was signed")
    event = read_event(entry)
    need(event.position == place + 1, "the event names another place")
    audited = f"audited by {auditor.name} on {seen:%Y-%m-%d %H:%M:%S} UTC" if auditor else "not audited"
    return (
        f"{event.stream}, event {event.version}, recorded {event.recorded.isoformat()}\n"
        f"position {event.position} of {size} in {origin}, {audited}\n"
        + json.dumps(json.loads(event.record), indent=2, ensure_ascii=False)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("proof", type=Path)
    parser.add_argument("--log", required=True, metavar="KEY")
    by = parser.add_mutually_exclusive_group(required=True)
    by.add_argument("--auditor", metavar="KEY")
    by.add_argument("--without-auditor", action="store_true")
    given = parser.parse_args()
    try:
        auditor = given_key(given.auditor, 1) if given.auditor else None
        print(check(given.proof.read_bytes().decode(), given_key(given.log, 0), auditor))
    except (Wrong, ValueError, IndexError, OSError) as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
