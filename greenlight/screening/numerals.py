"""Numbers that names spell out, in digits: `Eighty Eight`, `Twenty-First`, `Dvadtsat Pervyy`.

English, German and Russian, from ten to 999, cardinal and ordinal, in Latin letters without accents. A number
below ten stays as it is written, unless it belongs to one above.
"""

from collections.abc import Sequence
from typing import Final


def _numbered(names: str, first: int, step: int = 1) -> dict[str, int]:
    """Words and their numbers, one number a column, its spellings with a slash between them."""
    return {
        word: first + at * step for at, spellings in enumerate(names.split()) for word in spellings.split("/")
    }


_UNITS: Final = _numbered(
    "one/first two/second three/third four/fourth five/fifth six/sixth seven/seventh eight/eighth nine/ninth",
    1,
) | _numbered(
    "odin/pervyy/pervy/pervyi/pervaya/pervoe dva/vtoroy/vtoroi/vtoraya tri/tretiy/tretii/tretya"
    " chetyre/chetvertyy/chetverty/chetvertaya pyat/pyatyy/pyaty/pyataya shest/shestoy/shestoi/shestaya"
    " sem/sedmoy/sedmoi/sedmaya vosem/vosmoy/vosmoi/vosmaya devyat/devyatyy/devyaty/devyataya",
    1,
)
_TEENS: Final = _numbered(
    "ten/tenth eleven/eleventh twelve/twelfth thirteen/thirteenth fourteen/fourteenth fifteen/fifteenth"
    " sixteen/sixteenth seventeen/seventeenth eighteen/eighteenth nineteen/nineteenth",
    10,
)
_TENS: Final = _numbered(
    "twenty/twentieth/dvadtsat thirty/thirtieth/tridtsat forty/fortieth/sorok fifty/fiftieth/pyatdesyat"
    " sixty/sixtieth/shestdesyat seventy/seventieth/semdesyat eighty/eightieth/vosemdesyat"
    " ninety/ninetieth/devyanosto",
    20,
    10,
)
_GERMAN_UNITS: Final = _numbered("ein zwei drei vier funf/fuenf sechs sieben acht neun", 1)
_GERMAN_TENS: Final = _numbered(
    "zwanzig dreissig vierzig funfzig/fuenfzig sechzig siebzig achtzig neunzig", 20, 10
)
# German writes the unit before the ten, and all of it as one word.
_GERMAN: Final = {
    f"{unit}und{ten}{ending}": more + count
    for ten, count in _GERMAN_TENS.items()
    for unit, more in _GERMAN_UNITS.items()
    for ending in ("", "ste", "ster")
}
_ONE_WORD: Final = _TEENS | _GERMAN | _TENS
_BEGIN: Final = frozenset((*_ONE_WORD, "hundred"))


def in_digits(words: list[str]) -> list[str]:
    """Words with the numbers among them in digits; as they are where there is none."""
    if _BEGIN.isdisjoint(words):
        return words
    digits: list[str] = []
    at = 0
    while at < len(words):
        number, length = _number(words[at : at + 5])
        digits.append(str(number) if length else words[at])
        at += length or 1
    return digits


def _number(words: Sequence[str]) -> tuple[int, int]:
    """The number that words begin with, and how many of them it takes; 0 of them where there is none."""
    if words[1:2] == ["hundred"] and (hundreds := _UNITS.get(words[0])) is not None:
        joined = words[2:3] == ["and"]
        rest, length = _below_hundred(words[2 + joined :])
        return hundreds * 100 + rest, 2 + (length + joined if length else 0)
    number, length = _below_hundred(words)
    return (number, length) if length > 1 or words[0] in _ONE_WORD else (0, 0)


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    if (tens := _TENS.get(words[0])) is not None:
        unit = _UNITS.get(words[1]) if len(words) > 1 else None
        return (tens, 1) if unit is None else (tens + unit, 2)
    number = _ONE_WORD.get(words[0], _UNITS.get(words[0]))
    return (0, 0) if number is None else (number, 1)
