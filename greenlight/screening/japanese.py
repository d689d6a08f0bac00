"""Japanese words for kinds of business and what they mean, as data, and how everything else is read.

Words in Chinese characters stand in their simplified forms, beside those that `chinese` has; everything else
is read by the dictionary of Sudachi, in Hepburn's letters without the marks of long vowels.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import jaconv

from greenlight.screening.tables import table

if TYPE_CHECKING:
    from sudachipy import Tokenizer  # pyright: ignore[reportMissingTypeStubs]  # They lie beside it.

TERMS: Final = table("japanese", "terms")

_LONG: Final = re.compile(r"(?<=o)[ou]|(?<=u)u|-")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")


def has_kana(word: str) -> bool:
    return _KANA.search(word) is not None


def has_characters_of(word: str) -> bool:
    """Tell whether Japan has all the characters of a word: most simplified ones are not among its own."""
    try:
        word.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """Words of a run of characters, as they are read; as they are, where the dictionary does not know them."""
    words: list[str] = []
    for morpheme in _tokenizer().tokenize(characters):
        reading = jaconv.hira2kata(morpheme.reading_form())
        latin = _LONG.sub("", jaconv.kata2alphabet(reading)).replace("・", "")
        if not latin.isascii():
            return (characters,)
        if latin:
            words.append(latin)
    return tuple(words)


@lru_cache(maxsize=4096)
def read_as_one(characters: str) -> tuple[str, ...]:
    """As `read_out`, but in one word what is read character by character: none is a name of its own."""
    words = read_out(characters)
    return ("".join(words),) if is_spelt_out(characters) else words


def is_spelt_out(characters: str) -> bool:
    """Tell whether the dictionary has no word of two characters or more in a run of them."""
    return len(read_out(characters)) == len(characters)


@lru_cache(maxsize=1)
def _tokenizer() -> "Tokenizer":
    # Its dictionary takes 40 ms and 45 MB, and most processes never need it.
    from sudachipy import Dictionary  # pyright: ignore[reportMissingTypeStubs]

    return Dictionary(dict="small").tokenizer()
