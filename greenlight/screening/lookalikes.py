"""Letters of other alphabets that look like Latin ones, as data (Unicode Technical Standard 39, confusables).

Who mixes alphabets within a word wants it to be read by the eye: so it is read here by the look of its
letters, not by their sound.
"""

import re
from typing import Final

_CYRILLIC: Final = dict(
    zip("аеорсухіјѕԁһԛԝѵӏкмтвнАВЕКМНОРСТУХІЈЅ", "aeopcyxijsdhqwvlkmtbhABEKMHOPCTYXIJS", strict=True)
)
_GREEK: Final = dict(zip("αονρυικτχεηγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aovpuiktxenywABEZHIKMNOPTYX", strict=True))
_LATIN_FOR: Final = str.maketrans(_CYRILLIC | _GREEK)

_WORD: Final = re.compile(r"[^\W\d_]+")
_OTHER: Final = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ENOUGH: Final = 4
"""Letters of a word of look-alikes beside words in Latin letters: a shorter one may be a word of its own."""


def by_look(text: str) -> str:
    """The text with words of mixed alphabets, and of look-alikes beside Latin words, in Latin letters."""
    if _OTHER.search(text) is None or _LATIN.search(text) is None:
        return text
    return _WORD.sub(lambda found: _read(found[0]), text)


def _read(word: str) -> str:
    if _OTHER.search(word) is None:
        return word
    latin = word.translate(_LATIN_FOR)
    if _LATIN.search(word) is not None:
        return latin
    return latin if len(word) >= _ENOUGH and _OTHER.search(latin) is None else word
