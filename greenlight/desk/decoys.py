"""Passkeys of nobody, shown beside those of somebody: who asks to sign in as a person does not learn whether
there is such a person, or with how many passkeys (Web Authentication, Level 3, section 14.6.2).

They follow from a secret that stays, so that they are the same each time, as those of a person are. Nobody
has the other half of their keys.
"""

import hmac
from collections.abc import Collection, Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from greenlight.law.officer.keys import P256Key, Passkey, PublicKey, RelyingParty, base64url
from greenlight.signing.passkey import P256_ORDER

OFFERED = 4
"""Passkeys that everybody is asked for at least, so that their number tells nothing of anybody. Where
somebody has more here, all are asked for as many as that."""
USUAL_BYTES = 32
"""Of a passkey's id, where none is registered yet that others could be like."""
_SEED_BYTES = 48
"""Of which a key is made: more than its 32, so that no key of P-256 is likelier than another."""


class Decoys:
    """Made of a secret of the log, for this purpose alone."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"greenlight-desk: passkeys of nobody", "sha256")

    def beside(
        self,
        officer: str,
        keys: Sequence[Passkey],
        party: RelyingParty,
        lengths: Collection[int],
        most: int = OFFERED,
    ) -> tuple[Passkey, ...]:
        """The passkeys of an officer, if there are any, and nobody's up to the number that all are shown, in
        an order that tells neither which is which. ``lengths``: in bytes, those that ids have here; ``most``:
        how many somebody has here."""
        offered = max(OFFERED, most)
        # All are made, whoever it is, so that it takes as long.
        made = [self._made(f"{officer} {number}", party, lengths) for number in range(offered)]
        shown = (*keys, *made[: offered - len(keys)])
        return tuple(sorted(shown, key=lambda key: self._derived(f"place {key.credential}", 32)))

    def _made(self, name: str, party: RelyingParty, lengths: Collection[int]) -> Passkey:
        # By the largest of its numbers each length is chosen alike, and a new one changes few choices.
        long = max(lengths or (USUAL_BYTES,), key=lambda each: self._derived(f"length {each} {name}", 32))
        return Passkey(
            rp=party.rp,
            origin=party.origin,
            credential=base64url(self._derived(f"id {name}", long)),
            jwk=_public(self._derived(f"key {name}", _SEED_BYTES), self._derived(f"kind {name}", 1)[0] % 2),
        )

    def _derived(self, name: str, long: int) -> bytes:
        # Names are of any length, and the library's of one block each.
        return HKDFExpand(SHA256(), long, sha256(name.encode()).digest()).derive(self._secret)


def _public(seed: bytes, kind: int) -> PublicKey | P256Key:
    if kind:
        return PublicKey(
            x=base64url(Ed25519PrivateKey.from_private_bytes(seed[:32]).public_key().public_bytes_raw())
        )
    curve = SECP256R1()
    point = (
        derive_private_key(1 + int.from_bytes(seed, "big") % (P256_ORDER - 1), curve)
        .public_key()
        .public_numbers()
    )
    return P256Key(x=base64url(point.x.to_bytes(32, "big")), y=base64url(point.y.to_bytes(32, "big")))
