"""A name as it is compared: its words, what they stand for, and what each of them counts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final, Literal, NamedTuple

from rapidfuzz.distance.OSA import distance

from screening.asides import asides
from screening.legal_forms import LEADING, TRAILING
from screening.long_forms import LONG_FORMS
from screening.normalise import folded_words, strip_legal_forms
from screening.numerals import in_digits
from screening.people import COMMON, MEN, PARTICLES, TITLES, VARIANTS, census_names
from screening.places import PLACES
from screening.respelling import respelt
from screening.scripts import (
    in_japanese,
    is_arabic,
    is_han,
    is_unspaced,
    of_person,
    own_characters,
    read_as_it_sounds,
    spelt,
    translated,
    without_vowels,
)
from screening.sounds import one_left_out, sound, without_umlauts
from screening.words import DESCRIBING, DIRECTIONS, FAINT, KIND, NOTHING, SHIPS_TITLES

Kind = Literal["organisation", "person", "vessel"]

MAX_LENGTH: Final = 300
MAX_WORDS: Final = 40

_VESSEL_PREFIXES: Final = frozenset("mv mt ms ss my fv mts vessel ship tanker no number".split())
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
_OF_ONE_LETTER: Final = {"i": "1", "v": "5", "x": "10"}
_ADJECTIVE: Final = re.compile(r"(?<=n|k)(?:iy|ii|yy|yi|y|i|aya|aia|oye|oe|ogo|oi|oy|iye|ie)$")
# A digit that was read for the letter it looks like: within a word, or a nought at its end. Any other digit
# at the end may be one.
_MISREAD: Final = re.compile(r"(?=(?:\d?[a-z]){4,})[a-z]*(?:\d[a-z]+)+0?|[a-z]{4,}0")
_PERHAPS_MISREAD: Final = re.compile(r"(?:[a-z]+\d)*[a-z]{4,}[1-9]")
_LETTERS: Final = str.maketrans("012345679", "olzeasbtg") | {ord("8"): "b", ord("6"): "g"}
_UPRIGHT: Final = re.compile(r"(?<![aeiou])1(?![aeiou])")
_ROMAN: Final = dict(
    zip(
        "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv".split(),
        (2, 3, 4, 6, 7, 8, 9, *range(11, 26)),
        strict=True,
    )
)


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


class Prepared(NamedTuple):
    """A name ready for comparison: the words that count, each once, in their order.

    `squashed` is those words as they are written, without a space between; `raw` is every letter of the name.
    `home` is a place that a name may well do without: one before all else, or behind "of" at its end. `han`
    is what is in Chinese characters that no table translates. `chain` is whose child a person is, child first.
    `asides` are the names within the name.
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
    chain: tuple[str, str] | tuple[()] = ()
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
_LONG_BY_STEM: Final = {_ADJECTIVE.sub("", word): long for word, long in LONG_FORMS.items() if len(word) > 9}
# Words that the tables have in another transliteration; only long ones, which nothing else sounds like.
_BY_SOUND: Final = {sound(word): token for word, token in reversed(_WORDS.items()) if len(word) >= 7}
_SOUND_STARTS: Final = frozenset(word[:2] for word in _WORDS if len(word) >= 7)
# Words of legal forms that are long enough to be known by all letters but one.
_SONS: Final = dict.fromkeys(
    "oglu ogly oghlu oghly ugli ughli uli uulu ogli".split(), "oglu"
) | dict.fromkeys("kizi qizi kyzy gizi gyzy kizy".split(), "kizi")
_PARTICLE: Final = {
    "ibn": "bin",
    "ben": "bin",
    "el": "al",
    "ul": "al",
    "ud": "al",
    "ad": "al",
    "az": "al",
    **_SONS,
}
_FORM_WORDS: Final = frozenset(
    word for form in (*TRAILING, *LEADING) for word in folded_words(form) if word.isascii() and len(word) > 4
) | frozenset("sirketi gesellschaft aktsionernoye obschestvo".split())
_BESIDE: Final = {
    pair
    for form in (*TRAILING, *LEADING)
    for one, other in pairwise(folded_words(form))
    for pair in ((one, other), (other, one))
}
_NEARLY_FORMS: Final = {key: form for form in sorted(_FORM_WORDS) for key in (form, *one_left_out(form))}
_BEGUN_FORMS: Final = frozenset(
    form[:end] for form in _FORM_WORDS if len(form) > 5 for end in range(4, len(form))
)
_GIVEN: Final = {
    spelling: line.split()[0] for line in VARIANTS.splitlines() for spelling in reversed(line.split())
}


# `Abdelkader` is written `Abd al-Qadir` as well; of the article, whatever letter it takes on.
_SERVANT: Final = re.compile("abd(?:[aeou]u?[lrsznt]|[aeou]ou[lrsznt])([a-z]{4,})")
_GRAMMAR: Final = frozenset("".join(NOTHING.partition("no number")[0]).split()) - {"s"}
# What these are in Chinese, whose spelling is Cantonese or of Wade and Giles.
_SURNAMES: Final = frozenset("lee chang chen wang".split())
# Names that many people have, and what such a name counts in that of a firm.
KNOWN: Final = frozenset(census_names()) | COMMON | frozenset(_GIVEN)
A_PERSONS: Final = 0.6


@lru_cache(maxsize=65_536)
def _organisation_tokens(word: str) -> tuple[Token, ...]:
    if long := LONG_FORMS.get(word) or (len(word) > 9 and _LONG_BY_STEM.get(_ADJECTIVE.sub("", word))):
        return tuple(
            token._replace(word=word) for part in long.split() for token in _organisation_tokens(part)
        )
    if (token := _WORDS.get(word)) is not None:
        return (token,)
    if not word.isalpha():
        return _with_digits(word, _organisation_tokens)
    if len(word) >= 6 and (token := _of_adjective(word)) is not None:
        return (token,)
    if len(word) >= 7 and word[:2] in _SOUND_STARTS and (token := _BY_SOUND.get(sound(word))) is not None:
        return (token._replace(word=word),)
    if (token := _WORDS.get(without_umlauts(word))) is not None:
        return (token._replace(word=word),)
    if len(word) > 6 and nearly_a_form(word):
        return (Token(word, word, 0.0, Sort.COMMON),)
    given = _GIVEN.get(word, word)
    # Of a given name only its spellings, not its like in another language.
    text = given if given[0] == word[0] else word
    if word in KNOWN:
        return (Token(text, word, A_PERSONS, known=True),)
    return (Token(text, word, 1.0 if len(word) > 2 else 0.35),)


@lru_cache(maxsize=16_384)
def nearly_a_form(word: str) -> str | None:
    """The word of a legal form that a word is but for one letter."""
    for key in (word, *one_left_out(word)):
        if (form := _NEARLY_FORMS.get(key)) is not None and distance(word, form, score_cutoff=1) <= 1:
            return form
    return None


def _of_adjective(word: str) -> Token | None:
    """`Izhevskiy` and `Izhevskaya` as Izhevsk, `Kovrovskiy` as Kovrov, and other Russian adjectives alike."""
    if (ending := _ADJECTIVE.search(word)) is None:
        return None
    stem = word[: ending.start()]
    known = _BY_STEM.get(stem) or _WORDS.get(stem) or _WORDS.get(stem.removesuffix("sk"))
    if known is not None:
        return known._replace(word=word)
    return Token(stem, word, 1.0) if stem.endswith("sk") and len(stem) > 4 else None


def _as_letters(word: str) -> str:
    return _UPRIGHT.sub("i", word).translate(_LETTERS)


def _with_digits(word: str, tokens_of: Callable[[str], tuple[Token, ...]]) -> tuple[Token, ...]:
    if _MISREAD.fullmatch(word):
        return tokens_of(_as_letters(word))
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
        return (Token(_PARTICLE.get(word, word), word, 0.15, Sort.COMMON),)
    if len(word) == 1:
        return (Token(word, word, 0.6, Sort.INITIAL),)
    if not word.isalpha():
        return _with_digits(word, _person_tokens)
    if len(word) > 6 and word not in _GIVEN and _PATRONYMIC.search(word):
        return (Token(word, word, 0.6, Sort.PATRONYMIC),)
    if (servant := _SERVANT.fullmatch(word)) is not None and word not in _GIVEN:
        return (*_person_tokens("abd"), *_person_tokens(servant[1]))
    text = next((_GIVEN[spelling] for spelling in (word, *respelt(word)) if spelling in _GIVEN), word)
    return (Token(text, word, 0.6 if text in COMMON else 1.0, known=word in KNOWN or word in MEN),)


@lru_cache(maxsize=16_384)
def _vessel_tokens(word: str) -> tuple[Token, ...]:
    if word in _ROMAN or word in _ORDINALS:
        return (_WORDS[word]._replace(weight=1.0),)
    if word.isalpha():
        return (Token(SHIPS_TITLES.get(word, word), word, 1.0, known=word in KNOWN),)
    return tuple(token._replace(weight=1.0) for token in _with_digits(word, _vessel_tokens))


@lru_cache(maxsize=16_384)
def prepare(name: str, kind: Kind) -> Prepared:
    """As `read`, and remembered: the same names are compared again and again."""
    return read(name, kind)


def read(name: str, kind: Kind) -> Prepared:
    """The words of a name and what they count; of the first `MAX_LENGTH` characters where it is longer."""
    words = folded_words(name[:MAX_LENGTH])
    prepared = _read(name, kind, words)
    others = tuple(_asides(name[:MAX_LENGTH])) if kind == "organisation" else ()
    if not prepared.raw.isalpha() and any(map(_PERHAPS_MISREAD.fullmatch, words)):
        letters = [_as_letters(word) if _PERHAPS_MISREAD.fullmatch(word) else word for word in words]
        others += (_read(" ".join(letters), kind, letters),)
    if prepared.han and (japanese := in_japanese(words, by_meaning=kind == "organisation")):
        # The same characters still: two names of other characters are not alike because they sound so.
        others += (_read(" ".join(japanese), kind, japanese)._replace(han=prepared.han),)
    return prepared._replace(asides=others) if others else prepared


def _asides(name: str) -> Iterator[Prepared]:
    """The names within a name that say who it is: with a word of their own, or with many."""
    for inner, outer in asides(name):
        within = _read(inner, "organisation", folded_words(inner))
        if inner and not _says_who(within):
            continue
        if inner:
            yield within
        without = _read(outer, "organisation", folded_words(outer))
        if _says_who(without, enough=2 if inner else 3):
            yield without


def _says_who(name: Prepared, enough: int = 3) -> bool:
    return len(name.tokens) >= enough or any(
        token.sort is Sort.OWN and token.weight == 1.0 for token in name.tokens
    )


def _read(name: str, kind: Kind, words: list[str]) -> Prepared:
    raw = "".join(words)
    tokens = _READERS[kind](words)
    kept = [token for token in tokens if token.weight][:MAX_WORDS]
    if not kept:
        # Nothing but words that say nothing: they are all there is to go by.
        kept = [token._replace(weight=0.15) for token in tokens][:MAX_WORDS]
    texts = {token.text for token in kept}
    if len(texts) < len(kept):
        kept = _each_once(kept) if kind != "person" else _again(kept)
        texts = {token.text for token in kept}
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
        _chain(tokens) if kind == "person" else (),
    )


def _each_once(tokens: list[Token]) -> list[Token]:
    return list({token.text: token for token in reversed(tokens)}.values())[::-1]


def _again(tokens: list[Token]) -> list[Token]:
    """Words of a person's name that stand in it more than once: a second Chang is not the first."""
    times = Counter[str]()
    once: list[Token] = []
    for token in tokens:
        times[token.text] += 1
        if times[token.text] == 1:
            once.append(token)
        elif token.sort is not Sort.COMMON:
            text = f"{token.text}{times[token.text]}"
            once.append(token._replace(text=text, weight=token.weight / 2))
    return once


def _chain(tokens: list[Token]) -> tuple[str, str] | tuple[()]:
    """Whose child somebody is: the names before and behind the first `bin`."""
    names = [token for token in tokens if token.sort is not Sort.COMMON or token.text == "bin"]
    for one, link, other in zip(names, names[1:], names[2:], strict=False):
        if link.text == "bin":
            return one.text, other.text
    return ()


def _home(tokens: list[Token]) -> str:
    if len(tokens) < 2:
        return ""
    if tokens[0].sort is Sort.PLACE:
        return tokens[0].text
    return tokens[-1].text if tokens[-1].sort is Sort.PLACE and tokens[-2].word == "of" else ""


def _organisation(words: list[str]) -> list[Token]:
    kept = _forms_mended(_acronym_joined(words))
    strip_legal_forms(kept)
    tokens: list[Token] = []
    latin, marks = _latin(kept or words, translated)
    for word in _phrases_joined(_letters_joined(in_digits(latin))):
        tokens += _organisation_tokens(word)
    if len(tokens) > 1 and tokens[-1].word in _GRAMMAR and latin[-1] == words[-1]:
        # A preposition does not stand at the end: it is somebody's name.
        tokens[-1] = Token(tokens[-1].word, tokens[-1].word, 0.35)
    if tokens and tokens[-1].word in _OF_ONE_LETTER and any(token.text in SERIES for token in tokens):
        letter = tokens[-1].word
        tokens[-1] = Token(_OF_ONE_LETTER[letter], letter, 0.8, Sort.NUMBER)
    return marks.put(tokens)


def _person(words: list[str]) -> list[Token]:
    latin, marks = _latin(_without_initials_of_forms(words), of_person)
    named = [word for word in latin if word not in TITLES]
    if len(named) < 2:
        # "Captain D" and "Don David" go by all of it.
        named = latin
    tokens = [token for word in named for token in _person_tokens(word)]
    for at in range(2, len(tokens) - 1):
        if tokens[at - 1].text == tokens[at + 1].text == "bin":
            # An ancestor between two others, whom many leave out.
            tokens[at] = tokens[at]._replace(weight=0.6, sort=Sort.PATRONYMIC)
    if marks.heard:
        # 丽娟 is read as Li Juan, who is neither Lee nor John.
        tokens = [token if token.text in _SURNAMES else token._replace(text=token.word) for token in tokens]
    return marks.put(tokens)


def _without_initials_of_forms(words: list[str]) -> list[str]:
    """`Garcia S.A.` without what would be read as initials."""
    if len(words) < 3 or len(words[-1]) > 1 or len(words[-2]) > 1:
        return words
    bare = words[:]
    strip_legal_forms(bare)
    forms = words[len(bare) :]
    return bare if bare and bare == words[: len(bare)] and all(len(form) == 1 for form in forms) else words


def _vessel(words: list[str]) -> list[Token]:
    latin, _ = _latin(words, read_as_it_sounds)
    if latin[:2] in (["m", "v"], ["m", "t"]):
        del latin[:2]
    named = [word for word in in_digits(latin) if word not in _VESSEL_PREFIXES] or latin
    return [token for word in named for token in _vessel_tokens(word)]


_READERS: Final[dict[Kind, Callable[[list[str]], list[Token]]]] = {
    "organisation": _organisation,
    "person": _person,
    "vessel": _vessel,
}


class _Marks(NamedTuple):
    """Which words came without vowels, and which are what Chinese characters sound like."""

    bare: set[str]
    heard: set[str]

    def put(self, tokens: list[Token]) -> list[Token]:
        if not self.bare and not self.heard:
            return tokens
        return [
            token._replace(bare=token.word in self.bare, heard=token.word in self.heard) for token in tokens
        ]


def _latin(words: list[str], of_unspaced: Callable[[str], list[str]]) -> tuple[list[str], _Marks]:
    """Folded words as Latin ones, and what is to be known of them."""
    marks = _Marks(set(), set())
    if all(map(str.isascii, words)):
        return words, marks
    latin: list[str] = []
    for word in words:
        if word.isascii():
            latin.append(word)
        elif is_unspaced(word):
            read = of_unspaced(word)
            if is_han(word):
                marks.heard.update(read)
            latin += read
        else:
            latin += _of_other(word, marks.bare)
    return latin, marks


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


def _forms_mended(words: list[str]) -> list[str]:
    """Words of legal forms that are misspelt, beside another of the form, or cut off at the end."""
    for at, word in enumerate(words):
        if 3 < len(word) < 7 and word not in _WORDS and (form := nearly_a_form(word)) is not None:
            if len(form) > 6 or any((form, other) in _BESIDE for other in words[max(at - 1, 0) : at + 2]):
                words[at] = form
    if len(words) > 2 and words[-1] in _BEGUN_FORMS and words[-1] not in _WORDS:
        return words[:-1]
    return words


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
