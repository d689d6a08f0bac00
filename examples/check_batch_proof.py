"""Check the decision of one case that was signed in a batch, with nothing but Python's standard library.

    starter.py batch proof A123456 > proof.json
    python examples/check_batch_proof.py proof.json [KID]

Shares no code with the service. What is checked: the Ed25519 signature (RFC 8032) of the token, that the
token signs the root of a batch, that the Merkle path (RFC 6962) leads from this case, dossier and outcome to
that root, and that the event names the signer. KID is the thumbprint (RFC 7638) of the key that you know to
be the signer's; without it, compare the one that is printed.
"""

import base64
import hashlib
import json
import sys
from typing import TypedDict

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
    key: dict[str, str]


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
    x = proof["key"]["x"]
    thumbprint = base64.urlsafe_b64encode(sha(canonical({"crv": "Ed25519", "kty": "OKP", "x": x})))
    named = thumbprint.decode().rstrip("=")
    need(kid in (None, named), f"the key is {named}")

    head, payload, signature = proof["token"].split(".")
    header: dict[str, str] = json.loads(decoded(head))
    claims: dict[str, str] = json.loads(decoded(payload))
    need(header["alg"] == "EdDSA" and header["kid"] == named, "the token names another key")
    need(signed(decoded(x), f"{head}.{payload}".encode(), decoded(signature)), "the signature is wrong")

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
    except (Wrong, KeyError, ValueError, TypeError, AttributeError) as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
