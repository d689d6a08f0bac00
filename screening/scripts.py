"""Names in Latin words: Chinese by meaning and sound, Arabic without its vowels, other scripts by sound."""

import re
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from screening.arabic import ALIKE, ARTICLES, FEMININE, MEANINGS
from screening.chinese import TERMS, TRADITIONAL
from screening.places import PLACES

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґў", "abvgdeziyklmnoprstufyeigu", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "є": "ie", "ї": "i"}
)


_NO_DIGRAPH: Final = re.compile(r"(?<=p)(?=h)|(?<=d)(?=j)|(?<=t)(?=s)")
_DIGITS: Final = "〇一二三四五六七八九"
_TENS: Final = {"十": 10, "百": 100}
# A number that somebody goes by: behind "number", or before institute, plant, academy or bureau.
_NUMBER: Final = re.compile(
    r"第([〇一二三四五六七八九十百]+|\d+)|([〇一二三四五六七八九十百]+|\d+)(?=研究[所院]|工?厂|[所院局])"
)


def _chinese_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for term in TERMS.split():
        chinese, _, meaning = term.partition("=")
        words[chinese] = meaning
    for line in PLACES.strip().replace("; ", "\n").splitlines():
        latin, _, chinese = line.partition(" : ")
        words |= dict.fromkeys(chinese.split(), latin.split()[0])
    return words


_CHINESE: Final = _chinese_words()
_LONGEST: Final = max(map(len, _CHINESE))


def is_arabic(word: str) -> bool:
    """Whether a word is in a script that leaves vowels out."""
    return "\u0590" <= word[0] <= "\u08ff"


def is_han(word: str) -> bool:
    """Whether a word has Chinese characters, which nothing separates into words."""
    return _HAN.search(word) is not None


def without_vowels(word: str) -> tuple[list[str], bool]:
    """An Arabic or Persian word: its meaning, and that it has one, or its consonants in Latin letters."""
    plain = word.translate(ALIKE)
    stem = next(
        (plain.removeprefix(it) for it in ARTICLES if plain.startswith(it) and len(plain) > len(it) + 1),
        plain,
    )
    for spelling in (plain, stem):
        if (meaning := MEANINGS.get(spelling)) is not None:
            return meaning.split("/"), True
    read = "".join(spelt(stem.removesuffix(FEMININE)))
    # Letters that stand beside each other, and are no digraph, once the vowels are gone.
    return [_NO_DIGRAPH.sub("a", read) or word], False


def own_characters(words: list[str]) -> str:
    """What of a name is in Chinese characters and in no table."""
    return "".join([part for word in words if is_han(word) for part, own in _read_terms(word) if own])


def spelt(word: str) -> list[str]:
    """A word in any script by the sound of its letters, as Latin words."""
    text = anyascii(word.translate(_CYRILLIC)).lower()
    return "".join(char if char.isalnum() else " " if char in " -" else "" for char in text).split()


def translated(word: str) -> list[str]:
    """The words of a Chinese name: the meaning of what is in the tables, and pinyin for what is between."""
    words: list[str] = []
    for part, own in _read_terms(word):
        words += read_out(part) if own else filter(None, part.split("/"))
    return words


@lru_cache(maxsize=4096)
def _read_terms(word: str) -> tuple[tuple[str, bool], ...]:
    """The meanings of terms, and the characters between them."""
    simplified = word.translate(TRADITIONAL)
    parts: list[tuple[str, bool]] = []
    unread, at = "", 0
    while at < len(simplified):
        number = _NUMBER.match(simplified, at)
        term = number[0] if number else _term_at(simplified, at)
        if term is None:
            unread += simplified[at]
            at += 1
            continue
        if unread:
            parts.append((unread, True))
        parts.append((_counted(number[1] or number[2]) if number else _CHINESE[term], False))
        unread, at = "", at + len(term)
    return (*parts, (unread, True)) if unread else tuple(parts)


def _counted(numeral: str) -> str:
    """`五十四` and `五四` as 54."""
    if not numeral.strip(_DIGITS):
        return "".join([str(_DIGITS.index(digit)) for digit in numeral])
    if numeral.isascii():
        return numeral
    total = digit = 0
    for char in numeral:
        if char in _TENS:
            total, digit = total + (digit or 1) * _TENS[char], 0
        else:
            digit = _DIGITS.index(char)
    return str(total + digit)


def _term_at(text: str, at: int) -> str | None:
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
        if (term := text[at : at + length]) in _CHINESE:
            return term
    return None


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """Pinyin of a run of characters as one word; other letters by their sound."""
    if not characters:
        return ()
    # It takes 0.3 s to load, and most processes never need it.
    from pypinyin import lazy_pinyin

    return tuple(spelt("".join(lazy_pinyin(characters)))) or (characters,)
