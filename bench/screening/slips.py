"""Slips of those who type a name or shorten it, as seeded rules: a name in, the name with one slip out.

None: the name has no place for it. The rules know nothing of how names are compared.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from string import ascii_lowercase

Slip = Callable[[str, Random], str | None]

LONG = 6
"""Letters of a word that a slip leaves recognisable."""

FIELD = 35
"""Characters of a name's line in a message or a form, as in EDIFACT and SWIFT."""

_KEPT = 2 / 3
"""A name that loses more than this leaves is another name."""

_WORD = re.compile(rf"[A-Za-zÀ-ÖØ-öø-ÿ]{{{LONG},}}")
_FORMS = frozenset(
    "ag ao bv co company corp corporation fzc fzco fze gmbh inc incorporated jsc kg limited llc llp lp ltd "
    "ltda nv ojsc ooo pao pjsc plc private pte pty pvt sa sarl sas spa srl zao".split()
)
_LOOK_ALIKE = {"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2", "m": "rn", "rn": "m"}
_LOOKS = re.compile("rn|[olisbzm]", re.IGNORECASE)


def letter_missing(name: str, chance: Random) -> str | None:
    return _in_a_word(name, chance, _without_a_letter)


def letter_doubled(name: str, chance: Random) -> str | None:
    return _in_a_word(name, chance, _with_a_letter_doubled)


def letters_swapped(name: str, chance: Random) -> str | None:
    return _in_a_word(name, chance, _with_letters_swapped)


def letter_replaced(name: str, chance: Random) -> str | None:
    return _in_a_word(name, chance, _with_a_letter_replaced)


def letter_misread(name: str, chance: Random) -> str | None:
    """A digit for a letter, or what recognition of characters makes of it: 0 for o, m for rn."""
    return _in_a_word(name, chance, _with_a_letter_misread)


def space_lost(name: str, chance: Random) -> str | None:
    gaps = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", name)]
    if not gaps:
        return None
    at = chance.choice(gaps)
    return name[:at] + name[at + 1 :]


def space_added(name: str, chance: Random) -> str | None:
    return _in_a_word(name, chance, _with_a_space)


def form_glued(name: str, _: Random) -> str | None:
    """A word and its legal form as one: LarkmoorLtd, OOOLarkmoor."""
    words = name.split()
    first = _first_form(words)
    if first is not None and words[first - 1][-1].isalnum():
        return " ".join((*words[: first - 1], words[first - 1] + words[first], *words[first + 1 :]))
    if len(words) > 1 and _is_form(words[0]) and words[1][0].isalnum():
        return " ".join((words[0] + words[1], *words[2:]))
    return None


def form_misspelt(name: str, chance: Random) -> str | None:
    words = name.split()
    forms = [place for place, word in enumerate(words) if _is_form(word) and word.isalpha() and len(word) > 2]
    if not forms:
        return None
    at = chance.choice(forms)
    changes = (_without_a_letter, _with_a_letter_doubled, _with_letters_swapped, _with_a_letter_replaced)
    words[at] = chance.choice(changes)(words[at], chance) or _without_a_letter(words[at], chance)
    return " ".join(words)


def cut_off(name: str, _: Random) -> str | None:
    """The part of a name that a field of 35 characters keeps, where that is most of it."""
    return name[:FIELD].rstrip() if FIELD < len(name) <= FIELD / _KEPT else None


IN_A_LONG_WORD: Mapping[str, Slip] = {
    "letter_missing": letter_missing,
    "letter_doubled": letter_doubled,
    "letters_swapped": letters_swapped,
    "letter_replaced": letter_replaced,
    "letter_misread": letter_misread,
}
"""One slip in a word of six letters or more."""

SLIPS: Mapping[str, Slip] = {
    **IN_A_LONG_WORD,
    "space_lost": space_lost,
    "space_added": space_added,
    "form_glued": form_glued,
    "form_misspelt": form_misspelt,
    "cut_off": cut_off,
}


def _in_a_word(name: str, chance: Random, change: Slip) -> str | None:
    """The name with one of its long words changed: one that can be."""
    words = list(_WORD.finditer(name))
    for found in chance.sample(words, len(words)):
        if (changed := change(found[0], chance)) is not None:
            return name[: found.start()] + changed + name[found.end() :]
    return None


def _without_a_letter(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _with_a_letter_doubled(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[: at + 1] + word[at:]


def _with_letters_swapped(word: str, chance: Random) -> str | None:
    places = [at for at in range(len(word) - 1) if word[at].lower() != word[at + 1].lower()]
    if not places:
        return None
    at = chance.choice(places)
    # Capitals stay where they stand.
    swapped = _cased(word[at + 1], like=word[at]) + _cased(word[at], like=word[at + 1])
    return word[:at] + swapped + word[at + 2 :]


def _with_a_letter_replaced(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    other = chance.choice([letter for letter in ascii_lowercase if letter != word[at].lower()])
    return word[:at] + _cased(other, like=word[at]) + word[at + 1 :]


def _with_a_letter_misread(word: str, chance: Random) -> str | None:
    places = list(_LOOKS.finditer(word))
    if not places:
        return None
    found = chance.choice(places)
    seen = _cased(_LOOK_ALIKE[found[0].lower()], like=found[0])
    return word[: found.start()] + seen + word[found.end() :]


def _with_a_space(word: str, chance: Random) -> str:
    at = chance.randrange(2, len(word) - 1)
    return word[:at] + " " + word[at:]


def _cased(letters: str, like: str) -> str:
    return letters.upper() if like.isupper() else letters.lower()


def _is_form(word: str) -> bool:
    return word.replace(".", "").strip(",").lower() in _FORMS


def _first_form(words: Sequence[str]) -> int | None:
    """The place where the legal form begins that a name ends in; not at its first word."""
    at = len(words)
    while at > 1 and _is_form(words[at - 1]):
        at -= 1
    return at if at < len(words) else None
