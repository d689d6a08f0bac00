"""The paper of a letter, beside what the events say: the letterhead, and whether it binds anybody."""

import base64
import hashlib
import hmac
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Base64Bytes, Field

from greenlight.files import content_of
from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import Digest, Model, Name, Text

MAX_SEAL_BYTES = 64 * 1024
"""The seal is printed on every letter, and kept with each."""

_FORMATS: dict[str, Literal["png", "svg"]] = {".png": "png", ".svg": "svg"}
_PNG = b"\x89PNG\r\n\x1a\n"


class LetterSettingError(Exception):
    """Letters cannot be printed or sent as it is set. The message says what is wrong with which setting."""


class Seal(Model):
    """A picture at the head of the first page."""

    format: Literal["png", "svg"]
    content: Annotated[Base64Bytes, Field(max_length=2 * MAX_SEAL_BYTES)]


class Letterhead(Model):
    """The sender. The default is nobody's, so that no trial run prints a paper of a real agency.

    ``above`` is printed over the name, such as the department; ``address`` in lines under it.
    """

    name: Name = "Licensing Office"
    above: Name | None = None
    address: Text | None = None
    seal: Seal | None = None


class Specimen(StrEnum):
    """The reason for which a letter binds nobody."""

    REHEARSAL = "rehearsal"
    DEVELOPMENT = "development"

    @property
    def said(self) -> str:
        return _SAID[self]


_SAID = {
    Specimen.REHEARSAL: "Rehearsal: not a legal document",
    Specimen.DEVELOPMENT: "Signed with keys for trying things out: not a legal document",
}


class Sheet(Model):
    """The paper. It is kept with the letter, so that the letter can be made again byte for byte after the
    setting has changed.

    ``annex``: a decision has whose the days were behind it. The default is that of letters of before, whose
    paper does not say it.
    """

    letterhead: Letterhead = Letterhead()
    specimen: Specimen | None = None
    annex: bool = False

    @property
    def record(self) -> str:
        """The text that is kept."""
        return canonical(self.model_dump(mode="json")).decode()


def read_seal(path: Path) -> Seal:
    """The picture in a file.

    :raises LetterSettingError: it cannot be read, is too large, or is neither PNG nor SVG.
    """
    form = _FORMATS.get(path.suffix.lower())
    try:
        content = content_of(path)
    except OSError as error:
        raise LetterSettingError(f"the seal {path} cannot be read: {error.strerror}") from error
    if form is None or content.startswith(_PNG) is not (form == "png"):
        raise LetterSettingError(f"the seal {path} is no picture: give a .png or an .svg")
    if len(content) > MAX_SEAL_BYTES:
        raise LetterSettingError(f"the seal {path} has {len(content)} bytes; at most {MAX_SEAL_BYTES}")
    return Seal(format=form, content=base64.b64encode(content))


CODE_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILOU", "110V")
_CODE_CHARACTERS = 16


def check_code(secret: bytes, letter_id: str, rests_on: Digest) -> str:
    """The code by which a letter is found on record: 80 bits that nobody can make without the log's secret.

    It cannot be of the PDF, on which it is printed. Under it the log has the PDF's digest.
    """
    told = hmac.digest(secret, f"letter\n{letter_id}\n{rests_on}".encode(), hashlib.sha256)
    number = int.from_bytes(told[:10], "big")
    digits = "".join(_DIGITS[number >> 5 * place & 31] for place in range(_CODE_CHARACTERS))
    return _in_fours(digits)


def read_code(text: str) -> str | None:
    """A code as somebody typed it off a page; None: it is none. Letters that look like digits are digits."""
    digits = "".join(c for c in text.upper().translate(_ALIKE) if c not in "- ")
    right = len(digits) == _CODE_CHARACTERS and all(c in _DIGITS for c in digits)
    return _in_fours(digits) if right else None


def _in_fours(digits: str) -> str:
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
