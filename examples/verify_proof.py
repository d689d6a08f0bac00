"""Check a proof that an event is in the log, with Python's standard library and `cryptography`, offline.

    starter.py proof A123456 --event 12
    python examples/verify_proof.py application-A123456-12.tlog-proof --log KEY --auditor KEY

KEY is a verifier key, `name+id+key`, or a file of them (keys.txt), first the log's, then the auditor's, from
elsewhere than the proof; --without-auditor: there is none. --registered PROOF, of the event that registered
the officer's key, has their own signature checked, too: a JWS, or a passkey's (WebAuthn).

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
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

NOTE, COSIGNATURE = 1, 4
FIELDS = ("position", "stream", "version", "recorded", "command", "token", "record")


class Wrong(Exception):  # noqa: N818 - the word for a proof that does not hold
    pass


class Key(NamedTuple):
    name: str
    id: bytes
    type: int
    public: bytes


def need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decoded(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    need(base64.b64encode(content).decode() == text, "base64 in another spelling")
    return content


def given_key(text: str, line: int) -> Key:
    """The key that was given, or the one on that line of the file that was."""
    if "+" not in text or Path(text).exists():
        text = Path(text).read_text(encoding="utf-8").splitlines()[line]
    name, key_id, encoded = text.strip().split("+", 2)
    content = decoded(encoded)
    need(sha(f"{name}\n".encode() + content)[:4].hex() == key_id, f"the key of {name} was mistyped")
    need(len(content) == 33, f"the key of {name} has another length")
    return Key(name, bytes.fromhex(key_id), content[0], content[1:])


def verify(public: bytes, signature: bytes, message: bytes, whose: str) -> None:
    """Ed25519, or ES256 where the public key is a point of P-256."""
    try:
        if len(public) == 32:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        else:
            es256 = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
            es256.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        raise Wrong(f"the signature of {whose} is wrong") from None


def signed(note: str, signatures: list[str], key: Key) -> datetime | None:
    """Check that the key signed; when, if an auditor's."""
    for line in signatures:
        dash, name, encoded = line.split(" ")
        content = decoded(encoded)
        if (dash, name, content[:4]) != ("—", key.name, key.id):
            continue
        if key.type == NOTE:
            return verify(key.public, content[4:], note.encode(), key.name)
        seconds = int.from_bytes(content[4:12], "big")
        verify(key.public, content[12:], f"cosignature/v1\ntime {seconds}\n{note}".encode(), key.name)
        return datetime.fromtimestamp(seconds, UTC)
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


def read_event(entry: bytes) -> dict[str, str]:
    """The event of an entry: a salt of 32 bytes, then seven netstrings, of which a dash is none."""
    rest, fields = entry[32:], list[str]()
    while rest:
        length, _, rest = (b"0", b"", b"," + rest[1:]) if rest[:1] == b"-" else rest.partition(b":")
        need(length.isdigit() and rest[int(length) : int(length) + 1] == b",", "not a row of netstrings")
        fields.append(rest[: int(length)].decode())
        rest = rest[int(length) + 1 :]
    return dict(zip(FIELDS, fields, strict=True))


def signer(event: dict[str, str], registered: dict[str, str]) -> str:
    """Check who signed for an event, by the key that another event registered."""
    need(event["token"] != "", "nobody signed for the event")
    head, payload, proof = event["token"].split(".")
    key, claims = json.loads(registered["record"])["key"]["public_key"], json.loads(url(payload))
    message, signature, jwk = f"{head}.{payload}".encode(), url(proof), key.get("jwk", key)
    if jwk is not key:
        said = json.loads(signature)
        client, authenticator = url(said["clientDataJSON"]), url(said["authenticatorData"])
        message, signature, told = authenticator + sha(client), url(said["signature"]), json.loads(client)
        need(told["type"] == "webauthn.get" and not told.get("crossOrigin"), "it is no signature of a page")
        need(url(told["challenge"]) == sha(url(payload)), "the passkey signed something else")
        need(told["origin"] == key["origin"], "the passkey signed at another origin")
        need(authenticator[:32] == sha(key["rp"].encode()), "the passkey signed for another relying party")
        need(authenticator[32] & 5 == 5, "the user was not there, or not verified")
    public = url(jwk["x"]) if jwk["kty"] == "OKP" else b"\x04" + url(jwk["x"]) + url(jwk["y"])
    verify(public, signature, message, claims["sub"])
    need(registered["stream"] == f"officer-{claims['sub']}", "the key is another officer's")
    by = json.loads(event["record"]).get("by")
    need(by is None or by["officer"] == claims["sub"], "the event names another than the one who signed")
    return f"signed by {claims['sub']} as {claims['role']}: {claims['cmd']} to {claims['aud']}"


def check(content: str, log: Key, auditor: Key | None) -> tuple[dict[str, str], str]:
    head, _, checkpoint = content.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and extra.startswith("extra "), "not a proof with its event")
    need(index.startswith("index "), "the proof does not say where the event is")
    text, _, tail = checkpoint.rpartition("\n\n")
    note, signatures = text + "\n", tail.splitlines()
    need(log.type == NOTE, "the first key is not one of a log")
    signed(note, signatures, log)
    audited = "not audited"
    if auditor is not None:
        need(auditor.type == COSIGNATURE, "the second key is not one of an auditor")
        audited = f"audited by {auditor.name} on {signed(note, signatures, auditor):%Y-%m-%d %H:%M:%S} UTC"
    origin, size, signed_root = note.split("\n")[:3]
    need(origin == log.name, "the checkpoint is of another log")
    entry, place = decoded(extra.removeprefix("extra ")), int(index.removeprefix("index "))
    reached = root(entry, place, int(size), [decoded(step) for step in path])
    need(reached == decoded(signed_root), "the path does not lead to the root that was signed")
    event = read_event(entry)
    need(event["position"] == str(place + 1), "the event names another place")
    return event, f"position {place + 1} of {size} in {origin}, {audited}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("proof", type=Path)
    parser.add_argument("--log", required=True, metavar="KEY")
    parser.add_argument("--registered", type=Path, metavar="PROOF")
    by = parser.add_mutually_exclusive_group(required=True)
    by.add_argument("--auditor", metavar="KEY")
    by.add_argument("--without-auditor", action="store_true")
    given = parser.parse_args()
    try:
        log, auditor = given_key(given.log, 0), given_key(given.auditor, 1) if given.auditor else None
        event, where = check(given.proof.read_bytes().decode(), log, auditor)
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(event["recorded"]))
        found = [f"{event['stream']}, event {event['version']}, recorded {at.isoformat()}", where]
        if given.registered:
            found.append(signer(event, check(given.registered.read_bytes().decode(), log, auditor)[0]))
        print(*found, json.dumps(json.loads(event["record"]), indent=2, ensure_ascii=False), sep="\n")
    except (Wrong, ValueError, LookupError, TypeError, OSError) as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
