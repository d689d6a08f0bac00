"""A name as it is compared: its words, what they stand for, and what each of them counts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Final, Literal, NamedTuple

from greenlight.screening.asides import asides
from greenlight.screening.digits import PERHAPS_MISREAD, as_letters
from greenlight.screening.forms import forms_mended, without_doubtful_form
from greenlight.screening.normalise import folded_words, strip_legal_forms
from greenlight.screening.numerals import in_digits
from greenlight.screening.people import TITLES
from greenlight.screening.scripts import (
    is_arabic,
    is_unspaced,
    may_be_a_person,
    of_person,
    other_readings,
    own_characters,
    read_as_it_sounds,
    spelt,
    translated,
    without_vowels,
)
from greenlight.screening.vocabulary import (
    GRAMMAR,
    SERIES,
    WORDS,
    Sort,
    Token,
    organisation_tokens,
    person_tokens,
    vessel_tokens,
)

Kind = Literal["organisation", "person", "vessel"]

MAX_LENGTH: Final = 300
MAX_WORDS: Final = 40

_VESSEL_PREFIXES: Final = frozenset(
    "mv mt ms ss my fv mts vessel ship tanker motor steam the aircraft no number".split()
)
# M/V, S/S, LPG/C and their like.
_VESSEL_PREFIXES_IN_TWO: Final = frozenset(
    (first, second) for first in "m s f o lpg lng".split() for second in "v t s c y".split()
)
# Behind these a number follows, by which a vessel is registered.
_VESSEL_NUMBERS: Final = frozenset("imo mmsi callsign".split())
_CHINESE: Final = re.compile("[\u3400-\u9fff]+")
_OF_ONE_LETTER: Final = {"i": "1", "v": "5", "x": "10"}


class Prepared(NamedTuple):
    """A name ready for comparison: the words that count, each once, in their order.

    `squashed` is those words as they are written, without a space between; `raw` is every letter of the name.
    `home` is a place that a name may well do without: one before all else, or behind "of" at its end. `han`
    is what is in Chinese characters that no table translates. `chain` is whose child a person is, child
    first. `asides` are the names within the name, and its other readings, whose `han` is all of it.
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

    @property
    def says_nothing(self) -> bool:
        """Tell whether it is all words that everybody has: "The Trading Company" is nobody in particular."""
        return self.weight < 0.16 * len(self.tokens)


_PHRASES: Final = {
    start: sorted({tuple(word.split("-")) for word in WORDS if word.startswith(f"{start}-")}, key=len)[::-1]
    for start in {word.partition("-")[0] for word in WORDS if "-" in word}
}
_PHRASE_STARTS: Final = frozenset(_PHRASES)
# What these are in Chinese, whose spelling is Cantonese or of Wade and Giles.
_SURNAMES: Final = frozenset("lee chang chen wang".split())


def too_long(name: str) -> bool:
    """Tell whether a name is longer than what is compared of it."""
    return len(name) > MAX_LENGTH or len(folded_words(name)) > MAX_WORDS


@lru_cache(maxsize=16_384)
def prepare(name: str, kind: Kind) -> Prepared:
    """As `read`, and remembered: the same names are compared again and again."""
    return read(name, kind)


def read(name: str, kind: Kind) -> Prepared:
    """The words of a name and what they count; of the first `MAX_LENGTH` characters where it is longer."""
    words = folded_words(name[:MAX_LENGTH])
    prepared = _read(name, kind, words)
    others = tuple(_asides(name[:MAX_LENGTH])) if kind == "organisation" else ()
    if kind == "organisation" and (less := without_doubtful_form(words, WORDS)) is not None:
        reading = _read(" ".join(less), kind, less)
        others += (reading,) if says_who(reading, enough=2) else ()
    if not prepared.raw.isalpha() and any(map(PERHAPS_MISREAD.fullmatch, words)):
        letters = [as_letters(word) if PERHAPS_MISREAD.fullmatch(word) else word for word in words]
        others += (_read(" ".join(letters), kind, letters),)
    if not prepared.raw.isascii():
        others += tuple(
            _as_heard(_read(" ".join(read), kind, read)._replace(han=prepared.raw))
            for read in other_readings(words, by_meaning=kind == "organisation")
        )
    return prepared._replace(asides=others) if others else prepared


def _as_heard(name: Prepared) -> Prepared:
    """A reading of two or three Chinese characters, which many names share: with a slip it is anything."""
    if not may_be_a_person(name.han):
        return name
    return name._replace(
        tokens=tuple([token._replace(heard=token.sort is Sort.OWN) for token in name.tokens])
    )


def _asides(name: str) -> Iterator[Prepared]:
    """The names within a name that say who it is: with a word of their own, or with many."""
    for inner, outer in asides(name):
        within = _read(inner, "organisation", folded_words(inner))
        if inner and not says_who(within):
            continue
        if inner:
            yield within
        without = _read(outer, "organisation", folded_words(outer))
        if says_who(without, enough=2 if inner else 3):
            yield without


def says_who(name: Prepared, enough: int = 3) -> bool:
    """Tell whether a name is somebody's in particular: it has a word of its own, or `enough` of any sort."""
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
    squashed = "".join([token.word for token in kept])
    return Prepared(
        name,
        kind,
        tuple(kept),
        frozenset(texts),
        weight,
        # Mostly the same; a list has many names.
        raw if squashed == raw else squashed,
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


def _without_so_called(words: list[str]) -> list[str]:
    if "called" not in words[1:]:
        return words
    at = words.index("called", 1)
    return [*words[: at - 1], *words[at + 1 :]] if words[at - 1] == "so" else words


def _organisation(words: list[str]) -> list[Token]:
    words = _without_so_called(words)
    kept = forms_mended(_acronym_joined(words), WORDS)
    strip_legal_forms(kept)
    tokens: list[Token] = []
    latin, marks = _latin(kept or words, translated)
    for word in _phrases_joined(_letters_joined(in_digits(latin))):
        tokens += organisation_tokens(word)
    if len(tokens) > 1 and tokens[-1].word in GRAMMAR and kept and latin[-1] == kept[-1]:
        # A preposition does not stand at the end: it is somebody's name.
        tokens[-1] = Token(tokens[-1].word, tokens[-1].word, 0.35)
    if tokens and tokens[-1].word in _OF_ONE_LETTER and any(token.text in SERIES for token in tokens):
        letter = tokens[-1].word
        tokens[-1] = Token(_OF_ONE_LETTER[letter], letter, 0.8, Sort.NUMBER)
    return marks.put(tokens) if marks is not _NO_MARKS else tokens


def _person(words: list[str]) -> list[Token]:
    latin, marks = _latin(_without_initials_of_forms(words), of_person)
    named = [word for word in latin if word not in TITLES]
    if len(named) < 2:
        # "Captain D" and "Don David" go by all of it.
        named = latin
    tokens = [token for word in named for token in person_tokens(word)]
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
    latin, marks = _latin(words, read_as_it_sounds)
    latin = list(takewhile(lambda word: word not in _VESSEL_NUMBERS, latin)) or latin
    if tuple(latin[:2]) in _VESSEL_PREFIXES_IN_TWO and len(latin) > 2:
        del latin[:2]
    named = [word for word in in_digits(latin) if word not in _VESSEL_PREFIXES] or latin
    return marks.put([token for word in named for token in vessel_tokens(word)])


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
        for at, token in enumerate(tokens):
            if token.word in self.bare:
                tokens[at] = token._replace(bare=True)
            elif token.word in self.heard:
                tokens[at] = token._replace(heard=True)
        return tokens


_NO_MARKS: Final = _Marks(set(), set())


def _latin(words: list[str], of_unspaced: Callable[[str], list[str]]) -> tuple[list[str], _Marks]:
    """Folded words as Latin ones, and what is to be known of them."""
    if all(map(str.isascii, words)):
        return words, _NO_MARKS
    marks = _Marks(set(), set())
    latin: list[str] = []
    for word in words:
        if word.isascii():
            latin.append(word)
        elif is_unspaced(word):
            read = of_unspaced(word)
            if _CHINESE.fullmatch(word):
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
