"""Public signing keys: Ed25519 as a JSON Web Key (RFC 8037), named by its thumbprint (RFC 7638)."""

import base64
import binascii
import hashlib
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import Instant, Model

KEY_BYTES = 32


def _one_encoding(text: str) -> str:
    """base64url leaves spare bits in the last character; two spellings of one key would be two key ids."""
    try:
        content = base64.urlsafe_b64decode(text + "=")
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if len(content) != KEY_BYTES or base64.urlsafe_b64encode(content).decode().rstrip("=") != text:
        raise ValueError(f"not the base64url form of {KEY_BYTES} bytes")
    return text


PublicKeyText = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$"), AfterValidator(_one_encoding)
]
"""The 32 bytes of an Ed25519 public key in base64url, the ``x`` of its JSON Web Key."""

KeyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""The RFC 7638 thumbprint (SHA-256, base64url) of a public key: it names this key and no other, ever."""


class PublicKey(Model):
    """A JSON Web Key, with nothing but its required members."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: PublicKeyText

    @cached_property
    def content(self) -> bytes:
        """The 32 bytes that RFC 8032 encodes it in."""
        return base64.urlsafe_b64decode(self.x + "=")

    @cached_property
    def kid(self) -> str:
        # RFC 7638 hashes the required members in the form that `canonical` gives.
        members = canonical({"crv": self.crv, "kty": self.kty, "x": self.x})
        return base64.urlsafe_b64encode(hashlib.sha256(members).digest()).decode().rstrip("=")


Development = Annotated[bool, Field(exclude_if=lambda told: not told)]
"""A key for trying things out, made by whoever runs the service: what it signs binds nobody."""


class RegisteredKey(Model):
    """A key of an officer; it signs from ``valid_from`` until before ``valid_until`` (None: without end)."""

    kid: KeyId
    public_key: PublicKey
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None = None
    development: Development = False
