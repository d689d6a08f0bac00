"""Common words in the names of organisations, as data: how little each of them says about who it is.

One line, or part of it up to a semicolon, is one word in its spellings: the first is what the others count
as, whether plural, abbreviation, transliteration from Russian, or translation. What stands in no line is
distinctive. The classes follow the number of organisations on the Consolidated Screening List (retrieved
2026-07-31; the 10,206 entries of type Entity and those of the Entity List) that have the word in any of
their names. They were corrected by hand where a frequent word is somebody's own name (`huawei`, `gazprom`)
or a rare one is everybody's (`bakery`).
"""

from typing import Final

from greenlight.screening.tables import table

# Said by so many names (over 200 organisations of the list, or no more than grammar) that they tell nothing.
NOTHING: Final = table("words", "nothing")

# Over 100 organisations: what nearly everyone may add or leave out.
FAINT: Final = table("words", "faint")

# Over 30 organisations: what kind of business it is.
KIND: Final = table("words", "kind")

# Over 10 organisations: they describe, and two names with different ones are likely two.
DESCRIBING: Final = table("words", "describing")

# Names that exclude each other: who has one of a line is not who has another of it.
DIRECTIONS: Final = table("words", "directions")

# Titles that ships are named with, in two languages.
SHIPS_TITLES: Final = {
    "kapitan": "captain",
    "akademik": "academician",
    "inzhener": "engineer",
    "doktor": "doctor",
    "komandir": "commander",
}
