"""The form of an encrypted payload: which key, of which case, and the payload itself by AES-256-GCM.

The nonce stands before what is encrypted, which is the whole plain payload, metadata included. The case and
the master key's id are associated data: a payload that is moved to another case opens nowhere.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload

from greenlight.codec.service import NONCE

ENCODING = b"binary/encrypted"
KEY_ID, DATA_KEY, CASE = "encryption-key-id", "encryption-data-key", "encryption-case"
"""The metadata beside the encoding: the master key's id, the data key as it wrapped it, the workflow's id."""

_LONGEST_ID = 1_000
"""Characters of a workflow's id, as Temporal has it; a key's id has fewer."""


class TamperedError(Exception):
    """It is not as it was sealed. The message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Label:
    """The outside of a sealed payload: what it is encrypted under, and whose it says that it is."""

    key_id: str
    wrapped: bytes
    case: str


def is_sealed(payload: Payload) -> bool:
    return payload.metadata.get("encoding") == ENCODING


def label_of(payload: Payload) -> Label:
    """Read the outside of a sealed payload.

    :raises TamperedError: it is of no form that is sealed here.
    """
    found = payload.metadata
    try:
        # To ask a map of protobuf for what it has not would put it there.
        key_id, case = found.get(KEY_ID, b"").decode(), found.get(CASE, b"").decode()
    except UnicodeDecodeError:
        raise TamperedError("its label cannot be read") from None
    if not key_id or " " in key_id or max(len(key_id), len(case)) > _LONGEST_ID:
        raise TamperedError("its label names no key, or not as keys are named here")
    return Label(key_id, found.get(DATA_KEY, b""), case)


def seal(payload: Payload, cipher: AESGCM, label: Label) -> Payload:
    nonce = os.urandom(NONCE)
    sealed = cipher.encrypt(nonce, payload.SerializeToString(), _bound(label))
    metadata = {
        "encoding": ENCODING,
        KEY_ID: label.key_id.encode(),
        DATA_KEY: label.wrapped,
        CASE: label.case.encode(),
    }
    return Payload(metadata=metadata, data=nonce + sealed)


def open_sealed(payload: Payload, cipher: AESGCM, label: Label) -> Payload:
    """The payload that was sealed.

    :raises TamperedError: it is not as it was.
    """
    try:
        plain = cipher.decrypt(payload.data[:NONCE], payload.data[NONCE:], _bound(label))
        return Payload.FromString(plain)
    except (InvalidTag, ValueError, DecodeError):
        raise TamperedError("it is not as it was sealed") from None


def _bound(label: Label) -> bytes:
    return f"greenlight 1 payload {label.key_id} {label.case}".encode()
