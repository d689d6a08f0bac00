"""The one reader of a field with names: what is a name in it, what is not, and what became of that."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from greenlight.lists.form import LEADING_AND, MARK, Form
from greenlight.lists.forms import FORMS
from greenlight.lists.readings import READINGS
from greenlight.screening.normalise import folded_words, normalise
from greenlight.screening.places import PLACES
from greenlight.screening.tokens import prepare, says_who
from greenlight.screening.vocabulary import Sort
from greenlight.screening.words import DESCRIBING, FAINT, KIND, NOTHING

SEPARATOR: Final = ";"
"""Between names, and between addresses; with a space behind it or without."""

MAX_READ: Final = 1_000
"""Characters of a field in which forms are looked for: the longest that has any has half as many."""
_ENDS: Final = " ,;"
_BEFORE_ANOTHER: Final = re.compile(
    rf"[\s;,]*(?:\band\ )?(?<!\w)(?:{MARK}|[afn]kas?(?!\w)|dba(?!\w))[:,]?\s*"
    r"|the\ following\ (?:\w+\ )?(?:alias(?:es)?|names?):\s*|;\s*(?:and\ )?",
    re.IGNORECASE,
)
_LEGAL: Final = r"(?:Inc|Ltd|Limited|L\.?L\.?C|Corp|Co|S\.? ?A|S\.L|B\.V|N\.V|GmbH|Pte|Pvt|Jr|Sr)\b"
_IN_LIST: Final = re.compile(
    rf"\s*;\s*|,\s+(?:and\s+)?(?!{_LEGAL})|\s+and\s+(?=\S+,\s+{_LEGAL})", re.IGNORECASE
)
_FORMS: Final = "ltd inc llc corp co gmbh sarl fze fzco pte pvt jsc ooo oao ao zao pjsc"
_APART: Final = re.compile(r"[\s;:-]+")
_LONG: Final = 5
"""Letters of a word that is a name by itself; a shorter one is likely an acronym, of which there are many."""
_LIKE: Final = 4
"""Letters with which two spellings of one name begin alike."""
_ACRONYM: Final = re.compile(r"[A-Z].*[A-Z]")
_FIRM: Final = re.compile(rf"\b{_LEGAL}", re.IGNORECASE)


class Taken(NamedTuple):
    """Text taken off a field, or read beside it, by which form."""

    form: str
    what: str


class Named(NamedTuple):
    """A name, and where it comes from if the list does not print it as one."""

    name: str
    source: str | None = None


class Said:
    """The content of a field: names in the order in which they stand, and what is none."""

    __slots__ = ("names", "parents", "parties", "remarks", "scope", "taken")

    def __init__(self) -> None:
        self.names: list[Named] = []
        self.parents: list[Named] = []
        self.parties: list[str] = []
        self.scope: list[str] = []
        self.remarks: list[str] = []
        self.taken: list[Taken] = []


class _Reader:
    """Reads one field of rows that print a type, or of rows that print none."""

    def __init__(self, within: str, *, untyped: bool) -> None:
        self._forms = _of(FORMS, within, untyped=untyped)
        self._further = _of(READINGS, within, untyped=untyped)
        self._signs = tuple({sign for form in (*self._forms, *self._further) for sign in form.signs})

    def read(self, printed: str, into: Said) -> None:
        """Read a field that is tidy: single spaces, and none at its ends."""
        if len(printed) <= MAX_READ and any(map(printed.lower().__contains__, self._signs)):
            self._read(Named(printed), into)
        else:
            into.names.append(Named(printed))

    def _read(self, printed: Named, into: Said) -> None:
        text = Named(tidy(printed.name), printed.source)
        if not text.name:
            return
        for form, found in _matching(self._forms, text.name):
            if self._take(form, found, text, into):
                return
        into.names.append(text)
        for form, found in _matching(self._further, text.name):
            names = [name for name in _put_together(form, found) if _says_who(name, form, text.name)]
            if all(normalise(name) == normalise(text.name) for name in names):
                continue
            into.taken.append(Taken(form.title, text.name))
            into.names += (Named(name, f"read so: {form.title}") for name in names)

    def _take(self, form: Form, found: re.Match[str], text: Named, into: Said) -> bool:
        groups = {name: value.strip() for name, value in found.groupdict().items() if value}
        into.taken.append(Taken(form.title, text.name))
        into.scope += _kept(groups, "scope")
        into.remarks += _kept(groups, "remark")
        for part in ("party", "parent"):
            for name in _several(part, groups.get(part, "")):
                if part == "party":
                    into.parties.append(name)
                else:
                    inner = Said()
                    self._read(Named(name, form.source), inner)
                    into.parents += (named._replace(source=form.source) for named in inner.names)
        self._read(Named(_joined(groups), text.source), into)
        if "surname" in groups:
            into.names += (Named(name, text.source) for name in _put_together(form, found))
        for part in ("also", "list"):
            for name in _several(part, groups.get(part, "")):
                if " " in name or "surname" not in groups:
                    self._read(Named(name, form.source), into)
        if "surname" not in groups:
            into.names += (Named(name, form.source) for name in _put_together(form, found))
        return True


def reader(within: str, *, untyped: bool) -> _Reader:
    """The reader of names (``name``) or of other names (``alias``) of rows that print a type, or none."""
    return _READERS[within, untyped]


def has_forms(printed: str, *, untyped: bool) -> bool:
    """Tell whether there may be any form in a row's names, each behind a semicolon: most rows have none."""
    lower = printed.lower()
    return any(map(lower.__contains__, _SIGNS[untyped]))


def tidy(text: str) -> str:
    """Single spaces of whatever kind, and neither those nor separators at the ends."""
    return tidy_ends(" ".join(text.split()))


def tidy_ends(text: str) -> str:
    """The text without separators at its ends."""
    return text.strip(_ENDS)


def split(printed: str) -> Iterator[str]:
    """The parts of a field with several, each tidy; empty ones left out."""
    for part in printed.split(SEPARATOR):
        if kept := tidy(part):
            yield kept


def _of(forms: Iterable[Form], within: str, *, untyped: bool) -> tuple[Form, ...]:
    return tuple(
        form for form in forms if form.within in ("either", within) and (untyped or not form.untyped)
    )


def _matching(forms: Iterable[Form], text: str) -> Iterator[tuple[Form, re.Match[str]]]:
    lower = text.lower()
    for form in forms:
        if any(map(lower.__contains__, form.signs)):
            found = form.pattern.fullmatch(text)
            if found is not None and all(
                _is_persons(found[group]) for group in form.of_person if found[group]
            ):
                yield form, found


def _kept(groups: Mapping[str, str], part: str) -> list[str]:
    return [groups[part]] if part in groups else []


def _joined(groups: Mapping[str, str]) -> str:
    return " ".join(groups[part] for part in ("name", "rest") if part in groups)


def _several(part: str, text: str) -> Iterator[str]:
    """The parts of what may be several: parties and lists between commas, other names behind their marks."""
    if part == "also":
        found: Iterable[str] = _BEFORE_ANOTHER.split(text)
    elif part == "list" or (part == "party" and _FIRM.search(text)):
        found = _IN_LIST.split(text)
    else:
        found = split(text) if part == "party" else (text,)
    for name in found:
        if kept := tidy(name):
            yield kept


def _put_together(form: Form, found: re.Match[str]) -> Iterator[str]:
    """The names of ``again``, each once; one with ``also`` for each of those names."""
    groups = {name: (value or "").strip() for name, value in found.groupdict().items()}
    for template in form.again:
        for name in _several("also", groups["also"]) if "{also}" in template else ("",):
            said = tidy(template.format(**{**groups, "also": name}))
            if not (name and said.endswith(f"{groups['surname']} {groups['surname']}")):
                yield said


def _says_who(name: str, form: Form, printed: str) -> bool:
    """Tell whether a reading says who it is: more than a place, word of business, acronym or given name.

    A name in brackets has to say more than another: brackets hold much that is none.
    """
    words = normalise(name).split()
    if len(name.split()) == 1 and (form.of_person or not words or len(words[0]) < _LONG):
        return False
    if not words or _vocabulary(PLACES).issuperset(words):
        return False
    if form.of_person or (len(words) > 1 and f"({name})" not in printed):
        return True
    read = prepare(name, "organisation")
    beside = printed.replace(f"({name})", " ").strip()
    if " " not in name:
        return any(token.sort is Sort.OWN for token in read.tokens) and _is_own_word(name, printed)
    if says_who(read):
        return True
    if len(words) == 1:
        return _ACRONYM.match(name) is not None and _in_order(words[0], beside)
    # What is numbered, or what a single word stands for.
    return any(token.sort is Sort.NUMBER for token in read.tokens) or not (" " in beside or read.says_nothing)


def _is_own_word(word: str, printed: str) -> bool:
    """Tell whether a single word is who it is: it comes first, is an acronym or is like a word beside it."""
    if printed.startswith(word):
        return True
    beside = printed.replace(f"({word})", " ").lower()
    if _ACRONYM.search(word):
        return not printed.isupper() or _in_order(word, beside)
    return any(other.startswith(word[:_LIKE].lower()) for other in beside.split())


def _in_order(letters: str, text: str) -> bool:
    """Tell whether a text has an acronym's letters in order: among capitals a place looks like one."""
    rest = iter(text.lower())
    return all(letter in rest for letter in letters.lower() if letter.isalpha())


def _is_persons(text: str) -> bool:
    """Tell whether none of the words is one that firms or places have."""
    return _vocabulary(PLACES, KIND, DESCRIBING, FAINT, NOTHING, _FORMS).isdisjoint(folded_words(text))


@lru_cache(maxsize=2)
def _vocabulary(*tables: str) -> frozenset[str]:
    return frozenset(word for table in tables for word in _APART.split(table) if len(word) > 1)


_SIGNS: Final = {
    untyped: tuple(
        dict.fromkeys(
            said
            for within in ("name", "alias")
            for form in _of((*FORMS, *READINGS), within, untyped=untyped)
            for sign in form.signs
            for said in ((f";{sign}", f"; {sign}") if sign is LEADING_AND else (sign,))
        )
    )
    for untyped in (False, True)
}
_READERS: Final = {
    (within, untyped): _Reader(within, untyped=untyped)
    for within in ("name", "alias")
    for untyped in (False, True)
}
