"""Show what people wrote so that whoever reads it sees what is on record and nothing else.

Every output goes through this: the command line, letters, Temporal's UI.
"""

import re
import unicodedata
from collections.abc import Callable

_NOT_PLAIN = re.compile(r"[^\x20-\x7e\n\t]")

_JOINERS = "\u200c\u200d"
_FIRST_JOINED = "\u0600"
"""Arabic letters, those of India and emoji come after it, and joiners belong to their spelling. Latin, Greek,
Cyrillic and Hebrew letters come before it: between those, joiners only hide."""

_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that can be seen: signs of numbers, verses and abbreviations."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols that show nothing."""


def legible(text: str) -> str:
    """The text with ``‹U+202E›`` in the place of a character that is not seen, or changes how others are.

    Such are control characters, those that turn the direction of writing, and blanks of no width. CRLF is
    a line break.
    """
    return with_unseen(unix_lines(text), code)


def unix_lines(text: str) -> str:
    """The text with a line feed for every CRLF."""
    return text.replace("\r\n", "\n")


def is_blank(text: str) -> bool:
    """Tell whether nothing of it is seen: it says nothing, however long it is."""
    return not with_unseen(text, lambda _: "").strip()


def code(character: str) -> str:
    """``‹U+202E›``."""
    return f"‹U+{ord(character):04X}›"


def with_unseen(text: str, shown: Callable[[str], str]) -> str:
    """The text with each character that is not seen as ``shown`` says."""

    def replacement(found: re.Match[str]) -> str:
        before = text[found.start() - 1] if found.start() else ""
        return shown(found[0]) if _is_unseen(found[0], before) else found[0]

    return _NOT_PLAIN.sub(replacement, text)


def _is_unseen(character: str, before: str) -> bool:
    if character in _JOINERS:
        return before < _FIRST_JOINED
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return (hidden and character not in _SIGNS) or character in _BLANK
