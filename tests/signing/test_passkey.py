"""Tokens by passkeys: what is accepted, and every way in which one is not."""

import base64
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from fido2.cose import ES256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.webauthn import Aaguid, AttestedCredentialData, PublicKeyCredentialRpEntity

from greenlight.kernel.authority import MAX_TOKEN_CHARACTERS, Claims
from greenlight.kernel.canonical import canonical, digest
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import P256Key, Passkey, base64url, read_base64url
from greenlight.law.officer.possession import NewKey, Possession
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.passkey import Assertion, challenge, request, token
from greenlight.signing.possession import check
from greenlight.signing.reading import reading, reading_claims
from greenlight.signing.tokens import Token, sign, verify
from tests.signing.authenticator import ALGORITHMS, BE, BS, PARTY, UP, UV, Authenticator, Words

CLAIMS = Claims(
    sub="vera",
    person="p-vera",
    org="agency",
    role=Role.EXECUTIVE,
    aud="application-A123456",
    cmd="sign_off",
    body=digest({"approves": True}),
    dossier=digest({}),
    iat=1_800_000_000,
    exp=1_800_000_600,
    jti="command-0001",
    log="production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11",
)
CONTENT = CLAIMS.content
OTHER_CONTENT = CLAIMS.model_copy(update={"jti": "command-0002"}).content
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

PASSKEYS = {algorithm: Authenticator(algorithm) for algorithm in ALGORITHMS}
of_each = pytest.mark.parametrize("by", PASSKEYS.values(), ids=PASSKEYS)


@of_each
def test_what_was_signed_comes_back(by: Authenticator) -> None:
    text = by.sign(CONTENT)
    assert verify(text, by.key) == CLAIMS
    assert Token(text).kid == by.key.kid
    assert len(text) < MAX_TOKEN_CHARACTERS // 2
    assert text.split(".")[1] == base64url(CONTENT), "what is read without a key is what was signed"


@of_each
def test_another_implementation_takes_the_same(by: Authenticator) -> None:
    """Yubico's, from the token's parts and the key on the log."""
    jwk = by.key.jwk
    cose: CoseKey = (
        ES256({1: 2, 3: -7, -1: 1, -2: read_base64url(jwk.x), -3: read_base64url(jwk.y)})
        if isinstance(jwk, P256Key)
        else EdDSA({1: 1, 3: -8, -1: 6, -2: jwk.content})
    )
    credential = AttestedCredentialData.create(Aaguid.NONE, read_base64url(by.key.credential), cose)
    server = Fido2Server(
        PublicKeyCredentialRpEntity(name="here", id=PARTY.rp), verify_origin=PARTY.origin.__eq__
    )
    proof = json.loads(read_base64url(by.sign(CONTENT).split(".")[2]))
    answer = {"id": by.key.credential, "rawId": by.key.credential, "type": "public-key", "response": proof}
    state = {"challenge": base64url(challenge(CONTENT)), "user_verification": "required"}
    # The library leaves the type of `state` open.
    found = server.authenticate_complete(state, [credential], answer)  # pyright: ignore[reportUnknownMemberType]
    assert found == credential


@of_each
def test_a_passkey_reads_and_proves_that_it_is_held(by: Authenticator) -> None:
    said = reading("vera", Role.EXECUTIVE, str(CLAIMS.log))
    assert reading_claims(Token(by.sign(said.content)), by.key) == said
    says = Possession(stream="officer-vera", person="p-vera", organisation="agency")
    check(NewKey(by.key, by.sign(says.content), says))
    with pytest.raises(ProofError):
        check(NewKey(by.key, by.sign(CONTENT), says))
    with pytest.raises(ProofError, match="claims"):
        reading_claims(Token(by.sign(CONTENT)), by.key)


def test_a_browser_is_asked_for_a_verified_user() -> None:
    keys = [by.key for by in PASSKEYS.values()]
    assert request(CONTENT, keys) == {
        "challenge": base64url(challenge(CONTENT)),
        "rpId": "localhost",
        "allowCredentials": [{"type": "public-key", "id": key.credential} for key in keys],
        "userVerification": "required",
    }


def _saying(**client: object) -> Callable[[Authenticator], str]:
    return lambda by: by.sign(CONTENT, Words(client=client))


def _by_another_of_its_kind(by: Authenticator) -> str:
    return token(CONTENT, by.key, Authenticator(by.algorithm).assertion(CONTENT))


def _replayed(by: Authenticator) -> str:
    """An assertion of another command."""
    return token(CONTENT, by.key, by.assertion(OTHER_CONTENT))


def _without_a_head(by: Authenticator) -> str:
    client_data, authenticator = by.said("webauthn.get", challenge(CONTENT), Words())
    return token(CONTENT, by.key, by.signed(client_data, authenticator[:36]))


def _client_data(content: bytes) -> Callable[[Authenticator], str]:
    def made(by: Authenticator) -> str:
        _, authenticator = by.said("webauthn.get", challenge(CONTENT), Words())
        return token(CONTENT, by.key, by.signed(content, authenticator))

    return made


def _under_header(**changes: object) -> Callable[[Authenticator], str]:
    def made(by: Authenticator) -> str:
        header = {"alg": "webauthn", "kid": by.key.kid} | changes
        return ".".join((base64url(json.dumps(header, separators=(",", ":")).encode()), *_parts(by)[1:]))

    return made


def _parts(by: Authenticator) -> list[str]:
    return by.sign(CONTENT).split(".")


def _as_jws(by: Authenticator) -> str:
    """Its key, as if it were one in software: a signature over header and payload."""
    head = f"{base64url(canonical({'alg': 'EdDSA', 'kid': by.key.kid}))}.{base64url(CONTENT)}"
    return f"{head}.{by.signed(b'{}', head.encode()).signature}"


ATTACKS: dict[str, tuple[Callable[[Authenticator], str], str]] = {
    "another challenge": (_saying(challenge=base64url(bytes(32))), "challenge"),
    "a padded challenge": (_saying(challenge=base64url(challenge(CONTENT)) + "="), "challenge"),
    "an assertion of another command": (_replayed, "challenge"),
    "another origin": (_saying(origin="https://evil.example"), "origin"),
    "another port": (_saying(origin="http://localhost:8238"), "origin"),
    "another scheme": (_saying(origin="https://localhost:8237"), "origin"),
    "an origin that begins alike": (_saying(origin=f"{PARTY.origin}.evil.example"), "origin"),
    "another relying party": (lambda by: by.sign(CONTENT, Words(rp="evil.example")), "relying party"),
    "a user who was not verified": (lambda by: by.sign(CONTENT, Words(flags=UP)), "not verified"),
    "a user who was not there": (lambda by: by.sign(CONTENT, Words(flags=UV)), "not present"),
    "no flags": (lambda by: by.sign(CONTENT, Words(flags=0)), "not present"),
    "a copy of what is not copied": (lambda by: by.sign(CONTENT, Words(flags=UP | UV | BS)), "not copied"),
    "a registration": (_saying(type="webauthn.create"), "another kind"),
    "a payment": (_saying(type="payment.get"), "another kind"),
    "from within another page": (_saying(crossOrigin=True), "another's page"),
    "with another page around": (_saying(topOrigin="https://evil.example"), "another's page"),
    "a cross-origin that is no truth value": (_saying(crossOrigin="false"), "crossOrigin"),
    "another passkey": (_by_another_of_its_kind, "signature is wrong"),
    "too short a head": (_without_a_head, "not present"),
    "no client data": (_client_data(b"{}"), "clientDataJSON"),
    "client data that is no JSON": (_client_data(b"\xff"), "clientDataJSON"),
    "client data that is a list": (_client_data(b"[]"), "clientDataJSON"),
    "a header that names another algorithm": (_under_header(alg="ES256"), "header"),
    "a header of software": (_under_header(alg="EdDSA"), "another way"),
    "a header with a type": (_under_header(typ="JWT"), "as a passkey's token is written"),
    "a header with a key of its own": (_under_header(jwk={}), "header"),
    "a signature over the token": (_as_jws, "another way"),
    "no assertion": (lambda by: ".".join((*_parts(by)[:2], base64url(b"{}"))), "assertion"),
    "an assertion that is no JSON": (lambda by: ".".join((*_parts(by)[:2], "AAAA")), "assertion"),
    "an assertion that is not base64url": (lambda by: ".".join((*_parts(by)[:2], "A")), "assertion"),
}


@of_each
@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_is_refused(what: str, by: Authenticator) -> None:
    attack, why = ATTACKS[what]
    with pytest.raises(ProofError, match=why):
        verify(attack(by), by.key)


@of_each
def test_a_synced_passkey_is_as_good(by: Authenticator) -> None:
    for flags in (UP | UV | BE, UP | UV | BE | BS):
        assert verify(by.sign(CONTENT, Words(flags=flags)), by.key) == CLAIMS


@of_each
def test_extensions_of_the_authenticator_change_nothing(by: Authenticator) -> None:
    assert verify(by.sign(CONTENT, Words(flags=UP | UV | 0x80, more=b"\xa1\x63abc\xf5")), by.key) == CLAIMS


def test_a_passkey_and_a_key_in_software_do_not_stand_for_each_other() -> None:
    by, software = PASSKEYS["EdDSA"], SigningKey.generate()
    with pytest.raises(ProofError, match="another key"):
        verify(sign(CLAIMS, software), by.key)
    with pytest.raises(ProofError, match="another key"):
        verify(by.sign(CONTENT), software.public)
    named = ".".join((base64url(canonical({"alg": "webauthn", "kid": software.public.kid})), *_parts(by)[1:]))
    with pytest.raises(ProofError, match="another way"):
        verify(named, software.public)


@of_each
def test_no_byte_of_any_part_can_be_another(by: Authenticator) -> None:
    text = by.sign(CONTENT)
    head, payload, third = map(read_base64url, text.split("."))
    proof: dict[str, str] = json.loads(third)
    forged = [
        *(".".join((base64url(other), *text.split(".")[1:])) for other in _changed(head)),
        *(
            ".".join((text.split(".")[0], base64url(other), text.split(".")[2]))
            for other in _changed(payload)
        ),
        *(
            token(CONTENT, by.key, Assertion.model_validate(proof | {member: base64url(other)}))
            for member, content in proof.items()
            for other in _changed(read_base64url(content))
            if member != "signature" or by.algorithm == "EdDSA" or _is_signature(other)
        ),
    ]
    assert len(forged) > 700
    for each in forged:
        with pytest.raises(ProofError):
            verify(each, by.key)


@of_each
def test_no_character_can_be_another(by: Authenticator) -> None:
    """Spare bits of base64url included: nothing has two spellings."""
    text = by.sign(CONTENT)
    for place, character in enumerate(text):
        for other in "AQgw." if character != "." else "A":
            if other != character:
                with pytest.raises(ProofError):
                    verify(text[:place] + other + text[place + 1 :], by.key)


def _changed(content: bytes) -> list[bytes]:
    return [
        content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        for place in range(len(content))
        for bit in (0x01,)
    ]


def _is_signature(content: bytes) -> bool:
    try:
        decode_dss_signature(content)
    except ValueError:
        return False
    return True


def test_of_the_two_signatures_of_es256_one_is_taken() -> None:
    by = PASSKEYS["ES256"]
    assertion = by.assertion(CONTENT)
    r, s = decode_dss_signature(read_base64url(assertion.signature))
    low, high = (
        assertion.model_copy(update={"signature": base64url(encode_dss_signature(r, each))})
        for each in sorted((s, ORDER - s))
    )
    assert token(CONTENT, by.key, low) == token(CONTENT, by.key, high)
    assert verify(token(CONTENT, by.key, high), by.key) == CLAIMS
    written = _written(by, high)
    with pytest.raises(ProofError, match="as a passkey's token is written"):
        verify(written, by.key)
    assert _written(by, low) == token(CONTENT, by.key, low)


def _written(by: Authenticator, assertion: Assertion) -> str:
    """A token with the assertion as it is."""
    proof = canonical(assertion.model_dump(mode="json", by_alias=True))
    return ".".join((*_parts(by)[:2], base64url(proof)))


def _padded(signature: bytes) -> bytes:
    """An r with a zero before it that it does not need."""
    r, rest = signature[4 : 4 + signature[3]], signature[4 + signature[3] :]
    content = b"\x02" + bytes([len(r) + 1]) + b"\x00" + r + rest
    return b"\x30" + bytes([len(content)]) + content


ODD: dict[str, Callable[[bytes], bytes]] = {
    "something behind it": lambda der: der + b"\x00",
    "a zero too many": _padded,
    "a length in long form": lambda der: der[:1] + b"\x81" + der[1:],
    "an endless length": lambda der: der[:1] + b"\x80" + der[2:] + b"\x00\x00",
    "r and s side by side": lambda der: b"".join(n.to_bytes(32, "big") for n in decode_dss_signature(der)),
    "an s of none": lambda der: encode_dss_signature(decode_dss_signature(der)[0], 0),
    "an s beyond the order": lambda der: encode_dss_signature(*_beyond(der)),
    "a negative s": lambda der: der[: 6 + der[3]] + bytes([der[6 + der[3]] ^ 0x80]) + der[7 + der[3] :],
    "cut off": lambda der: der[:-1],
    "nothing but a head": lambda der: der[:2],
}


def _beyond(der: bytes) -> tuple[int, int]:
    r, s = decode_dss_signature(der)
    return r, s + ORDER


@pytest.mark.parametrize("what", ODD)
def test_no_odd_form_of_a_signature_is_taken(what: str) -> None:
    by = PASSKEYS["ES256"]
    assertion = by.assertion(CONTENT)
    der = read_base64url(assertion.signature)
    odd = assertion.model_copy(update={"signature": base64url(ODD[what](der))})
    with pytest.raises(ProofError):
        verify(_written(by, odd), by.key)


def test_a_point_off_the_curve_is_no_key() -> None:
    by = PASSKEYS["ES256"]
    jwk = by.key.jwk
    assert isinstance(jwk, P256Key)
    for x, y in ((jwk.y, jwk.x), (jwk.x, base64url(bytes(32))), (base64url(b"\xff" * 32), jwk.y)):
        key = by.key.model_copy(update={"jwk": P256Key(x=x, y=y)})
        off = Passkey.model_validate(key.model_dump())
        with pytest.raises(ProofError, match="no point"):
            verify(token(CONTENT, off, by.assertion(CONTENT)), off)


def test_a_counter_is_read_from_the_token() -> None:
    by = Authenticator(counter=41)
    assert [Token(by.sign(CONTENT)).counter for _ in range(2)] == [42, 43]
    assert Token(Authenticator().sign(CONTENT)).counter == 0
    assert Token(sign(CLAIMS, SigningKey.generate())).counter is None
    assert base64.urlsafe_b64encode(b'{"alg":"webauthn",').decode() == "eyJhbGciOiJ3ZWJhdXRobiIs"
    assert by.sign(CONTENT).startswith("eyJhbGciOiJ3ZWJhdXRobiIs"), "by which the log knows such tokens"
