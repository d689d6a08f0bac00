"""Compares the parties to a transaction with a list, at an instant (15 CFR 744.11, 744.16).

Whatever stands in the way of an honest comparison is said, as `could_not_screen` with a reason. Reasons never
repeat a party's name: they end up in logs, and what an application says is confidential (50 U.S.C. 4820(h)).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from screening.book import IndexedName, ListingBook, NameIndex, name_index
from screening.finding import MAX_MATCHES, Finding, Match, ScreenedParty
from screening.normalise import normalise


def screen(
    parties: Sequence[ScreenedParty], book: ListingBook, at: datetime, *, max_age: timedelta | None = None
) -> tuple[Finding, ...]:
    """One finding for each party, in the order given, from the listings in force at an instant.

    With `max_age`, a book that was retrieved longer ago than that is not compared with.
    """
    index = _index(book, at, max_age)
    if isinstance(index, str):
        return tuple(_could_not_screen(party, book, index) for party in parties)
    return tuple(_screen_one(party, book, index, at) for party in parties)


def _index(book: ListingBook, at: datetime, max_age: timedelta | None) -> NameIndex | str:
    """What to compare with, or the reason why nobody can be compared."""
    try:
        if at.tzinfo is None:
            return "the instant to screen at has no time zone"
        if not book.listings:
            return "the list is empty"
        if max_age is not None and book.age(at) > max_age:
            return (
                f"the list was retrieved on {book.retrieved}, longer ago than {max_age} before the screening"
            )
        return name_index(book)
    except Exception as error:  # noqa: BLE001 - see _failure
        return _failure(error)


def _screen_one(party: ScreenedParty, book: ListingBook, index: NameIndex, at: datetime) -> Finding:
    try:
        normalised = normalise(party.name)
        if not normalised:
            return _could_not_screen(party, book, "nothing of the name is left once it is normalised")
        entries = [entry for entry in index.find(normalised) if entry.listing.is_in_force(at)]
        if not entries:
            return Finding(
                role=party.role,
                ordinal=party.ordinal,
                list_id=book.id,
                list_version=book.version,
                outcome="no_match",
            )
        matches = tuple(_match(entry, at) for entry in entries[:MAX_MATCHES])
        return Finding(
            role=party.role,
            ordinal=party.ordinal,
            list_id=book.id,
            list_version=book.version,
            outcome="listed",
            matches=matches,
            matches_left_out=len(entries) - len(matches),
        )
    except Exception as error:  # noqa: BLE001 - see _failure
        return _could_not_screen(party, book, _failure(error))


def _failure(error: Exception) -> str:
    # Whatever went wrong, a comparison that failed must never read as one that found nothing. The error's own
    # text may repeat a name.
    return f"the comparison failed: {type(error).__name__}"


def _match(entry: IndexedName, at: datetime) -> Match:
    terms = entry.listing.terms_at(at)
    return Match(
        listing=entry.listing.key,
        matched_name=entry.text,
        matched_as=entry.kind,
        alias_source=entry.source,
        citation=entry.listing.citation,
        license_requirement=terms.license_requirement,
        review_policy=terms.review_policy,
        terms_citation=terms.citation,
        note=entry.listing.note,
    )


def _could_not_screen(party: ScreenedParty, book: ListingBook, reason: str) -> Finding:
    return Finding(
        role=party.role,
        ordinal=party.ordinal,
        list_id=book.id,
        list_version=book.version,
        outcome="could_not_screen",
        reason=reason,
    )
