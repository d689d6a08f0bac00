"""Legal forms of organisations, as data: the words that say what kind of company it is, not which one.

A form written with full stops stands for both of its spellings, `S.A.` and `SA`. Every other form stands for
itself. Forms are compared after folding, so case and accents do not matter here.
"""

from typing import Final

from greenlight.screening.tables import table

TRAILING: Final = tuple(table("legal_forms", "trailing").splitlines())

# Written before the name in Indonesia, in the former Soviet Union and in Arabic.
LEADING: Final = tuple(table("legal_forms", "leading").splitlines())

# Chinese, Japanese and Korean join the form to the name without a space, on either side.
JOINED: Final = tuple(table("legal_forms", "joined").splitlines())
