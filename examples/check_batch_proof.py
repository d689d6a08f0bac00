"""Check the decision of one case that was signed in a batch, with nothing but Python's standard library.

    starter.py batch proof A123456 > proof.json
    python examples/check_batch_proof.py proof.json [KID]

Shares no code with the service. What is checked: the signature of the token (Ed25519, RFC 8032; a passkey's
by WebAuthn, which may be ES256, too), that the token signs the root of a batch, that the Merkle path
(RFC 6962) leads from this case, dossier and outcome to that root, and that the event names the signer. KID is
the id of the key that you know to be the signer's; without it, compare the one that is printed.
"""

import base64
import hashlib
import json
import sys
from typing import Any, TypedDict

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T."""


class Root(TypedDict):
    root: str
    size: int


class Inclusion(TypedDict):
    batch: str
    body: Root
    dossier: str
    outcome: str
    index: int
    path: list[str]


class Event(TypedDict):
    type: str
    by: dict[str, str]
    inclusion: Inclusion


class Proof(TypedDict):
    stream: str
    record: str
    token: str
    key: dict[str, Any]


class Wrong(Exception):  # noqa: N818 - the word for a proof that does not hold
    pass


def need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(factor: int, point: Point) -> Point:
    product: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            product = add(product, point)
        point, factor = add(point, point), factor >> 1
    return product


def same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 == (p[1] * q[2] - q[1] * p[2]) % P


def decompress(content: bytes) -> Point:
    number = int.from_bytes(content, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    need(y < P, "not a point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    need((x * x - square) % P == 0 and not (x == 0 and sign), "not a point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, section 5.1.7."""
    if len(public) != 32 or len(signature) != 64:
        return False
    half = int.from_bytes(signature[32:], "little")
    if half >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left = multiply(half, BASE)
    return same(left, add(decompress(signature[:32]), multiply(challenge, decompress(public))))


Affine = tuple[int, int] | None
"""Coordinates on P-256; None: the point at infinity."""

Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G: Affine = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def plus(p: Affine, q: Affine) -> Affine:
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % Q == 0:
        return None
    rise, run = (3 * p[0] * p[0] - 3, 2 * p[1]) if p == q else (q[1] - p[1], q[0] - p[0])
    slope = rise * pow(run, -1, Q) % Q
    x = (slope * slope - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q


def times(factor: int, point: Affine) -> Affine:
    product: Affine = None
    while factor:
        if factor & 1:
            product = plus(product, point)
        point, factor = plus(point, point), factor >> 1
    return product


def signed_es256(x: bytes, y: bytes, message: bytes, der: bytes) -> bool:
    """FIPS 186-5, section 6.4.2. The signature is two integers in DER."""
    public = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    need((public[1] ** 2 - public[0] ** 3 + 3 * public[0] - B) % Q == 0, "not a point of the curve")
    split = 4 + der[3]
    r, s = int.from_bytes(der[4:split], "big"), int.from_bytes(der[split + 2 :], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    digest, inverse = int.from_bytes(sha(message), "big"), pow(s, -1, N)
    reached = plus(times(digest * inverse % N, G), times(r * inverse % N, public))
    return reached is not None and reached[0] % N == r


def signed_by_passkey(key: dict[str, Any], payload: bytes, proof: dict[str, str]) -> bool:
    """Web Authentication, section 7.2: what the page and the authenticator say, and the signature over it."""
    client, authenticator = decoded(proof["clientDataJSON"]), decoded(proof["authenticatorData"])
    said = json.loads(client)
    need(said["type"] == "webauthn.get" and not said.get("crossOrigin"), "it is no signature of a page")
    need(decoded(said["challenge"]) == sha(payload), "the passkey signed something else")
    need(said["origin"] == key["origin"], "the passkey signed at another origin")
    need(authenticator[:32] == sha(key["rp"].encode()), "the passkey signed for another relying party")
    need(authenticator[32] & 5 == 5, "the user was not there, or not verified")
    jwk, message, signature = key["jwk"], authenticator + sha(client), decoded(proof["signature"])
    if jwk["kty"] == "OKP":
        return signed(decoded(jwk["x"]), message, signature)
    return signed_es256(decoded(jwk["x"]), decoded(jwk["y"]), message, signature)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: object) -> bytes:
    """RFC 8785, for values such as these."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def root(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Where a path leads: RFC 9162, section 2.1.3.2."""
    need(0 <= index < size, "there is no such place in the tree")
    place, last, found = index, size - 1, sha(b"\x00" + entry)
    for step in path:
        need(last > 0, "the path is too long")
        if place & 1 or place == last:
            found = sha(b"\x01" + step + found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha(b"\x01" + found + step)
        place, last = place >> 1, last >> 1
    need(last == 0, "the path is too short")
    return found


def check(proof: Proof, kid: str | None) -> str:
    event: Event = json.loads(proof["record"])
    key = proof["key"]
    named = base64.urlsafe_b64encode(sha(canonical(key))).decode().rstrip("=")
    need(kid in (None, named), f"the key is {named}")

    head, payload, signature = proof["token"].split(".")
    header: dict[str, str] = json.loads(decoded(head))
    claims: dict[str, str] = json.loads(decoded(payload))
    by_passkey = "jwk" in key
    alg = "webauthn" if by_passkey else "EdDSA"
    need(header["alg"] == alg and header["kid"] == named, "the token names another key")
    if by_passkey:
        holds = signed_by_passkey(key, decoded(payload), json.loads(decoded(signature)))
    else:
        holds = signed(decoded(key["x"]), f"{head}.{payload}".encode(), decoded(signature))
    need(holds, "the signature is wrong")

    shown = event["inclusion"]
    need(event["type"] == "ExecutiveSignedOff" and bool(shown), "the event is no decision by batch")
    need(claims["cmd"] == "sign_batch" and claims["role"] == "executive", "it is no batch that was signed")
    need(claims["aud"] == shown["batch"], "the token is for another batch")
    body = f"sha256:{sha(canonical(shown['body'])).hex()}"
    need(claims["body"] == body, "the root is not the one that was signed")
    leaf = {"stream": proof["stream"], "dossier": shown["dossier"], "outcome": shown["outcome"]}
    path = [bytes.fromhex(step.removeprefix("sha256:")) for step in shown["path"]]
    reached = root(canonical(leaf), shown["index"], shown["body"]["size"], path)
    need(f"sha256:{reached.hex()}" == shown["body"]["root"], "the path does not lead to the root")

    signer = {"officer": claims["sub"], "person": claims["person"]}
    signer |= {"organisation": claims["org"], "role": claims["role"]}
    need(event["by"] == signer, "the event names another than the one who signed")
    return (
        f"{proof['stream']}: {shown['outcome']}, decided by {claims['sub']} on the dossier {shown['dossier']}"
        f"\nas {shown['index'] + 1} of {shown['body']['size']} in {claims['aud']}; key {named}"
    )


def main() -> int:
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            print(check(json.load(file), sys.argv[2] if len(sys.argv) > 2 else None))
    except (Wrong, LookupError, ValueError, TypeError, AttributeError) as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
