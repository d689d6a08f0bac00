"""Arabic and Persian words for kinds of business and what they mean, as data.

An article, or a preposition with it, is taken off before a word is looked up. What is in no table is read
by its consonants.
"""

from typing import Final

from greenlight.screening.tables import table

# Letters that are typed for each other; Persian has its own k and y.
ALIKE: Final = str.maketrans("یکىأإآؤئ", "يكيااويي")

# The article, alone or behind "for" and "and".
ARTICLES: Final = ("وال", "لل", "ال")
# The ending of the feminine, which Latin spellings leave out or write in many ways.
FEMININE: Final = "ة"

_TERMS: Final = table("arabic", "terms")


def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for term in _TERMS.split():
        if "=" not in term:
            meanings[term.translate(ALIKE)] = ""
            continue
        spelling, _, meaning = term.partition("=")
        meanings = {of: known or meaning for of, known in meanings.items()} | {
            spelling.translate(ALIKE): meaning
        }
    return meanings


MEANINGS: Final = _meanings()
