"""The request of c2sp.org/tlog-witness: cosign this checkpoint, which extends the one that you saw last."""

from dataclasses import dataclass
from typing import Self

from greenlight.tlog.checkpoint import read_size
from greenlight.tlog.note import Note, NoteError, decoded, encoded

MAX_STEPS = 63


@dataclass(frozen=True, slots=True)
class Request:
    """``add-checkpoint``: the note, and the proof that it extends the tree of ``old`` entries."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *map(encoded, self.path), ""]
        return "".join(f"{line}\n" for line in lines).encode() + bytes(self.note)

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """:raises NoteError: it is no such request."""
        head, middle, tail = content.partition(b"\n\n")
        try:
            first, *path = head.decode().split("\n")
        except UnicodeDecodeError as error:
            raise NoteError("not UTF-8") from error
        if not middle or not first.startswith("old ") or len(path) > MAX_STEPS:
            raise NoteError("not a size, a proof and a checkpoint")
        steps = tuple(map(decoded, path))
        if any(len(step) != 32 for step in steps):
            raise NoteError("a hash is 32 bytes long")
        return cls(read_size(first.removeprefix("old ")), steps, Note.parse(tail))
