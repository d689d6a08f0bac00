"""Names in Latin words: Chinese, Japanese, Korean and Thai by meaning and sound, Arabic without its vowels,
other scripts by sound."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast
from unicodedata import name as character_name
from unicodedata import normalize

from anyascii import anyascii

from greenlight.screening import chinese, japanese, korean, thai
from greenlight.screening.arabic import ALIKE, ARTICLES, FEMININE, MEANINGS
from greenlight.screening.normalise import folded_words
from greenlight.screening.places import PLACES
from greenlight.screening.terms import Terms

# Scripts of which so much comes through in Latin letters that finding nobody alike says something, by the
# first word of their characters' names in Unicode, and why. Of names in any other, who is found is found, and
# nobody can be ruled out: Hangul and kana, too, write a foreign name as they hear it, and Latin letters write
# their own in many ways; Arabic and Hebrew leave out vowels, and have letters that are a vowel or none.
RULED_OUT_IN: Final = {
    "LATIN": "compared as it is",
    "CYRILLIC": "an alphabet, transliterated in ways that the comparison knows",
    "GREEK": "an alphabet of one sound for a letter",
    "ARMENIAN": "an alphabet of one sound for a letter",
    "GEORGIAN": "an alphabet of one sound for a letter",
    "CJK": "by meaning, and in pinyin, which is how Latin letters are written, and in the Japanese reading",
    "IDEOGRAPHIC": "marks that repeat a Chinese character",
}
# Chinese sets a mark between the names of a foreigner, which it writes as it hears them.
_FOREIGN: Final = re.compile(r"[\u3400-\u9fff][·•・‧∙․][\u3400-\u9fff]")

_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]"
)
_HAN: Final = re.compile(r"[\u3005-\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]")
_RUN: Final = re.compile(r"[a-z0-9]+|[^a-z0-9]+")
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


def unread(name: str) -> tuple[str, ...]:
    """Name the scripts in which nobody can be ruled out, as `Bengali names`."""
    if name.isascii():
        return ()
    letters = {char for word in folded_words(name) for char in word if char.isalpha() and not char.isascii()}
    scripts = {re.split(r"[^A-Z]", character_name(letter, "UNKNOWN"))[0] for letter in letters}
    found = [f"{script.capitalize()} names" for script in sorted(scripts - RULED_OUT_IN.keys())]
    return (*found, "foreign names in Chinese characters") if _FOREIGN.search(name) else tuple(found)


def is_arabic(word: str) -> bool:
    """Tell whether a word is in a script that leaves vowels out."""
    return "\u0590" <= word[0] <= "\u08ff"


def is_unspaced(word: str) -> bool:
    """Tell whether a word has characters of a script in which nothing separates words."""
    return _UNSPACED.search(word) is not None


def is_han(word: str) -> bool:
    """Tell whether a word has Chinese characters."""
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
    """List the Chinese characters of a name that are in no table."""
    return "".join(
        [
            simplified(word)[piece.start : piece.end]
            for word in words
            if _HAN.search(word) and not japanese.has_kana(word)
            for piece in _CHINESE.terms.cut(simplified(word))
            if piece.meaning is None
        ]
    )


def spelt(word: str) -> list[str]:
    """A word in any script by the sound of its letters, as Latin words."""
    text = anyascii(word.translate(_CYRILLIC)).lower()
    return "".join(char if char.isalnum() else " " if char in " -" else "" for char in text).split()


def translated(word: str) -> list[str]:
    """The words of a name without spaces: what those in the tables mean, and how all between is read."""
    return _in(_language(word), word)


def of_person(word: str) -> list[str]:
    """The surname and the given names of a person's name without spaces."""
    language = _language(word)
    if language is _CHINESE:
        return _of_chinese(simplified(word))
    if language is _KOREAN and _HANGUL.sub("", word) == "":
        return korean.read_person(word)
    return ["".join(read_as_it_sounds(word))] if language is _OF_THAILAND else read_as_it_sounds(word)


def read_as_it_sounds(word: str) -> list[str]:
    """Read a name without spaces, whatever it means."""
    return [*_read(_language(word), word)]


def other_readings(words: list[str], *, by_meaning: bool) -> Iterator[list[str]]:
    """Read a name in Chinese characters otherwise: as in Japan, and in pinyin for an owner's other name."""
    if not any(map(_HAN.search, words)) or any(map(japanese.has_kana, words)):
        return
    if by_meaning:
        known, by_sound = ([*_all_in(language, words)] for language in (_CHINESE, _PINYIN))
        if by_sound != known:
            yield by_sound
    if by_meaning and may_be_a_person(whole := "".join(words)) and japanese.is_spelt_out(whole):
        # A person's name in China, rather than a firm's in Japan that no dictionary has.
        return
    if all(map(_HAN.search, words)) and all(map(japanese.has_characters_of, words)):
        read = [*_all_in(_OF_JAPAN if by_meaning else _JAPANESE_SOUND, words)]
        if all(map(str.isascii, read)):
            yield read


def _all_in(language: "_Language", words: list[str]) -> Iterator[str]:
    for word in words:
        yield from _in(language, word) if _HAN.search(word) else (word,)


class _Language(NamedTuple):
    """The words it is known by, how all else is read, and how a word is written in its table."""

    terms: Terms
    read: Callable[[str], Iterable[str]]
    written: Callable[[str], str]


def _in(language: _Language, word: str) -> list[str]:
    own = language.written(word)
    words: list[str] = []
    for start, end, meaning in language.terms.cut(own):
        words += filter(None, meaning.split("/")) if meaning is not None else _read(language, word[start:end])
    return words


def _read(language: _Language, characters: str) -> Iterable[str]:
    for run in _RUN.findall(characters):
        yield from (run,) if run.isascii() else language.read(run)


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """Pinyin of a run of Chinese characters as one word; other letters by their sound."""
    return tuple(spelt("".join(_pinyin(simplified(characters))))) or (characters,) if characters else ()


def _pinyin(characters: str) -> list[str]:
    # What pinyin writes as ü or v, passports write as u or yu.
    return [syllable.replace("v", "u") for syllable in _reader()(characters)]


@lru_cache(maxsize=1)
def _reader() -> Callable[[str], list[str]]:
    # It takes 0.3 s to load, and most processes never need it.
    from pypinyin import lazy_pinyin, load_single_dict

    load_single_dict({ord(character): readings for character, readings in chinese.IN_NAMES.items()})
    return lazy_pinyin


def may_be_a_person(characters: str) -> bool:
    """Tell whether a name in Chinese characters is as long as a person's: two or three of them."""
    return 2 <= len(characters) <= 3


def has_surname(characters: str) -> bool:
    """Tell whether a name in Chinese characters begins as people's do, and firms' seldom."""
    return simplified(characters)[0] in chinese.FAMILIES


def _of_chinese(characters: str) -> list[str]:
    length = 2 if len(characters) > 2 and characters[:2] in _SURNAMES else 1
    surname, given = characters[:length], characters[length:]
    read = _SURNAMES.get(surname) or "".join(_pinyin(surname))
    return [word for syllable in (read, *_pinyin(given)) for word in spelt(syllable)]


@lru_cache(maxsize=4096)
def simplified(word: str) -> str:
    """A word with simplified characters for those of Taiwan and Hong Kong, one for one."""
    return _converted(word, "hk2s")


@lru_cache(maxsize=4096)
def _simplified_japanese(word: str) -> str:
    return _converted(_converted(word, "jp2t"), "hk2s")


def _converted(word: str, conversion: str) -> str:
    # One for one, or the pieces of the one would not be those of the other.
    converted = _converter(conversion)(word)
    return converted if len(converted) == len(word) else word


@lru_cache(maxsize=4)
def _converter(conversion: str) -> Callable[[str], str]:
    # 25 ms, which a process that meets no Chinese does not need to wait for.
    from opencc import OpenCC

    converter = cast("Any", OpenCC(conversion))
    return converter.convert


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


def _table(terms: str) -> dict[str, str]:
    """Terms as normalised names have them, and their meanings."""
    return {normalize("NFKC", word): it for word, _, it in (term.partition("=") for term in terms.split())}


def _places() -> dict[str, str]:
    lines = (line.partition(" : ") for line in PLACES.strip().replace("; ", "\n").splitlines())
    return {word: latin.split()[0] for latin, _, written in lines for word in written.split()}


_SURNAMES: Final = _table(chinese.SURNAMES)
_OF_CHINA: Final = _table(chinese.TERMS) | _places()
_CHINESE: Final = _Language(
    Terms(_OF_CHINA | _table(chinese.OWN_NAMES), (_NUMBER, _counted)), read_out, simplified
)
_PINYIN: Final = _Language(Terms(_OF_CHINA, (_NUMBER, _counted)), read_out, simplified)
_JAPANESE: Final = _Language(
    Terms(_OF_CHINA | _table(japanese.TERMS), (_NUMBER, _counted)), japanese.read_out, _simplified_japanese
)
_OF_JAPAN: Final = _JAPANESE._replace(read=japanese.read_as_one)
_JAPANESE_SOUND: Final = _Language(Terms({}), japanese.read_out, str)
_KOREAN: Final = _Language(
    Terms(_table(korean.TERMS), (korean.LETTERS, korean.spelt_out)), korean.read_out, str
)
_OF_THAILAND: Final = _Language(Terms(_table(thai.TERMS)), thai.read_out, str)


def _language(word: str) -> _Language:
    if _HANGUL.search(word):
        return _KOREAN
    if _THAI.search(word):
        return _OF_THAILAND
    return _JAPANESE if japanese.has_kana(word) else _CHINESE
