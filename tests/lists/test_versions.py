"""Two versions of a list: what changed, and whether the new one may be what it seems."""

from datetime import date

import pytest

from greenlight.lists.columns import Row
from greenlight.lists.difference import difference
from greenlight.lists.plausibility import plausibility
from greenlight.lists.read import Reading
from greenlight.lists.sources import source_of
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from tests.lists.files import ACME, DOE, HERON, ROWS, WHOLE, many, read, reading

BOOK = load_listings()


def test_a_difference_names_what_came_what_went_and_what_says_something_else() -> None:
    old = reading(ACME, DOE).book
    new = reading(ACME._replace(addresses="RU", license_policy="Policy of denial"), HERON).book
    found = difference(old, new)
    assert [each.name for each in found.added] == ["HERON STAR"]
    assert [each.name for each in found.removed] == ["John Doe"]
    (change,) = found.changed
    assert change.what == ("addresses", "countries", "terms")
    assert (change.before.countries, change.after.countries) == (("CN", "HK"), ("RU",))


def test_nothing_changes_by_the_order_of_rows_and_everything_is_new_at_first() -> None:
    book = reading(*ROWS).book
    assert not difference(book, reading(*reversed(ROWS)).book)
    assert difference(None, book).added == book.listings


@pytest.mark.parametrize(
    ("after", "renames"),
    [
        (ACME._replace(name="Acme Radio Works", alt_names=ACME.alt_names), True),
        (ACME._replace(alt_names=""), True),
        (ACME._replace(alt_names=f"{ACME.alt_names}; Another Name Altogether"), False),
        (ACME._replace(alt_names=ACME.alt_names.upper()), False),
        (ACME._replace(addresses="RU"), False),
    ],
)
def test_an_entry_is_renamed_where_it_loses_a_name(after: Row, renames: bool) -> None:
    """Found less, it is as good as taken off, whatever its key says."""
    found = difference(reading(ACME, DOE).book, reading(after, DOE).book)
    assert bool(found.removed or found.renamed) is renames


def codes(old: Reading | None, new: Reading) -> list[str]:
    return [doubt.code for doubt in plausibility(old.book if old else None, new)]


def test_a_version_like_the_last_one_is_plausible() -> None:
    last = reading(*ROWS, *many(100))
    assert codes(last, reading(*ROWS, *many(91))) == []


def test_the_first_version_is_held_against_the_shipped_book_and_has_every_list() -> None:
    whole = read(write_list(WHOLE), shipped=BOOK)
    assert codes(None, whole) == []
    (doubt,) = plausibility(None, read(write_list(WHOLE[:-30]), shipped=BOOK))
    assert doubt.code == "smaller"
    assert "of the 153 entries of the book" in doubt.said
    for source in map(source_of, {row.source for row in WHOLE} - {ACME.source}):
        assert source is not None
        less = [row for row in WHOLE if row.source != source.printed]
        (doubt,) = plausibility(None, read(write_list(less), shipped=BOOK))
        assert doubt.said == f"whole lists are missing: {source.title}"


def test_one_row_that_is_lost_makes_a_file_doubtful() -> None:
    last = reading(*many(300))
    (doubt,) = plausibility(last.book, reading(*many(300), ACME._replace(name="", alt_names="")))
    assert (doubt.code, doubt.said) == (
        "bad_rows",
        "1 of 301 rows are bad: whoever they name is not listed",
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (write_list(()), "empty"),
        (write_list(ROWS)[:-10], "cut_off"),
        (write_list(ROWS) + b"1,2\r\n", "bad_rows"),
        (write_list(ROWS, ("source", "name")), "columns_missing"),
    ],
)
def test_what_is_doubtful_in_itself(content: bytes, code: str) -> None:
    assert code in codes(None, read(content))


def test_a_version_that_is_suddenly_much_smaller_is_doubtful() -> None:
    assert codes(reading(*many(100)), reading(*many(89))) == ["smaller", "smaller"]
    assert codes(reading(*many(100)), reading(*many(90))) == []


def test_a_list_that_is_gone_does_not_hide_behind_the_growth_of_another() -> None:
    old, new = reading(*many(100), HERON), reading(*many(120))
    (doubt,) = plausibility(old.book, new)
    assert doubt.said == "sdn: 0 entries after 1"


def test_a_version_from_before_the_last_is_doubtful() -> None:
    old, new = reading(*ROWS), reading(*ROWS, retrieved=date(2026, 7, 30))
    assert codes(old, new) == ["older"]
