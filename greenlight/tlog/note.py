"""Signed notes (c2sp.org/signed-note) and the keys that verify them: Ed25519, plain and with a time.

A note is a text, an empty line, and lines of signatures. Whoever reads one names the keys that they trust;
signatures by others are passed over.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from greenlight.signing.keys import SigningKey

MAX_NOTE_BYTES = 64 * 1024
"""Room for all signatures of a checkpoint; a longer note is not read."""

_DASH = "— "


class NoteError(ValueError):
    """The bytes are no signed note, or not one that the named keys signed. The message says why."""


class KeyType(IntEnum):
    """The byte before a public key that says how it signs."""

    NOTE = 0x01
    """The text as it is."""
    COSIGNATURE = 0x04
    """The text under a line with the time (c2sp.org/tlog-cosignature)."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of its holder. As text: ``<name>+<id>+<key>``, a line of ``keys.txt``."""

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        """:raises NoteError: nobody can have that name."""
        if not self.name or "+" in self.name or any(map(str.isspace, self.name)) or not _legible(self.name):
            raise NoteError(f"{self.name!r} is no name of a key: it has no spaces and no plus")

    @property
    def id(self) -> bytes:
        """Four bytes that tell this key from others of the name."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._encoded).digest()[:4]

    @property
    def _encoded(self) -> bytes:
        return bytes([self.type]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._encoded).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """:raises NoteError: it is no verifier key, or one of another algorithm."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        content = decoded(encoded)
        if len(content) != 33 or content[0] not in tuple(KeyType):
            raise NoteError("a verifier key is a name, an id and an Ed25519 key, with a plus between them")
        key = cls(name, KeyType(content[0]), content[1:])
        if key_id != key.id.hex():
            raise NoteError(f"the id of the key {name} is another: it was mistyped")
        return key

    def signed(self, text: str, signature: bytes) -> bool:
        """Tell whether this key made ``signature`` over ``text``."""
        if self.type is KeyType.COSIGNATURE:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            text = timed(text, time)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of a note: who signed, with the key of which id, and the signature as that key's type has it."""

    name: str
    key_id: bytes
    content: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.content).decode()}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its end.

        :raises NoteError: it is none.
        """
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not name or "+" in name:
            raise NoteError("a line of signatures has another form")
        content = decoded(encoded)
        if len(content) <= 4:
            raise NoteError("a signature is too short")
        return cls(name, content[:4], content[4:])

    def by(self, key: VerifierKey) -> bool:
        return (self.name, self.key_id) == (key.name, key.id)

    @property
    def time(self) -> int:
        """Seconds since 1970, of a cosignature."""
        return int.from_bytes(self.content[:8], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and its signatures. Nothing is verified before ``signers``."""

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """:raises NoteError: it is no signed note."""
        if len(content) > MAX_NOTE_BYTES:
            raise NoteError(f"longer than {MAX_NOTE_BYTES} bytes")
        try:
            whole = content.decode()
        except UnicodeDecodeError as error:
            raise NoteError("not UTF-8") from error
        head, middle, tail = whole.rpartition("\n\n")
        if not middle or not tail.endswith("\n") or not _legible(whole.replace("\n", "")):
            raise NoteError("not a text, an empty line and lines of signatures")
        return cls(head + "\n", tuple(map(Signature.parse, tail[:-1].split("\n"))))

    def with_signatures(self, more: Iterable[Signature]) -> Self:
        """The same note with signatures added, none of them twice by one key."""
        new = {(each.name, each.key_id): each for each in (*self.signatures, *more)}
        return type(self)(self.text, tuple(new.values()))

    def signers(self, trusted: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Those of the trusted keys that have signed.

        :raises NoteError: a signature that claims to be by one of them is not, or there is none by any.
        """
        found = tuple(key for key in trusted for each in self.signatures if each.by(key))
        for key in found:
            if not all(key.signed(self.text, each.content) for each in self.signatures if each.by(key)):
                raise NoteError(f"the signature of {key.name} is wrong")
        if not found:
            raise NoteError(f"not signed by {' or '.join(key.name for key in trusted) or 'anybody'}")
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A private key under a name; signs notes as their author, or cosigns those of others."""

    name: str
    key: SigningKey
    type: KeyType = KeyType.NOTE

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.type, self.key.public.content)

    def sign(self, text: str, time: int = 0) -> Signature:
        """The signature line of ``text``; ``time``, in seconds since 1970, is that of a cosignature."""
        if self.type is KeyType.COSIGNATURE:
            content = time.to_bytes(8, "big") + self.key.sign_bytes(timed(text, time).encode())
        else:
            content = self.key.sign_bytes(text.encode())
        return Signature(self.name, self.verifier.id, content)


def timed(text: str, time: int) -> str:
    """The text that a cosignature signs."""
    return f"cosignature/v1\ntime {time}\n{text}"


def decoded(text: str) -> bytes:
    """Base64 (RFC 4648, section 4) in its one spelling.

    :raises NoteError: it is none.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    # Spare bits in the last character would make two spellings of one content.
    if base64.b64encode(content).decode() != text:
        raise NoteError("not base64 in its one spelling")
    return content


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _legible(text: str) -> bool:
    return all(character >= " " for character in text)
