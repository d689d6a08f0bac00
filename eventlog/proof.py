"""Signatures: making and checking the compact JWS (RFC 7515) that says who sent a command.

One algorithm, Ed25519 under the name EdDSA (RFC 8037), and a header of ``alg``, ``kid`` and at most ``typ``.
The verifier picks the key by ``kid`` from the register; a key that a token brings along is never looked at.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSAlgModel  # pyright: ignore[reportPrivateImportUsage]  # It is in our signature.
from pydantic import ValidationError

from licensing.authority import MAX_TOKEN_CHARACTERS, Claims
from licensing.model import Model
from licensing.officer.keys import KeyId, PublicKey
from licensing.refusal import first_problem

ALGORITHM = "EdDSA"


class ProofError(Exception):
    """The token does not prove what it says. The message names the reason, and nothing of the content."""


class KeyFileError(Exception):
    """The file holds no private Ed25519 key, or others than its owner may read it."""


class _Header(Model):
    """Closed: with ``jwk``, ``crit``, ``b64`` or anything else in it, a header is refused."""

    alg: Literal["EdDSA"]
    kid: KeyId
    typ: Literal["JWT"] | None = None


class _OneAlgorithm(jws.JWSRegistry):
    """Knows EdDSA and nothing else, whatever a token asks for.

    RFC 9864 deprecates the name because it leaves the curve open, which the library warns about; here the
    key fixes the curve: ``PublicKey`` and ``SigningKey`` are Ed25519 by construction.
    """

    def get_alg(self, name: str) -> JWSAlgModel:
        if name != ALGORITHM:
            raise ProofError(f"the algorithm must be {ALGORITHM}")
        return self.algorithms[ALGORITHM]


_REGISTRY = _OneAlgorithm()


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
        """
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read it; use chmod 600")
        try:
            return cls(OKPKey.import_key(path.read_bytes()))
        except (ValueError, JoseError) as error:
            raise KeyFileError(f"{path}: not a private Ed25519 key in PEM form") from error

    def save(self, path: Path) -> None:
        """Write a new PEM file that only its owner may read.

        :raises FileExistsError: a key is never overwritten.
        """
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._key.as_pem(private=True))

    def sign(self, payload: bytes) -> str:
        """The compact JWS of ``payload``."""
        return jws.serialize_compact(dict(self._header), payload, self._key, registry=_REGISTRY)


def sign(claims: Claims, key: SigningKey) -> str:
    """The token of a command."""
    return key.sign(claims.model_dump_json(exclude_none=True).encode())


class Token:
    """A token as it came: whose key it names can be read, what it says only after that key confirmed it."""

    def __init__(self, text: str) -> None:
        """:raises ProofError: it is not of the one form that is taken."""
        if len(text) > MAX_TOKEN_CHARACTERS:
            raise ProofError(f"longer than {MAX_TOKEN_CHARACTERS} characters")
        try:
            self._parts = jws.extract_compact(text.encode(), registry=_REGISTRY)
            self.kid: KeyId = _Header.model_validate(self._parts.headers(), strict=True).kid
        except ValidationError as error:
            raise ProofError(f"header: {first_problem(error)}") from error
        except (JoseError, ValueError) as error:
            raise ProofError("not a compact JWS") from error

    def payload(self, key: PublicKey) -> bytes:
        """What was signed.

        :raises ProofError: ``key`` did not sign it.
        """
        if self.kid != key.kid:
            raise ProofError("signed with another key")
        try:
            genuine = jws.validate_compact(self._parts, _verifier(key.x), registry=_REGISTRY)
        except JoseError as error:
            raise ProofError("not a compact JWS") from error
        if not genuine:
            raise ProofError("the signature is wrong")
        return self._parts.payload

    def claims(self, key: PublicKey) -> Claims:
        """What the sender claims. Whether they may, and now, is not checked here.

        :raises ProofError: ``key`` did not sign it, or it is no command's token.
        """
        try:
            return Claims.model_validate_json(self.payload(key), strict=True)
        except ValidationError as error:
            raise ProofError(f"claims: {first_problem(error)}") from error


def verify(text: str, key: PublicKey) -> Claims:
    """The claims of a token that ``key`` signed.

    :raises ProofError: ``key`` did not sign it, or it is not of the one form that is taken.
    """
    return Token(text).claims(key)


@lru_cache(maxsize=4096)
def _verifier(x: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
