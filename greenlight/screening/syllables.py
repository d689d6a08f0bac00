"""Names of people in China and Korea, which are few syllables that every system spells in its own way.

Chinese is read in pinyin from the spellings of Wade and Giles, of Hong Kong and of the Chinese overseas; Korean as
the south romanises it today from those of McCune and Reischauer, of the north, and of custom. Many characters
share a sound, so a name has several readings, and two names are alike where they have one in common.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final, NamedTuple

from greenlight.screening.cantonese import CANTONESE, PINYIN
from greenlight.screening.tables import table

# A name of fewer says too little.
SYLLABLES: Final = 3
# More readings than these are no reading.
_MOST: Final = 100

# The surnames of nearly everybody in China.
_SURNAMES: Final = frozenset(table("syllables", "surnames").split())

# Surnames as Chinese overseas spell them, from Hokkien, Teochew and Hakka or by custom.
_OVERSEAS: Final = table("syllables", "overseas")

# Syllables of given names in Hokkien, and what Taiwan writes by custom.
_HOKKIEN: Final = table("syllables", "hokkien")

# Initials and finals of pinyin as Wade and Giles spell them, without apostrophes, which many leave out.
_INITIALS: Final = {
    "zh": "ch",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "b": "p",
    "d": "t",
    "g": "k",
    "z": "ts",
    "c": "ts",
    "r": "j",
}
_FINALS: Final = (
    (re.compile(r"^(ch|sh|zh|r)i$"), r"\1ih"),
    (re.compile(r"^[zc]i$"), "tzu"),
    (re.compile(r"^si$"), "ssu"),
    (re.compile(r"^you$"), "yu"),
    (re.compile(r"^er$"), "erh"),
    (re.compile(r"^(ye|yue|.+ie|.+ue)$"), r"\1h"),
    (re.compile(r"^([gkh])e$"), r"\1o"),
    (re.compile(r"^([gk])ui$"), r"\1uei"),
    (re.compile(r"ian$"), "ien"),
    (re.compile(r"^yan$"), "yen"),
    (re.compile(r"ong$"), "ung"),
    (re.compile(r"^([dtnlrzc]|zh|ch)uo$"), r"\1o"),
)


def _wade_giles(syllable: str) -> str:
    for final, spelt in _FINALS:
        syllable = final.sub(spelt, syllable)
    for length in (2, 1):
        if (initial := _INITIALS.get(syllable[:length])) is not None and syllable != "tzu":
            return initial + syllable[length:]
    return syllable


def _table(rows: str) -> dict[str, tuple[str, ...]]:
    return {
        spelling: tuple(of.split("/")) for spelling, _, of in (row.partition("=") for row in rows.split())
    }


def _of_wade_giles() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for syllable in sorted(PINYIN):
        found[_wade_giles(syllable)].append(syllable)
    return {spelling: tuple(syllables) for spelling, syllables in found.items()}


_WADE_GILES: Final = _of_wade_giles()


def _chinese_syllables() -> dict[str, tuple[str, ...]]:
    """Every spelling of a syllable with what it is in pinyin."""
    found: dict[str, dict[str, None]] = {syllable: {syllable: None} for syllable in sorted(PINYIN)}
    for spelling, known in _WADE_GILES.items():
        found.setdefault(spelling, {}).update(dict.fromkeys(known))
    for rows in (CANTONESE, _HOKKIEN):
        for spelling, known in _table(rows).items():
            found.setdefault(spelling, {}).update(dict.fromkeys(known))
    return {spelling: tuple(readings) for spelling, readings in found.items()}


_CHINESE: Final = _chinese_syllables()
_SYLLABLES: Final = frozenset(_CHINESE)
_MOST_LETTERS: Final = max(map(len, _CHINESE))


def _chinese_surnames() -> dict[str, tuple[str, ...]]:
    overseas = _table(_OVERSEAS)
    found: dict[str, tuple[str, ...]] = {}
    for spelling in _CHINESE.keys() | overseas.keys() | _SURNAMES:
        may_be = dict.fromkeys((spelling, *_CHINESE.get(spelling, ()), *overseas.get(spelling, ())))
        if known := tuple(surname for surname in may_be if surname in _SURNAMES):
            found[spelling] = known
    return found


_OF_SURNAME: Final = _chinese_surnames()
_IN_PINYIN: Final = re.compile(f"(?:{'|'.join(sorted(PINYIN, key=len, reverse=True))})+")


@lru_cache(maxsize=16_384)
def is_pinyin(word: str) -> bool:
    """Tell whether a word is nothing but syllables of pinyin."""
    return _IN_PINYIN.fullmatch(word) is not None


def runs(words: Sequence[str]) -> Iterator[range]:
    """Find where three or four words that may be Chinese syllables follow each other."""
    if _SYLLABLES.isdisjoint(words):
        return
    known = [word in _SYLLABLES for word in words]
    for length in (SYLLABLES, SYLLABLES + 1):
        for at in range(len(words) - length + 1):
            if all(known[at : at + length]):
                yield range(at, at + length)


@lru_cache(maxsize=4096)
def in_pinyin(words: tuple[str, ...]) -> frozenset[str]:
    """Read syllables in pinyin, as one word, where they are spelt in another way."""
    if all(map(is_pinyin, words)):
        return frozenset()
    return frozenset(map("".join, _products([_CHINESE.get(word, ()) for word in words])))


@lru_cache(maxsize=16_384)
def spelt_alike(read: str, other: str) -> bool:
    """Tell whether another word may be what Chinese characters are read as, in pinyin or in another spelling.

    What is read otherwise than in pinyin is no Chinese, and may be any word.
    """
    return not is_pinyin(read) or _are_same(read, other)


def _are_same(one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    return any(
        not set(_CHINESE[one[:at]]).isdisjoint(_CHINESE[other[:to]]) and _are_same(one[at:], other[to:])
        for at in _begins(one)
        for to in _begins(other)
    )


def _begins(word: str) -> list[int]:
    """Find where a syllable may end with which a word begins."""
    return [at for at in range(1, min(len(word), _MOST_LETTERS) + 1) if word[:at] in _CHINESE]


class Readings(NamedTuple):
    """The readings of a name, and those that are one with them."""

    own: frozenset[str]
    others: frozenset[str]


_NO_READINGS: Final = Readings(frozenset(), frozenset())


def readings(words: tuple[str, ...]) -> Readings:
    """Read the words of a person's name as Chinese or Korean, with the surname first or last.

    Chinese in another spelling may be so much that it is one with nothing but pinyin, which is sure.
    """
    if not 2 <= len(words) <= 4 or (words[0] not in _OF_ANY_SURNAME and words[-1] not in _OF_ANY_SURNAME):
        return _NO_READINGS
    own: set[str] = set()
    for name in {words, (words[-1], *words[:-1])}:
        own.update(_chinese(name))
        own.update(_korean(name))
    return Readings(frozenset(own), frozenset([_OTHER.get(key[0], key[0]) + key[1:] for key in own]))


def readings_within(words: Sequence[str]) -> Readings:
    """Read runs of syllables among the words of a firm's name in pinyin, as one word."""
    found = frozenset(
        reading for run in runs(words) for reading in in_pinyin(tuple(words[run.start : run.stop]))
    )
    return Readings(found, found) if found else _NO_READINGS


remembered_readings: Final = lru_cache(maxsize=4096)(readings)


def _products(choices: Sequence[Sequence[str]]) -> Iterable[tuple[str, ...]]:
    return product(*choices) if 0 < prod(map(len, choices)) <= _MOST else ()


# How a reading begins that is sure, and one that is not; Korean begins with neither.
_OTHER: Final = {"=": "~", "~": "="}


def _chinese(name: tuple[str, ...]) -> Iterator[str]:
    surnames = _OF_SURNAME.get(name[0])
    given = name[1:]
    if surnames is None or (len(given) == 1 and given[0] in _CHINESE):
        return
    words: Iterable[Sequence[str]] = map(_chinese_word, given)
    if name[0] in _SURNAMES and all(map(is_pinyin, given)):
        yield f"={name[0]} {''.join(given)}"
        # Written apart, they may be of Wade and Giles still.
        surnames, words = _WADE_GILES.get(name[0], ()), [_WADE_GILES.get(word, ()) for word in given]
    for surname, *rest in _products([surnames, *words]):
        yield f"~{surname} {''.join(rest)}"


def _chinese_word(word: str) -> Sequence[str]:
    """A given name in pinyin: of one syllable, or of two that are written together."""
    if (known := _CHINESE.get(word)) is not None:
        return known
    if is_pinyin(word):
        return (word,)
    return [
        one + other
        for at in range(2, len(word) - 1)
        for one, other in product(_CHINESE.get(word[:at], ()), _CHINESE.get(word[at:], ()))
    ]


_KOREAN_INITIALS: Final = (
    dict.fromkeys(("g", "k", "kk"), "g")
    | dict.fromkeys(("d", "t", "tt"), "d")
    | dict.fromkeys(("b", "p", "pp"), "b")
    | dict.fromkeys(("j", "ch", "jj", "tch"), "j")
    | dict.fromkeys(("s", "sh", "ss"), "s")
    | dict.fromkeys(("r", "l", "n"), "n")
    | {"m": "m", "h": "h", "": ""}
)
_KOREAN_VOWELS: Final = {
    "a": ("a",),
    "ah": ("a",),
    "ya": ("ya",),
    "ae": ("ae",),
    "ai": ("ae",),
    "eo": ("eo",),
    "uh": ("eo",),
    "o": ("o", "eo"),
    "oh": ("o",),
    "u": ("u", "eo", "eu"),
    "oo": ("u",),
    "ou": ("u", "eo"),
    "eu": ("eu",),
    "yo": ("yo", "yeo"),
    "yu": ("yu", "yeo"),
    "you": ("yu", "yeo"),
    "yeo": ("yeo",),
    "yoo": ("yu",),
    "i": ("i",),
    "ee": ("i",),
    "yi": ("i", "ui"),
    "ui": ("ui",),
    "eui": ("ui",),
    "e": ("e",),
    "ye": ("ye",),
    "oe": ("oe",),
    "oi": ("oe",),
    "we": ("oe", "we"),
    "wi": ("wi",),
    "wa": ("wa",),
    "wo": ("wo",),
    "weo": ("wo",),
    "wae": ("oe", "wae"),
}
_KOREAN_FINALS: Final = {
    "": "",
    "k": "k",
    "g": "k",
    "n": "n",
    "l": "l",
    "m": "m",
    "p": "p",
    "b": "p",
    "ng": "ng",
    "t": "t",
}


def _korean_syllables() -> dict[str, tuple[str, ...]]:
    """Every spelling of a syllable with what it is in the south's romanisation, but for what that leaves out."""
    found: dict[str, dict[str, None]] = {}
    for initial, sound in _KOREAN_INITIALS.items():
        for vowel, vowels in _KOREAN_VOWELS.items():
            for final, closed in _KOREAN_FINALS.items():
                for open_vowel in vowels:
                    # The north writes ry and ri where the south writes y and i.
                    silent = sound == "n" and (open_vowel[0] == "y" or (open_vowel == "i" and initial != "n"))
                    syllable = ("" if silent else sound) + open_vowel + closed
                    found.setdefault(initial + vowel + final, {})[syllable] = None
    return {spelling: tuple(sounds) for spelling, sounds in found.items()}


_KOREAN: Final = _korean_syllables()
_LONGEST: Final = max(map(len, _KOREAN))

# Surnames in all their spellings.
_KOREAN_SURNAMES: Final = table("syllables", "korean_surnames")


def _korean_surnames() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _KOREAN_SURNAMES.replace("\n", " ").split(";"):
        surname, *others = line.split()
        for spelling in (surname, *others):
            found[spelling] = (*found.get(spelling, ()), surname)
    return found


_OF_KOREAN_SURNAME: Final = _korean_surnames()
_OF_ANY_SURNAME: Final = _OF_SURNAME.keys() | _OF_KOREAN_SURNAME.keys()


def _korean(name: tuple[str, ...]) -> Iterator[str]:
    surnames = _OF_KOREAN_SURNAME.get(name[0], ())
    given = name[1:]
    if not surnames or len(given) > 2 or sum(map(len, given)) > 12:
        return
    for one, other in [given] if len(given) == 2 else _halves("".join(given)):
        for reading in product(surnames, _KOREAN.get(one, ()), _KOREAN.get(other, ())):
            yield " ".join(reading)


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:at], word[at:]) for at in range(max(1, len(word) - _LONGEST), len(word))]


def korean_word(word: str) -> frozenset[str]:
    """Read a word of two or three syllables as Korean, as the south romanises it."""
    found = {
        "".join(syllables)
        for parts in _splits(word, 3)
        if len(parts) > 1
        for syllables in _products([_KOREAN[part] for part in parts])
    }
    return frozenset(found)


def _splits(word: str, most: int) -> Iterator[tuple[str, ...]]:
    if word in _KOREAN:
        yield (word,)
    if most > 1:
        for at in range(1, min(_LONGEST, len(word) - 1) + 1):
            if word[:at] in _KOREAN:
                for rest in _splits(word[at:], most - 1):
                    yield (word[:at], *rest)
