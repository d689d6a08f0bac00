"""What is decided for an instant to come takes effect at it, whenever that is noticed."""

from datetime import timedelta

from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.deadlines import deadlines
from greenlight.law.entity.events import AmendmentTookEffect, ListingTookEffect, RemovalTookEffect
from greenlight.law.entity.state import Stage
from tests.law.entity.cases import (
    BEGIN,
    DAY,
    MORE,
    SOFTER,
    TO_COME,
    amending,
    listed,
    removing,
    to_be_listed,
)

A_MOMENT = timedelta(microseconds=1)


def test_nothing_is_due_where_nothing_is_to_come() -> None:
    assert deadlines(listed().after(amending()).opened) == ()


def test_a_listing_to_come_takes_effect_at_its_instant_and_not_before() -> None:
    entity = to_be_listed()
    assert entity.at(TO_COME - A_MOMENT).stage is Stage.TO_BE_LISTED
    after = entity.at(TO_COME)
    assert (after.stage, after.of(ListingTookEffect)) == (Stage.LISTED, (ListingTookEffect(at=TO_COME),))


def test_a_deadline_says_what_takes_effect_and_when() -> None:
    (due,) = deadlines(to_be_listed().opened)
    assert (due.kind, due.due, due.started_at, due.citation) == ("listing", TO_COME, BEGIN, "84 FR 1")
    assert due.explanation == "Listing takes effect on 1 Jun 2026 at 00:00 in Washington (84 FR 1)"


def test_everything_that_came_meanwhile_is_recorded_in_order_at_its_own_instant() -> None:
    entity = to_be_listed().after(
        amending(SOFTER, TO_COME + 2 * DAY), amending(MORE, TO_COME), removing(TO_COME + 3 * DAY)
    )
    assert [each.kind for each in deadlines(entity.opened)] == [
        "listing",
        "amendment-2",
        "amendment-1",
        "removal",
    ]
    after = entity.at(TO_COME + 40 * DAY)
    assert after.events[len(entity.events) :] == (
        ListingTookEffect(at=TO_COME),
        AmendmentTookEffect(at=TO_COME, number=2),
        AmendmentTookEffect(at=TO_COME + 2 * DAY, number=1),
        RemovalTookEffect(at=TO_COME + 3 * DAY),
    )
    assert after.opened.listing.keys == {"one", "two", "three"}
    assert ENTITY.deadlines(after.opened) == ()


def test_a_removal_takes_the_place_of_one_to_come() -> None:
    entity = listed().after(removing(TO_COME), removing(TO_COME + DAY))
    assert entity.at(TO_COME).stage is Stage.LISTED
    (over,) = entity.at(TO_COME + DAY).of(RemovalTookEffect)
    assert over.at == TO_COME + DAY


def test_an_amendment_that_would_come_after_the_removal_never_does() -> None:
    entity = listed().after(amending(SOFTER, TO_COME), removing(TO_COME - DAY))
    assert entity.at(TO_COME).of(AmendmentTookEffect) == ()


def test_a_listing_that_is_removed_before_it_counts_never_counts() -> None:
    entity = to_be_listed().after(removing(TO_COME - DAY)).at(TO_COME)
    assert (entity.stage, entity.of(ListingTookEffect)) == (Stage.REMOVED, ())
