"""When an entity is on the Entity List, by two lists together."""

from datetime import UTC, datetime

import pytest

from greenlight.law.entity.spells import Spell
from greenlight.reference.listings import load_listings
from greenlight.reference.spells import spells_of
from greenlight.screening.book import ListingBook

SHIPPED = load_listings()
KEY = "huawei-device"
SINCE = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
GONE = datetime(2026, 7, 31, tzinfo=UTC)


def official(**changes: object) -> ListingBook:
    """A book of one entry, as the layout of 2026 has it, without a first day."""
    entry = next(listing for listing in SHIPPED.listings if listing.key == KEY)
    terms = tuple(each.model_copy(update={"effective": None}) for each in entry.terms[:1])
    said = {"listed": None, "terms": terms, **changes}
    return SHIPPED.model_copy(update={"id": "csl", "listings": (entry.model_copy(update=said),)})


@pytest.mark.parametrize(
    ("key", "book", "spells"),
    [
        (KEY, SHIPPED, (Spell(SINCE),)),
        (KEY, official(), (Spell(SINCE),)),
        (KEY, official(removed=GONE), (Spell(SINCE, GONE),)),
        ("new-entry", official(key="new-entry"), (Spell(None),)),
        ("nobody", official(), ()),
        (KEY, official(source_list="unverified"), (Spell(SINCE),)),
        (KEY, official(key="new-entry"), (Spell(SINCE),)),
    ],
    ids=[
        "the shipped list",
        "a day of the shipped entry",
        "removed",
        "no day",
        "no entry",
        "another list",
        "under another key in the official list",
    ],
)
def test_the_days_of_an_entry(key: str, book: ListingBook, spells: tuple[Spell, ...]) -> None:
    assert spells_of(key, book, SHIPPED) == spells
