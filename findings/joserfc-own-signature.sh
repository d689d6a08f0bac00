#!/usr/bin/env bash
# joserfc 1.8.0 (cryptography 50.0.2): a token that joserfc signs is one that joserfc does not read.
#
# One would guess: what serialize_compact makes, deserialize_compact takes, with the same key and the same defaults.
# What happens: With an RSA key of 8,192 bits the signature has 1,024 bytes, and is refused as one of more than 1,024
# bytes: the limit is held against its base64url text, which has a third more characters. Signing knows no limit.
# Who needs it sets max_signature_length on a JWSRegistry of their own; the same for signatures of a longer form, such
# as a passkey's answer carried in the place of a signature.
# Why it matters: A service may give out tokens for years that it refuses from the day on which its key grows.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check joserfc==1.8.0 cryptography==50.0.2

cat >"$folder/then" <<'SEEN'
a key of 4096 bits: a signature of 512 bytes, read
a key of 8192 bits: a signature of 1024 bytes, ExceededSizeError
a key of 8192 bits and a registry with more room: read
SEEN

cat >"$folder/own.py" <<'PYTHON'
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


def made(bits):
    private = rsa.generate_private_key(65537, bits).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = RSAKey.import_key(private)
    return key, jws.serialize_compact({"alg": "PS256"}, b"hello", key, algorithms=["PS256"])


def read(key, token, **how):
    try:
        assert jws.deserialize_compact(token, key, **how).payload == b"hello"
    except JoseError as error:
        return type(error).__name__
    return "read"


for bits in (4096, 8192):
    key, token = made(bits)
    said = read(key, token, algorithms=["PS256"])
    print(f"a key of {bits} bits: a signature of {bits // 8} bytes, {said}")
roomy = jws.JWSRegistry(algorithms=["PS256"])
roomy.max_signature_length = 2048
print(f"a key of {bits} bits and a registry with more room: {read(key, token, registry=roomy)}")
PYTHON

"$folder/venv/bin/python" "$folder/own.py" >"$folder/now"
cat "$folder/now"
diff "$folder/then" "$folder/now"
