"""The real list, told as a listing and its amendments, says what the list says, at every date."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.kernel.authority import MAX_BODY_BYTES
from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import JsonObject
from greenlight.law.entity.history import listing_at, versions
from greenlight.law.review import Posture
from greenlight.reference.entities import amendments, names, opening
from greenlight.reference.listings import load_listings
from tests.kernel.time.samples import washington
from tests.law.entity.cases import Entity

BOOK = load_listings()


def told() -> Entity:
    """As it is recorded today, all of it at once."""
    return replace(Entity(), now=datetime(2026, 11, 1, tzinfo=UTC)).after(opening(BOOK), *amendments(BOOK))


def test_the_listing_of_2019_counted_before_it_was_published() -> None:
    first = opening(BOOK)
    assert (first.effective, first.citation) == (washington(2019, 5, 16, 16, 15), "84 FR 22961")
    assert first.review_policy.posture is Posture.PRESUMPTION_OF_DENIAL
    assert [(each.citation, each.effective) for each in amendments(BOOK)] == [
        ("84 FR 43493", washington(2019, 8, 19, 0)),
        ("85 FR 51596", washington(2020, 8, 17, 0)),
        ("87 FR 55250", washington(2022, 9, 9, 0)),
    ]


@pytest.mark.parametrize(
    "at",
    [
        each + timedelta(microseconds=offset)
        for each in sorted({listing.begins for listing in BOOK.listings})
        for offset in (-1, 0)
    ],
    ids=str,
)
def test_the_entry_has_the_affiliates_that_the_list_has_in_force(at: datetime) -> None:
    entry = listing_at(told().events, at)
    in_force = {listing.key for listing in BOOK.listings if listing.is_in_force(at)}
    assert (entry.keys | {"huawei-technologies"} if entry else set()) == in_force


def test_the_entry_has_the_terms_that_the_list_has() -> None:
    head, entity = BOOK.listings[0], told()
    for version in versions(entity.events):
        terms = head.terms_at(version.begins)
        assert version.listing.license_requirement == terms.license_requirement
        assert version.listing.review_policy.text == terms.review_policy
        assert version.retroactive


def test_a_whole_list_fits_a_command() -> None:
    for body in (opening(BOOK), *amendments(BOOK)):
        content: JsonObject = body.model_dump(mode="json")
        assert len(canonical(content)) < MAX_BODY_BYTES / 2


def test_the_lists_have_names() -> None:
    assert names() == ("huawei",)
