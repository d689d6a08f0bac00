"""When an entity is on a list, before, while and after it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.entity.spells import Period, Spell, at, listed, told
from greenlight.law.reprieve.coverage import ENTITY_LIST, LISTED, OTHER_LICENSES, Terms
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion, OnTheList, answer

BEGAN = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
ENDED = datetime(2024, 3, 1, 5, tzinfo=UTC)
SEEN = date(2026, 7, 31)
VERSION = "sha256:" + "1" * 64
DATED, OVER, UNDATED = (Spell(BEGAN),), (Spell(BEGAN, ENDED),), (Spell(None),)
AGAIN = (*OVER, Spell(datetime(2025, 1, 1, 5, tzinfo=UTC)))


def day(text: str) -> Period:
    asked = date.fromisoformat(text)
    return Period(end_of_day(asked - timedelta(days=1)), end_of_day(asked))


@pytest.mark.parametrize(
    ("spells", "asked", "counts", "words"),
    [
        (DATED, "1999-01-01", False, "is not listed until 2019-05-16, 16:15 EDT"),
        (DATED, "2019-05-15", False, "is not listed until 2019-05-16, 16:15 EDT"),
        (DATED, "2019-05-16", True, "is listed for a part of that time, from 2019-05-16, 16:15 EDT on"),
        (DATED, "2019-05-17", True, "is listed, since 2019-05-16, 16:15 EDT"),
        (DATED, "2026-07-31", True, "is listed, since 2019-05-16, 16:15 EDT"),
        (DATED, "2030-01-01", True, "since 2019-05-16, 16:15 EDT, as far as the list tells what is to come"),
        (OVER, "2024-02-29", True, "is listed, since 2019-05-16, 16:15 EDT until 2024-03-01"),
        (OVER, "2024-03-01", False, "has not been listed since 2024-03-01"),
        (AGAIN, "2024-06-01", False, "not been listed since 2024-03-01 and is not listed until 2025-01-01"),
        (AGAIN, "2025-01-01", True, "is listed, since 2025-01-01"),
        (
            UNDATED,
            "1999-01-01",
            None,
            "the list does not print since when: whether it was by then is not known",
        ),
        (UNDATED, "2026-07-30", None, "is not known"),
        (UNDATED, "2026-07-31", True, "is listed, since a day that the list does not print"),
        (UNDATED, "2027-01-01", True, "as far as the list tells what is to come"),
        ((Spell(None, ENDED),), "2025-01-01", False, "has not been listed since 2024-03-01"),
        ((), "1999-01-01", None, "is the key of no entry of the list"),
        ((), "2026-07-31", None, "whether it is listed, the list does not tell"),
    ],
)
def test_a_day_before_while_and_after_an_entity_is_listed(
    spells: tuple[Spell, ...], asked: str, counts: bool | None, words: str
) -> None:
    assert listed(spells, day(asked), SEEN) is counts
    assert words in told(spells, day(asked), SEEN)


def test_an_instant_is_told_to_the_instant() -> None:
    assert listed(DATED, at(BEGAN - timedelta(microseconds=1)), SEEN) is False
    assert listed(DATED, at(BEGAN), SEEN) is True
    assert listed(OVER, at(ENDED - timedelta(microseconds=1)), SEEN) is True
    assert listed(OVER, at(ENDED), SEEN) is False


def ask(spells: tuple[Spell, ...], asked: str) -> CoverageAnswer:
    question = CoverageQuestion(entity="acme", activity="devices", day=date.fromisoformat(asked))
    return answer(Terms(()), question, OnTheList("csl", VERSION, SEEN, spells))


def test_before_it_is_listed_the_entity_list_asks_for_no_license() -> None:
    found = ask(DATED, "1999-01-01")
    assert (found.covered, found.still_required) == (False, OTHER_LICENSES)
    assert found.reason == "acme is not listed until 2019-05-16, 16:15 EDT"
    assert found.listing is not None
    assert (found.listing.listed, found.listing.list, found.listing.retrieved) == (False, "csl", SEEN)


def test_while_it_is_listed_and_where_that_is_not_known_the_entity_list_may_ask() -> None:
    assert ask(DATED, "2020-01-01").still_required == (LISTED, *OTHER_LICENSES)
    assert ask(UNDATED, "2020-01-01").still_required == (ENTITY_LIST, *OTHER_LICENSES)
