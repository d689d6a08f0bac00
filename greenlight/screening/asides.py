"""Names within a name: in brackets, behind "formerly", or without the person that it is named after."""

import re
from collections.abc import Iterator
from typing import Final

_BRACKETS: Final = re.compile(r"[(（\[](.*?)[)）\]]")
# An acronym and what it stands for: `MIPT - Moscow Institute of Physics and Technology`.
_DASH: Final = re.compile(r"^([A-ZА-Я]{3,7})\s?[-–—/]\s(.+)$|^(.+)\s[-–—/]\s?([A-ZА-Я]{3,7})$")
_INSTEAD: Final = re.compile(
    r"\b(?:formerly(?: known as)?|former|previously|also known as|[af][./]?k[./]?a\b\.?|ehemals|antes)(?!\w)",
    re.IGNORECASE,
)
_IN_HONOUR: Final = re.compile(r"\b(?:imeni|named after|named for|имени|им\.)", re.IGNORECASE)
# Most names have nothing of all this, and this is quicker than to try one thing after the other.
_SIGNS: Final = frozenset("([（–—/")
_TELLING: Final = frozenset(
    "formerly former previously known aka a.k.a. fka f.k.a. ehemals antes imeni named имени им.".split()
)


def asides(name: str) -> Iterator[tuple[str, str]]:
    """Split off what is said within a name; the first is empty where that is no name."""
    if _SIGNS.isdisjoint(name) and "- " not in name and _TELLING.isdisjoint(name.lower().split()):
        return
    for found in _BRACKETS.finditer(name):
        without = f"{name[: found.start()]} {name[found.end() :]}"
        yield _INSTEAD.sub(" ", found[1]), without
        if _INSTEAD.search(found[1]) is not None:
            yield "", without
    parts = _INSTEAD.split(_BRACKETS.sub(" ", name))
    if len(parts) == 2 and all(map(str.strip, parts)):
        yield parts[1], parts[0]
    if (honour := _IN_HONOUR.search(name)) is not None:
        yield "", name[: honour.start()]
    if (dash := _DASH.search(name)) is not None:
        yield dash[1] or dash[4], dash[2] or dash[3]
