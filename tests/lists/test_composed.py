"""The list and the record as one, in which the record counts for what is on it."""

from datetime import date, datetime, timedelta

from greenlight.law.entity.listing import Amendment
from greenlight.lists.composed import ComposedBook
from greenlight.lists.record import Record
from greenlight.reference.listings import load_listings
from greenlight.screening.book import Listing, ListingBook
from greenlight.screening.finding import Finding, ScreenedParty
from tests.law.entity.cases import BEGIN, DAY, SOFTER, Entity, amending, listed, listing, removing

KEY = "sample"
OTHER = load_listings().listings[0]


def official(*entries: Listing) -> ComposedBook:
    """An official list of a stranger, and of these."""
    return ComposedBook(
        ListingBook(
            id="csl",
            title="A list",
            source="A test",
            retrieved=date(2019, 9, 1),
            version="sha256:" + "0" * 64,
            listings=(OTHER, *entries),
        )
    )


def of(entity: Entity, *entries: Listing) -> ComposedBook:
    return official(*entries).beside(Record({KEY: entity.events}))


def printed(key: str, name: str, **said: object) -> Listing:
    return OTHER.model_copy(update={"key": key, "name": name, "aliases": (), "listed": BEGIN - DAY, **said})


def party(name: str, ordinal: int = 0, role: str = "end_user") -> ScreenedParty:
    return ScreenedParty(role=role, ordinal=ordinal, name=name, country="CN")


def only(book: ComposedBook, name: str, at: datetime) -> Finding:
    (found,) = book.screen([party(name)], at)
    return found


def test_who_is_listed_on_record_is_listed_from_then_on_and_not_after_the_removal() -> None:
    gone = of(listed().at(BEGIN + DAY).after(removing()))
    outcomes = [
        only(gone, "Sample Technologies", at).outcome
        for at in (BEGIN - timedelta(microseconds=1), BEGIN, BEGIN + DAY)
    ]
    assert outcomes == ["no_match", "listed", "no_match"]
    assert only(gone, "Sampel Technologies", BEGIN).outcome == "possible_match"
    assert only(gone, OTHER.name, BEGIN + 365 * DAY).outcome == "listed"


def test_of_one_key_the_record_says_what_counts() -> None:
    named_otherwise = listed().at(BEGIN + DAY).after(amending(Amendment(name="Turbine Works", aliases=())))
    book = of(named_otherwise, printed(KEY, "Sample Technologies"))
    assert only(book, "Sample Technologies", BEGIN).matches[0].citation == "84 FR 1"
    assert len(only(book, "Sample Technologies", BEGIN).matches) == 1
    # As the record names it now; the list will follow.
    later = BEGIN + DAY
    assert KEY not in {m.listing for m in only(book, "Sample Technologies", later).matches}
    assert only(book, "Turbine Works", later).outcome == "listed"
    found = book.listing(KEY, later)
    assert found is not None
    assert found.name == "Turbine Works"


def test_of_what_is_removed_on_record_the_list_prints_in_vain() -> None:
    gone = of(listed().at(BEGIN + DAY).after(removing()), printed(KEY, "Sample Technologies"))
    assert only(gone, "Sample Technologies", BEGIN).outcome == "listed"
    assert only(gone, "Sample Technologies", BEGIN + DAY).outcome == "no_match"
    assert gone.listing(KEY, BEGIN + DAY) is None
    again = printed(KEY, "Sample Technologies", listed=BEGIN + 2 * DAY)
    relisted = of(listed().at(BEGIN + DAY).after(removing()), again)
    assert only(relisted, "Sample Technologies", BEGIN + 2 * DAY).outcome == "listed"


def test_both_are_met_where_they_are_two() -> None:
    book = of(listed(), printed("sample-2", "Sample Technologies"), printed("sampel", "Sampel Technologies"))
    found = only(book, "Sample Technologies", BEGIN)
    assert [match.listing for match in found.matches if match.same_name] == [KEY, "sample-2"]
    assert "sampel" in {match.listing for match in found.matches if not match.same_name}


def test_without_a_record_it_is_the_list() -> None:
    plain, beside = official(), official().beside(Record({}))
    for name in (OTHER.name, "Huawai Technologies", "Acme Baking", "..."):
        assert only(plain, name, BEGIN + 365 * DAY) == only(beside, name, BEGIN + 365 * DAY)


def test_a_name_that_cannot_be_compared_with_the_list_is_not_compared_at_all() -> None:
    assert only(of(listed()), "...", BEGIN).outcome == "could_not_screen"


def test_an_amendment_of_the_terms_is_a_new_version_of_the_record() -> None:
    book = of(listed().at(BEGIN + DAY).after(amending(SOFTER)))
    before, after = book.recorded(BEGIN), book.recorded(BEGIN + DAY)
    assert before is not None
    assert after is not None
    assert before.version != after.version
    assert only(book, "Sample Technologies", BEGIN + DAY).matches[0].review_policy == "Case-by-case review"


def test_what_is_decided_for_later_is_known_and_does_not_count_yet() -> None:
    book = of(Entity().after(listing(BEGIN + 5 * DAY)))
    assert book.recorded(BEGIN) is None
    assert only(book, "Sample Technologies", BEGIN + 5 * DAY).outcome == "listed"


def test_the_same_counts_between_two_changes_of_the_list_and_of_the_record() -> None:
    printed_once = printed("printed", "Turbine Works", listed=BEGIN, removed=BEGIN + 3 * DAY)
    book = of(listed().at(BEGIN + DAY).after(removing()), printed_once)
    instants = [BEGIN - timedelta(microseconds=1), BEGIN, BEGIN + DAY, BEGIN + 2 * DAY, BEGIN + 3 * DAY]
    counted = [book.counts(at) for at in instants]
    assert counted[2] == counted[3]
    assert len(set(counted)) == 4
