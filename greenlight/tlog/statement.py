"""The auditor's word on how a log stands, beside its checkpoints: a signed note (c2sp.org/signed-note).

    greenlight/production/5f3c1d0a-…/auditor
    time 1796032800
    checked 4711
    cosigned 4700
    acknowledged 1
    fault 4012

A fault is told by its position alone: why it is one may name people, and stays with the auditor.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from greenlight.tlog.note import KeyType, Note, NoteError, NoteSigner, VerifierKey

_LINE: Final = re.compile(r"(time|checked|cosigned|acknowledged|fault) (0|[1-9][0-9]{0,18})")
_ONCE: Final = ("time", "checked", "cosigned", "acknowledged")


def auditor_of(origin: str) -> str:
    """The name that the auditor of a log signs under."""
    return f"{origin}/auditor"


@dataclass(frozen=True, slots=True)
class Statement:
    """At ``time``, in seconds since 1970, everything up to ``checked`` was checked, and the largest
    checkpoint that the auditor had cosigned was of ``cosigned`` entries. ``faults`` are the positions of
    those that are open; of ``acknowledged`` others two people have said that they know."""

    origin: str
    time: int
    checked: int
    cosigned: int
    acknowledged: int
    faults: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        said = (self.time, self.checked, self.cosigned, self.acknowledged)
        lines = [f"{name} {value}\n" for name, value in zip(_ONCE, said, strict=True)]
        return "".join((f"{auditor_of(self.origin)}\n", *lines, *(f"fault {each}\n" for each in self.faults)))

    @classmethod
    def parse(cls, origin: str, text: str) -> Self:
        """Read the text of a note on the log of that origin.

        :raises NoteError: it is no such statement.
        """
        name, *lines = text.removesuffix("\n").split("\n")
        found = [match.groups() for line in lines if (match := _LINE.fullmatch(line))]
        once: Mapping[str, int] = {name: int(value) for name, value in found[: len(_ONCE)]}
        faults = tuple(int(value) for name, value in found[len(_ONCE) :] if name == "fault")
        if name != auditor_of(origin) or tuple(once) != _ONCE or len(_ONCE) + len(faults) != len(lines):
            raise NoteError("no word of the auditor of this log")
        return cls(origin, **once, faults=faults)


def sign(said: Statement, signer: NoteSigner) -> bytes:
    """The statement as it is published."""
    return bytes(Note(said.text, (signer.sign(said.text),)))


def read(content: bytes, origin: str, auditors: Sequence[VerifierKey]) -> Statement:
    """Read a statement that the auditor signed. ``auditors``: the keys by which they cosign, or did.

    :raises NoteError: it is none, or by somebody else.
    """
    note = Note.parse(content)
    note.signers([VerifierKey(auditor_of(origin), KeyType.NOTE, each.public) for each in auditors])
    return Statement.parse(origin, note.text)
