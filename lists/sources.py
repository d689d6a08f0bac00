"""Which of the lists a row of the official file is on."""

import re
from collections.abc import Mapping
from typing import Final

from licensing.tables.sources import SOURCES, Source

_ABBREVIATION: Final = re.compile(r"\(([A-Z-]+)(?: List)?\)")


def _abbreviation(printed: str) -> str:
    found = _ABBREVIATION.search(printed)
    return found[1] if found else ""


_BY_ABBREVIATION: Final[Mapping[str, Source]] = {_abbreviation(each.printed): each for each in SOURCES}


def source_of(printed: str) -> Source | None:
    """The list of that name. Its abbreviation tells it: titles were reworded over the years."""
    return _BY_ABBREVIATION.get(_abbreviation(printed))
