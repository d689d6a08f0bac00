"""An entry out of a row: which list, which kind, which names, from when until when.

Beside the name nothing is so wrong that the row is lost: what cannot be read is left out, and said.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from html import unescape
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from greenlight.law.sources import NOT_PRINTED, Source
from greenlight.lists.columns import MAX_FIELD, Row
from greenlight.lists.fields import addresses_of, countries_of, dates_of, kind_of, number_of
from greenlight.lists.names import (
    SEPARATOR,
    Named,
    Said,
    Taken,
    has_forms,
    reader,
    split,
    tidy,
    tidy_ends,
)
from greenlight.lists.sources import source_of, unknown_source
from greenlight.screening.book import Alias, Listing, ListingTerms, says_something
from greenlight.screening.kinds import ListedKind

MAX_NAME: Final = 600
MAX_TEXT: Final = 2_000
MAX_ALIASES: Final = 200
MAX_ADDRESSES: Final = 100
MAX_SAID: Final = 20
MAX_PARTIES: Final = 20

_OTHER_SEPARATOR: Final = re.compile(r"[；|\r\n]")
"""The separator between other names in files that went through other hands."""
_REFERENCE: Final = re.compile(r"&(?:[a-z]{2,8}|#[0-9]{2,6});")
"""A character as HTML writes it."""

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
_noted: Final = itemgetter(*map(Row._fields.index, _NOTED))


class WrongError(Exception):
    """A row that cannot be an entry: in which column, and why."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what


class Read(NamedTuple):
    """Text that a form took off a column, or read in it."""

    column: Literal["name", "alt_names"]
    taken: Taken


class Entry:
    """Read a row, but for the key: that depends on the other rows, too.

    ``printed`` is the name with all that stands beside it; ``parents`` are whom it belongs to, ``parties``
    entries of their own in the same row. ``left_out`` are values that are not taken over, with their column
    and the reason; ``taken`` is what forms took off the names. All that depends on the row alone; ``listing``
    is what was last made of it.
    """

    __slots__ = (
        "addresses",
        "aliases",
        "citation",
        "countries",
        "kind",
        "left_out",
        "listed",
        "listing",
        "name",
        "note",
        "number",
        "parents",
        "parties",
        "printed",
        "remarks",
        "removed",
        "scope",
        "source",
        "started",
        "taken",
        "terms",
        "where",
    )

    def __init__(self, row: Row) -> None:
        """:raises WrongError: the row names nobody."""
        self.left_out: list[tuple[str, str]] = []
        said = "".join(row)
        if len(said) > MAX_FIELD or "&" in said or not said.isprintable() or _OTHER_SEPARATOR.search(said):
            row = self._cleaned(row)
        self.source: Source = self._source(row.source)
        self.number: str = number_of(row.entity_number, self.left_out)
        self.kind: ListedKind = kind_of(row.type, self.left_out)
        self.printed = " ".join(row.name.split())
        named, others = self._read(row, untyped=self.kind == "unknown")
        self.taken = (
            *(Read("name", each) for each in named.taken),
            *(Read("alt_names", each) for each in others.taken),
        )
        self.name, self.aliases = self._named(row, named, others)
        self.parents = (*named.parents, *others.parents)
        self.scope = self._limited("name", (*named.scope, *others.scope), MAX_SAID)
        self.remarks = self._limited("name", (*named.remarks, *others.remarks), MAX_SAID)
        self.where = row.addresses
        where = tuple(split(row.addresses))
        self.countries = countries_of(where, self.left_out)
        self.addresses = self._limited("addresses", addresses_of(where), MAX_ADDRESSES)
        self.started = row.start_date.strip()
        self.listed, self.removed = dates_of(row, self.left_out)
        self.citation = self._citation(row)
        self.terms = (self._terms(row),)
        self.note = self._note(row)
        self.parties = tuple(self._parties(row, (*named.parties, *others.parties)))
        self.listing: Listing | None = None

    def with_parents(self) -> tuple[Alias, ...]:
        """Its other names with those of whom it belongs to, where no row has them as its own."""
        known = {self.name, *(alias.name for alias in self.aliases)}
        more = [each for each in self.parents if each.name not in known and says_something(each.name)]
        return (*self.aliases, *map(_alias, more))[:MAX_ALIASES]

    def as_listing(self, key: str, aliases: tuple[Alias, ...]) -> Listing:
        """The entry under its key; the same object where it was made before."""
        made = self.listing
        if made is None or made.key != key or made.aliases != aliases:
            made = self.listing = Listing(
                key=key,
                name=self.name,
                aliases=aliases,
                kind=self.kind,
                addresses=self.addresses,
                countries=self.countries,
                source_list=self.source.slug,
                listed=self.listed,
                removed=self.removed,
                citation=self.citation,
                terms=self.terms,
                note=self.note,
                scope=self.scope,
                remarks=self.remarks,
            )
        return made

    def _cleaned(self, row: Row) -> Row:
        """The row in plain text, no longer than what is read: a name is listed however badly it was typed."""
        return Row(**{column: self._plain(column, value) for column, value in row._asdict().items()})

    def _plain(self, column: str, value: str) -> str:
        """With spaces for control characters, and one separator for all that stand between other names."""
        if len(value) > MAX_FIELD:
            self.left_out.append((column, f"{len(value)} characters, of which {MAX_FIELD} are read"))
            value = value[:MAX_FIELD]
        value = _REFERENCE.sub(lambda found: unescape(found[0]), value)
        if column == "alt_names":
            value = _OTHER_SEPARATOR.sub(SEPARATOR, value)
        elif column == "name":
            value = value.replace("；", SEPARATOR)
        if value.isprintable():
            return value
        plain = "".join(map(_or_space, value))
        if plain != value.replace("\t", " "):
            self.left_out.append((column, "a control character, read as a space"))
        return plain

    def _source(self, printed: str) -> Source:
        found = source_of(printed)
        if found is None:
            self.left_out.append(("source", f"{printed[:80]!r} is no list that is known here"))
            return unknown_source(printed)
        return found

    def _read(self, row: Row, *, untyped: bool) -> tuple[Said, Said]:
        """Read the column of the name, and that of the other names."""
        named, others = Said(), Said()
        name = tidy_ends(self.printed)
        if name != self.printed and name:
            named.taken.append(Taken("separator at an end", self.printed))
        if has_forms(f"{row.name}; {row.alt_names}", untyped=untyped):
            if name:
                reader("name", untyped=untyped).read(name, named)
            of_others = reader("alias", untyped=untyped)
            for other in split(row.alt_names):
                of_others.read(other, others)
        else:
            named.names = [Named(name)]
            others.names = [Named(other) for other in split(row.alt_names)] if row.alt_names else []
        return named, others

    def _named(self, row: Row, named: Said, others: Said) -> tuple[str, tuple[Alias, ...]]:
        """The name, which is the first that can be compared, and the other ones."""
        found: dict[str, Named] = {}
        for column, said in (("name", named), ("alt_names", others)):
            for each in said.names:
                name = self._short(column, each.name)
                if name in found:
                    continue
                if says_something(name):
                    found[name] = each if name == each.name else each._replace(name=name)
                elif column == "alt_names":
                    self.left_out.append((column, f"{name!r} says nothing that could be compared"))
        if not found:
            raise WrongError("name", f"{row.name[:80]!r} says nothing that could be compared")
        first, *further = found.values()
        if first not in named.names and not any(says_something(each.name) for each in named.names):
            self.left_out.append(("name", f"{row.name[:80]!r} says nothing: {first.name!r} is the name"))
        sign = tidy(row.call_sign)
        if sign and sign not in found and len(sign) <= MAX_NAME and says_something(sign):
            further.append(Named(sign, "call sign"))
        if len(further) > MAX_ALIASES:
            self.left_out.append(("alt_names", f"{len(further)} names, of which {MAX_ALIASES} are kept"))
        return first.name, tuple(map(_alias, further[:MAX_ALIASES]))

    def _short(self, column: str, name: str) -> str:
        if len(name) > MAX_NAME:
            self.left_out.append((column, f"{len(name)} characters, of which {MAX_NAME} are kept"))
        return name[:MAX_NAME].rstrip()

    def _parties(self, row: Row, names: Iterable[str]) -> "Iterator[Entry]":
        """Entries of their own, on the terms of the row."""
        for name in tuple(names)[:MAX_PARTIES]:
            try:
                yield Entry(row._replace(name=name, alt_names="", call_sign="", type=""))
            except WrongError as wrong:
                self.left_out.append(("name", wrong.what))

    def _limited(self, column: str, values: Iterable[str], most: int) -> tuple[str, ...]:
        kept = tuple(values)
        if not kept:
            return ()
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
        none = f"{NOT_PRINTED}{self.source.rules}"
        return _terms(
            self.listed,
            self._cut("license_requirement", requirement or none),
            self._cut("license_policy", policy or none),
            self.citation,
        )

    def _note(self, row: Row) -> str | None:
        if not any(values := _noted(row)):
            return None
        note = _noted_as(values)
        return self._cut("remarks", note) if len(note) > MAX_TEXT else note or None


def _or_space(character: str) -> str:
    return " " if unicodedata.category(character) == "Cc" else character


# A list repeats itself, and what is the same is not built twice.
@lru_cache(maxsize=16_384)
def _terms(listed: datetime | None, requirement: str, policy: str, citation: str) -> ListingTerms:
    return ListingTerms(
        effective=listed, license_requirement=requirement, review_policy=policy, citation=citation
    )


# Many entries have the very same note: the programs that they are listed under.
@lru_cache(maxsize=4_096)
def _noted_as(values: tuple[str, ...]) -> str:
    return "; ".join(
        f"{name}: {value}" for name, each in zip(_NOTED, values, strict=True) if (value := each.strip())
    )


def _alias(named: Named) -> Alias:
    # Most other names are printed as such: their source need not be said, nor checked.
    return Alias(name=named.name) if named.source is None else Alias(name=named.name, source=named.source)
