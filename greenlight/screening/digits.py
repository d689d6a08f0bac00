"""Digits that stand for the letters they look like."""

import re
from typing import Final

# A digit that was read for the letter it looks like: within a word, or a nought at its end. Any other digit
# at the end may be one.
MISREAD: Final = re.compile(r"(?=(?:[0-9]?[a-z]){4,})[a-z]*(?:[0-9][a-z]+)+0?|[a-z]{4,}0")
PERHAPS_MISREAD: Final = re.compile(r"(?:[a-z]+[0-9])*[a-z]{4,}[1-9]")
_LETTERS: Final = str.maketrans("012345679", "olzeasbtg") | {ord("8"): "b", ord("6"): "g"}
_UPRIGHT: Final = re.compile(r"(?<![aeiou])1(?![aeiou])")


def as_letters(word: str) -> str:
    """A word in small letters with letters for its digits: `vasi1iev` as `vasiliev`."""
    return _UPRIGHT.sub("i", word).translate(_LETTERS)
