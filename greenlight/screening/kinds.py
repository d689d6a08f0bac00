"""As which kinds of party a listed name is compared."""

from typing import Final, Literal

from greenlight.screening.long_forms import LONG_FORMS
from greenlight.screening.normalise import folded_words, strip_legal_forms
from greenlight.screening.tokens import Kind, Sort, read

ListedKind = Literal["organisation", "person", "vessel", "unknown"]
"""The type of an entry on a list; five of its sources print no type, for people and organisations alike."""

# Words of business, and legal forms, that are people's names as well, or stand before them.
_NAMES_TOO: Final = frozenset(
    """
brothers brother bro merchant power general gen state bank branch lab labs min san ming
sal sia pao too se ran oak cas
""".split()
)
# A short word is an abbreviation of one thing, and somebody's name: `Ind`, `San`, `Min`.
_LONG: Final = 5
# What a word counts that describes a business, and may be a surname (Gold, Church); less says business.
_DESCRIBING: Final = 0.6


def kinds(name: str, listed_as: ListedKind) -> tuple[Kind, ...]:
    """The kinds to try a name as: where the list says none, a person, too, unless it names a firm."""
    if listed_as != "unknown":
        return (listed_as,)
    return ("organisation", "person") if _may_be_a_person(name) else ("organisation",)


def _may_be_a_person(name: str) -> bool:
    words = folded_words(name)
    if len(words) < 2 or any(map(str.isdecimal, name)):
        return False
    bare = words[:]
    strip_legal_forms(bare)
    forms = words[: len(words) - len(bare)] if words[-len(bare) :] == bare else words[len(bare) :]
    if not _NAMES_TOO.issuperset(forms):
        return False
    return not any(
        token.sort is Sort.COMMON
        and token.weight < _DESCRIBING
        and (len(token.word) >= _LONG or token.word in LONG_FORMS)
        and token.word not in _NAMES_TOO
        for token in read(name, "organisation").tokens
    )
