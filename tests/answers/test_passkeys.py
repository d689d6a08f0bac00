"""The ceremony by which a browser makes a passkey: what is asked for, and which answers are none."""

import secrets
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from fido2.cose import ES256, ES384, RS256, CoseKey, EdDSA

from greenlight.answers.passkeys import created, creation
from greenlight.kernel.model import JsonObject
from greenlight.law.officer.keys import RelyingParty, base64url, read_base64url
from greenlight.signing.algorithm import ProofError
from tests.signing.authenticator import ALGORITHMS, AT, PARTY, UP, UV, Algorithm, Authenticator, Words

of_each = pytest.mark.parametrize("algorithm", ALGORITHMS)
NOW = secrets.token_bytes(32)


@of_each
def test_what_a_browser_made_is_a_key(algorithm: Algorithm) -> None:
    by = Authenticator(algorithm)
    assert created(by.registration(NOW), PARTY, NOW) == by.key


def test_a_browser_is_asked_for_a_verified_user_and_two_algorithms() -> None:
    held = Authenticator().key
    asked = creation(PARTY, "vera", NOW, (held,))
    assert asked == {
        "rp": {"id": "localhost", "name": "localhost"},
        "user": {"id": "dmVyYQ", "name": "vera", "displayName": "vera"},
        "challenge": base64url(NOW),
        "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}],
        "excludeCredentials": [{"type": "public-key", "id": held.credential}],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def _other(cose: CoseKey) -> Callable[[Authenticator], JsonObject]:
    return lambda by: by.registration(NOW, cose=cose)


def _saying(**client: object) -> Callable[[Authenticator], JsonObject]:
    return lambda by: by.registration(NOW, Words(flags=UP | UV | AT, client=client))


def _flagged(flags: int) -> Callable[[Authenticator], JsonObject]:
    return lambda by: by.registration(NOW, Words(flags=flags))


def _without(member: str) -> Callable[[Authenticator], JsonObject]:
    def made(by: Authenticator) -> JsonObject:
        response = by.registration(NOW)["response"]
        assert isinstance(response, dict)
        return {"response": {name: value for name, value in response.items() if name != member}}

    return made


P384 = ES384.from_cryptography_key(generate_private_key(SECP384R1()).public_key())
RSA = RS256.from_cryptography_key(generate_rsa_key(65537, 2048).public_key())
POINT = {-2: bytes(32), -3: bytes(32)}

NONE: dict[str, tuple[Callable[[Authenticator], JsonObject], str]] = {
    "for another challenge": (_saying(challenge=base64url(bytes(32))), "challenge"),
    "at another origin": (_saying(origin="https://evil.example"), "origin"),
    "an assertion": (_saying(type="webauthn.get"), "another kind"),
    "within another page": (_saying(crossOrigin=True), "another's page"),
    "for another relying party": (
        lambda by: by.registration(NOW, Words(flags=UP | UV | AT, rp="evil.example")),
        "relying party",
    ),
    "without its user": (_flagged(UP | AT), "not verified"),
    "with nobody there": (_flagged(UV | AT), "not present"),
    "without a key": (_flagged(UP | UV), "no key"),
    "of P-384": (_other(P384), "neither"),
    "of RSA": (_other(RSA), "neither"),
    "of another curve than it says": (_other(ES256({1: 2, 3: -7, -1: 2, **POINT})), "neither"),
    "of Ed448": (_other(EdDSA({1: 1, 3: -8, -1: 7, -2: bytes(57)})), "neither"),
    "with too short a key": (_other(EdDSA({1: 1, 3: -8, -1: 6, -2: bytes(31)})), "neither"),
    "with a compressed point": (_other(ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: True})), "neither"),
    "without client data": (_without("clientDataJSON"), "clientDataJSON"),
    "without an attestation": (_without("attestationObject"), "attestationObject"),
    "empty": (lambda _: {}, "response"),
}


@of_each
@pytest.mark.parametrize("what", NONE)
def test_what_is_no_new_passkey_is_refused(what: str, algorithm: Algorithm) -> None:
    made, why = NONE[what]
    with pytest.raises(ProofError, match=why):
        created(made(Authenticator(algorithm)), PARTY, NOW)


def test_a_passkey_is_made_for_one_relying_party() -> None:
    other = RelyingParty(rp="localhost", origin="http://localhost:9999")
    with pytest.raises(ProofError, match="origin"):
        created(Authenticator().registration(NOW), other, NOW)


@of_each
def test_an_attestation_that_is_cut_off_or_changed_does_nothing_else(algorithm: Algorithm) -> None:
    """It is refused, or is the key of somebody who would have to prove that they hold it."""
    answer = Authenticator(algorithm).registration(NOW)
    response = answer["response"]
    assert isinstance(response, dict)
    content = read_base64url(str(response["attestationObject"]))
    refused = 0
    for place in range(1, len(content)):
        for odd in (content[:place], content[:place] + bytes([content[place] ^ 0x81]) + content[place + 1 :]):
            forged: JsonObject = {"response": {**response, "attestationObject": base64url(odd)}}
            try:
                created(forged, PARTY, NOW)
            except ProofError:
                refused += 1
    assert refused > len(content)
