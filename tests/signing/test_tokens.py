"""Tokens: one form, one algorithm, the registered key."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import PublicKey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token, sign, verify


def signing_key(raw: Ed25519PrivateKey) -> SigningKey:
    return SigningKey(
        OKPKey.import_key(
            raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )
    )


RAW, OTHER_RAW = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEY, OTHER = signing_key(RAW), signing_key(OTHER_RAW)


@pytest.fixture
def claims() -> Claims:
    return Claims(
        sub="lee",
        person="p-lee",
        org="bis",
        role=Role.LICENSING_OFFICER,
        aud="application-Z000001",
        cmd="assign",
        body=digest({"officer": "lee"}),
        iat=1_800_000_000,
        exp=1_800_000_600,
        jti="command-0001",
    )


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def with_header(token: str, header: object, raw: Ed25519PrivateKey = RAW) -> str:
    """The token's payload under another header, rightly signed."""
    payload = token.split(".")[1]
    content = f"{part(header)}.{payload}"
    signature = raw.sign(content.encode())
    return f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_what_was_signed_comes_back(claims: Claims) -> None:
    assert verify(sign(claims, KEY), KEY.public) == claims


def test_the_key_is_named_by_its_thumbprint(claims: Claims) -> None:
    assert Token(sign(claims, KEY)).kid == KEY.public.kid


def test_another_key_did_not_sign_it(claims: Claims) -> None:
    with pytest.raises(ProofError, match="another key"):
        verify(sign(claims, OTHER), KEY.public)
    stolen = with_header(sign(claims, OTHER), {"alg": "EdDSA", "kid": KEY.public.kid}, OTHER_RAW)
    with pytest.raises(ProofError, match="signature"):
        verify(stolen, KEY.public)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"alg": "Ed25519", "kid": KEY.public.kid},
        {"alg": "HS256", "kid": KEY.public.kid},
        {"alg": "none", "kid": KEY.public.kid},
        {"alg": "EdDSA", "kid": KEY.public.kid, "typ": "other"},
        {"alg": "EdDSA", "kid": KEY.public.kid, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": KEY.public.x}},
        {"alg": "EdDSA", "kid": KEY.public.kid, "jku": "https://example.com/keys"},
        {"alg": "EdDSA", "kid": KEY.public.kid, "crit": ["exp"], "exp": 1},
        {"alg": "EdDSA", "kid": KEY.public.kid, "crit": ["b64"], "b64": False},
        ["alg", "EdDSA"],
        None,
    ],
)
def test_no_other_header_is_taken(claims: Claims, header: object) -> None:
    with pytest.raises(ProofError):
        verify(with_header(sign(claims, KEY), header), KEY.public)


def test_an_unsigned_token_is_none(claims: Claims) -> None:
    header, payload, _ = sign(claims, KEY).split(".")
    for token in (f"{part({'alg': 'none', 'kid': KEY.public.kid})}.{payload}.", f"{header}.{payload}."):
        with pytest.raises(ProofError):
            verify(token, KEY.public)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_change_is_noticed(claims: Claims, place: int) -> None:
    parts = sign(claims, KEY).split(".")
    letter = parts[place][10]
    parts[place] = parts[place][:10] + ("A" if letter != "A" else "B") + parts[place][11:]
    with pytest.raises(ProofError):
        verify(".".join(parts), KEY.public)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "\ud800.a.b", "é.é.é", "A" * 5000])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        verify(text, KEY.public)


def test_a_signed_something_else_is_no_command() -> None:
    with pytest.raises(ProofError, match="claims"):
        verify(KEY.sign(b'{"position": 1}'), KEY.public)


def test_the_worked_example_of_the_contract_is_right() -> None:
    """With the key of RFC 8037, appendix A."""
    told = Path("docs/contract.md").read_text(encoding="utf-8").partition("### A worked example")[2]
    blocks = [
        block.replace("\n     ", "").strip() for block in told.split("\n\n") if block.startswith("    ")
    ]
    _, canonical_form, header, claims, signature = blocks[:5]
    parts = (base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in (header, claims))
    found = verify(".".join((*parts, signature)), PublicKey(x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
    assert found.content.decode() == claims
    assert found.body == canonical_form.split("\n    ")[1]
