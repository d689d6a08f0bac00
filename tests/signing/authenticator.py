"""An authenticator and the browser before it, in software: one passkey, and what it says when it is asked."""

import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, CoseKey, EdDSA
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from greenlight.kernel.model import JsonObject
from greenlight.law.officer.keys import P256Key, Passkey, PublicKey, RelyingParty, base64url
from greenlight.signing.passkey import Assertion, challenge, token

Algorithm = Literal["ES256", "EdDSA"]
ALGORITHMS: tuple[Algorithm, ...] = ("ES256", "EdDSA")

PARTY = RelyingParty(rp="localhost", origin="http://localhost:8237")
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass(frozen=True)
class Words:
    """What is said in place of the usual: ``rp`` and ``counter`` where they are not the authenticator's own,
    ``more`` behind the head of its data; ``client`` are members of the browser's."""

    flags: int = UP | UV
    rp: str | None = None
    counter: int | None = None
    more: bytes = b""
    client: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass
class Authenticator:
    """``counter``: the signatures made so far; None: it is synced between devices, and counts none."""

    algorithm: Algorithm = "ES256"
    party: RelyingParty = PARTY
    counter: int | None = None
    private: EllipticCurvePrivateKey | Ed25519PrivateKey = field(init=False, repr=False)
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        es256 = self.algorithm == "ES256"
        self.private = generate_private_key(SECP256R1()) if es256 else Ed25519PrivateKey.generate()

    @property
    def key(self) -> Passkey:
        if isinstance(self.private, Ed25519PrivateKey):
            jwk = PublicKey(x=base64url(self.private.public_key().public_bytes_raw()))
        else:
            point = self.private.public_key().public_numbers()
            jwk = P256Key(x=base64url(point.x.to_bytes(32, "big")), y=base64url(point.y.to_bytes(32, "big")))
        return Passkey(
            rp=self.party.rp, origin=self.party.origin, credential=base64url(self.credential), jwk=jwk
        )

    def sign(self, content: bytes, words: Words | None = None) -> str:
        """The token over ``content``."""
        return token(content, self.key, self.assertion(content, words))

    def assertion(self, content: bytes, words: Words | None = None) -> Assertion:
        """The answer to a request for a signature over ``content``."""
        return self.signed(*self.said("webauthn.get", challenge(content), words or Words()))

    def signed(self, client_data: bytes, authenticator: bytes) -> Assertion:
        """Whatever both say, signed."""
        message = authenticator + hashlib.sha256(client_data).digest()
        if isinstance(self.private, Ed25519PrivateKey):
            signature = self.private.sign(message)
        else:
            signature = self.private.sign(message, ECDSA(SHA256()))
        return Assertion(
            authenticatorData=base64url(authenticator),
            clientDataJSON=base64url(client_data),
            signature=base64url(signature),
        )

    def said(self, kind: str, asked: bytes, words: Words) -> tuple[bytes, bytes]:
        """The browser's words, and the authenticator's."""
        if self.counter is not None:
            self.counter += 1
        usual = {
            "type": kind,
            "challenge": base64url(asked),
            "origin": self.party.origin,
            "crossOrigin": False,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        }
        counter = words.counter if words.counter is not None else self.counter or 0
        head = hashlib.sha256((words.rp or self.party.rp).encode()).digest()
        head += struct.pack(">BI", words.flags, counter)
        return json.dumps(usual | dict(words.client), separators=(",", ":")).encode(), head + words.more

    def registration(
        self, asked: bytes, words: Words | None = None, *, cose: CoseKey | None = None
    ) -> JsonObject:
        """The answer to a request for a new passkey, as a browser's ``toJSON`` has it; ``cose``: with another
        key than it has."""
        kind = EdDSA if self.algorithm == "EdDSA" else ES256
        public = cose or kind.from_cryptography_key(self.private.public_key())
        words = words or Words(flags=UP | UV | AT)
        if words.flags & AT:
            words = replace(
                words, more=bytes(AttestedCredentialData.create(Aaguid.NONE, self.credential, public))
            )
        client_data, authenticator = self.said("webauthn.create", asked, words)
        attested = AttestationObject.create("none", AuthenticatorData(authenticator), {})
        return {
            "id": base64url(self.credential),
            "rawId": base64url(self.credential),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(client_data),
                "attestationObject": base64url(bytes(attested)),
                "transports": ["internal"],
            },
        }
