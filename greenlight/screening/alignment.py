"""Which words of one name meet which of another, and how well."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple, Self

from rapidfuzz.distance.OSA import distance

from greenlight.screening.people import FULL_NAMES, of_two_sexes
from greenlight.screening.respelling import read_alike
from greenlight.screening.sounds import broad_sound, consonants, look, sound, without_umlauts
from greenlight.screening.syllables import SYLLABLES, in_pinyin, is_pinyin, runs, spelt_alike
from greenlight.screening.tokens import Kind, Prepared
from greenlight.screening.vocabulary import SERIES, Sort, Token

How = Literal[
    "transliteration",
    "misspelt",
    "misread",
    "jumbled",
    "abbreviation",
    "initial",
    "short form",
    "acronym",
    "written as one word",
    "another of one series",
]

# First letters that transliterations take for each other.
_ALIKE: Final = {
    letter: letters[0] for letters in ("jzyieg", "kcqxhst", "vwufpb", "ao") for letter in letters
}


_ENDING: Final = re.compile(r"(?:y?[oeyi]v)?(?:[iy]ch|n[ay]|ichna)$")

# Words that everyone knows may be cut short.
SHORTENED: Final = frozenset({Sort.COMMON, Sort.PLACE, Sort.DIRECTION})


class Meeting(NamedTuple):
    """Words of one name that stand for words of the other: what they count, and how surely (0 to 1)."""

    first: tuple[Token, ...]
    second: tuple[Token, ...]
    how: How
    quality: float
    weight: float


class Alignment(NamedTuple):
    """The words of two names that are not the same: those that met nevertheless, and those that did not."""

    met: tuple[Meeting, ...]
    first: tuple[Token, ...]
    second: tuple[Token, ...]

    def swapped(self) -> Self:
        """The same with the names the other way round."""
        met = tuple(Meeting(it.second, it.first, it.how, it.quality, it.weight) for it in self.met)
        return self._replace(met=met, first=self.second, second=self.first)


def align(a: Prepared, b: Prepared) -> Alignment:
    """Every word at most once: what is written together first, then acronyms, then the closest pairs."""
    common = a.texts & b.texts
    first = [token for token in a.tokens if token.text not in common]
    second = [token for token in b.tokens if token.text not in common]
    met: list[Meeting] = []
    if first and second:
        _joined(met, first, second, b.squashed)
        _joined(met, second, first, a.squashed, swapped=True)
        if a.kind == "organisation":
            _syllables(met, first, second)
            _syllables(met, second, first, swapped=True)
        if a.kind == "organisation" and (common or met):
            _acronyms(met, first, second)
            _acronyms(met, second, first, swapped=True)
            if not common.isdisjoint(SERIES):
                _series(met, first, second)
        if first and second:
            _closest(met, first, second, a.kind)
    return Alignment(tuple(met), tuple(first), tuple(second))


def _met(one: Token, many: list[Token], how: How, quality: float, weight: float, swapped: bool) -> Meeting:
    sides = (tuple(many), (one,)) if swapped else ((one,), tuple(many))
    return Meeting(*sides, how, quality, weight)


def _joined(
    met: list[Meeting], first: list[Token], second: list[Token], squashed: str, *, swapped: bool = False
) -> None:
    """`HiSilicon` and `Hi Silicon`."""
    for token in first[:]:
        if len(token.word) < 4 or token.word not in squashed:
            continue
        parts = _parts(token.word, second)
        if len(parts) > 1:
            first.remove(token)
            for part in parts:
                second.remove(part)
            met.append(_met(token, parts, "written as one word", 0.98, token.weight, swapped))


def _syllables(met: list[Meeting], first: list[Token], second: list[Token], *, swapped: bool = False) -> None:
    """`Yongtailong` and `Wing Tai Lung`."""
    if len(second) < SYLLABLES:
        return
    for token in first:
        if len(token.word) < 7 or not is_pinyin(token.word):
            continue
        for run in runs([other.word for other in second]):
            if token.word in in_pinyin(tuple([second[at].word for at in run])):
                parts = second[run.start : run.stop]
                first.remove(token)
                del second[run.start : run.stop]
                weight = max(token.weight, *(part.weight for part in parts))
                met.append(_met(token, parts, "transliteration", 0.85, weight, swapped))
                return


def _parts(text: str, tokens: list[Token]) -> list[Token]:
    for start in range(len(tokens)):
        joined = ""
        for end in range(start, len(tokens)):
            joined += tokens[end].word
            if joined == text:
                return tokens[start : end + 1]
            if not text.startswith(joined):
                break
    return []


def _acronyms(met: list[Meeting], first: list[Token], second: list[Token], *, swapped: bool = False) -> None:
    """`IBC` and `International Business Corporation`, where other words have met."""
    if len(second) < 2:
        return
    initials = "".join([token.word[0] for token in second])
    for token in first:
        text = token.text
        if token.sort is not Sort.OWN or not 1 < len(text) < 7:
            continue
        at = initials.find(text)
        if at < 0 and len(text) > 2 and text[-1] == "c":
            # The C of a company or corporation, which is no word that counts.
            text = text[:-1]
            at = initials.find(text)
        parts = second[at : at + len(text)] if at >= 0 else []
        # Two letters are enough for words that many names have (IC, integrated circuit), not for one's own.
        if len(parts) > 2 or (parts and all(part.sort is Sort.COMMON for part in parts)):
            first.remove(token)
            del second[at : at + len(text)]
            met.append(_met(token, parts, "acronym", 0.8, sum([part.weight for part in parts]), swapped))
            return


def _series(met: list[Meeting], first: list[Token], second: list[Token]) -> None:
    """`Partners IV` and `Partners V`: the funds of one sponsor."""
    numbers = [token for token in first if token.sort is Sort.NUMBER]
    others = [token for token in second if token.sort is Sort.NUMBER]
    for one, other in zip(numbers, others, strict=False):
        first.remove(one)
        second.remove(other)
        met.append(Meeting((one,), (other,), "another of one series", 0.7, one.weight))


def _closest(met: list[Meeting], first: list[Token], second: list[Token], kind: Kind) -> None:
    pairs: list[tuple[float, Token, Token, How]] = []
    person = kind == "person"
    others = [(y, _coarsely(y.word, y.text, person)) for y in second]
    for x in first:
        marks = _coarsely(x.word, x.text, person)
        for y, its_marks in others:
            # Few words of two names are near each other, and this is quicker than to try them all.
            if marks.isdisjoint(its_marks) and not x.bare and not y.bare:
                continue
            if (found := near(x, y, kind)) is not None:
                pairs.append((found[1], x, y, found[0]))
    if len(pairs) > 1:
        pairs.sort(key=lambda pair: -pair[0])
    for quality, x, y, how in pairs:
        if x in first and y in second:
            first.remove(x)
            second.remove(y)
            met.append(Meeting((x,), (y,), how, quality, min(x.weight, y.weight)))


def _of_father(patronymic: Token) -> Token:
    """The father's name in a patronymic: what all of them end in says nothing."""
    name = _ENDING.sub("", patronymic.word)
    return patronymic._replace(text=name, word=name) if len(name) > 2 else patronymic


@lru_cache(maxsize=65_536)
def _coarsely(word: str, text: str, person: bool) -> frozenset[str | tuple[str, ...]]:
    """Cut a word into pieces, of which two words that are near each other have at least one in common."""
    marks: set[str | tuple[str, ...]] = {_ALIKE.get(word[0], word[0]), f"-{word[-2:]}", text[0], word[1:4]}
    if word[:2] == "al" and len(word) > 6:
        marks.add(_ALIKE.get(word[2], word[2]))
    if person:
        marks.update(FULL_NAMES.get(word, ()), FULL_NAMES.get(text, ()))
        marks.add(tuple(sorted(word)))
    return frozenset(marks)


def _one_is_short(one: str, other: str) -> bool:
    """Tell whether both are forms of one given name, as Bill and William."""
    return (
        (names := FULL_NAMES.get(one)) is not None
        and (others := FULL_NAMES.get(other)) is not None
        and not names.isdisjoint(others)
    )


def _jumbled(one: str, other: str) -> bool:
    """Tell whether two words have the same letters in another order, as where one is written backwards."""
    return len(one) == len(other) > 4 and sorted(one) == sorted(other)


# The same words meet again in every name of a group, and in every party of a filing.
@lru_cache(maxsize=32_768)
def near(x: Token, y: Token, kind: Kind) -> tuple[How, float] | None:
    """Find how two words may be the same, and how surely: as they stand, or as what they count as."""
    if x.sort is not Sort.OWN and y.sort is not Sort.OWN:
        if Sort.INITIAL in (x.sort, y.sort):
            return _initial(x, y)
        if not x.sort is y.sort is Sort.PATRONYMIC:
            return None
    if Sort.NUMBER in (x.sort, y.sort):
        return None
    if kind == "person" and (of_two_sexes(x.word, y.word) or of_two_sexes(x.text, y.text)):
        return None
    if x.bare or y.bare:
        return _without_vowels(x, y)
    if x.heard or y.heard:
        return _heard(x, y)
    if len(x.text) < 3 or len(y.text) < 3:
        return _initial(x, y)
    if x.sort is y.sort is Sort.PATRONYMIC and distance(x.word, y.word, score_cutoff=1) > 1:
        x, y = _of_father(x), _of_father(y)
    found = _alike(x.text, y.text, x, y, kind)
    if x.word != x.text or y.word != y.text:
        as_written = _alike(x.word, y.word, x, y, kind)
        if found is None or (as_written and as_written[1] > found[1]):
            found = as_written
    if found and x.known != y.known and kind != "person":
        # Nearly what many people are called: as likely a name of its own.
        return found[0], found[1] * 0.895
    return found


def _alike(x: str, y: str, first: Token, second: Token, kind: Kind) -> tuple[How, float] | None:
    if len(x) > len(y):
        x, y, first, second = y, x, second, first
    longer = len(y) - len(x)
    if longer > 1 and first.sort is Sort.OWN and second.sort in SHORTENED and y.startswith(x):
        return "abbreviation", 0.85
    if len(y) > 6 and y[:2] == "al" and sound(y[2:]) == sound(x):
        return "written as one word", 0.95
    if read_alike(x, y, broadly=kind == "person"):
        return "transliteration", 0.9
    if kind == "person":
        if _one_is_short(x, y):
            return "short form", 0.85
        jumbled = not (first.known and second.known) and _jumbled(x, y)
        if jumbled and distance(x, y, score_cutoff=1) > 1:
            return "jumbled", 0.8
    if longer > 3 or len(x) < 4:
        return None
    if longer == 2 and y[-2:] == "sk" and y[:-2] == x:
        return "transliteration", 0.95
    return _spelt_alike(x, y, kind, first.known and second.known)


def _spelt_alike(s: str, t: str, kind: Kind, known: bool) -> tuple[How, float] | None:
    short = len(s)
    farthest = short // 2
    apart = distance(s, t, score_cutoff=farthest)
    if apart > farthest:
        return None
    if apart == 0:
        return "transliteration", 0.95
    key = sound(s)
    if (len(key) > 2 and key == sound(t)) or without_umlauts(s) == without_umlauts(t):
        return "transliteration", 0.95
    if kind == "person":
        return _persons(s, t, apart, known)
    if known or apart > (0 if short < 4 else 1 if short < 9 else 2 if short < 12 else 3):
        return ("misread", 0.85) if apart == 2 and short > 4 and look(s) == look(t) else None
    return "misspelt", 0.7 if short == 4 else _misspelt(s, t, apart)


def _misspelt(s: str, t: str, apart: int) -> float:
    # A wrong letter makes another name of a short word sooner than one left out, put in or exchanged.
    wrong = 1.5 if len(s) == 5 == len(t) and sorted(s) != sorted(t) else 1.0
    quality = 1 - wrong * apart / len(s)
    return quality if s[0] == t[0] or s[:2] == t[1::-1] else quality * 0.94


def _persons(s: str, t: str, apart: int, known: bool) -> tuple[How, float] | None:
    """Two words of people's names: one wrong letter from four letters on, two from six on."""
    short = len(s)
    if apart > 1 and is_pinyin(s) and is_pinyin(t):
        # Two names of other syllables.
        return None
    broad, other = broad_sound(s), broad_sound(t)
    if len(broad) > 3 and broad == other:
        return "transliteration", 0.9
    if apart == 2 and short > 4 and look(s) == look(t):
        return "misread", 0.85
    if apart > 1 and len(broad) > 5 and distance(broad, other, score_cutoff=1) < 2:
        return "transliteration", 0.8
    begun = short > 5 and len(t) > short + 1 and t.startswith(s)
    # A stem that is the same says more than an ending that is.
    two = short > 7 or begun or (short == 7 and s[:4] == t[:4])
    if apart > (3 if short > 11 else 2 if two else 1) or (known and not begun):
        return None
    return "misspelt", 0.45 if short == 4 else _misspelt(s, t, apart)


def _heard(x: Token, y: Token) -> tuple[How, float] | None:
    """Chinese in Latin letters is one of few spellings: other syllables of pinyin are another word."""
    read, other = (x.word, y.word) if x.heard else (y.word, x.word)
    if len(read) > 2 and sound(read) == sound(other) and spelt_alike(read, other):
        return "transliteration", 0.95
    return None


def _initial(x: Token, y: Token) -> tuple[How, float] | None:
    if (x.sort is Sort.INITIAL) == (y.sort is Sort.INITIAL) or x.word[0] != y.word[0]:
        return None
    return "initial", 0.75


def _without_vowels(x: Token, y: Token) -> tuple[How, float] | None:
    key = consonants(x.word)
    if len(key) > 1 and key == consonants(y.word):
        return "transliteration", 0.9 if len(key) > 3 else 0.73
    return None
