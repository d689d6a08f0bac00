"""Names in Latin words: Chinese by meaning and sound, Arabic without its vowels, other scripts by sound."""

import re
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from screening.chinese import TERMS, TRADITIONAL
from screening.places import PLACES

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґў", "abvgdeziyklmnoprstufyeigu", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "є": "ie", "ї": "i"}
)


# The Arabic article and the ending of the feminine, which Latin spellings write apart or not at all.
ARTICLE: Final = "ال"
FEMININE: Final = "ة"

# Arabic and Persian words for kinds of business; an empty one says only that it is a company.
ARABIC: Final = {
    "مصرف": "bank",
    "بنك": "bank",
    "بانك": "bank",
    "بانک": "bank",
    "مؤسسة": "foundation",
    "مجموعة": "group",
    "للتجارة": "trade",
    "التجارة": "trade",
    "التجارية": "trade",
    "العامة": "general",
    "الدولية": "international",
    "العالمية": "global",
    "للصناعات": "industry",
    "الصناعات": "industry",
    "صناعات": "industry",
    "للنقل": "transport",
    "للملاحة": "shipping",
    "للشحن": "cargo",
    "للطيران": "airlines",
    "النفط": "oil",
    "للنفط": "oil",
    "للاستثمار": "investment",
    "للمقاولات": "contracting",
    "للصرافة": "exchange",
    "الوطنية": "national",
    "الإسلامي": "islamic",
    "الاسلامي": "islamic",
    "القابضة": "holding",
    "السورية": "syria",
    "السوري": "syria",
    "العراق": "iraq",
    "ايران": "iran",
    "إيران": "iran",
    "شركت": "company",
    "شركة": "company",
    "و": "and",
}


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


def spelt(word: str) -> list[str]:
    """A word in any script by the sound of its letters, as Latin words."""
    text = anyascii(word.translate(_CYRILLIC)).lower()
    return "".join(char if char.isalnum() else " " if char in " -" else "" for char in text).split()


def translated(word: str) -> list[str]:
    """The words of a Chinese name: the meaning of what is in the tables, and pinyin for what is between."""
    simplified = word.translate(TRADITIONAL)
    words: list[str] = []
    unread, at = "", 0
    while at < len(simplified):
        term = _term_at(simplified, at)
        if term is None:
            unread += simplified[at]
            at += 1
            continue
        words += [*read_out(unread), *filter(None, _CHINESE[term].split("/"))]
        unread, at = "", at + len(term)
    return [*words, *read_out(unread)]


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
