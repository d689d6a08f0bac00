"""Compares the parties to a transaction with a list, at an instant (15 CFR 744.11, 744.16).

Parties of one name, country and address are compared once. Whatever stands in the way of an honest comparison
is said, as `could_not_screen` with a reason. Reasons never repeat a party's name: they end up in logs, and
what an application says is confidential (50 U.S.C. 4820(h)).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.finding import (
    MAX_LINE,
    MAX_MATCHES,
    Finding,
    Match,
    Outcome,
    ScreenedParty,
)
from greenlight.screening.index import IndexedName, NameIndex, name_index
from greenlight.screening.normalise import folded_words, normalise
from greenlight.screening.parts import MOST, holds_too_many
from greenlight.screening.scripts import unread
from greenlight.screening.tokens import MAX_LENGTH, MAX_WORDS, too_long

# Where the country stands in an address: at its end, behind a comma, as a code; or alone.
_COUNTRY: Final = re.compile(r"(^|, ?)[A-Z]{2}$")


def screen(
    parties: Sequence[ScreenedParty], book: ListingBook, at: datetime, *, max_age: timedelta | None = None
) -> tuple[Finding, ...]:
    """One finding for each party, in the order given, from the listings in force at an instant.

    With `max_age`, a book that was retrieved longer ago than that is not compared with.
    """
    index = _index(book, at, max_age)
    if isinstance(index, str):
        return tuple(_could_not_screen(party, book, index) for party in parties)
    found: dict[tuple[str, str | None, str | None], Finding] = {}
    for party in parties:
        who = party.name, party.country, party.address
        if who not in found:
            found[who] = _screen_one(party, book, index, at)
    return tuple(
        found[party.name, party.country, party.address].model_copy(
            update={"role": party.role, "ordinal": party.ordinal}
        )
        for party in parties
    )


def _index(book: ListingBook, at: datetime, max_age: timedelta | None) -> NameIndex | str:
    """The book to compare with, or the reason why nobody can be compared."""
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
            return _could_not_screen(party, book, "the name has neither letters nor digits", curable=False)
        matches = tuple(_matches(party, normalised, index, at))
        if not matches and (reason := nobody_ruled_out(party.name)) is not None:
            return _could_not_screen(party, book, reason, curable=False)
        return Finding(
            role=party.role,
            ordinal=party.ordinal,
            list_id=book.id,
            list_version=book.version,
            outcome=_outcome(matches),
            matches=matches[:MAX_MATCHES],
            matches_left_out=max(len(matches) - MAX_MATCHES, 0),
        )
    except Exception as error:  # noqa: BLE001 - see _failure
        return _could_not_screen(party, book, _failure(error))


def _outcome(matches: Sequence[Match]) -> Outcome:
    if not matches:
        return "no_match"
    return "listed" if matches[0].same_name else "possible_match"


def _matches(party: ScreenedParty, normalised: str, index: NameIndex, at: datetime) -> Iterable[Match]:
    """Find those of the same name, then those of one that is like it, the closest first."""
    same = [entry for entry in index.find(normalised) if entry.listing.is_in_force(at)]
    for entry in same:
        lines = ("the same name once normalised", *evidence(party, entry.listing))
        yield _match(entry, at, same_name=True, score=100.0, lines=lines)
    named = {entry.listing.key for entry in same}
    alike = [
        (entry, comparison)
        for entry, comparison in index.similar(party.name)
        if entry.listing.key not in named and entry.listing.is_in_force(at)
    ]
    others = [f"nobody else is ruled out: {written} have many spellings" for written in unread(party.name)]
    alike.sort(key=lambda pair: (-pair[1].score, party.country not in pair[0].listing.countries))
    for entry, comparison in alike:
        lines = (*comparison.explanation, *evidence(party, entry.listing), *others)
        yield _match(entry, at, same_name=False, score=comparison.score, lines=lines)


def evidence(party: ScreenedParty, listing: Listing) -> tuple[str, ...]:
    """Note what country and address say: neither proves that it is the same party, or another."""
    lines: list[str] = []
    if party.country and listing.countries:
        verb = "is" if party.country in listing.countries else "is not"
        lines.append(f"evidence: {party.country} {verb} among the listing's countries")
    given = _where(party.address) if party.address else frozenset[str]()
    printed = [words for address in listing.addresses if (words := _where(address))]
    if given and printed:
        shared = max(len(given & words) for words in printed)
        lines.append(
            f"evidence: {shared} of the {len(given)} words of the address are in one of the listing's"
        )
    return tuple(lines)


def _where(address: str) -> frozenset[str]:
    """The words of an address that tell more than its country: none, where a list prints nothing else."""
    return frozenset(folded_words(_COUNTRY.sub("", address)))


def nobody_ruled_out(name: str) -> str | None:
    """Say why a name that met nobody may be a listed one all the same; None: nothing speaks for that."""
    if too_long(name):
        return (
            f"the name is longer than what is compared of it ({MAX_LENGTH} characters, {MAX_WORDS} words), "
            "and what was compared met nobody"
        )
    if holds_too_many(name):
        return (
            f"the name holds more than the {MOST} parts that are compared, and what was compared met nobody"
        )
    if written := unread(name):
        return (
            f"{' and '.join(written)} have many spellings in Latin letters: "
            "those that were tried met nobody, and rule nobody out"
        )
    return None


def _failure(error: Exception) -> str:
    # Whatever went wrong, a comparison that failed must never read as one that found nothing. The error's own
    # text may repeat a name.
    return f"the comparison failed: {type(error).__name__}"


def _match(entry: IndexedName, at: datetime, *, same_name: bool, score: float, lines: Sequence[str]) -> Match:
    terms = entry.listing.terms_at(at)
    return Match(
        listing=entry.listing.key,
        source_list=entry.listing.source_list,
        matched_name=entry.text,
        matched_as=entry.kind,
        alias_source=entry.source,
        same_name=same_name,
        score=score,
        explanation=tuple(line[:MAX_LINE] for line in lines),
        citation=entry.listing.citation,
        license_requirement=terms.license_requirement,
        review_policy=terms.review_policy,
        terms_citation=terms.citation,
        note=entry.listing.note,
    )


def _could_not_screen(
    party: ScreenedParty, book: ListingBook, reason: str, *, curable: bool = True
) -> Finding:
    return Finding(
        role=party.role,
        ordinal=party.ordinal,
        list_id=book.id,
        list_version=book.version,
        outcome="could_not_screen",
        reason=reason,
        curable=curable,
    )
