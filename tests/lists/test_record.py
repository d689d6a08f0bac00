"""The entries that officers listed on the record, as a book at an instant."""

from datetime import datetime, timedelta

import pytest

from greenlight.law.entity.listing import Amendment
from greenlight.lists.record import NOTHING_ON_RECORD, Record, RecordedBook
from greenlight.screening.book import Listing
from greenlight.screening.normalise import normalise
from tests.law.entity.cases import (
    BEFORE,
    BEGIN,
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
)

A_MOMENT = timedelta(microseconds=1)
KEY = "sample"


def record(entity: Entity, **others: Entity) -> Record:
    return Record({KEY: entity.events} | {key: other.events for key, other in others.items()})


def at(record: Record, instant: datetime) -> RecordedBook:
    found = record.at(instant)
    assert found is not None
    return found


def entries(record: Record, instant: datetime) -> dict[str, Listing]:
    book = at(record, instant).book
    return {each.key: each for each in book.listings} if book else {}


def of_the_list(key: str, **said: object) -> Listing:
    """An entry of the official list under a key."""
    entry = entries(record(listed()), BEGIN)[KEY]
    return entry.model_copy(update={"key": key, **said})


def test_nothing_counts_before_its_instant() -> None:
    on_record = record(Entity().after(listing(BEFORE)))
    assert on_record.at(BEFORE - A_MOMENT) is None
    assert NOTHING_ON_RECORD.at(BEGIN) is None
    entry = entries(on_record, BEFORE)[KEY]
    assert (entry.name, entry.listed, entry.removed) == ("Sample Technologies", BEFORE, None)
    assert [alias.name for alias in entry.aliases] == ["Sample"]
    assert (entry.countries, entry.source_list) == (("CN", "HK"), "entity-list")
    terms = entry.terms_at(BEGIN)
    assert (terms.license_requirement, terms.review_policy) == (
        "For all items subject to the EAR.",
        "Presumption of denial",
    )


def test_what_is_to_come_counts_at_its_instant_whether_anybody_noticed_or_not() -> None:
    entity = listed().after(amending(MORE, TO_COME), removing(TO_COME + DAY))
    on_record = record(entity)
    assert sorted(entries(on_record, TO_COME - A_MOMENT)) == ["one", KEY, "two"]
    assert sorted(entries(on_record, TO_COME)) == ["one", KEY, "three", "two"]
    assert entries(on_record, TO_COME + DAY) == {}
    noticed = record(entity.at(TO_COME + DAY))
    for instant in (BEGIN, TO_COME, TO_COME + DAY):
        assert at(noticed, instant).version == at(on_record, instant).version


def test_an_entry_that_is_left_as_it_is_keeps_what_officers_said_of_it() -> None:
    """An amendment that adds an affiliate changes nothing of the others, its citation included."""
    entity = listed().at(BEGIN + DAY).after(amending(MORE, citation="84 FR 2"))
    before, after = entries(record(entity), BEGIN), entries(record(entity), BEGIN + DAY)
    assert {key: after[key] for key in before} == before
    assert (after["three"].citation, after["three"].listed) == ("84 FR 2", BEGIN + DAY)


def test_an_affiliate_that_is_named_otherwise_has_been_listed_since_it_was() -> None:
    renamed = Amendment(added=(affiliate("one", "Sample Renamed"),))
    entity = listed().at(BEGIN + DAY).after(amending(renamed, citation="84 FR 2"))
    entry = entries(record(entity), BEGIN + DAY)["one"]
    assert (entry.name, entry.listed, entry.citation) == ("Sample Renamed", BEGIN, "84 FR 2")


def test_affiliates_have_the_terms_of_the_entry_that_they_are_printed_under() -> None:
    entity = listed().at(BEGIN + DAY).after(amending(SOFTER, citation="84 FR 3"))
    for entry in entries(record(entity), BEGIN + DAY).values():
        assert (entry.terms_at(BEGIN + DAY).review_policy, entry.citation) == (
            "Case-by-case review",
            "84 FR 3",
        )


def test_an_affiliate_of_two_entries_loses_no_name() -> None:
    other = Entity(key="other").after(
        listing().model_copy(update={"name": "Other", "affiliates": (affiliate("one", "Uno Works"),)})
    )
    entry = entries(record(listed(), other=other), BEGIN)["one"]
    assert {entry.name, *(alias.name for alias in entry.aliases)} == {"Sample one", "Uno Works"}


def test_the_version_tells_what_counts_and_nothing_else() -> None:
    entity = listed().after(amending(MORE, TO_COME))
    versions = [at(record(entity), instant).version for instant in (BEGIN, TO_COME - A_MOMENT, TO_COME)]
    assert versions[0] == versions[1] != versions[2]
    gone = record(listed().at(BEGIN + DAY).after(removing()))
    assert at(gone, BEGIN).version != at(gone, BEGIN + DAY).version


def test_the_record_speaks_for_its_keys_from_the_first_instant_on() -> None:
    gone = record(listed().at(BEGIN + DAY).after(removing()))
    same = of_the_list(KEY, listed=BEGIN - DAY)
    assert at(gone, BEGIN).overrules(same)
    assert at(gone, BEGIN).overrules(of_the_list("two"))
    assert not at(gone, BEGIN).overrules(of_the_list("three"))
    # It was removed on record; a list that still prints it comes late.
    assert at(gone, BEGIN + DAY).overrules(same)
    # One that prints it as listed since then means another listing.
    assert not at(gone, BEGIN + DAY).overrules(of_the_list(KEY, listed=BEGIN + DAY))


def test_a_name_that_cannot_be_compared_costs_nobody_the_others() -> None:
    odd = listing().model_copy(update={"name": "...", "aliases": ("Sample",), "affiliates": ()})
    mute = odd.model_copy(update={"aliases": ()})
    assert not normalise("...")
    assert entries(record(Entity().after(odd)), BEGIN)[KEY].name == "Sample"
    assert entries(record(Entity().after(mute)), BEGIN) == {}


@pytest.mark.parametrize("key", ["sample.one", "sample_one-"])
def test_every_key_that_may_be_listed_may_be_met(key: str) -> None:
    entity = Entity(key=key).after(listing())
    book = at(Record({key: entity.events}), BEGIN).book
    assert book is not None
    assert key in {entry.key for entry in book.listings}
