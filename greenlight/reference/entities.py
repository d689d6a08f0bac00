"""A list of an entity and its affiliates, told as it came about: the listing, and what amended it later."""

from collections.abc import Mapping

from greenlight.law.entity.commands import AmendListing, ListEntity
from greenlight.law.entity.listing import Affiliate, Amendment
from greenlight.law.review import Posture, ReviewPolicy
from greenlight.reference.listings import HUAWEI
from greenlight.screening.book import Listing, ListingBook, ListingTerms

POSTURES: Mapping[str, Posture] = {
    "Presumption of denial": Posture.PRESUMPTION_OF_DENIAL,
    "Policy of denial": Posture.DENY,
    "Case-by-case review": Posture.CASE_BY_CASE,
    "Presumption of approval": Posture.PRESUMPTION_OF_APPROVAL,
}
"""The list's print, in one word."""


def names() -> tuple[str, ...]:
    """The lists that come with the service."""
    return tuple(sorted(file.stem for file in HUAWEI.parent.glob("*.json")))


def opening(book: ListingBook) -> ListEntity:
    """The listing of the entity that stands first in ``book``, with the affiliates of the same notice."""
    head = book.listings[0]
    terms = head.terms_at(head.begins)
    return ListEntity(
        name=head.name,
        aliases=_printed(head),
        affiliates=_added(book, head.citation),
        countries=frozenset(head.countries),
        license_requirement=terms.license_requirement,
        review_policy=_policy(terms),
        citation=head.citation,
        effective=head.begins,
    )


def amendments(book: ListingBook) -> tuple[AmendListing, ...]:
    """List the later notices' changes in the order of their effect: affiliates, the entry's own terms."""
    head = book.listings[0]
    effective = {each.citation: each.begins for each in book.listings}
    effective |= {terms.citation: terms.effective for terms in head.terms if terms.effective}
    del effective[head.citation]
    found: list[AmendListing] = []
    for citation, instant in sorted(effective.items(), key=lambda item: item[1]):
        terms = next((each for each in head.terms if each.citation == citation), None)
        added = _added(book, citation)
        amendment = Amendment(
            added=added,
            license_requirement=terms.license_requirement if terms else None,
            review_policy=_policy(terms) if terms else None,
        )
        reasons = f"{len(added)} affiliates are added." if added else "The license requirement is restated."
        found.append(AmendListing(amendment=amendment, citation=citation, effective=instant, reasons=reasons))
    return tuple(found)


def _added(book: ListingBook, citation: str) -> tuple[Affiliate, ...]:
    return tuple(
        Affiliate(key=each.key, name=each.name, countries=frozenset(each.countries), aliases=_printed(each))
        for each in book.listings[1:]
        if each.citation == citation
    )


def _printed(listing: Listing) -> tuple[str, ...]:
    """The aliases that the list itself prints."""
    return tuple(alias.name for alias in listing.aliases if alias.source is None)


def _policy(terms: ListingTerms) -> ReviewPolicy:
    return ReviewPolicy(text=terms.review_policy, posture=POSTURES[terms.review_policy])
