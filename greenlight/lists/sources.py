"""Which of the lists a row of the official file is on."""

import re
from collections.abc import Mapping
from typing import Final

from greenlight.law.sources import SOURCES, UNKNOWN, Source

_ABBREVIATION: Final = re.compile(r"\(([A-Z-]+)(?: List)?\)")


def _abbreviation(printed: str) -> str:
    found = _ABBREVIATION.search(printed)
    return found[1] if found else ""


_TITLE: Final = re.compile(r"[A-Z][\w -]* \([A-Z-]+(?: List)?\)(?: - [^,;.]*)?")
_BY_ABBREVIATION: Final[Mapping[str, Source]] = {_abbreviation(each.printed): each for each in SOURCES}


def source_of(printed: str) -> Source | None:
    """The list of that name. Its abbreviation tells it: titles were reworded over the years."""
    return _BY_ABBREVIATION.get(_abbreviation(printed))


def is_title(text: str) -> bool:
    """Tell whether a text is all the title of a list that is known, as its rows begin with."""
    return _TITLE.fullmatch(text) is not None and source_of(text) is not None


_APART: Final = re.compile(r"[^a-z0-9]+")


def unknown_source(printed: str) -> Source:
    """A list that is not known here, by the name that is printed: whoever is on it is listed all the same."""
    named = " ".join(printed.split()) or "A list without a name"
    slug = _APART.sub("-", (_abbreviation(named) or named).lower()).strip("-")[:40].strip("-")
    return UNKNOWN._replace(slug=f"unknown-{slug or 'list'}", printed=named[:400])
