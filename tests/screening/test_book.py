"""The list itself: what a listing and a book refuse to be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from greenlight.screening.book import Listing, ListingBook

START = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
TERMS = {
    "effective": START,
    "license_requirement": "All",
    "review_policy": "Denial",
    "citation": "84 FR 22961",
}
LISTING = {
    "key": "acme",
    "name": "Acme Ltd",
    "countries": ("CN",),
    "listed": START,
    "citation": "84 FR 22961",
    "terms": (TERMS,),
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "—"}, "could never be matched"),
        ({"aliases": ({"name": "..."},)}, "could never be matched"),
        ({"name": "x" * 601}, "at most 600"),
        ({"key": "Not A Slug"}, "pattern"),
        ({"kind": "company"}, "'organisation', 'person', 'vessel' or 'unknown'"),
        ({"addresses": ("",)}, "at least 1"),
        ({"listed": None}, "from the day of listing"),
        ({"terms": (TERMS, TERMS | {"effective": None})}, "in the order"),
        ({"listed": datetime(2019, 5, 16)}, "timezone"),
        ({"listed": START.astimezone(timezone(timedelta(hours=8)))}, "UTC"),
        ({"listed": START - timedelta(days=1)}, "from the day of listing"),
        ({"removed": START}, "removed must be later"),
        ({"terms": ()}, "at least 1"),
        ({"terms": (TERMS, TERMS)}, "in the order"),
        ({"address": "Shenzhen"}, "Extra inputs"),
    ],
)
def test_a_listing_that_makes_no_sense_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Listing.model_validate(LISTING | change)


def test_a_listing_that_makes_sense_survives_json() -> None:
    whole = Listing.model_validate(LISTING)
    assert Listing.model_validate_json(whole.model_dump_json()) == whole


def test_a_listing_whose_day_is_not_printed_counts_at_any_time_until_it_is_removed() -> None:
    undated = LISTING | {
        "listed": None,
        "countries": (),
        "removed": START,
        "terms": (TERMS | {"effective": None},),
    }
    listing = Listing.model_validate(undated)
    assert listing.is_in_force(datetime(1970, 1, 1, tzinfo=UTC))
    assert listing.terms_at(datetime(1970, 1, 1, tzinfo=UTC)).review_policy == "Denial"
    assert not listing.is_in_force(START)
    with pytest.raises(ValueError, match="acme: the list does not print the day"):
        _ = listing.begins


def test_two_listings_of_one_key_are_refused() -> None:
    one = Listing.model_validate(LISTING)
    with pytest.raises(ValidationError, match="'acme' is used for more than one listing"):
        ListingBook(
            id="list",
            title="A list",
            source="A test",
            retrieved=START.date(),
            version="sha256:" + "0" * 64,
            listings=(one, one),
        )
