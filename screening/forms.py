"""Legal forms that are misspelt, cut off, or written together with the word before them."""

import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rapidfuzz.distance.OSA import distance

from screening.legal_forms import LEADING, TRAILING
from screening.normalise import folded_words
from screening.sounds import one_left_out

# Words of legal forms that are long enough to be known by all letters but one.
_FORM_WORDS: Final = frozenset(
    word for form in (*TRAILING, *LEADING) for word in folded_words(form) if word.isascii() and len(word) > 4
) | frozenset("sirketi gesellschaft aktsionernoye obschestvo".split())
# A legal form that lost the space before it.
GLUED: Final = re.compile("(.{3,}?)(?:co)?(?:ltd|llc|gmbh|limited|company|corporation|incorporated)")
_BESIDE: Final = {
    pair
    for form in (*TRAILING, *LEADING)
    for one, other in pairwise(folded_words(form))
    for pair in ((one, other), (other, one))
}
_NEARLY_FORMS: Final = {key: form for form in sorted(_FORM_WORDS) for key in (form, *one_left_out(form))}
_BEGUN_FORMS: Final = frozenset(
    form[:end] for form in _FORM_WORDS if len(form) > 5 for end in range(4, len(form))
)


@lru_cache(maxsize=16_384)
def nearly_a_form(word: str) -> str | None:
    """The word of a legal form that a word is but for one letter."""
    for key in (word, *one_left_out(word)):
        if (form := _NEARLY_FORMS.get(key)) is not None and distance(word, form, score_cutoff=1) <= 1:
            return form
    return None


def forms_mended(words: list[str], known: Container[str]) -> list[str]:
    """Words with forms as they are spelt, where one is misspelt beside another of its form, or cut off.

    What is known as another word is none of these.
    """
    for at, word in enumerate(words):
        if not 3 < len(word) < 7 or word in known or (form := nearly_a_form(word)) is None:
            continue
        if len(form) > 6 or any((form, other) in _BESIDE for other in words[max(at - 1, 0) : at + 2]):
            words[at] = form
    if len(words) > 2 and words[-1] in _BEGUN_FORMS and words[-1] not in known:
        return words[:-1]
    return words
