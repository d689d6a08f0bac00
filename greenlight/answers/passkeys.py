"""The ceremony by which a browser makes a passkey: what it is asked for, and what of its answer is a key.

Nothing is registered by it. That is for two registrars, to whom the new key proves with its first signature
that it is held (``greenlight.signing.possession``). Nothing rests on an attestation, and none is asked for.
"""

import struct
from collections.abc import Sequence

from fido2.cose import ES256, EdDSA
from fido2.webauthn import AttestationObject
from pydantic import BaseModel, ConfigDict, ValidationError

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
from greenlight.signing.passkey import hold


class _Response(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    clientDataJSON: Base64Url  # noqa: N815 - the name that browsers give it
    attestationObject: Base64Url  # noqa: N815 - as above


class _Registration(BaseModel):
    """The part of a ``RegistrationResponseJSON`` that is looked at."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    response: _Response


def creation(party: RelyingParty, officer: str, challenge: bytes, held: Sequence[Passkey] = ()) -> JsonObject:
    """The request to a browser for a new passkey of an officer: what
    ``PublicKeyCredential.parseCreationOptionsFromJSON`` takes.

    :param challenge: 16 random bytes or more, for this once.
    :param held: the officer's passkeys: an authenticator that has one of them makes no other.
    """
    return {
        "rp": {"id": party.rp, "name": party.rp},
        "user": {"id": base64url(officer.encode()), "name": officer, "displayName": officer},
        "challenge": base64url(challenge),
        "pubKeyCredParams": [
            {"type": "public-key", "alg": algorithm.ALGORITHM} for algorithm in (EdDSA, ES256)
        ],
        "excludeCredentials": [{"type": "public-key", "id": key.credential} for key in held],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def created(response: JsonObject, party: RelyingParty, challenge: bytes) -> Passkey:
    """The passkey of a browser's answer (``PublicKeyCredential.toJSON()``).

    :raises ProofError: it is none, for another relying party, or not what was asked for.
    """
    try:
        said = _Registration.model_validate(response).response
        made = AttestationObject(read_base64url(said.attestationObject)).auth_data
    except ValidationError as error:
        raise ProofError(f"registration: {first_problem(error)}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
        # The library takes it apart without a look at its form first.
        raise ProofError("attestationObject cannot be read") from error
    hold("webauthn.create", challenge, party, read_base64url(said.clientDataJSON), made)
    if made.credential_data is None:
        raise ProofError("no key was made")
    return Passkey(
        rp=party.rp,
        origin=party.origin,
        credential=base64url(made.credential_data.credential_id),
        jwk=_jwk(made.credential_data.public_key),
    )


def _jwk(cose: dict[int, object]) -> PublicKey | P256Key:
    """A COSE key (RFC 9053, section 7) as a JSON Web Key."""
    match cose:
        case {1: 1, 3: EdDSA.ALGORITHM, -1: 6, -2: bytes(x)} if len(x) == 32:
            return PublicKey(x=base64url(x))
        case {1: 2, 3: ES256.ALGORITHM, -1: 1, -2: bytes(x), -3: bytes(y)} if len(x) == len(y) == 32:
            return P256Key(x=base64url(x), y=base64url(y))
        case _:
            raise ProofError("the key is neither EdDSA on Ed25519 nor ES256")
