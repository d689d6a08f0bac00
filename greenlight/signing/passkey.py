"""Signatures of passkeys (Web Authentication, Level 3): the token that carries an assertion, and its check.

A browser has nothing signed but its own words about a challenge, and the challenge is the SHA-256 of what the
officer signs.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import JsonObject
from greenlight.kernel.problems import first_problem
from greenlight.law.officer.keys import (
    Base64Url,
    P256Key,
    Passkey,
    PublicKey,
    RelyingParty,
    base64url,
    read_base64url,
)
from greenlight.signing.algorithm import ProofError

WEBAUTHN = "webauthn"
"""Of the token's header, as ``alg``."""

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""

_HEAD_BYTES = 37
"""Of what an authenticator says: the digest of the relying party's name, flags, and the counter."""
_PRESENT, _VERIFIED, _MAY_BE_COPIED, _IS_COPIED = 0x01, 0x04, 0x08, 0x10
"""Flags of the authenticator: the user was there, showed who they are; the key may be backed up, and is."""


class Assertion(BaseModel):
    """The response of a browser that was asked to sign. Members that nothing rests on are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    authenticator_data: Base64Url = Field(alias="authenticatorData")
    client_data: Base64Url = Field(alias="clientDataJSON")
    signature: Base64Url

    @property
    def counter(self) -> int:
        """The signatures that the authenticator counted; 0: it counts none."""
        return int.from_bytes(read_base64url(self.authenticator_data)[33:37], "big")


class _ClientData(BaseModel):
    """The part of a browser's words that is looked at. They say more from time to time."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    type: str
    challenge: str
    origin: str
    cross_origin: bool = Field(default=False, alias="crossOrigin")
    top_origin: str | None = Field(default=None, alias="topOrigin")


def challenge(content: bytes) -> bytes:
    """The challenge for a signature over ``content``."""
    return hashlib.sha256(content).digest()


def request(content: bytes, keys: Sequence[Passkey]) -> JsonObject:
    """The request to a browser for a signature over ``content`` by one of these keys, all of one relying
    party: what ``PublicKeyCredential.parseRequestOptionsFromJSON`` takes."""
    return {
        "challenge": base64url(challenge(content)),
        "rpId": keys[0].rp,
        "allowCredentials": [{"type": "public-key", "id": key.credential} for key in keys],
        "userVerification": "required",
    }


def token(content: bytes, key: Passkey, assertion: Assertion) -> str:
    """The token by which ``key`` signed ``content``, in its one spelling. Nothing is checked here.

    Of the two signatures that ES256 allows for each, the one with the smaller s is taken.

    :raises ProofError: the signature is none.
    """
    if isinstance(key.jwk, P256Key):
        signature = base64url(_lower(read_base64url(assertion.signature)))
        assertion = assertion.model_copy(update={"signature": signature})
    header = canonical({"alg": WEBAUTHN, "kid": key.kid})
    proof = canonical(assertion.model_dump(mode="json", by_alias=True))
    return ".".join(map(base64url, (header, content, proof)))


def read(part: str) -> Assertion:
    """The assertion that is a token's third part.

    :raises ProofError: it is none.
    """
    try:
        return Assertion.model_validate_json(read_base64url(part), strict=True)
    except ValidationError as error:
        raise ProofError(f"assertion: {first_problem(error)}") from error
    except ValueError as error:
        raise ProofError(f"assertion: {error}") from error


def check(content: bytes, key: Passkey, assertion: Assertion) -> None:
    """Hold an assertion against what is to be signed with it (Web Authentication, section 7.2).

    Its counter is not looked at: that says something beside others alone.

    :raises ProofError: the key did not sign it, elsewhere, or without its user.
    """
    client_data, authenticator = map(read_base64url, (assertion.client_data, assertion.authenticator_data))
    hold("webauthn.get", challenge(content), key, client_data, authenticator)
    signature = read_base64url(assertion.signature)
    message = authenticator + hashlib.sha256(client_data).digest()
    try:
        if isinstance(key.jwk, PublicKey):
            Ed25519PublicKey.from_public_bytes(key.jwk.content).verify(signature, message)
        else:
            _p256(key.jwk.x, key.jwk.y).verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise ProofError("the signature is wrong") from error


def hold(kind: str, asked: bytes, party: RelyingParty, client_data: bytes, authenticator: bytes) -> None:
    """Hold what browser and authenticator say against what they were asked: a signature, or a new key.

    :raises ProofError: they say something else, of somebody else, or without the user.
    """
    try:
        said = _ClientData.model_validate_json(client_data)
    except ValidationError as error:
        raise ProofError(f"clientDataJSON: {first_problem(error)}") from error
    flags = authenticator[32] if len(authenticator) >= _HEAD_BYTES else 0
    for holds, otherwise in (
        (said.type == kind, f"it is of another kind than {kind}"),
        (said.challenge == base64url(asked), "the challenge is another one's"),
        (said.origin == party.origin, "it comes from another origin than the key is for"),
        (not said.cross_origin and said.top_origin is None, "it comes from within another's page"),
        (authenticator[:32] == hashlib.sha256(party.rp.encode()).digest(), "it is for another relying party"),
        (flags & _PRESENT, "the user was not present"),
        (flags & _VERIFIED, "the user was not verified"),
        (flags & _MAY_BE_COPIED or not flags & _IS_COPIED, "it is of a copy of a key that is not copied"),
    ):
        if not holds:
            raise ProofError(otherwise)


def _lower(signature: bytes) -> bytes:
    try:
        r, s = decode_dss_signature(signature)
    except ValueError as error:
        raise ProofError("the signature is none of ES256") from error
    return encode_dss_signature(r, min(s, P256_ORDER - s) if 0 < s < P256_ORDER else s)


@lru_cache(maxsize=4096)
def _p256(x: str, y: str) -> EllipticCurvePublicKey:
    left, right = (int.from_bytes(read_base64url(each), "big") for each in (x, y))
    try:
        return EllipticCurvePublicNumbers(left, right, SECP256R1()).public_key()
    except ValueError as error:
        raise ProofError("the key is no point of P-256") from error
