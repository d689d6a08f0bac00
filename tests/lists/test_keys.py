"""Keys: the same in every version, different within one."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.tables.sources import BY_SLUG
from lists.columns import Row
from tests.lists.files import ACME, HERON, ROWS, many, reading


def keys(*rows: Row) -> dict[str, str]:
    """By what tells rows apart in these tests."""
    return {listing.key: f"{listing.name}|{listing.addresses}" for listing in reading(*rows).book.listings}


def test_numbers_are_unique_on_one_list_alone() -> None:
    other = HERON._replace(source=BY_SLUG["ssi"].printed)
    assert set(keys(HERON, other)) == {"sdn-8124", "ssi-8124"}


def test_what_else_a_row_says_does_not_change_its_key() -> None:
    before, after = keys(ACME), keys(ACME._replace(addresses="RU", alt_names="", federal_register_notice="x"))
    assert set(before) == set(after)


def test_list_name_and_first_day_do() -> None:
    changed = [
        ACME._replace(name="Acme Microwave"),
        ACME._replace(start_date="2019-05-17"),
        ACME._replace(source=BY_SLUG["unverified"].printed),
    ]
    assert len({key for row in (ACME, *changed) for key in keys(row)}) == 4


def test_rows_that_share_a_key_are_told_apart_whatever_their_order() -> None:
    rows = [ACME._replace(addresses=country) for country in ("CN", "HK", "RU")]
    found = [keys(*ordered) for ordered in permutations(rows)]
    assert all(each == found[0] for each in found)
    assert len(found[0]) == 3
    # The one that stands first has the key that it would have alone.
    assert set(keys(rows[0])) < set(found[0])


def test_rows_that_say_the_very_same_are_numbered() -> None:
    found = sorted(listing.key for listing in reading(ACME, ACME, ACME).book.listings)
    assert len(found) == 3
    assert found[2] == f"{found[1]}-2"


@settings(deadline=None)
@given(st.permutations([*ROWS, *many(20), ACME._replace(addresses="RU")]))
def test_the_order_of_a_file_does_not_matter(rows: list[Row]) -> None:
    assert keys(*rows) == keys(*ROWS, *many(20), ACME._replace(addresses="RU"))
