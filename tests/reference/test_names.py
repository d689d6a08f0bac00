"""The listings that a name meets, as license determination takes them."""

from datetime import UTC, datetime

from licensing.determination.listings import demands
from licensing.determination.question import Classified, Listed
from reference.listings import load_listings
from reference.names import ListedNames

BEFORE = datetime(2019, 5, 16, 20, 14, tzinfo=UTC)
THEN = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
BOOK = load_listings()
NAMES = ListedNames(BOOK)
HUAWEI = "Huawei Device Co., Ltd."


def _only(found: tuple[Listed, ...] | None) -> Listed:
    assert found is not None
    (listed,) = found
    return listed


def test_a_listed_name_comes_with_the_terms_of_the_instant() -> None:
    assert NAMES(HUAWEI, BEFORE) == ()
    listed, later = (_only(NAMES(HUAWEI, at)) for at in (THEN, datetime(2023, 1, 1, tzinfo=UTC)))
    assert (listed.listing, listed.source_list, listed.citation) == (
        "huawei-device",
        "entity-list-huawei",
        "84 FR 22961",
    )
    assert listed.review_policy == "Presumption of denial"
    assert later.license_requirement != listed.license_requirement


def test_every_requirement_of_the_list_is_understood() -> None:
    item = (Classified(classification="EAR99"),)
    now = datetime(2026, 8, 1, tzinfo=UTC)
    for listing in BOOK.listings:
        if listing.is_in_force(now):
            found = NAMES(listing.name, now)
            assert found
            assert all(demands(each, item) for each in found), listing.key


def test_a_name_of_which_nothing_is_left_and_an_empty_list_say_nothing() -> None:
    assert NAMES("Somebody", THEN) == ()
    assert NAMES("...", THEN) is None
    empty = BOOK.model_copy(update={"listings": (), "version": "sha256:" + "0" * 64})
    assert ListedNames(empty)("Somebody", THEN) is None
