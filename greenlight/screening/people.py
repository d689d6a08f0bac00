"""Words in the names of people, as data: titles, particles, spellings of one name, and the commonest names.

Surnames and given names by how common they are come from the United States Census of 1990 (package `names`),
which counts people of every origin; English short forms from the package `nicknames`. Both are read once.
"""

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Final

from nicknames import NickNamer

from greenlight.screening.tables import table

# Of the 88,799 surnames of the census, those that three in 100,000 people have or more.
_SURNAMES: Final = 3_600
_GIVEN_NAMES: Final = 1_200

TITLES: Final = frozenset(table("people", "titles").split())

PARTICLES: Final = frozenset(
    "oglu ogly oghlu oghly ugli ughli uli uulu ogli kizi qizi kyzy gizi gyzy kizy al el ul ad as ar az bin ibn ben bint binti von van der den de del della di da dos la le ould".split()
)

# One line is one name.
VARIANTS: Final = table("people", "variants").strip()

# What 15 or more of the 7,591 people of the Consolidated Screening List are called (retrieved 2026-07-31).
COMMON: Final = frozenset(table("people", "common").split())


# Men's names of which the women's are made, beside those of `VARIANTS` and the census.
MEN: Final = frozenset(table("people", "men").split())


def _shares(what: str, count: int) -> dict[str, float]:
    """The commonest names of a list of the census, in small letters, and the share of people who have them."""
    with (files("names") / f"dist.{what}").open(encoding="ascii") as file:
        lines = [line.split(maxsplit=2) for line in islice(file, count)]
    return {name.lower(): float(percent) / 100 for name, percent, _ in lines}


# The commonest names of the census, and who has them.
SURNAMES: Final = _shares("all.last", _SURNAMES)
_OF_MEN, _OF_WOMEN = (_shares(f"{whose}.first", _GIVEN_NAMES) for whose in ("male", "female"))
GIVEN_NAMES: Final = {
    name: (_OF_MEN.get(name, 0.0) + _OF_WOMEN.get(name, 0.0)) / 2
    for name in _OF_MEN.keys() | _OF_WOMEN.keys()
}


def share_called(one: str, other: str) -> float:
    """The share of people who have one word as a given name and the other as their surname, 0 to 1."""
    return max(
        GIVEN_NAMES.get(given, 0.0) * SURNAMES.get(surname, 0.0)
        for given, surname in ((one, other), (other, one))
    )


# One line is a given name, in the spelling that the others of `VARIANTS` count as, and its short forms.
SHORT_FORMS: Final = table("people", "short_forms").strip()

# What the package has of old registers, in both directions: nobody called Robert goes by Bill today.
_NOT_SHORT: Final = frozenset({frozenset({"bill", "robert"}), frozenset({"billy", "robert"})})


def _full_names() -> dict[str, frozenset[str]]:
    known = NickNamer()
    full: defaultdict[str, set[str]] = defaultdict(set)
    for short, of in known.canonical_lookup.items():
        full[short].update(name for name in of if frozenset((short, name)) not in _NOT_SHORT)
    for line in SHORT_FORMS.splitlines():
        name, *forms = line.split()
        for form in (name, *forms):
            full[form].add(name)
    for name in (*known.nickname_lookup, *full):
        full[name].add(name)
    return {name: frozenset(of) for name, of in full.items()}


# The full names that a given name may stand for, itself among them.
FULL_NAMES: Final = _full_names()


_MENS: Final = MEN | frozenset(VARIANTS.split()) | frozenset(FULL_NAMES)


@lru_cache(maxsize=16_384)
def of_two_sexes(one: str, other: str) -> bool:
    """Tell whether one name is a man's and the other what is made of it for a woman, as Valeriy and Valeriya."""
    man, woman = sorted((one, other), key=lambda name: name[-1:] == "a")
    if woman[-1:] != "a" or man not in _MENS:
        return False
    stem = man[:-1] if man[-1] in "yio" else man
    return woman in (f"{man}a", f"{stem}a", f"{stem}ia", f"{stem}iya", f"{stem}ya")
