"""The choice of a deployment: which payloads are encrypted and which are taken, and where the keys are."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self


class CodecMode(StrEnum):
    """``off``: nothing is encrypted; what is can be read all the same. ``accept_plain``: whatever is written
    is encrypted, and what comes plain is understood. ``required``: what comes plain is refused, on record."""

    OFF = "off"
    ACCEPT_PLAIN = "accept_plain"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Sealing:
    """The way in which payloads are sealed. ``keys`` is the file of master keys; ``make``: where there is
    none it is made, as on the servers that a program starts for itself."""

    mode: CodecMode
    keys: Path | None = None
    make: bool = False

    @classmethod
    def by(cls, keys: Path) -> Self:
        """Encrypt what is written by the keys in this file, and understand what comes plain."""
        return cls(CodecMode.ACCEPT_PLAIN, keys.absolute())

    @classmethod
    def off(cls) -> Self:
        """Nothing is encrypted, and nothing that is can be read."""
        return cls(CodecMode.OFF)
