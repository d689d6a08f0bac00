"""The listings that a name meets, as license determination takes them."""

from datetime import UTC, datetime

import pytest

from licensing.determination.listings import demands
from licensing.determination.question import Classified, Listed, Met
from reference.listings import load_listings
from reference.names import ListedNames
from screening.finding import ScreenedParty
from screening.screen import screen

BEFORE = datetime(2019, 5, 16, 20, 14, tzinfo=UTC)
THEN = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
BOOK = load_listings()
NAMES = ListedNames(BOOK)
HUAWEI = "Huawei Device Co., Ltd."


def _only(found: Met) -> Listed:
    assert found.listings is not None
    assert found.doubt is None
    (listed,) = found.listings
    return listed


def test_a_listed_name_comes_with_the_terms_of_the_instant() -> None:
    assert NAMES(HUAWEI, BEFORE) == Met(())
    listed, later = (_only(NAMES(HUAWEI, at)) for at in (THEN, datetime(2023, 1, 1, tzinfo=UTC)))
    assert (listed.listing, listed.source_list, listed.citation) == (
        "huawei-device",
        "entity-list",
        "84 FR 22961",
    )
    assert listed.review_policy == "Presumption of denial"
    assert later.license_requirement != listed.license_requirement


def test_every_requirement_of_the_list_is_understood() -> None:
    item = (Classified(classification="EAR99"),)
    now = datetime(2026, 8, 1, tzinfo=UTC)
    for listing in BOOK.listings:
        if listing.is_in_force(now):
            found = NAMES(listing.name, now).listings
            assert found
            assert all(demands(each, item) for each in found), listing.key


def test_a_name_of_which_nothing_is_left_and_an_empty_list_say_nothing() -> None:
    assert NAMES("Somebody", THEN) == Met(())
    assert NAMES("...", THEN).listings is None
    assert NAMES("বাংলা", THEN).listings is None
    empty = BOOK.model_copy(update={"listings": (), "version": "sha256:" + "0" * 64})
    assert ListedNames(empty)("Somebody", THEN).listings is None


def test_a_list_that_is_too_old_tells_nothing() -> None:
    names = ListedNames(BOOK, old_from=THEN)
    assert names(HUAWEI, BEFORE) == Met(())
    assert names(HUAWEI, THEN).listings is None
    assert "too old" in (names("Somebody", THEN).doubt or "")


def test_a_name_that_is_alike_is_told_as_what_it_may_be() -> None:
    found = NAMES("HiSilikon Optoelectronics Ltd", THEN)
    assert found.listings == ()
    assert "hisilicon-optoelectronics (entity-list)" in (found.doubt or "")
    assert NAMES("HiSilikon Optoelectronics Ltd", BEFORE) == Met(())


@pytest.mark.parametrize(
    "name", [HUAWEI, "HiSilikon Optoelectronics Ltd", "Hawaii Technologies LLC", "Huawei"]
)
def test_what_is_met_is_what_screening_finds(name: str) -> None:
    (found,) = screen([ScreenedParty(role="end_user", ordinal=0, name=name)], BOOK, THEN)
    met = NAMES(name, THEN)
    assert {each.listing for each in met.listings or ()} == {m.listing for m in found.matches if m.same_name}
    assert (met.doubt is not None) == (found.outcome == "possible_match")
