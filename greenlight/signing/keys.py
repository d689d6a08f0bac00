"""Private Ed25519 keys, in PEM files that nobody but their owner may read."""

import os
import secrets
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from greenlight.files import content_of
from greenlight.law.officer.keys import PublicKey
from greenlight.signing.algorithm import ALGORITHM, REGISTRY


class KeyFileError(Exception):
    """The file holds no Ed25519 key of the kind that is needed, or others than its owner may read it."""


class SigningKey:
    """A private Ed25519 key."""

    def __init__(self, key: OKPKey) -> None:
        if key.curve_name != "Ed25519" or not key.is_private:
            raise KeyFileError("not a private Ed25519 key")
        self._key = key
        self.public = PublicKey.model_validate({"x": key.as_dict(private=False)["x"]})
        self._header = {"alg": ALGORITHM, "kid": self.public.kid}

    @classmethod
    def generate(cls) -> Self:
        return cls(OKPKey.generate_key("Ed25519"))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a PEM file (PKCS #8, unencrypted).

        :raises KeyFileError: it is no such file, or its mode lets others than its owner read it.
        :raises OSError: it cannot be read.
        """
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read it; use chmod 600")
        try:
            return cls(OKPKey.import_key(content_of(path)))
        except (ValueError, JoseError) as error:
            raise KeyFileError(f"{path}: not a private Ed25519 key in PEM form") from error

    def save(self, path: Path) -> None:
        """Write a new PEM file that only its owner may read. It is there whole or not at all.

        :raises FileExistsError: a key is never overwritten.
        """
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._key.as_pem(private=True))
            # Unlike a rename, a link does not replace what is there.
            path.hardlink_to(draft)
        finally:
            draft.unlink()

    def sign(self, payload: bytes) -> str:
        """The compact JWS of ``payload``."""
        return jws.serialize_compact(dict(self._header), payload, self._key, registry=REGISTRY)

    def sign_bytes(self, message: bytes) -> bytes:
        """The bare signature of ``message`` (RFC 8032), 64 bytes."""
        private = self._key.private_key
        # By construction; the library's type allows other curves and public halves.
        assert isinstance(private, Ed25519PrivateKey)
        return private.sign(message)


def load_public(path: Path) -> PublicKey:
    """The public key of a PEM file that holds it, or the private key that it belongs to.

    :raises KeyFileError: it is no such file.
    :raises OSError: it cannot be read.
    """
    try:
        key = OKPKey.import_key(content_of(path))
    except (ValueError, JoseError) as error:
        raise KeyFileError(f"{path}: not an Ed25519 key in PEM form") from error
    if key.curve_name != "Ed25519":
        raise KeyFileError(f"{path}: not an Ed25519 key")
    return PublicKey.model_validate({"x": key.as_dict(private=False)["x"]})
