"""The rough sound of a Latin word: one key for the spellings that transliteration gives one word."""

import re
from functools import lru_cache
from typing import Final

_CLUSTERS: Final = {
    "shch": "S",
    "sch": "S",
    "sh": "S",
    "tch": "C",
    "ch": "C",
    "zh": "J",
    "dj": "J",
    "dzh": "J",
    "j": "J",
    "kh": "h",
    "gh": "k",
    "tech": "tek",
    "tekh": "tek",
    "ph": "f",
    "th": "t",
    "ts": "T",
    "tz": "T",
    "ck": "k",
    "x": "ks",
    "q": "k",
    "w": "v",
    "yu": "u",
    "iu": "u",
    "ju": "u",
    "ou": "u",
    "oo": "u",
    "ya": "a",
    "ia": "a",
    "yo": "e",
    "io": "o",
    "ye": "e",
    "ie": "e",
    "ee": "i",
    "ce": "se",
    "ci": "si",
    "c": "k",
    "y": "i",
}
_CLUSTER: Final = re.compile("|".join(sorted(_CLUSTERS, key=len, reverse=True)))
# Letters that stand close together, and what a reader or a machine takes them for.
_LOOKS: Final = {"rn": "m", "cl": "d", "vv": "w", "ri": "n", "li": "h"}
_LOOK: Final = re.compile("|".join(_LOOKS))
_UMLAUT: Final = re.compile("([aou])e")
_DIPHTHONG: Final = re.compile("ou|oo|aw|au")
_ENDING: Final = re.compile("s[kc][iJ]*$")
_THREE_VOWELS: Final = str.maketrans("eo", "iu")
_REPEATED: Final = re.compile(r"(.)\1+")
_UNWRITTEN: Final = str.maketrans("pv", "bf", "aeiou") | {ord("T"): "ts"}
_SEMIVOWELS: Final = str.maketrans("ouiy", "wwyy", "ae")


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The key of a word in small Latin letters."""
    key = _REPEATED.sub(r"\1", _CLUSTER.sub(lambda found: _CLUSTERS[found[0]], word))
    return key[:-1] if key[-1:] == "h" else key


@lru_cache(maxsize=65_536)
def broad_sound(word: str) -> str:
    """As `sound`, with vowels and endings that languages write alike taken for each other.

    Arabic names have three vowels and Latin spellings five; Slavic surnames end in -sky, -skyy, -skij, -skyj.
    """
    return _REPEATED.sub(r"\1", _ENDING.sub("ski", sound(_DIPHTHONG.sub("u", word))).translate(_THREE_VOWELS))


@lru_cache(maxsize=65_536)
def without_umlauts(word: str) -> str:
    """`mueller` as `muller`, which is what accents leave of it."""
    return _UMLAUT.sub(r"\1", word)


@lru_cache(maxsize=65_536)
def look(word: str) -> str:
    """The key of a word in small Latin letters as poor print shows it: `modern` and `modem` have the same."""
    return _LOOK.sub(lambda found: _LOOKS[found[0]], word)


@lru_cache(maxsize=4096)
def consonants(word: str) -> str:
    """Keep what Arabic would write of a word, for words that came without vowels.

    Its w and y may be long vowels, which Latin spells in many ways: they count where little else is left.
    """
    letters = word.replace("w", "").replace("y", "").replace("sh", "S")
    key = _REPEATED.sub(r"\1", sound(letters).translate(_UNWRITTEN))
    return key if len(key) > 1 else _REPEATED.sub(r"\1", word.translate(_SEMIVOWELS))


def one_left_out(word: str) -> list[str]:
    """A word without each of its letters: two words that are one slip apart have one of these in common."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
