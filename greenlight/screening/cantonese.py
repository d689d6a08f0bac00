"""Syllables of Chinese names: those of pinyin, and what Hong Kong's spellings of Cantonese are in it, as data.

The Cantonese table was made, once, with the packages `cantonese-romanisation` 1.0.5 and `pypinyin` (both under the
MIT license) of the 4,075 characters that the first level of GB 2312 has, of which names are made: for each
spelling the readings of the characters spelt so, the commonest first, five at most.
"""

from typing import Final

from greenlight.screening.tables import table

PINYIN: Final = frozenset(table("cantonese", "pinyin").split())

CANTONESE: Final = table("cantonese", "cantonese")
