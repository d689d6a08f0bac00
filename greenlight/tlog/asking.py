"""Asking outside witnesses (c2sp.org/tlog-witness) for their cosignature of a checkpoint."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from greenlight.kernel import merkle
from greenlight.tlog.checkpoint import Checkpoint, read_size
from greenlight.tlog.note import MAX_NOTE_BYTES, KeyType, Note, NoteError, Signature, VerifierKey
from greenlight.tlog.request import Request
from greenlight.tlog.tiles import TileError

PATIENCE_SECONDS = 1.0
"""For one witness's answer: a checkpoint waits for those who are silent, and is to be out within seconds."""


class WitnessError(Exception):
    """The witness did not cosign. The message says why."""


@dataclass(frozen=True, slots=True)
class OutsideWitness:
    """The key of a witness, and the prefix of the address where it is asked."""

    key: VerifierKey
    url: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address and a verifier key with a space between them.

        :raises ValueError: it is something else.
        """
        url, _, key = text.strip().partition(" ")
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("a witness is an http(s) address and a verifier key with a space between them")
        read = VerifierKey.parse(key.strip())
        if read.type is not KeyType.COSIGNATURE:
            raise ValueError(f"the key {read.name} is not one of cosignatures (type 0x04)")
        return cls(read, url.rstrip("/"))


def read_witnesses(text: str) -> tuple[OutsideWitness, ...]:
    """Any number of witnesses, with commas between them.

    :raises ValueError: one of them is none.
    """
    return tuple(OutsideWitness.parse(each) for each in text.split(",") if each.strip())


@dataclass(frozen=True, slots=True)
class Asked:
    """The cosignatures that came, and why others did not, by the witnesses' names."""

    signatures: tuple[Signature, ...]
    failed: dict[str, str]


def ask_all(
    witnesses: Sequence[OutsideWitness],
    note: Note,
    olds: dict[str, int],
    subtree: merkle.Subtree,
) -> Asked:
    """Ask all of them at once. ``olds`` says up to which size each cosigned last, and is kept."""
    if not witnesses:
        return Asked((), {})
    signatures: list[Signature] = []
    failed: dict[str, str] = {}
    with ThreadPoolExecutor(len(witnesses)) as pool:
        asked = [
            (each, pool.submit(ask, each, note, olds.get(each.key.name, 0), subtree)) for each in witnesses
        ]
        for witness, answer in asked:
            try:
                signatures.append(answer.result())
                olds[witness.key.name] = Checkpoint.parse(note.text).size
            except WitnessError as error:
                failed[witness.key.name] = str(error)
    return Asked(tuple(signatures), failed)


def ask(witness: OutsideWitness, note: Note, old: int, subtree: merkle.Subtree) -> Signature:
    """Ask one. Where it saw another size last than we believe, it says so, and is asked again from there.

    :raises WitnessError: it did not cosign.
    """
    size = Checkpoint.parse(note.text).size
    status, content = _post(witness, _request(note, old, size, subtree))
    if status == HTTPStatus.CONFLICT:
        try:
            old = read_size(content.decode(errors="replace").removesuffix("\n"))
        except NoteError as error:
            raise WitnessError("it says no size") from error
        status, content = _post(witness, _request(note, old, size, subtree))
    if status != HTTPStatus.OK:
        raise WitnessError(f"it answered {status}: {content[:200].decode(errors='replace').strip()}")
    return _signature(witness.key, note, content)


def _request(note: Note, old: int, size: int, subtree: merkle.Subtree) -> bytes:
    try:
        return bytes(Request(old, tuple(merkle.consistency(old, size, subtree)), note))
    except IndexError as error:
        raise WitnessError(f"it has seen {old} entries, more than there are: {size}") from error
    except (TileError, OSError) as error:
        raise WitnessError(str(error)) from error


def _signature(key: VerifierKey, note: Note, content: bytes) -> Signature:
    try:
        answer = Note.parse(note.text.encode() + b"\n" + content)
        answer.signers((key,))
    except NoteError as error:
        raise WitnessError(f"its answer does not hold: {error}") from error
    return next(each for each in answer.signatures if each.by(key))


def _post(witness: OutsideWitness, content: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(  # noqa: S310 - http and https alone, by construction
        f"{witness.url}/add-checkpoint", content, {"Content-Type": "text/plain; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
            return answer.status, answer.read(MAX_NOTE_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MAX_NOTE_BYTES)
    except (OSError, ValueError) as error:
        raise WitnessError(f"not reached: {error}") from error
