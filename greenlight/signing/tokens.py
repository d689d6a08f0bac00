"""The token that says who sent a command: making it, and checking it.

By a key in software it is a compact JWS (RFC 7515); by a passkey it has its form (``passkey.token``). The
header has ``alg``, ``kid`` and at most ``typ``. The verifier picks the key by ``kid`` from the register; a
key that a token brings along is never looked at.
"""

from functools import lru_cache
from typing import Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from greenlight.kernel.authority import MAX_TOKEN_CHARACTERS, Claims
from greenlight.kernel.model import Model
from greenlight.kernel.problems import first_problem
from greenlight.law.officer.keys import KeyId, OfficerKey, Passkey
from greenlight.signing import passkey
from greenlight.signing.algorithm import REGISTRY, ProofError
from greenlight.signing.keys import SigningKey


class _Header(Model):
    """Closed: with ``jwk``, ``crit``, ``b64`` or anything else in it, a header is refused."""

    alg: Literal["EdDSA", "webauthn"]
    kid: KeyId
    typ: Literal["JWT"] | None = None


def sign(claims: Claims, key: SigningKey) -> str:
    """The token of a command."""
    return key.sign(claims.content)


class Token:
    """A token as it came: whose key it names can be read, what it says only after that key confirmed it."""

    def __init__(self, text: str) -> None:
        """:raises ProofError: it is not of the one form that is taken."""
        if len(text) > MAX_TOKEN_CHARACTERS:
            raise ProofError(f"longer than {MAX_TOKEN_CHARACTERS} characters")
        try:
            self._text, self._parts = text, jws.extract_compact(text.encode(), registry=REGISTRY)
            self._header = _Header.model_validate(self._parts.headers(), strict=True)
        except ValidationError as error:
            raise ProofError(f"header: {first_problem(error)}") from error
        except (JoseError, ValueError) as error:
            raise ProofError("not a compact JWS") from error

    @property
    def kid(self) -> KeyId:
        return self._header.kid

    @property
    def counter(self) -> int | None:
        """The signatures that a passkey says it made, this one included; 0: it counts none, None: it is no
        passkey's.

        :raises ProofError: it has no assertion.
        """
        return self._assertion.counter if self._header.alg == passkey.WEBAUTHN else None

    def payload(self, key: OfficerKey) -> bytes:
        """The signed content.

        :raises ProofError: ``key`` did not sign it.
        """
        if self.kid != key.kid:
            raise ProofError("signed with another key")
        if (self._header.alg == passkey.WEBAUTHN) != isinstance(key, Passkey):
            raise ProofError("signed in another way than the key does")
        if isinstance(key, Passkey):
            return self._of_passkey(key)
        try:
            genuine = jws.validate_compact(self._parts, _verifier(key.x), registry=REGISTRY)
        except JoseError as error:
            raise ProofError("not a compact JWS") from error
        if not genuine:
            raise ProofError("the signature is wrong")
        return self._parts.payload

    def _of_passkey(self, key: Passkey) -> bytes:
        content, assertion = self._parts.payload, self._assertion
        # The header is under no signature, and ES256 has two for one: there is one spelling of a token.
        if passkey.token(content, key, assertion) != self._text:
            raise ProofError("not as a passkey's token is written")
        passkey.check(content, key, assertion)
        return content

    @property
    def _assertion(self) -> passkey.Assertion:
        return passkey.read(self._text.rpartition(".")[2])

    def claims(self, key: OfficerKey) -> Claims:
        """Read the sender's claims. Whether they may, and now, is not checked here.

        :raises ProofError: ``key`` did not sign it, or it is no command's token.
        """
        try:
            return Claims.model_validate_json(self.payload(key), strict=True)
        except ValidationError as error:
            raise ProofError(f"claims: {first_problem(error)}") from error


def verify(text: str, key: OfficerKey) -> Claims:
    """The claims of a token that ``key`` signed.

    :raises ProofError: ``key`` did not sign it, or it is not of the one form that is taken.
    """
    return Token(text).claims(key)


@lru_cache(maxsize=4096)
def _verifier(x: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
