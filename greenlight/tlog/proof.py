"""A proof that an entry is in a log (c2sp.org/tlog-proof), to be checked with public keys and nothing else.

The entry itself stands in the line ``extra``: a salt that nobody could guess, and the event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from greenlight.kernel import merkle
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint, read_size
from greenlight.tlog.note import NoteError, VerifierKey, decoded, encoded

_FIRST = "c2sp.org/tlog-proof@v1"
_MAX_STEPS = 63


class ProofError(ValueError):
    """It proves nothing. The message says why."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``entry`` is number ``index``, from 0, in the tree of ``checkpoint``; ``path`` leads to its root."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def __bytes__(self) -> bytes:
        lines = [_FIRST, f"extra {encoded(self.entry)}", f"index {self.index}", *map(encoded, self.path), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """:raises ProofError: it is no proof with an entry. Nothing is verified."""
        head, middle, tail = content.partition(b"\n\n")
        try:
            first, extra, index, *path = head.decode().split("\n")
            if first != _FIRST or not middle or len(path) > _MAX_STEPS:
                raise ProofError("not a proof of this form")
            return cls(
                decoded(_after("extra ", extra)),
                read_size(_after("index ", index)),
                tuple(map(decoded, path)),
                tail,
            )
        except ValueError as error:
            raise ProofError(f"not a proof with an entry: {error}") from error

    def check(self, log: VerifierKey, cosigners: Sequence[VerifierKey] = ()) -> Checkpoint:
        """Check the proof against the keys of the log and of all who must have cosigned.

        :raises ProofError: it does not hold.
        """
        try:
            said, _ = checkpoint.read(self.checkpoint, log, cosigners)
        except NoteError as error:
            raise ProofError(f"checkpoint: {error}") from error
        if merkle.root_of_path(self.entry, self.index, said.size, self.path) != said.root:
            raise ProofError("the path does not lead from the entry to the root of the checkpoint")
        return said


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ProofError(f"a line has to begin with {word!r}")
    return line.removeprefix(word)
