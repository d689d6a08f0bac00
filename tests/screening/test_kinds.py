"""Which names of an entry without a type are tried as a person's."""

import pytest

from greenlight.screening.kinds import kinds


@pytest.mark.parametrize(
    "name",
    [
        "QUENTIN MARLOW ASHBEE",
        "Ashbee, Quentin",
        "Louis Joseph Brothers",
        "Anthony Sia",
        "Sal Merchant",
        "Gen. Min San",
        "Peter Gold",
        "Xu Weibo",
    ],
)
def test_what_may_be_a_person_is_tried_as_one(name: str) -> None:
    assert kinds(name, "unknown") == ("organisation", "person")
    assert kinds(name, "organisation") == ("organisation",)
    assert kinds(name, "person") == ("person",)


@pytest.mark.parametrize(
    "name",
    [
        "Ashbee Inc.",
        "Kimiya Co.",
        "OOO Ashbee Marlow",
        "Ashbee Trading",
        "Marlow Research Institute",
        "NPP Marlow",
        "218 ARZ",
        "Marlow-7",
        "Ashbee",
    ],
)
def test_a_firm_and_a_single_word_are_not(name: str) -> None:
    assert kinds(name, "unknown") == ("organisation",)
