"""The applications that are made up for the docket of 2019."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from greenlight.kernel.time.calendar import agency_date, closing
from greenlight.law.application.dispositions import statistical_class
from greenlight.law.application.screening.language import Screened
from greenlight.lists.composed import ComposedBook
from greenlight.reference.dockets import load_docket
from greenlight.reference.listings import load_listings
from greenlight.rehearsal.synthetic import Arrival, Fate, arrivals
from greenlight.service.screening import BookScreener

FILE, BOOK = load_docket(), load_listings()
SEEDS = (1, 7, 2019)


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest) -> tuple[Arrival, ...]:
    return arrivals(FILE, BOOK, int(request.param))


def test_the_same_seed_makes_the_same_and_another_others() -> None:
    assert arrivals(FILE, BOOK, 7) == arrivals(FILE, BOOK, 7)
    assert arrivals(FILE, BOOK, 7) != arrivals(FILE, BOOK, 8)


def test_they_come_at_the_pace_that_was_reported(made: tuple[Arrival, ...]) -> None:
    for record in FILE.received:
        assert sum(agency_date(each.at) <= record.through for each in made) == record.applications
    assert all(before.at < after.at for before, after in pairwise(made))
    assert [each.number for each in made] == list(range(len(made)))


def test_they_come_on_working_days(made: tuple[Arrival, ...]) -> None:
    for day in {agency_date(each.at) for each in made}:
        assert day.weekday() < 5, day
        assert closing(day) is None, day


def test_their_fates_are_those_that_were_reported(made: tuple[Arrival, ...]) -> None:
    # A quarter of 290 each, rounded down; what is left is stuck: about 150 were.
    assert Counter(each.fate for each in made) == {
        Fate.APPROVED: 72,
        Fate.TO_BE_DENIED: 72,
        Fate.STUCK: 146,
        Fate.APPROVED_LATER: 113,
        Fate.RETURNED_LATER: 48,
        Fate.DENIED_LATER: 2,
    }
    first = FILE.first_decisions.day
    for each in made:
        early = each.fate in {Fate.APPROVED, Fate.TO_BE_DENIED, Fate.STUCK}
        assert (agency_date(each.at) < first) is early
        # What is decided on the first day has been there for weeks: agencies have had their time.
        if each.fate in {Fate.APPROVED, Fate.TO_BE_DENIED}:
            assert each.at.date() <= first - timedelta(days=45)


def test_what_is_approved_by_the_green_light_is_not_sensitive(made: tuple[Arrival, ...]) -> None:
    for each in made:
        of_class = statistical_class(each.submission.items)
        if each.fate is Fate.APPROVED:
            assert of_class in {"EAR99", "AT"}
        if each.fate is Fate.TO_BE_DENIED:
            assert of_class.startswith("Category")
    later = Counter(statistical_class(e.submission.items) for e in made if e.fate is Fate.APPROVED_LATER)
    assert later == FILE.later.approved_by_class


def test_a_listed_entity_is_found_in_each(made: tuple[Arrival, ...]) -> None:
    for each in made:
        screening = BookScreener(ComposedBook(BOOK)).screen(each.submission.parties, each.at)
        assert Screened(screening=screening).listed


def test_no_two_are_about_one_transaction(made: tuple[Arrival, ...]) -> None:
    assert len({each.submission.model_dump_json() for each in made}) == len(made)
