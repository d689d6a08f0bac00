"""The listings that a party meets, as license determination takes them: list and record, asked by their
indexes, and what officers said of that party."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple

from greenlight.kernel.canonical import digest
from greenlight.kernel.once import once_per_object
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.application.screening.language import Resolution, Verdict, pair_of
from greenlight.law.determination.question import MAX_LISTINGS, Listed, Met, met
from greenlight.law.determination.undated import doubt
from greenlight.law.entity.spells import Spell, told
from greenlight.law.entity.spells import at as period_at
from greenlight.law.sources import NOT_PRINTED
from greenlight.lists.record import NOTHING_ON_RECORD, Record
from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.index import name_index
from greenlight.screening.normalise import normalise
from greenlight.screening.screen import nobody_ruled_out

NAMES = 65_536
"""Names whose entries are remembered; the same parties are asked about again and again."""


class _Entries(NamedTuple):
    """Entries with the same name, and those with one that is alike, the closest first; ``otherwise`` are
    those with the same name that count at another time."""

    same: tuple[Listing, ...]
    alike: tuple[Listing, ...]
    otherwise: tuple[Listing, ...] = ()


_NOBODY = _Entries((), ())
"""Words that nearly every name meets."""
_MET_NOBODY = Met(())


class ListedNames:
    """Asked for a party and an instant, finds what screening would: the same names, and those that are alike.

    From ``old_from`` on the list is too old to tell anything. ``record`` are the entries that officers
    listed, and ``words`` what they said of pairs of a party and an entry, the last of each. ``looks_back``:
    of a day before that of the list it says which entries may not have been there.
    """

    def __init__(
        self,
        book: ListingBook,
        old_from: datetime | None = None,
        record: Record = NOTHING_ON_RECORD,
        words: Iterable[Resolution] = (),
        *,
        looks_back: bool = True,
    ) -> None:
        self._had = book.retrieved if looks_back else None
        self._book, self._old_from, self._record = book, old_from, record
        self._words = {word.pair: word.verdict for word in words}
        self._listed = lru_cache(maxsize=NAMES)(partial(_entries, book))
        self._recorded = lru_cache(maxsize=NAMES)(_entries)
        self._nobody_ruled_out = lru_cache(maxsize=NAMES)(nobody_ruled_out)

    @property
    def list_id(self) -> str:
        return self._book.id

    def prepare(self) -> None:
        """Make now what the first question would wait for: seconds, for a whole list."""
        name_index(self._book).prepare()

    def __call__(self, name: str, country: str | None, at: datetime) -> Met:
        """Find what a party meets. Of one whose ``country`` is not known, officers said nothing."""
        if not self._book.listings:
            return Met(None, "could not be screened: the list is empty")
        if self._old_from is not None and at >= self._old_from:
            return Met(None, f"could not be screened: the list of {self._book.retrieved} is too old")
        found = self._found(name, at)
        if found is None:
            return Met(None, "could not be screened: the name has neither letters nor digits")
        if not found.same and not found.alike and (reason := self._nobody_ruled_out(name)) is not None:
            return Met(None, f"could not be screened: {reason}")
        if found is _NOBODY:
            return _MET_NOBODY
        return _met(self._as_said(found, name, country), at, self._had)

    def _found(self, name: str, at: datetime) -> _Entries | None:
        """Of the list and of the record those that count at an instant."""
        recorded, listed = self._record.at(at), self._listed(name)
        if listed is None or (listed is _NOBODY and recorded is None):
            return listed

        def speaks(listing: Listing) -> bool:
            return not (recorded and recorded.overrules(listing))

        same, alike = tuple(filter(speaks, listed.same)), filter(speaks, listed.alike)
        found = _Entries(
            tuple(each for each in same if each.is_in_force(at)),
            tuple(each for each in alike if each.is_in_force(at)),
            tuple(each for each in same if not each.is_in_force(at)),
        )
        on_record = self._recorded(recorded.book, name) if recorded and recorded.book else None
        if on_record is None:
            return found
        return found._replace(same=(*on_record.same, *found.same), alike=(*on_record.alike, *found.alike))

    def _as_said(self, found: _Entries, name: str, country: str | None) -> _Entries:
        """One true match settles a party; what was denied is not met."""
        if not self._words or country is None:
            return found
        party = Party(role=PartyRole.END_USER, name=name, country=country)

        def said(listing: Listing) -> Verdict | None:
            return self._words.get(pair_of(party, entry_digest(listing)))

        true = tuple(each for each in found.alike if said(each) is Verdict.TRUE_MATCH)
        same = (*(each for each in found.same if said(each) is not Verdict.FALSE_MATCH), *true)
        if any(said(each) is Verdict.TRUE_MATCH for each in same):
            return found._replace(same=same, alike=())
        return found._replace(same=same, alike=tuple(each for each in found.alike if said(each) is None))


def _entries(book: ListingBook, name: str) -> _Entries | None:
    spelling = normalise(name)
    if not spelling:
        return None
    index = name_index(book)
    same = {entry.listing.key: entry.listing for entry in index.find(spelling)}
    alike = (entry.listing for entry, _ in index.similar(name) if entry.listing.key not in same)
    found = _Entries(tuple(same.values()), tuple(alike))
    return found if found != _NOBODY else _NOBODY


def _met(found: _Entries, at: datetime, had: date | None) -> Met:
    if len(found.same) > MAX_LISTINGS:
        # What is left out might be the strictest.
        return Met(None, f"has the name of {len(found.same)} listings, more than can be told")
    same = tuple(listed_as(each, at, had) for each in found.same)
    known = met(same, tuple(listed_as(each, at, had) for each in found.alike))
    return known._replace(otherwise=tuple(_otherwise(each, at) for each in found.otherwise[:MAX_LISTINGS]))


def _otherwise(listing: Listing, at: datetime) -> tuple[str, str]:
    """An entry that does not count at an instant, by its key, and when it does."""
    return listing.key, told((Spell(listing.listed, listing.removed),), period_at(at), agency_date(at))


def listed_as(listing: Listing, at: datetime, had: date | None = None) -> Listed:
    """An entry with the terms of an instant at which it is in force. ``had``: the day of its list, which may
    be a later one, and print no first day of the entry."""
    terms = listing.terms_at(at)
    listed = _listed(
        listing.key, listing.source_list, terms.license_requirement, terms.review_policy, listing.citation
    )
    if listing.listed is not None or had is None or (day := agency_date(at)) >= had:
        return listed
    return listed.model_copy(update={"seen": had, "doubt": doubt(listing.citation, had, day)})


@lru_cache(maxsize=NAMES)
def _listed(key: str, source_list: str, requirement: str, policy: str, citation: str) -> Listed:
    """The same parties are asked about again and again."""
    return Listed(
        listing=key,
        source_list=source_list,
        license_requirement=_printed(requirement),
        review_policy=_printed(policy),
        citation=citation,
    )


def _printed(text: str) -> str | None:
    return None if text.startswith(NOT_PRINTED) else text


@once_per_object(kept=4_096)
def entry_digest(listing: Listing) -> str:
    """Digest all that an entry of the list says: when any of it changes, so does the digest.

    Members that the entry does not give are left out, so that a new kind of member changes nothing by itself.
    """
    return digest(listing.model_dump(mode="json", exclude_defaults=True))
