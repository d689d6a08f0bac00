"""A version that is read with the one before it at hand is read as by itself, and so is its index."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.lists import read as read_module
from greenlight.lists.columns import Row
from greenlight.lists.read import Known, Reading, read_list
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.screening import candidates
from greenlight.screening.index import NameIndex, name_index
from greenlight.screening.tokens import Kind, Prepared
from tests.lists.files import ACME, DOE, HERON, RETRIEVED, WHOLE, many
from tests.shared_data import SCREENING_LIST, needs

BOOK = load_listings()
PARENT = ACME._replace(name="Hollow Ridge Works", alt_names="")
OF_PARENT = ACME._replace(name="Quarry Lane Institute, a subsidiary of Hollow Ridge Works", alt_names="")
TWICE = ACME._replace(alt_names="")
BAD = ACME._replace(name="", alt_names="")
POOL: tuple[Row, ...] = (ACME, DOE, HERON, PARENT, OF_PARENT, TWICE, TWICE, BAD, *many(4), *WHOLE[-6:])


def read(rows: list[Row], known: Known | None = None) -> Reading:
    return read_list(write_list(rows), list_id="csl", retrieved=RETRIEVED, shipped=BOOK, known=known)


def assert_same(index: NameIndex, fresh: NameIndex, names: list[str]) -> None:
    for name in names:
        assert index.similar(name) == fresh.similar(name)
        assert index.find(name.lower()) == fresh.find(name.lower())
    assert list(index.names) == list(fresh.names)


@given(first=st.lists(st.sampled_from(POOL)), second=st.lists(st.sampled_from(POOL)))
def test_it_says_the_same_whatever_was_read_before(first: list[Row], second: list[Row]) -> None:
    """Rows that come, go, change places and stand there twice; parents that get a row of their own, and lose
    it."""
    known = Known()
    before = read(first, known)
    found, fresh = read(second, known), read(second)
    assert found == fresh
    assert before == read(first, known) == read(first)
    names = [each.name for each in (*before.book.listings, *found.book.listings)]
    assert_same(NameIndex(found.book, before=NameIndex(before.book)), NameIndex(fresh.book), names)


def test_what_is_in_the_fields_is_told_from_what_is_between_them() -> None:
    known = Known()
    read([ACME._replace(name="Acme\0", alt_names="Works")], known)
    after = [ACME._replace(name="Acme", alt_names="\0Works")]
    assert read(after, known) == read(after)


def test_only_what_is_new_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known()
    before = read([*many(50)], known)
    name_index(before.book).prepare()
    read_anew: list[str] = []
    reads = candidates.read

    def counted(name: str, kind: Kind) -> Prepared:
        read_anew.append(name)
        return reads(name, kind)

    monkeypatch.setattr(candidates, "read", counted)
    found = read([*many(50), ACME], known)
    shared = sum(one is other for one, other in zip(before.book.listings, found.book.listings, strict=False))
    assert shared == 50
    name_index(found.book, before.book).prepare()
    assert read_anew == [ACME.name]


def test_an_official_version_with_changes_is_found_in_as_one_that_is_read_alone() -> None:
    needs(SCREENING_LIST)
    lots = Random(744)
    content = SCREENING_LIST.read_bytes()
    known = Known()
    before = read_list(content, list_id="csl", retrieved=RETRIEVED, shipped=BOOK, known=known)
    rows = [record[1] for record in read_module.Records(content) if isinstance(record, tuple)]
    changed = [
        row._replace(alt_names="Rotterdam Trading House") if lots.random() < 0.01 else row for row in rows
    ]
    kept = [row for row in changed if lots.random() > 0.01]
    found, fresh = read(kept, known), read(kept)
    assert found == fresh
    names = [row.name for row in lots.sample(rows, 100)]
    index = NameIndex(found.book, before=NameIndex(before.book))
    assert_same(index, NameIndex(fresh.book), [*names, "Rotterdam Trading House"])
