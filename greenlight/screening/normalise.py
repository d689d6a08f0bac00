"""One spelling for the many ways in which one organisation's name is written.

Two names are the same for screening when they normalise to the same text. A name of nothing but legal forms
is what it is written as. One that normalises to nothing has neither letters nor digits: it is unscreenable,
which is never the same as not listed.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from greenlight.screening.legal_forms import JOINED, LEADING, TRAILING
from greenlight.screening.lookalikes import by_look

# Official lists print both "Gui'an" and "Guian": an apostrophe joins, where other punctuation separates. The
# acute accent is among them because compatibility normalisation would turn it into a space.
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'`´‘’‛′ʹʻʼˈ＇"))

_ASCII: Final = str.maketrans(
    {chr(code): " " for code in range(128) if not chr(code).isalnum()} | {"'": None, "`": None}
)

# Letters with a stroke or a ligature, which no decomposition turns into a plain letter and a mark.
_LATIN_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)

# Latin, Han and Hangul: here a mark only decorates a letter. Elsewhere (й, ガ, हु) it makes another of it.
_PLAIN_BLOCKS: Final = (
    (0x0041, 0x02AF),
    (0x1100, 0x11FF),
    (0x1D00, 0x1DBF),
    (0x1E00, 0x1EFF),
    (0x2C60, 0x2C7F),
    (0x3400, 0x9FFF),
    (0xA720, 0xA7FF),
    (0xAC00, 0xD7FF),
    (0x20000, 0x3FFFF),
)

# Invisible, yet classed as letters or marks: left in, they would make many names of what the eye sees as one.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)

# Chinese and Japanese names carry no spaces of their own; those found come from typesetting and brackets.
_SPACE_IN_HAN: Final = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) +(?=[\u3040-\u30ff\u3400-\u9fff])")


def normalise(name: str) -> str:
    """Fold case, width, accents and punctuation, and take legal forms off, unless there is nothing else.

    Empty where a name has neither letters nor digits.
    """
    return _normalised(name)


# The same parties are screened again at every step of a case and whenever a list changes.
@lru_cache(maxsize=4096)
def _normalised(name: str) -> str:
    words = folded_words(name)
    bare = words[:]
    strip_legal_forms(bare)
    return " ".join(bare or words)


def is_legal_form(name: str) -> bool:
    """Tell whether a name is nothing but legal forms."""
    words = folded_words(name)
    rest = words[:]
    strip_legal_forms(rest)
    return bool(words) and not rest


def folded_words(name: str) -> list[str]:
    """The words of a name with case, width, accents and punctuation folded, legal forms still among them."""
    if name.isascii():
        return name.lower().replace("&", " and ").translate(_ASCII).split()
    return _fold(name).split()


# Each kind of party reads a name anew.
@lru_cache(maxsize=1_024)
def _fold(name: str) -> str:
    # Twice: capitals have look-alikes of their own, and what cannot be seen may stand between the letters.
    text = by_look(unicodedata.normalize("NFKC", name.translate(_APOSTROPHES)))
    text = _compatible(text).translate(_APOSTROPHES).replace("&", " and ")
    letters = "".join(_letters(unicodedata.normalize("NFD", text))).translate(_LATIN_LETTERS)
    text = by_look(unicodedata.normalize("NFC", letters))
    return _SPACE_IN_HAN.sub("", " ".join(text.split()))


def _compatible(text: str) -> str:
    # Case folding can undo compatibility normalisation and the reverse, so the pair is applied twice
    # (Unicode, section 3.13, compatibility caseless matching).
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _letters(text: str) -> Iterable[str]:
    """Letters as they are, digits of any script as 0 to 9, marks only where they are part of the letter, a
    space for all else."""
    marks_belong = False
    for char in text:
        category = unicodedata.category(char)
        if category == "Cf" or char in _INVISIBLE:
            continue
        if category[0] == "M":
            if marks_belong:
                yield char
        elif category == "Nd":
            marks_belong = False
            yield str(unicodedata.decimal(char))
        elif category[0] in "LN":
            marks_belong = category[0] == "L" and not _is_plain(char)
            yield char
        else:
            marks_belong = False
            yield " "


def _is_plain(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _PLAIN_BLOCKS)


def _by_word(forms: Iterable[str], at: int) -> dict[str, list[list[str]]]:
    """Forms as words, under the word found at one end of the name, the longest first."""
    spellings = {tuple(_fold(text).split()) for form in forms for text in (form, form.replace(".", ""))}
    table: dict[str, list[list[str]]] = {}
    for words in sorted(spellings, key=len, reverse=True):
        table.setdefault(words[at], []).append(list(words))
    return table


_ENDINGS: Final = _by_word(TRAILING, -1)
_BEGINNINGS: Final = _by_word(LEADING, 0)
_JOINED: Final = tuple(sorted(map(_fold, JOINED), key=len, reverse=True))


def strip_legal_forms(words: list[str]) -> None:
    """Take legal forms off both ends, until none is left."""
    while words and (_strip_end(words) or _strip_start(words)):
        pass


def _strip_end(words: list[str]) -> bool:
    last = words[-1]
    for form in _ENDINGS.get(last, ()):
        if words[-len(form) :] == form:
            del words[-len(form) :]
            return True
    if last.endswith(_JOINED):
        rest = next(last.removesuffix(form) for form in _JOINED if last.endswith(form))
        words[-1:] = [rest] if rest else []
        return True
    return False


def _strip_start(words: list[str]) -> bool:
    first = words[0]
    for form in _BEGINNINGS.get(first, ()):
        if words[: len(form)] == form:
            del words[: len(form)]
            return True
    if first.startswith(_JOINED):
        rest = next(first.removeprefix(form) for form in _JOINED if first.startswith(form))
        words[:1] = [rest] if rest else []
        return True
    return False
