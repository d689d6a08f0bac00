"""Countries as the list prints them: codes of ISO 3166-1, and the spellings that stand beside them."""

import re
from functools import lru_cache
from typing import Final

from greenlight.kernel.codes.countries import ALSO_WRITTEN, COUNTRIES
from greenlight.screening.normalise import folded_words

_LONGEST: Final = 60
"""Characters of a country's name."""
_PART: Final = re.compile(r"^REGION: |^(?:NORTH|SOUTH|EAST|WEST)ERN (?=\w)| \(OCCUPIED\)$")

_SPELLINGS: Final = {
    "UK": "GB",
    "UNITED KINGDOM": "GB",
    "MAN, ISLE OF": "IM",
    "ISLE OF MAN": "IM",
    "PRC": "CN",
    "CHINA": "CN",
    "HONG KONG": "HK",
    "MACAU": "MO",
    "MACAO": "MO",
    "TAIWAN": "TW",
    "DPRK": "KP",
    "NORTH KOREA": "KP",
    "KOREA, NORTH": "KP",
    "SOUTH KOREA": "KR",
    "KOREA, SOUTH": "KR",
    "IRAN": "IR",
    "SYRIA": "SY",
    "CUBA": "CU",
    "RUSSIA": "RU",
    "RUSSIAN FEDERATION": "RU",
    "BELARUS": "BY",
    "TURKEY": "TR",
    "TURKIYE": "TR",
    "TÜRKIYE": "TR",
    "UAE": "AE",
    "VENEZUELA": "VE",
    "BURMA": "MM",
    "UKRAINE": "UA",
    "CRIMEA": "UA",
    "WEST BANK": "PS",
    "GAZA": "PS",
    "NORTH GAZA": "PS",
    "MALI": "ML",
}
"""The list's own. Crimea is a region of Ukraine in the EAR (15 CFR 746.6)."""


@lru_cache(maxsize=1_024)
def country_of(printed: str) -> str | None:
    """The code of a country, or of the one that a part of it is in; None: not understood.

    A region of no one country, such as Kashmir, is not understood.
    """
    text = printed.strip().upper()
    while text not in _SPELLINGS and (less := _PART.sub("", text)) != text:
        text = less
    if text in _SPELLINGS:
        return _SPELLINGS[text]
    if len(text) <= 2 or len(text) > _LONGEST:
        return text if text in COUNTRIES else None
    return _BY_WORDS.get(_words(text))


def _words(name: str) -> tuple[str, ...]:
    """Of a name, in an order of their own: "Congo, Democratic Republic of the" has its words turned round."""
    return tuple(sorted(word for word in folded_words(name) if word not in ("the", "of", "and")))


_BY_WORDS: Final = {
    _words(name): code
    for code, name in (*COUNTRIES.items(), *((code, name) for name, code in ALSO_WRITTEN.items()))
    if len(name) > 2 and name != "USSR"
}
