"""Public signing keys: Ed25519 in software, and passkeys (WebAuthn), each named by a digest of what it is."""

import base64
import binascii
import hashlib
import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import Instant, JsonObject, Model


def base64url(content: bytes) -> str:
    """Without padding, as JSON Web Keys and browsers write it."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_base64url(text: str) -> bytes:
    """The bytes of a text in base64url, in its one spelling.

    :raises ValueError: it is none. Spare bits in the last character would be a second spelling.
    """
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if base64url(content) != text:
        raise ValueError("not base64url in its one spelling")
    return content


def _one_spelling(text: str) -> str:
    read_base64url(text)
    return text


Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$"), AfterValidator(_one_spelling)]
"""Bytes, at least one, in base64url."""

Bytes32 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$"), AfterValidator(_one_spelling)]
"""32 bytes in base64url: two spellings of one key would be two key ids."""

KeyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""SHA-256 in base64url: it names this key and no other, ever."""


def _thumbprint(members: JsonObject) -> KeyId:
    return base64url(hashlib.sha256(canonical(members)).digest())


class PublicKey(Model):
    """An Ed25519 JSON Web Key (RFC 8037), with nothing but its required members."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: Bytes32

    @cached_property
    def content(self) -> bytes:
        """The 32 bytes that RFC 8032 encodes it in."""
        return read_base64url(self.x)

    @cached_property
    def kid(self) -> KeyId:
        """The thumbprint of RFC 7638: the required members, in the form that `canonical` gives."""
        return _thumbprint({"crv": self.crv, "kty": self.kty, "x": self.x})


class P256Key(Model):
    """A JSON Web Key on the curve P-256 (RFC 7518). That it is a point of it is found when it is used."""

    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    x: Bytes32
    y: Bytes32


_HOST = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
_ORIGIN = re.compile(rf"(?P<scheme>https?)://(?P<host>{_HOST})(:[0-9]{{1,5}})?")
_ADDRESS = re.compile(r"(.*\.)?[0-9]+")


class RelyingParty(Model):
    """For whom a passkey signs: the name that its authenticator keeps it under, and the one origin of pages
    (scheme, host and port) that may ask it to.

    By https alone, but for ``localhost``. An IP address is no name of a relying party.
    """

    rp: Annotated[str, StringConstraints(pattern=rf"^{_HOST}$", max_length=253)]
    origin: Annotated[str, StringConstraints(max_length=300)]

    @model_validator(mode="after")
    def _is_of_its_name(self) -> Self:
        read = _ORIGIN.fullmatch(self.origin)
        if read is None:
            raise ValueError("origin is https://HOST or https://HOST:PORT, in small letters")
        if _ADDRESS.fullmatch(self.rp):
            raise ValueError("an address is no name of a relying party: say localhost, or a domain")
        if not f".{read['host']}".endswith(f".{self.rp}"):
            raise ValueError("the host of origin is rp, or below it")
        if read["scheme"] == "http" and not f".{read['host']}".endswith(".localhost"):
            raise ValueError("origin is by https")
        return self


class Passkey(RelyingParty):
    """A credential of an authenticator (Web Authentication, Level 3): EdDSA or ES256. All that a signature of
    it is held against years later stands here; ``credential`` is the id by which the authenticator finds it.
    """

    credential: Annotated[Base64Url, Field(max_length=1_364)]
    jwk: PublicKey | P256Key

    @cached_property
    def kid(self) -> KeyId:
        """Of all of it: under one id a key signs for one origin. No JSON Web Key has these members."""
        return _thumbprint(self.model_dump(mode="json"))


def _kind(key: object) -> str:
    has_jwk = isinstance(key, Passkey) or (isinstance(key, dict) and "jwk" in key)
    return "passkey" if has_jwk else "software"


OfficerKey = Annotated[
    Annotated[PublicKey, Tag("software")] | Annotated[Passkey, Tag("passkey")], Discriminator(_kind)
]
"""A key of an officer: in software, or a passkey."""

Development = Annotated[bool, Field(exclude_if=lambda told: not told)]
"""A key for trying things out, made by whoever runs the service: what it signs binds nobody."""


class RegisteredKey(Model):
    """A key of an officer; it signs from ``valid_from`` until before ``valid_until`` (None: without end)."""

    kid: KeyId
    public_key: OfficerKey
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None = None
    development: Development = False
