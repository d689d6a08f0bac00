"""Countries, provinces and cities, as data: a name with one place is not the name with another.

One line, or part of it up to a semicolon, is one place in its spellings; the first is what the others count
as. Spellings of several words are joined by a hyphen, and what stands behind a colon is Chinese.
"""

from typing import Final

from greenlight.screening.tables import table

PLACES: Final = table("places", "places")
