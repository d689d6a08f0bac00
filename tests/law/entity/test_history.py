"""What the entry says at any instant, and as known at any instant."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.body import Body
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.law.entity.events import (
    AmendmentTookEffect,
    EntityListed,
    ListingAmended,
    ListingRemoved,
    ListingTookEffect,
    RemovalTookEffect,
)
from greenlight.law.entity.history import listing_at, versions
from greenlight.law.entity.listing import Amendment
from greenlight.law.entity.state import EntityState, Stage
from tests.law.entity.cases import (
    BEFORE,
    BEGIN,
    CASE_BY_CASE,
    DAY,
    MORE,
    SOFTER,
    TO_COME,
    Entity,
    affiliate,
    amending,
    listed,
    listing,
    removing,
    to_be_listed,
)
from tests.law.properties import QUICK

A_MOMENT = timedelta(microseconds=1)


def test_a_listing_counts_before_it_was_decided_and_was_not_known_then() -> None:
    entity = Entity().after(listing(BEFORE))
    (version,) = versions(entity.events)
    assert (version.begins, version.ends, version.retroactive) == (BEFORE, None, True)
    assert listing_at(entity.events, BEFORE) == version.listing
    assert listing_at(entity.events, BEFORE - A_MOMENT) is None
    assert listing_at(entity.events, BEFORE, known_at=BEGIN - A_MOMENT) is None
    assert listing_at(entity.events, BEFORE, known_at=BEGIN) == version.listing


def test_the_entry_is_what_the_amendments_that_count_make_of_it() -> None:
    entity = listed().after(amending(SOFTER, TO_COME, "84 FR 3")).at(BEGIN + DAY).after(amending(MORE))
    found = [(each.begins, each.ends, each.listing.citation) for each in versions(entity.events)]
    assert found == [
        (BEGIN, BEGIN + DAY, "84 FR 1"),
        (BEGIN + DAY, TO_COME, "84 FR 2"),
        (TO_COME, None, "84 FR 3"),
    ]
    last = listing_at(entity.events, TO_COME)
    assert last is not None
    assert (last.keys, last.review_policy) == ({"one", "two", "three"}, CASE_BY_CASE)


def test_an_amendment_changes_nothing_of_what_was_known_before() -> None:
    before = listed()
    after = before.at(BEGIN + 3 * DAY).after(amending(SOFTER, BEGIN + DAY))
    asked = BEGIN + 2 * DAY
    assert listing_at(after.events, asked, known_at=asked) == listing_at(before.events, asked)
    now = listing_at(after.events, asked)
    assert now is not None
    assert now.review_policy == CASE_BY_CASE


def test_of_two_amendments_for_one_instant_the_later_is_the_last_word() -> None:
    first, second = Amendment(name="First"), Amendment(name="Second")
    entity = listed().after(amending(first, TO_COME), amending(second, TO_COME)).at(TO_COME)
    entry = listing_at(entity.events, TO_COME)
    assert entry is not None
    assert (entry.name, entity.opened.listing) == ("Second", entry)


def test_a_removal_ends_the_entry_and_its_past_stays() -> None:
    entity = listed().after(removing(TO_COME)).at(TO_COME + DAY)
    assert listing_at(entity.events, TO_COME - A_MOMENT) is not None
    assert listing_at(entity.events, TO_COME) is None
    assert [each.ends for each in versions(entity.events)] == [TO_COME]
    assert [each.ends for each in versions(entity.events, known_at=BEGIN - A_MOMENT)] == []


def test_a_listing_that_was_removed_before_it_counted_counts_never() -> None:
    assert versions(to_be_listed().after(removing()).events) == ()


# Whatever is decided when, and for when

OFFSETS = st.none() | st.integers(-10, 30)
KEYS = st.sampled_from(["one", "two", "three", "four"])
AMENDMENTS = st.one_of(
    KEYS.map(lambda key: Amendment(added=(affiliate(key, f"Sample {key}, again"),))),
    KEYS.map(lambda key: Amendment(removed=frozenset({key}))),
    st.sampled_from([SOFTER, MORE, Amendment(name="Sample Renamed"), Amendment(aliases=())]),
)
STEPS = st.lists(st.tuples(st.integers(0, 12), AMENDMENTS | st.just(None), OFFSETS), max_size=12)
AT = st.integers(-20, 200).map(lambda hours: BEGIN + timedelta(hours=12 * hours))
OF_TIME = (ListingTookEffect, AmendmentTookEffect, RemovalTookEffect)


def _instant(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now + timedelta(days=days)


def lived(first: int | None, steps: list[tuple[int, Amendment | None, int | None]]) -> list[Entity]:
    """An entity after its listing and after every decision that was accepted; None stands for a removal."""
    found = [Entity().after(listing(_instant(BEGIN, first)))]
    for wait, amendment, days in steps:
        entity = found[-1].at(found[-1].now + timedelta(days=wait))
        effective = _instant(entity.now, days)
        body: Body = amending(amendment, effective) if amendment else removing(effective)
        decision = entity.asked(body)
        assert not isinstance(decision, Need)
        found.append(entity if isinstance(decision, Refusal) else entity.with_events(*decision).advanced())
    return found


@QUICK
@given(first=OFFSETS, steps=STEPS, at=AT)
def test_an_entry_is_a_function_of_what_was_decided(
    first: int | None, steps: list[tuple[int, Amendment | None, int | None]], at: datetime
) -> None:
    """It says the same whether or not anybody noticed that something took effect, and what an independent
    reckoning says: apply what counts by then, in order."""
    (*_, entity) = lived(first, steps)
    decided = [event for event in entity.events if not isinstance(event, OF_TIME)]
    said = listing_at(entity.events, at)
    assert said == listing_at(decided, at)
    (listed_,) = entity.of(EntityListed)
    expected = listed_.listing if listed_.effective <= at else None
    for amended in sorted(entity.of(ListingAmended), key=lambda event: (event.effective, event.number)):
        if expected is not None and amended.effective <= at:
            expected = amended.amendment.applied(expected, amended.citation)
    for removal in entity.of(ListingRemoved)[-1:]:
        expected = None if removal.effective <= at else expected
    assert said == expected


@QUICK
@given(first=OFFSETS, steps=STEPS, at=AT)
def test_nothing_that_is_decided_changes_the_past_as_it_was_known(
    first: int | None, steps: list[tuple[int, Amendment | None, int | None]], at: datetime
) -> None:
    told = lived(first, steps)
    for entity in told:
        later = told[-1].events
        # Of several that were decided at one instant all are known at it.
        if all(event.at > entity.now for event in later[len(entity.events) :]):
            known = listing_at(later, at, known_at=entity.now)
            assert known == listing_at(entity.events, at)


@QUICK
@given(first=OFFSETS, steps=STEPS)
def test_the_state_says_what_the_events_say_of_now(
    first: int | None, steps: list[tuple[int, Amendment | None, int | None]]
) -> None:
    for entity in lived(first, steps):
        state, now = entity.opened, listing_at(entity.events, entity.now)
        assert EntityState.model_validate_json(state.model_dump_json(), strict=True) == state
        assert (now is not None) is (state.stage is Stage.LISTED)
        assert now is None or now == state.listing
        assert all(each.effective > entity.now for each in state.pending)
