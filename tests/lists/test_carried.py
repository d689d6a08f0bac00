"""Keys of the shipped book: an entry of both has the same one, and one that could be another has its own."""

from itertools import permutations

from greenlight.law.sources import BY_SLUG
from greenlight.lists.columns import Row
from greenlight.lists.difference import difference
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.screening.book import Alias, Listing, ListingBook
from tests.lists.files import ACME, NO_BOOK, RETRIEVED, read
from tests.shared_data import SCREENING_LIST, needs

BOOK = load_listings()
FLOOR = 150
"""Of the shipped book's entries, so many at least are in the official file of July 2026."""
HUAWEI = ACME._replace(
    name="Huawei Technologies Co., Ltd. (Huawei)", addresses="CN", alt_names="Huawei Technology"
)
HONG_KONG = HUAWEI._replace(name="Huawei Technologies Co., Ltd.", addresses="HK; CN", alt_names="")
NETHERLANDS = HONG_KONG._replace(name="Huawei Technologies Cooperatief U.A.", addresses="NL")
SHANGHAI = HUAWEI._replace(
    name="Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Shanghai Huawei Technologies Co., Ltd.",
    alt_names="",
)
FAMILY = (HUAWEI, HONG_KONG, NETHERLANDS, SHANGHAI)


def book_of(**entries: dict[str, object]) -> ListingBook:
    """A shipped book with entries like Acme's, by their keys with hyphens for underscores."""
    (acme,) = read(write_list([ACME])).book.listings
    acme = acme.model_copy(update={"aliases": ()})
    listings = [
        acme.model_copy(update={"key": key.replace("_", "-")} | said) for key, said in entries.items()
    ]
    return NO_BOOK.model_copy(update={"listings": tuple(listings)})


def keys(shipped: ListingBook, *rows: Row) -> list[str]:
    """In the order of the rows; an entry's own key begins with its list."""
    found = read(write_list(rows), shipped=shipped).book.listings
    return ["own" if each.key.startswith(each.source_list) else each.key for each in found]


def test_one_name_in_several_countries_is_told_apart_by_them_whatever_the_order() -> None:
    expected = {
        HUAWEI: "huawei-technologies",
        HONG_KONG: "huawei-technologies-hk",
        NETHERLANDS: "huawei-technologies-nl",
        SHANGHAI: "shanghai-huawei-technologies",
    }
    for rows in permutations(FAMILY):
        assert keys(BOOK, *rows) == [expected[row] for row in rows]


def test_the_name_is_compared_normalised_and_aliases_exactly() -> None:
    assert keys(book_of(acme={"name": "ACME MICROWAVE"}), ACME) == ["acme"]
    assert keys(book_of(acme={"name": "AMW"}), ACME) == ["acme"]
    assert keys(book_of(acme={"name": "amw"}), ACME) == ["own"]
    assert keys(book_of(acme={"name": "Acme", "aliases": (Alias(name=ACME.name),)}), ACME) == ["acme"]
    assert keys(book_of(acme={"name": "Acme Macrowave"}), ACME) == ["own"]


def test_neither_another_list_nor_another_country_is_the_same_entry() -> None:
    shipped = book_of(acme={"countries": ("CN",)})
    assert keys(shipped, ACME._replace(source=BY_SLUG["unverified"].printed)) == ["own"]
    assert keys(shipped, ACME._replace(addresses="RU")) == ["own"]
    assert keys(shipped, ACME._replace(addresses="")) == ["acme"]
    assert keys(book_of(acme={"source_list": "unverified"}), ACME) == ["own"]


def test_what_could_be_two_has_its_own_key() -> None:
    """Two entries as near to one of the shipped book, and two of the shipped book as near to one."""
    two = (ACME._replace(addresses="CN; RU"), ACME._replace(addresses="CN; FR"))
    shipped = book_of(acme={"countries": ("CN",)})
    for rows in permutations(two):
        assert keys(shipped, *rows) == ["own", "own"]
    assert keys(book_of(acme={"countries": ("CN",)}, acme_hk={"countries": ("HK",)}), ACME) == ["own"]
    # One that is nearer than both is not in doubt.
    assert keys(shipped, *two, ACME._replace(addresses="CN")) == ["own", "own", "acme"]


def test_of_rows_that_name_one_entity_twice_the_same_one_has_the_key() -> None:
    again = ACME._replace(federal_register_notice="85 FR 51603")
    found = [
        {each.key: each.citation for each in read(write_list(rows), shipped=book_of(acme={})).book.listings}
        for rows in permutations((ACME, again))
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 2
    assert "acme" in found[0]


def test_a_key_that_is_taken_is_not_given_out() -> None:
    other = ACME._replace(name="Another")
    (taken,) = read(write_list([other])).book.listings
    shipped = book_of(acme={}).listings[0].model_copy(update={"key": taken.key})
    found = read(write_list([ACME, other]), shipped=NO_BOOK.model_copy(update={"listings": (shipped,)}))
    assert {each.name for each in found.book.listings if each.key == taken.key} == {"Another"}


def test_versions_are_compared_by_the_same_keys() -> None:
    before = read(write_list(FAMILY), shipped=BOOK).book
    after = read(write_list([HUAWEI._replace(license_policy="Case by case"), *FAMILY[1:]]), shipped=BOOK).book
    changes = difference(before, after)
    assert [change.before.key for change in changes.changed] == ["huawei-technologies"]
    assert (changes.added, changes.removed) == ((), ())


def test_all_else_stays_as_the_file_says() -> None:
    def without_key(listing: Listing) -> dict[str, object]:
        return listing.model_dump(exclude={"key"})

    own, carried = read(write_list(FAMILY)), read(write_list(FAMILY), shipped=BOOK)
    assert list(map(without_key, own.book.listings)) == list(map(without_key, carried.book.listings))
    assert own.book.version == carried.book.version


def test_the_shipped_book_is_found_in_the_official_file() -> None:
    needs(SCREENING_LIST)
    found = {each.key: each for each in read(SCREENING_LIST.read_bytes(), RETRIEVED, BOOK).book.listings}
    met = {each.key for each in BOOK.listings} & set(found)
    assert len(met) >= FLOOR
    assert {"huawei-technologies", "hisilicon-technologies", "huawei-technologies-hk"} <= met
    assert found["huawei-technologies"].name == HUAWEI.name
    assert found["huawei-technologies-hk"].countries == ("HK", "CN")
