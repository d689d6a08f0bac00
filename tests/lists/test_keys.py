"""Keys: the same in every version, different within one."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.law.sources import BY_SLUG
from greenlight.lists.columns import Row
from tests.lists.files import ACME, HERON, ROWS, many, reading


def keys(*rows: Row) -> dict[str, str]:
    """By what tells rows apart in these tests."""
    return {listing.key: f"{listing.name}|{listing.addresses}" for listing in reading(*rows).book.listings}


def by_row(*rows: Row) -> dict[Row, str]:
    return dict(zip(rows, (listing.key for listing in reading(*rows).book.listings), strict=True))


def test_numbers_are_unique_on_one_list_alone() -> None:
    other = HERON._replace(source=BY_SLUG["ssi"].printed)
    assert set(keys(HERON, other)) == {"sdn-8124", "ssi-8124"}


def test_what_else_a_row_says_does_not_change_its_key() -> None:
    before, after = keys(ACME), keys(ACME._replace(addresses="RU", alt_names="", license_policy="x"))
    assert set(before) == set(after)


def test_list_name_first_day_and_first_notice_do() -> None:
    changed = [
        ACME._replace(name="Acme Microwave"),
        ACME._replace(start_date="2019-05-17"),
        ACME._replace(federal_register_notice="84 FR 22962"),
        ACME._replace(source=BY_SLUG["unverified"].printed),
    ]
    assert len({key for row in (ACME, *changed) for key in keys(row)}) == 5


NAMESAKES = tuple(
    ACME._replace(addresses=country, federal_register_notice=notice)
    for country, notice in (
        ("CN", "84 FR 1"),
        ("HK", "84 FR 1"),
        ("FR", "84 FR 1"),
        ("CN", "85 FR 2"),
        ("RU", "86 FR 3"),
    )
)


def test_rows_that_share_a_name_are_told_apart_whatever_their_order() -> None:
    found = [by_row(*ordered) for ordered in permutations(NAMESAKES)]
    assert all(each == found[0] for each in found)
    assert len(set(found[0].values())) == len(NAMESAKES)


@pytest.mark.parametrize("gone", NAMESAKES)
def test_no_row_takes_the_key_of_one_of_its_name_that_comes_or_goes(gone: Row) -> None:
    all_of_them = by_row(*NAMESAKES)
    left = by_row(*(row for row in NAMESAKES if row != gone))
    assert left == {row: key for row, key in all_of_them.items() if row != gone}
    (alone,) = by_row(gone).values()
    assert alone not in left.values()


def test_a_namesake_of_another_notice_comes_and_goes_and_no_key_changes() -> None:
    one = ACME._replace(addresses="CN", federal_register_notice="80 FR 100")
    other = ACME._replace(addresses="RU", federal_register_notice="90 FR 7")
    both = by_row(one, other)
    assert both == by_row(one) | by_row(other)
    assert len(set(both.values())) == 2


def test_an_entry_without_a_notice_has_the_key_that_it_had() -> None:
    (listing,) = reading(ACME._replace(federal_register_notice="")).book.listings
    assert listing.key == "entity-list-81b00f0f84d867ca"


def test_rows_of_one_number_are_told_apart_by_their_names_whatever_the_order() -> None:
    two = (HERON._replace(call_sign=""), HERON._replace(name="EGRET STAR", call_sign=""))
    assert by_row(*two) == by_row(*reversed(two))
    assert len(set(by_row(*two).values())) == 2


def test_what_an_amendment_adds_does_not_change_a_key_that_is_shared() -> None:
    amended = NAMESAKES[0]._replace(federal_register_notice="84 FR 1, 90 FR 5", alt_names="Acme")
    before, after = by_row(*NAMESAKES), by_row(amended, *NAMESAKES[1:])
    assert after[amended] == before[NAMESAKES[0]]


def test_rows_that_say_the_very_same_are_numbered() -> None:
    found = sorted(listing.key for listing in reading(ACME, ACME, ACME).book.listings)
    assert found[1:] == [f"{found[0]}-2", f"{found[0]}-3"]


@settings(deadline=None)
@given(st.permutations([*ROWS, *many(20), ACME._replace(addresses="RU")]))
def test_the_order_of_a_file_does_not_matter(rows: list[Row]) -> None:
    assert keys(*rows) == keys(*ROWS, *many(20), ACME._replace(addresses="RU"))
