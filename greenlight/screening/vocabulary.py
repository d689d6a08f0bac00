"""A word of a name: what it stands for, what it counts, and of which sort it is."""

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from greenlight.screening.digits import MISREAD, as_letters
from greenlight.screening.forms import GLUED, nearly_a_form
from greenlight.screening.long_forms import LONG_FORMS
from greenlight.screening.people import COMMON, GIVEN_NAMES, MEN, PARTICLES, SURNAMES, VARIANTS
from greenlight.screening.places import PLACES
from greenlight.screening.respelling import respelt
from greenlight.screening.sounds import sound, without_umlauts
from greenlight.screening.words import DESCRIBING, DIRECTIONS, FAINT, KIND, NOTHING, SHIPS_TITLES

_PATRONYMIC: Final = re.compile(r"(?:[oeyi]|ye)v(?:[iy]ch|n[ay])$|[iy]chn?a?$")
_PIECES: Final = re.compile(r"\d+|[^\d]+")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th|y|ya|oe|i)$")
_ORDINALS: Final = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), range(1, 11), strict=True)
) | dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
# One sponsor runs many of these, told apart by a number alone: the other numbers are no other party's.
SERIES: Final = frozenset(
    "fund trust partners capital securities series mortgage loan notes certificates".split()
)
_ADJECTIVE: Final = re.compile(r"(?<=n|k)(?:iy|ii|yy|yi|y|i|aya|aia|oye|oe|ogo|oi|oy|iye|ie)$")
_ROMAN: Final = dict(
    zip(
        "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv".split(),
        (2, 3, 4, 6, 7, 8, 9, *range(11, 26)),
        strict=True,
    )
)


class Sort(IntEnum):
    """The kind of a word. Two names with different words of one of the last four are two names."""

    OWN = 0
    COMMON = 1
    INITIAL = 2
    PATRONYMIC = 3
    PLACE = 4
    DIRECTION = 5
    NUMBER = 6


class Token(NamedTuple):
    """One word: `text` is what it counts as, `word` how it was written, `weight` what it counts (0 to 1).

    `bare` says that it came without vowels, `known` that many people are called so,
    `heard` that it was read out of Chinese characters, which nobody misspells by a letter.
    """

    text: str
    word: str
    weight: float
    sort: Sort = Sort.OWN
    bare: bool = False
    known: bool = False
    heard: bool = False


def _table() -> dict[str, Token]:
    table: dict[str, Token] = {}
    for words, weight, sort in (
        (PLACES, 0.7, Sort.PLACE),
        (DIRECTIONS, 0.5, Sort.DIRECTION),
        (DESCRIBING, 0.6, Sort.COMMON),
        (KIND, 0.3, Sort.COMMON),
        (FAINT, 0.15, Sort.COMMON),
        (NOTHING, 0.0, Sort.COMMON),
    ):
        for line in words.strip().replace("; ", "\n").splitlines():
            spellings = line.partition(" : ")[0].split()
            for spelling in spellings:
                table[spelling] = Token(spellings[0], spelling, weight, sort)
    for word, number in (_ORDINALS | _ROMAN).items():
        table[word] = Token(str(number), word, 0.8, Sort.NUMBER)
    return table


WORDS: Final = _table()
_BY_STEM: Final = {
    _ADJECTIVE.sub("", word): token for word, token in reversed(WORDS.items()) if _ADJECTIVE.search(word)
}
_LONG_BY_STEM: Final = {_ADJECTIVE.sub("", word): long for word, long in LONG_FORMS.items() if len(word) > 9}
# Words that the tables have in another transliteration; only long ones, which nothing else sounds like.
_BY_SOUND: Final = {sound(word): token for word, token in reversed(WORDS.items()) if len(word) >= 7}
_SOUND_STARTS: Final = frozenset(word[:2] for word in WORDS if len(word) >= 7)
_PARTICLE: Final = (
    {"ibn": "bin", "ben": "bin", "el": "al", "ul": "al", "ud": "al", "ad": "al", "az": "al"}
    | dict.fromkeys("oglu ogly oghlu oghly ugli ughli uli uulu ogli".split(), "oglu")
    | dict.fromkeys("kizi qizi kyzy gizi gyzy kizy".split(), "kizi")
)
_GIVEN: Final = {
    spelling: line.split()[0] for line in VARIANTS.splitlines() for spelling in reversed(line.split())
}


# `Abdelkader` is written `Abd al-Qadir` as well; of the article, whatever letter it takes on.
_SERVANT: Final = re.compile("abd(?:[aeou]u?[lrsznt]|[aeou]ou[lrsznt])([a-z]{4,})")
GRAMMAR: Final = frozenset("".join(NOTHING.partition("no number")[0]).split()) - {"s"}
# Names that many people have, and what such a name counts in that of a firm.
KNOWN: Final = frozenset(SURNAMES) | frozenset(GIVEN_NAMES) | COMMON | frozenset(_GIVEN)
A_PERSONS: Final = 0.5


@lru_cache(maxsize=65_536)
def organisation_tokens(word: str) -> tuple[Token, ...]:
    if long := LONG_FORMS.get(word) or (len(word) > 9 and _LONG_BY_STEM.get(_ADJECTIVE.sub("", word))):
        return tuple(
            token._replace(word=word) for part in long.split() for token in organisation_tokens(part)
        )
    if (token := WORDS.get(word)) is not None:
        return (token,)
    if not word.isalpha():
        return _with_digits(word, organisation_tokens)
    if len(word) >= 6 and (token := _of_adjective(word)) is not None:
        return (token,)
    if len(word) >= 7 and word[:2] in _SOUND_STARTS and (token := _BY_SOUND.get(sound(word))) is not None:
        return (token._replace(word=word),)
    if (token := WORDS.get(without_umlauts(word))) is not None:
        return (token._replace(word=word),)
    if (glued := GLUED.fullmatch(word)) is not None:
        return tuple(token._replace(word=glued[1]) for token in organisation_tokens(glued[1]))
    if len(word) > 6 and nearly_a_form(word):
        return (Token(word, word, 0.0, Sort.COMMON),)
    given = _GIVEN.get(word, word)
    # Of a given name only its spellings, not its like in another language.
    text = given if given[0] == word[0] else word
    if word in KNOWN:
        return (Token(text, word, A_PERSONS, known=True),)
    return (Token(text, word, 1.0 if len(word) > 2 else 0.35),)


def _of_adjective(word: str) -> Token | None:
    """`Izhevskiy` and `Izhevskaya` as Izhevsk, `Kovrovskiy` as Kovrov, and other Russian adjectives alike."""
    if (ending := _ADJECTIVE.search(word)) is None:
        return None
    stem = word[: ending.start()]
    known = _BY_STEM.get(stem) or WORDS.get(stem) or WORDS.get(stem.removesuffix("sk"))
    if known is not None:
        return known._replace(word=word)
    return Token(stem, word, 1.0) if stem.endswith("sk") and len(stem) > 4 else None


def _with_digits(word: str, tokens_of: Callable[[str], tuple[Token, ...]]) -> tuple[Token, ...]:
    if MISREAD.fullmatch(word):
        return tokens_of(as_letters(word))
    if (ordinal := _ORDINAL.match(word)) is not None:
        return (Token(_number(ordinal[1]), word, 0.8, Sort.NUMBER),)
    pieces = _PIECES.findall(word)
    if len(pieces) == 1 and not word.isdecimal():
        return (Token(word, word, 1.0),)
    return tuple(
        token
        for piece in pieces
        for token in (
            (Token(_number(piece), piece, 0.8, Sort.NUMBER),)
            if piece.isdecimal()
            # `A7` is no grammar.
            else (Token(piece, piece, 0.35),)
            if piece in GRAMMAR
            else tokens_of(piece)
        )
    )


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"


@lru_cache(maxsize=65_536)
def person_tokens(word: str) -> tuple[Token, ...]:
    if word in PARTICLES:
        return (Token(_PARTICLE.get(word, word), word, 0.15, Sort.COMMON),)
    if len(word) == 1:
        return (Token(word, word, 0.6, Sort.INITIAL),)
    if not word.isalpha():
        return _with_digits(word, person_tokens)
    if len(word) > 6 and word not in _GIVEN and _PATRONYMIC.search(word):
        return (Token(word, word, 0.6, Sort.PATRONYMIC),)
    if (servant := _SERVANT.fullmatch(word)) is not None and word not in _GIVEN:
        return (*person_tokens("abd"), *person_tokens(servant[1]))
    text = next((_GIVEN[spelling] for spelling in (word, *respelt(word)) if spelling in _GIVEN), word)
    return (Token(text, word, 0.6 if text in COMMON else 1.0, known=word in KNOWN or word in MEN),)


@lru_cache(maxsize=16_384)
def vessel_tokens(word: str) -> tuple[Token, ...]:
    if word in _ROMAN or word in _ORDINALS:
        return (WORDS[word]._replace(weight=1.0),)
    if word.isalpha():
        return (Token(SHIPS_TITLES.get(word, word), word, 1.0),)
    return tuple(token._replace(weight=1.0) for token in _with_digits(word, vessel_tokens))
