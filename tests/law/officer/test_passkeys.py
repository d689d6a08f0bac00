"""Passkeys on record: for whom they sign, and their names."""

import pytest
from pydantic import TypeAdapter, ValidationError

from greenlight.kernel.model import JsonObject
from greenlight.law.officer.commands import KeyTerm
from greenlight.law.officer.keys import OfficerKey, P256Key, Passkey, PublicKey, RelyingParty
from tests.law.officer.samples import public_key

KEYS: TypeAdapter[OfficerKey] = TypeAdapter(OfficerKey)
X = public_key(7).x
PASSKEY = Passkey(
    rp="agency.example",
    origin="https://desk.agency.example",
    credential="AQID",
    jwk=P256Key(x=X, y=X),
)


@pytest.mark.parametrize(
    ("rp", "origin"),
    [
        ("localhost", "http://localhost:8237"),
        ("localhost", "https://localhost"),
        ("desk.localhost", "http://desk.localhost:1"),
        ("agency.example", "https://agency.example"),
        ("agency.example", "https://desk.agency.example:8443"),
    ],
)
def test_a_relying_party_is_a_name_with_its_origin(rp: str, origin: str) -> None:
    assert RelyingParty(rp=rp, origin=origin).rp == rp


@pytest.mark.parametrize(
    ("rp", "origin"),
    [
        ("agency.example", "http://agency.example"),
        ("agency.example", "https://evil.example"),
        ("agency.example", "https://evilagency.example"),
        ("desk.agency.example", "https://agency.example"),
        ("agency.example", "https://agency.example.evil.example"),
        ("agency.example", "https://agency.example/"),
        ("agency.example", "https://agency.example/desk"),
        ("agency.example", "https://evil.example@agency.example"),
        ("agency.example", "https://AGENCY.example"),
        ("agency.example", "android:apk-key-hash:agency.example"),
        ("127.0.0.1", "https://127.0.0.1"),
        ("1", "https://127.0.0.1"),
        ("Agency.example", "https://agency.example"),
        ("", "https://agency.example"),
        (".example", "https://agency.example"),
        ("localhost\n", "http://localhost"),
        ("localhost", "http://localhost\n"),
        ("localhost", "null"),
    ],
)
def test_what_is_no_relying_party_is_refused(rp: str, origin: str) -> None:
    with pytest.raises(ValidationError):
        RelyingParty(rp=rp, origin=origin)


def test_a_key_is_read_as_what_it_is() -> None:
    for key in (PASSKEY, PASSKEY.model_copy(update={"jwk": public_key(1)}), public_key(2)):
        read = KEYS.validate_json(KEYS.dump_json(key))
        assert read == key
        assert type(read) is type(key)
    assert KeyTerm.model_validate({"public_key": {"x": X}}).public_key == PublicKey(x=X)


def test_a_passkey_has_a_name_for_all_that_it_is() -> None:
    changes: tuple[JsonObject, ...] = (
        {"rp": "example", "origin": "https://desk.agency.example"},
        {"origin": "https://desk.agency.example:8443"},
        {"credential": "AQIE"},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": X, "y": public_key(8).x}},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": X}},
    )
    others = [Passkey.model_validate(PASSKEY.model_dump() | change) for change in changes]
    assert len({key.kid for key in (PASSKEY, *others, public_key(7))}) == len(changes) + 2


@pytest.mark.parametrize(
    "change",
    [
        {"credential": ""},
        {"credential": "AQ=="},
        {"credential": "AR"},
        {"credential": "A" * 1_368},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": X}},
        {"jwk": {"kty": "OKP", "crv": "P-256", "x": X, "y": X}},
        {"jwk": {"kty": "EC", "crv": "P-384", "x": X, "y": X}},
        {"jwk": {"kty": "RSA", "n": X, "e": "AQAB"}},
        {"d": X},
    ],
)
def test_other_passkeys_are_refused(change: JsonObject) -> None:
    with pytest.raises(ValidationError):
        KEYS.validate_python(PASSKEY.model_dump() | change)
