"""To which paragraphs of its entry a control applies, read from the list's own words.

    NS applies to entire entry except 0A501.y
    RS applies to 5A001.b (except .b.5), .c, and .f.1 to f.3

What is said in other words ("shotguns with a barrel length less than 18 inches") is not understood, and what
is not understood may apply to anything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from greenlight.kernel.unknown import both, opposite, some

Path = tuple[str, ...]
"""A paragraph by its parts, from the entry down; none at all for the entry as a whole."""

_SUBJECT = r"(?:[A-Z]{2}|Russian industry sector sanctions?) appl(?:y|ies)(?: to)?"
_ENTIRE = re.compile(rf"(?:{_SUBJECT}(?: the)? entire entry\.?\s*)+")
_EXCEPT = re.compile(rf"{_SUBJECT} entire entry,? except:? (?P<but>.+)")
_ONLY = re.compile(
    rf"{_SUBJECT}(?: items controlled by| paragraphs?)? (?P<only>.+?)(?: only| of this entry)?\.?"
)
_COLUMN = re.compile(r"\s*[A-Z]{2} Column [0-9]\.?$")
_SEPARATOR = re.compile(r"\s*(?:,\s*and\b|,\s*or\b|,|;\s*and\b|;|\band\b|\bor\b)\s*")
_PARAGRAPH = re.compile(r"(?:(?P<eccn>[0-9][A-E][0-9]{3})\s*)?\.?(?P<path>[a-z](?:\.[a-z0-9]{1,2})*)")
_RANGE = re.compile(r"(?P<first>\S+) (?:to|through) (?P<last>\S+)")
_CARVED = re.compile(r"(?P<whole>[^()]+?) \(except (?P<but>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Scope:
    """All within ``included`` and not within ``excluded``; unless it was not ``understood``."""

    included: tuple[Path, ...] = ()
    excluded: tuple[Path, ...] = ()
    understood: bool = True

    def applies(self, paragraph: Path) -> bool | None:
        """To an item under ``paragraph``. None if more would have to be known of the item or the scope."""
        if not self.understood:
            return None
        inside = some(within(paragraph, path) for path in self.included)
        return both(inside, opposite(some(within(paragraph, path) for path in self.excluded)))


ENTIRE = Scope(included=((),))
NOT_UNDERSTOOD = Scope(understood=False)


def path_of(subparagraph: str | None) -> Path:
    """``.a.1`` as its parts. None is an item of which no more than the entry is known."""
    return tuple(subparagraph.strip(".").split(".")) if subparagraph else ()


def scope_of(eccn: str, text: str) -> Scope:
    """Read ``text``, the control as the entry of ``eccn`` prints it."""
    said = _COLUMN.sub("", re.sub(r"\.\s+(?=[a-z]\b)", ".", text.strip()))
    if _ENTIRE.fullmatch(said):
        return ENTIRE
    if excepted := _EXCEPT.fullmatch(said):
        scope = _paragraphs(eccn, excepted["but"])
        carved = Scope(ENTIRE.included, scope.included) if not scope.excluded else NOT_UNDERSTOOD
        return carved if scope.understood else NOT_UNDERSTOOD
    only = _ONLY.fullmatch(said)
    return _paragraphs(eccn, only["only"]) if only else NOT_UNDERSTOOD


def _paragraphs(eccn: str, text: str) -> Scope:
    """A list of paragraphs, each of them perhaps a range, or with an exception."""
    included: list[Path] = []
    excluded: list[Path] = []
    for part in _SEPARATOR.split(text.strip().rstrip(".")):
        carved = _CARVED.fullmatch(part)
        whole = _named(eccn, carved["whole"] if carved else part)
        but = _named(eccn, carved["but"]) if carved else ()
        if whole is None or but is None:
            return NOT_UNDERSTOOD
        included += whole
        excluded += but
    return Scope(tuple(included), tuple(excluded))


def _named(eccn: str, text: str) -> Iterable[Path] | None:
    """The paragraphs that one name or range means; None if it is neither."""
    ends = _RANGE.fullmatch(text)
    if ends is None:
        path = _path(eccn, text)
        return None if path is None else (path,)
    first, last = _path(eccn, ends["first"]), _path(eccn, ends["last"])
    if first is None or last is None or first[:-1] != last[:-1]:
        return None
    between = tuple(_between(first[-1], last[-1]))
    return tuple((*first[:-1], part) for part in between) if between else None


def _path(eccn: str, text: str) -> Path | None:
    found = _PARAGRAPH.fullmatch(text)
    if found is None or found["eccn"] not in {None, eccn}:
        return None
    return tuple(found["path"].split("."))


def _between(first: str, last: str) -> Iterator[str]:
    if first.isdigit() and last.isdigit():
        yield from (str(number) for number in range(int(first), int(last) + 1))
    elif len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        yield from (chr(letter) for letter in range(ord(first), ord(last) + 1))


def within(paragraph: Path, path: Path) -> bool | None:
    """Tell whether ``paragraph`` is ``path`` or below it; None if it is above, and the item may be either."""
    if paragraph[: len(path)] == path:
        return True
    return None if path[: len(paragraph)] == paragraph else False
