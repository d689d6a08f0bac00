"""An entry out of a row: which list, which kind, which names, from when until when."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from licensing.time.calendar import end_of_day
from lists.columns import Row
from lists.sources import Source, source_of
from screening.book import Alias, ListingTerms
from screening.kinds import ListedKind
from screening.normalise import normalise

MAX_NAME: Final = 600
MAX_TEXT: Final = 2_000
MAX_ALIASES: Final = 200
MAX_ADDRESSES: Final = 100
JOINED_BY: Final = "; "

_KINDS: Final[dict[str, ListedKind]] = {
    "": "unknown",
    "entity": "organisation",
    "individual": "person",
    "vessel": "vessel",
    "aircraft": "vessel",
}
_UNDER_PARENT: Final = ". Affiliated Entity: "
"""So the file prints an affiliate: after the name of the entry which it stands under."""
_COUNTRY: Final = re.compile(r"(?:.*, ?)?([A-Z]{2})")
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_NOTED: Final = (
    "title",
    "programs",
    "standard_order",
    "vessel_type",
    "vessel_flag",
    "vessel_owner",
    "gross_tonnage",
    "gross_registered_tonnage",
    "citizenships",
    "nationalities",
    "dates_of_birth",
    "places_of_birth",
    "ids",
    "remarks",
)
"""Columns that say more of an entry, kept as its note."""


class WrongError(Exception):
    """A row that cannot be an entry: in which column, and why."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what


class Entry:
    """What a row says, checked, but for the key: that depends on the other rows, too.

    ``left_out`` are values that are not taken over, with their column and the reason.
    """

    __slots__ = (
        "addresses",
        "aliases",
        "citation",
        "countries",
        "kind",
        "left_out",
        "listed",
        "name",
        "note",
        "number",
        "removed",
        "source",
        "started",
        "terms",
    )

    def __init__(self, row: Row) -> None:
        """:raises WrongError: the row cannot be an entry."""
        self.left_out: list[tuple[str, str]] = []
        if not "".join(row).isprintable():
            row = self._printable(row)
        self.source = _source(row.source)
        self.number = _number(row.entity_number)
        self.kind: ListedKind = _kind(row.type)
        self.name = _name(row.name)
        self.aliases = tuple(self._aliases(row))
        self.addresses = self._limited("addresses", _split(row.addresses), MAX_ADDRESSES)
        self.countries = tuple(dict.fromkeys(_countries(self.addresses)))
        self.started = row.start_date.strip()
        self.listed, self.removed = _dates(row)
        self.citation = self._citation(row)
        self.terms = (self._terms(row),)
        self.note = self._note(row)

    def _printable(self, row: Row) -> Row:
        """The row with spaces for control characters: a name is listed however badly it was typed."""
        values = {name: "".join(map(_or_space, value)) for name, value in row._asdict().items()}
        for name, before in row._asdict().items():
            if values[name] != before.replace("\t", " "):
                self.left_out.append((name, "a control character, read as a space"))
        return Row(**values)

    def _aliases(self, row: Row) -> Iterator[Alias]:
        known = {self.name}
        _, under, own = self.name.rpartition(_UNDER_PARENT)
        if under and normalise(own):
            known.add(own)
            yield Alias(name=own, source="its own name, after that of the entry which it stands under")
        for alias in self._limited("alt_names", _split(row.alt_names), MAX_ALIASES):
            if alias in known:
                continue
            known.add(alias)
            if not normalise(alias):
                self.left_out.append(("alt_names", f"{alias!r} says nothing that could be compared"))
            elif len(alias) > MAX_NAME:
                self.left_out.append(("alt_names", f"a name of {len(alias)} characters, at most {MAX_NAME}"))
            else:
                yield _alias(alias)
        sign = row.call_sign.strip()
        if sign and sign not in known and len(sign) <= MAX_NAME and normalise(sign):
            yield Alias(name=sign, source="call sign")

    def _limited(self, column: str, values: Iterable[str], most: int) -> tuple[str, ...]:
        kept = tuple(values)
        if len(kept) > most:
            self.left_out.append((column, f"{len(kept)} values, of which {most} are kept"))
        return tuple(self._cut(column, value) for value in kept[:most])

    def _cut(self, column: str, value: str) -> str:
        if len(value) > MAX_TEXT:
            self.left_out.append((column, f"{len(value)} characters, of which {MAX_TEXT} are kept"))
        return value[:MAX_TEXT]

    def _citation(self, row: Row) -> str:
        if notice := row.federal_register_notice.strip():
            return self._cut("federal_register_notice", notice)
        return f"{self.source.title}, entry {self.number}" if self.number else self.source.title

    def _terms(self, row: Row) -> ListingTerms:
        requirement, policy = row.license_requirement.strip(), row.license_policy.strip()
        return _terms(
            self.listed,
            self._cut("license_requirement", requirement or f"None is printed: see {self.source.rules}"),
            self._cut("license_policy", policy or f"None is printed: see {self.source.rules}"),
            self.citation,
        )

    def _note(self, row: Row) -> str | None:
        said = (f"{name}: {value}" for name in _NOTED if (value := str(getattr(row, name)).strip()))
        return self._cut("remarks", "; ".join(said)) or None


def _or_space(character: str) -> str:
    return " " if unicodedata.category(character) == "Cc" else character


def _source(printed: str) -> Source:
    found = source_of(printed)
    if found is None:
        raise WrongError("source", f"{printed[:80]!r} is no list that is known here")
    return found


def _number(printed: str) -> str:
    number = printed.strip()
    if number and not _NUMBER.fullmatch(number):
        raise WrongError("entity_number", f"{number[:80]!r} is no number")
    return number


def _kind(printed: str) -> ListedKind:
    kind = _KINDS.get(printed.strip().lower())
    if kind is None:
        raise WrongError("type", f"{printed[:80]!r} is none of Entity, Individual, Vessel, Aircraft")
    return kind


def _name(printed: str) -> str:
    name = " ".join(printed.split())
    if len(name) > MAX_NAME:
        raise WrongError("name", f"{len(name)} characters, at most {MAX_NAME}")
    if not normalise(name):
        raise WrongError("name", f"{name!r} says nothing that could be compared")
    return name


def _split(printed: str) -> list[str]:
    return [part for value in printed.split(JOINED_BY) if (part := " ".join(value.split()))]


def _countries(addresses: Iterable[str]) -> Iterator[str]:
    """An address ends with its country's code; the present layout prints nothing else of it."""
    for address in addresses:
        if found := _COUNTRY.fullmatch(address):
            yield found[1]


def _dates(row: Row) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day until the end of the last, in Washington; None: not printed."""
    first, last = _day("start_date", row.start_date), _day("end_date", row.end_date)
    if first is not None and last is not None and last < first:
        raise WrongError("end_date", f"{last} lies before {first}")
    listed = None if first is None else end_of_day(first - timedelta(days=1))
    return listed, None if last is None else end_of_day(last)


def _day(column: str, printed: str) -> date | None:
    text = printed.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongError(column, f"{text[:80]!r} is no date (YYYY-MM-DD)") from None
    if not 1900 <= day.year <= 2999:
        raise WrongError(column, f"{day} is not in the years 1900 to 2999")
    return day


# A list repeats itself, and what is the same is not built twice.
@lru_cache(maxsize=16_384)
def _terms(listed: datetime | None, requirement: str, policy: str, citation: str) -> ListingTerms:
    return ListingTerms(
        effective=listed, license_requirement=requirement, review_policy=policy, citation=citation
    )


def _alias(name: str) -> Alias:
    return Alias(name=name)
