"""A name as it is compared: its words, what they stand for, and what each of them counts."""

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import takewhile
from typing import Final, Literal, NamedTuple

from screening.asides import asides
from screening.long_forms import LONG_FORMS
from screening.normalise import folded_words, strip_legal_forms
from screening.people import PARTICLES, TITLES, VARIANTS
from screening.places import PLACES
from screening.scripts import (
    in_japanese,
    is_arabic,
    is_unspaced,
    of_person,
    own_characters,
    read_as_it_sounds,
    spelt,
    translated,
    without_vowels,
)
from screening.sounds import sound
from screening.words import DESCRIBING, DIRECTIONS, FAINT, KIND, NOTHING

Kind = Literal["organisation", "person", "vessel"]

MAX_LENGTH: Final = 300
MAX_WORDS: Final = 40

_VESSEL_PREFIXES: Final = frozenset("mv mt ms ss my fv mts vessel ship tanker no number".split())
_PATRONYMIC: Final = re.compile(r"(?:[oeyi]|ye)v(?:[iy]ch|n[ay])$|[iy]chn?a?$")
_PIECES: Final = re.compile(r"\d+|[^\d]+")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th|y|ya|oe|i)$")
_ORDINALS: Final = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), range(1, 11), strict=True)
)
_ADJECTIVE: Final = re.compile(r"(?<=n|k)(?:iy|ii|yy|yi|y|i|aya|aia|oye|oe|ogo|oi|oy|iye|ie)$")
# A digit that was read for the letter it looks like.
_MISREAD: Final = re.compile(r"[a-z]{2,}[0158][a-z]+|[a-z]+[0158][a-z]{2,}|0[a-z]{4,}")
_LETTERS: Final = str.maketrans("0158", "olsb")
_UMLAUT: Final = re.compile("([aou])e")
_ROMAN: Final = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12}


class Sort(IntEnum):
    """What kind of word it is. Two names with different words of one of the last four are two names."""

    OWN = 0
    COMMON = 1
    INITIAL = 2
    PATRONYMIC = 3
    PLACE = 4
    DIRECTION = 5
    NUMBER = 6


class Token(NamedTuple):
    """One word: `text` is what it counts as, `word` how it was written, `weight` what it counts (0 to 1).

    `bare` says that it came without vowels.
    """

    text: str
    word: str
    weight: float
    sort: Sort = Sort.OWN
    bare: bool = False


class Prepared(NamedTuple):
    """A name ready for comparison: the words that count, each once, in their order.

    `squashed` is those words as they are written, without a space between; `raw` is every letter of the name.
    `home` is a place that a name may well do without: one before all else, or behind "of" at its end. `han`
    is what is in Chinese characters that no table translates. `asides` are the names within the name.
    """

    name: str
    kind: Kind
    tokens: tuple[Token, ...]
    texts: frozenset[str]
    weight: float
    squashed: str
    raw: str
    home: str = ""
    han: str = ""
    asides: "tuple[Prepared, ...]" = ()


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


_WORDS: Final = _table()
_PHRASES: Final = {
    start: sorted({tuple(word.split("-")) for word in _WORDS if word.startswith(f"{start}-")}, key=len)[::-1]
    for start in {word.partition("-")[0] for word in _WORDS if "-" in word}
}
_PHRASE_STARTS: Final = frozenset(_PHRASES)
_BY_STEM: Final = {
    _ADJECTIVE.sub("", word): token for word, token in reversed(_WORDS.items()) if _ADJECTIVE.search(word)
}
# Words that the tables have in another transliteration; only long ones, which nothing else sounds like.
_BY_SOUND: Final = {sound(word): token for word, token in reversed(_WORDS.items()) if len(word) >= 7}
_SOUND_STARTS: Final = frozenset(word[:2] for word in _WORDS if len(word) >= 7)
_GIVEN: Final = {
    spelling: line.split()[0] for line in VARIANTS.splitlines() for spelling in reversed(line.split())
}


@lru_cache(maxsize=65_536)
def _organisation_tokens(word: str) -> tuple[Token, ...]:
    if word in LONG_FORMS:
        return tuple(
            token._replace(word=word)
            for part in LONG_FORMS[word].split()
            for token in _organisation_tokens(part)
        )
    if (token := _WORDS.get(word)) is not None:
        return (token,)
    if not word.isalpha():
        if len(word) > 4 and _MISREAD.fullmatch(word):
            return _organisation_tokens(word.translate(_LETTERS))
        return _with_digits(word, _organisation_tokens)
    if len(word) >= 6 and (token := _of_adjective(word)) is not None:
        return (token,)
    if len(word) >= 7 and word[:2] in _SOUND_STARTS and (token := _BY_SOUND.get(sound(word))) is not None:
        return (token._replace(word=word),)
    if (token := _WORDS.get(_UMLAUT.sub(r"\1", word))) is not None:
        return (token._replace(word=word),)
    given = _GIVEN.get(word, word)
    # Of a given name only its spellings, not its like in another language.
    return (Token(given if given[0] == word[0] else word, word, 1.0 if len(word) > 2 else 0.35),)


def _of_adjective(word: str) -> Token | None:
    """`Izhevskiy` and `Izhevskaya` as Izhevsk, `Kovrovskiy` as Kovrov, and other Russian adjectives alike."""
    if (ending := _ADJECTIVE.search(word)) is None:
        return None
    stem = word[: ending.start()]
    known = _BY_STEM.get(stem) or _WORDS.get(stem) or _WORDS.get(stem.removesuffix("sk"))
    if known is not None:
        return known._replace(word=word)
    return Token(stem, word, 1.0) if stem.endswith("sk") and len(stem) > 4 else None


def _with_digits(word: str, tokens_of: Callable[[str], tuple[Token, ...]]) -> tuple[Token, ...]:
    if (ordinal := _ORDINAL.match(word)) is not None:
        return (Token(_number(ordinal[1]), word, 0.8, Sort.NUMBER),)
    pieces = _PIECES.findall(word)
    if len(pieces) == 1 and not word.isdecimal():
        return (Token(word, word, 1.0),)
    return tuple(
        token
        for piece in pieces
        for token in (
            (Token(_number(piece), piece, 0.8, Sort.NUMBER),) if piece.isdecimal() else tokens_of(piece)
        )
    )


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"


@lru_cache(maxsize=65_536)
def _person_tokens(word: str) -> tuple[Token, ...]:
    if word in PARTICLES:
        return (Token(word, word, 0.15, Sort.COMMON),)
    if len(word) == 1:
        return (Token(word, word, 0.6, Sort.INITIAL),)
    if word in _GIVEN:
        return (Token(_GIVEN[word], word, 1.0),)
    if not word.isalpha():
        return _with_digits(word, _person_tokens)
    if len(word) > 6 and _PATRONYMIC.search(word):
        return (Token(word, word, 0.6, Sort.PATRONYMIC),)
    return (Token(word, word, 1.0),)


@lru_cache(maxsize=16_384)
def _vessel_tokens(word: str) -> tuple[Token, ...]:
    if word in _ROMAN or word in _ORDINALS:
        return (_WORDS[word]._replace(weight=1.0),)
    if word.isalpha():
        return (Token(word, word, 1.0),)
    return tuple(token._replace(weight=1.0) for token in _with_digits(word, _vessel_tokens))


@lru_cache(maxsize=16_384)
def prepare(name: str, kind: Kind) -> Prepared:
    """As `read`, and remembered: the same names are compared again and again."""
    return read(name, kind)


def read(name: str, kind: Kind) -> Prepared:
    """The words of a name and what they count; of the first `MAX_LENGTH` characters where it is longer."""
    prepared = _read(name, kind)
    others = tuple(_asides(name[:MAX_LENGTH])) if kind == "organisation" else ()
    if prepared.han and (
        read := in_japanese(folded_words(name[:MAX_LENGTH]), by_meaning=kind == "organisation")
    ):
        # The same characters still: two names of other characters are not alike because they sound so.
        others += (_read(" ".join(read), kind)._replace(han=prepared.han),)
    return prepared._replace(asides=others) if others else prepared


def _asides(name: str) -> Iterator[Prepared]:
    """The names within a name that say who it is: with a word of their own, or with many."""
    for inner, outer in asides(name):
        within = _read(inner, "organisation")
        if inner and not _says_who(within):
            continue
        if inner:
            yield within
        if _says_who(without := _read(outer, "organisation"), enough=2 if inner else 3):
            yield without


def _says_who(name: Prepared, enough: int = 3) -> bool:
    return len(name.tokens) >= enough or any(
        token.sort is Sort.OWN and token.weight == 1.0 for token in name.tokens
    )


def _read(name: str, kind: Kind) -> Prepared:
    words = folded_words(name[:MAX_LENGTH])
    raw = "".join(words)
    tokens = _READERS[kind](words)
    kept = [token for token in tokens if token.weight][:MAX_WORDS]
    if not kept:
        # Nothing but words that say nothing: they are all there is to go by.
        kept = [token._replace(weight=0.15) for token in tokens][:MAX_WORDS]
    texts = {token.text for token in kept}
    if len(texts) < len(kept):
        kept = list({token.text: token for token in reversed(kept)}.values())[::-1]
    weight = sum([token.weight for token in kept])
    return Prepared(
        name,
        kind,
        tuple(kept),
        frozenset(texts),
        weight,
        "".join([token.word for token in kept]),
        raw,
        _home(tokens),
        "" if raw.isascii() else own_characters(words),
    )


def _home(tokens: list[Token]) -> str:
    if len(tokens) < 2:
        return ""
    if tokens[0].sort is Sort.PLACE:
        return tokens[0].text
    return tokens[-1].text if tokens[-1].sort is Sort.PLACE and tokens[-2].word == "of" else ""


def _organisation(words: list[str]) -> list[Token]:
    kept = _acronym_joined(words)
    strip_legal_forms(kept)
    tokens: list[Token] = []
    latin, bare = _latin(kept or words, translated)
    for word in _phrases_joined(_letters_joined(latin)):
        tokens += _organisation_tokens(word)
    return _marked(tokens, bare)


def _person(words: list[str]) -> list[Token]:
    latin, bare = _latin(words, of_person)
    named = [word for word in latin if word not in TITLES] or latin
    tokens = [token for word in named for token in _person_tokens(word)]
    return _marked(tokens, bare)


def _marked(tokens: list[Token], bare: frozenset[str]) -> list[Token]:
    return (
        [token._replace(bare=True) if token.word in bare else token for token in tokens] if bare else tokens
    )


def _vessel(words: list[str]) -> list[Token]:
    latin, _ = _latin(words, read_as_it_sounds)
    if latin[:2] in (["m", "v"], ["m", "t"]):
        del latin[:2]
    named = [word for word in latin if word not in _VESSEL_PREFIXES] or latin
    return [token for word in named for token in _vessel_tokens(word)]


_READERS: Final[dict[Kind, Callable[[list[str]], list[Token]]]] = {
    "organisation": _organisation,
    "person": _person,
    "vessel": _vessel,
}


def _latin(words: list[str], of_unspaced: Callable[[str], list[str]]) -> tuple[list[str], frozenset[str]]:
    """Folded words as Latin ones; and which of them came without vowels."""
    if all(map(str.isascii, words)):
        return words, frozenset()
    latin: list[str] = []
    bare: set[str] = set()
    for word in words:
        if word.isascii():
            latin.append(word)
        elif is_unspaced(word):
            latin += of_unspaced(word)
        else:
            latin += _of_other(word, bare)
    return latin, frozenset(bare)


def _of_other(word: str, bare: set[str]) -> list[str]:
    if not is_arabic(word):
        return spelt(word) or [word]
    read, known = without_vowels(word)
    if not known:
        bare.update(read)
    return read


def _acronym_joined(words: list[str]) -> list[str]:
    """A copy with `I.R.I.S.L.` at its start as one word, which does not end in the legal form `S.L.`"""
    letters = list(takewhile(lambda word: len(word) == 1 and word.isalpha(), words))
    return ["".join(letters), *words[len(letters) :]] if len(letters) > 3 else words[:]


def _letters_joined(words: list[str]) -> list[str]:
    """`Z T E` and `Z.T.E.` as one word."""
    if 1 not in map(len, words):
        return words
    joined: list[str] = []
    open_run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = single
    return joined


def _phrases_joined(words: list[str]) -> list[str]:
    """Places and trades of several words as one."""
    if _PHRASE_STARTS.isdisjoint(words):
        return words
    joined: list[str] = []
    at = 0
    while at < len(words):
        for phrase in _PHRASES.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                joined.append("-".join(phrase))
                at += len(phrase)
                break
        else:
            joined.append(words[at])
            at += 1
    return joined
