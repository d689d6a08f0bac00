"""Korean words for kinds of business and what they mean, as data, and how everything else is read.

Names are read as the north of the country, most of whose firms and people on the lists are from there, writes
them in Latin letters: each syllable by itself, and k, t, p at the start of a word or beside each other.
"""

import re
from typing import Final

from anyascii import anyascii

from greenlight.screening.tables import table

TERMS: Final = table("korean", "terms")

# Surnames of two syllables, and the one that is not written as it is read.
SURNAMES: Final = {"이": "lee"} | dict.fromkeys("남궁 황보 제갈 선우 독고 사공 서문 동방".split(), "")

# Latin letters as they are called: a word of two of them or more, of which one cannot well be a syllable of
# another word.
_CALLED: Final = {
    called: letter
    for called, _, letter in (
        it.partition("=")
        for it in """
에이=a 비=b 씨=c 시=c 디=d 이=e 에프=f 지=g 에이치=h 아이=i 제이=j 케이=k 엘=l 엠=m 엔=n 오=o 피=p 큐=q 알=r 에스=s 티=t 유=u 브이=v 더블유=w 엑스=x 와이=y 제트=z
""".split()
    )
}
_CALL: Final = "|".join(sorted(_CALLED, key=len, reverse=True))
_LONG_CALL: Final = "|".join(called for called in _CALLED if len(called) > 1 or called in "엘엠엔")
LETTERS: Final = re.compile(f"((?=(?:{_CALL})*?(?:{_LONG_CALL}))(?:{_CALL}){{2,}})")

_UNVOICED: Final = str.maketrans("gdb", "ktp")
# Where a syllable is no longer seen: g, d, b are k, t, p but between vowels, n, m, l and the like.
_HARD: Final = re.compile(r"(?<![aeiounmlrywN])[gdb](?![gdb])|[gdb](?![aeiouyw])|(?<=[gdb])[gdb]")


def read_out(characters: str) -> tuple[str]:
    """A run of Hangul as one Latin word."""
    read = "".join(map(_syllable, characters))
    hard = _HARD.sub(lambda found: found[0].translate(_UNVOICED), read.replace("ng", "N"))
    return (re.sub(r"(?<=[aeiou])l(?=[aeiouyw])", "r", hard.replace("N", "ng")),)


def _syllable(character: str) -> str:
    latin = anyascii(character).lower()
    if latin[:1] == "l" and len(latin) > 1:
        latin = f"r{latin[1:]}"
    return latin.replace("eo", "o").replace("eu", "u")


def spelt_out(called: str) -> str:
    """`엘지` as LG."""
    return "".join(_CALLED[each] for each in re.findall(_CALL, called))


def read_person(characters: str) -> list[str]:
    """Surname and given names, syllable by syllable; the surname has one, or is one of few."""
    length = 2 if characters[:2] in SURNAMES and len(characters) > 2 else 1
    surname, given = characters[:length], characters[length:]
    return [
        SURNAMES.get(surname) or read_out(surname)[0],
        *(read for each in given for read in read_out(each)),
    ]
