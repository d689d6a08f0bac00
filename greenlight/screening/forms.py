"""Legal forms that are misspelt, cut off, or written together with the word before them."""

import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rapidfuzz.distance.OSA import distance

from greenlight.screening.legal_forms import LEADING, TRAILING
from greenlight.screening.normalise import folded_words
from greenlight.screening.sounds import look, one_left_out
from greenlight.screening.syllables import is_pinyin

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


_ABBREVIATIONS: Final = frozenset(
    "ltd llc llp jsc ooo pjsc ojsc cjsc zao oao pao fze fzco plc gmbh pvt inc".split()
)
_NEARLY_ABBREVIATIONS: Final = {
    key: form for form in sorted(_ABBREVIATIONS) for key in (form, *one_left_out(form))
}
_BEHIND: Final = re.compile("(.{4,})(?:ltd|llc|jsc|pjsc|ojsc|cjsc|ooo|zao|oao|pao|fze|gmbh|pvt|private)")
_BEFORE: Final = re.compile("(?:pjsc|ojsc|cjsc|jsc|llc|ooo|zao|oao|pao|ao(?=.{5}))(.{3,})")
_PRINTED: Final = {look(form): form for form in sorted(_FORM_WORDS) if len(form) > 5}


def without_doubtful_form(words: list[str], known: Container[str]) -> list[str] | None:
    """The words without an abbreviated form at either end that is misspelt (`LLCC`), or written together with
    the word beside it (`OOOAkrol`); None where there is none."""
    # Hao is a name among syllables of Chinese, and no misspelt OAO.
    if len(words) > 1 and not all(map(is_pinyin, words)):
        if _doubtful(words[-1], known):
            return words[:-1]
        if _doubtful(words[0], known):
            return words[1:]
    if words and (behind := _without_form(words[-1], _BEHIND)) is not None:
        return [*words[:-1], behind]
    if words and (before := _without_form(words[0], _BEFORE)) is not None:
        return [before, *words[1:]]
    return None


@lru_cache(maxsize=16_384)
def _without_form(word: str, form: re.Pattern[str]) -> str | None:
    found = form.fullmatch(word)
    return found[1] if found is not None else None


def _doubtful(word: str, known: Container[str]) -> bool:
    if not 1 < len(word) < 6 or word in known or word in _ABBREVIATIONS:
        return False
    return _nearly_abbreviated(word)


@lru_cache(maxsize=4_096)
def _nearly_abbreviated(word: str) -> bool:
    forms = (_NEARLY_ABBREVIATIONS.get(key) for key in (word, *one_left_out(word)))
    return any(form is not None and distance(word, form, score_cutoff=1) <= 1 for form in forms)


@lru_cache(maxsize=16_384)
def nearly_a_form(word: str) -> str | None:
    """The word of a legal form that a word is but for one letter."""
    for key in (word, *one_left_out(word)):
        if (form := _NEARLY_FORMS.get(key)) is not None and distance(word, form, score_cutoff=1) <= 1:
            return form
    return _PRINTED.get(look(word))


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
