"""The lists of parties of concern, and which of them an entry is on."""

import pytest

from greenlight.law.sources import BY_SLUG, SOURCES, UNKNOWN, source_of_entry
from greenlight.lists.sources import source_of


def test_each_list_is_known_by_its_slug_and_by_what_the_file_prints() -> None:
    assert len(BY_SLUG) == len(SOURCES) == 13
    assert [source_of(each.printed) for each in SOURCES] == list(SOURCES)
    assert all(each.rules and each.means for each in SOURCES)


@pytest.mark.parametrize(
    ("slug", "key", "title"),
    [
        ("unverified", "someone", "Unverified List"),
        ("entity-list", "sdn-12", "Entity List"),
        (None, "sdn-12", "Specially Designated Nationals"),
        (None, "denied-persons-0a1b", "Denied Persons List"),
        (None, "huawei-france", UNKNOWN.title),
        ("a-list-of-2031", "sdn-12", UNKNOWN.title),
    ],
)
def test_the_list_of_an_entry_is_that_on_record_else_as_its_key_says(
    slug: str | None, key: str, title: str
) -> None:
    assert source_of_entry(slug, key).title == title
