"""Names that are alike, and of so many that it says little: why two of them are no match."""

from collections.abc import Sequence
from typing import Final

from greenlight.screening.alignment import Alignment
from greenlight.screening.normalise import folded_words
from greenlight.screening.people import share_called
from greenlight.screening.scripts import has_surname, may_be_a_person
from greenlight.screening.tokens import Prepared
from greenlight.screening.vocabulary import Sort, Token

# Of a hundred people in the United States, each is one of many.
_MANY: Final = 3e-7
# Under this, a word met another that it may well not be.
_LOOSELY: Final = 0.85
_SPELT: Final = frozenset({"misspelt", "transliteration"})


def doubt(a: Prepared, b: Prepared, alignment: Alignment) -> str | None:
    """Say why a match rests on words that say little; None: it rests on enough."""
    if a.kind == "person":
        return (
            _of_person(a, b, alignment)
            or _of_person(b, a, alignment.swapped())
            or _of_spelling(a, b, alignment)
        )
    if a.kind == "organisation" and (a.han or b.han) and _is_heard_in_part(a, b, alignment):
        return "what sounds like part of a name, in Chinese characters"
    return None


def _is_heard_in_part(a: Prepared, b: Prepared, alignment: Alignment) -> bool:
    """Tell whether a person's name, as Chinese characters are read, is no more than part of a firm's.

    A reading is that of hundreds of names. Only a surname tells: firms go by two characters as well (智谱).
    """
    name, unmet = (a, alignment.second) if a.han else (b, alignment.first)
    if len(name.han) != len(name.raw) or not may_be_a_person(name.han) or not has_surname(name.han):
        return False
    return any(token.sort in (Sort.OWN, Sort.PLACE) for token in unmet)


def _of_person(name: Prepared, other: Prepared, alignment: Alignment) -> str | None:
    if _leaves_out_the_first_initial(name, alignment):
        return "an initial met, and one before it did not"
    if len(other.tokens) == 2 and not alignment.second and _goes_by_another(name, alignment.first):
        one, another = other.tokens
        if share_called(one.word, another.word) >= _MANY:
            return "many have this name, and one of the two has another before it"
    return None


def _leaves_out_the_first_initial(name: Prepared, alignment: Alignment) -> bool:
    """`T. K. Mohan` for Krishna Mohan: who writes initials writes the first, if any."""
    initials = [token for token in name.tokens if token.sort is Sort.INITIAL]
    return (
        bool(initials)
        and initials[0] in alignment.first
        and any(it.how == "initial" and it.first[0] in initials for it in alignment.met)
    )


def _goes_by_another(name: Prepared, unmet: Sequence[Token]) -> bool:
    """Tell whether the first of somebody's given names, or of the surnames before a comma, met nothing."""
    parts = [folded_words(part) for part in name.name.split(",", 1)]
    firsts = {words[0] for words in parts if words}
    return any(token.sort is Sort.OWN and token.word in firsts for token in unmet)


def _of_spelling(a: Prepared, b: Prepared, alignment: Alignment) -> str | None:
    """Two slips, where one is likely, and nothing else."""
    loose = [it for it in alignment.met if it.how in _SPELT and it.quality < _LOOSELY]
    if len(loose) > 1 and a.texts.isdisjoint(b.texts):
        return "no word of a name is the other's, and more than one is spelt otherwise"
    return None
