"""Checkpoints (c2sp.org/tlog-checkpoint): a log's origin, size and root, as a signed note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from greenlight.tlog.note import (
    KeyType,
    Note,
    NoteError,
    NoteSigner,
    Signature,
    VerifierKey,
    decoded,
    encoded,
)

MAX_SIZE = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """So many entries had the log of this origin, and this root the tree over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a note; lines after the third are passed over.

        :raises NoteError: it is no checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
            raise NoteError("not the three lines of a checkpoint")
        root = decoded(lines[2])
        if len(root) != 32:
            raise NoteError("the root is not 32 bytes long")
        return cls(lines[0], read_size(lines[1]), root)


def read_size(text: str) -> int:
    """A number of entries, written in the one way that there is.

    :raises NoteError: it is none.
    """
    if not _SIZE.fullmatch(text) or int(text) > MAX_SIZE:
        raise NoteError("not a size")
    return int(text)


def read(content: bytes, log: VerifierKey, cosigners: Sequence[VerifierKey] = ()) -> tuple[Checkpoint, Note]:
    """Read a checkpoint that the log and each of the cosigners signed.

    :raises NoteError: one of them did not, or it is no checkpoint of this log.
    """
    note = Note.parse(content)
    signers = note.signers((log, *cosigners))
    for key in (log, *cosigners):
        if key not in signers:
            raise NoteError(f"not signed by {key.name}")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != log.name:
        raise NoteError(f"a checkpoint of another log, {checkpoint.origin}")
    return checkpoint, note


def sign(checkpoint: Checkpoint, signer: NoteSigner) -> Note:
    """The checkpoint as the log itself gives it out."""
    return Note(checkpoint.text, (signer.sign(checkpoint.text),))


def cosign(note: Note, signer: NoteSigner, time: int) -> Signature:
    """The cosignature of a checkpoint (c2sp.org/tlog-cosignature): at ``time``, in seconds since 1970, this
    was the largest tree of the log that the signer had seen, and all they saw before is its beginning.

    That this is so, whoever calls it has checked.

    :raises NoteError: it is no checkpoint.
    """
    Checkpoint.parse(note.text)
    assert signer.type is KeyType.COSIGNATURE
    return signer.sign(note.text, time)
