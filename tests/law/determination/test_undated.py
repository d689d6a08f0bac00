"""Entries of a list that does not print since when, asked about a day before the list was had."""

from datetime import UTC, date, datetime

import pytest

from greenlight.law.determination.question import Listed, Met, Owner
from greenlight.law.determination.reason import Outcome
from greenlight.law.determination.undated import doubt
from greenlight.reference.names import ListedNames
from greenlight.screening.book import Listing, ListingBook, ListingTerms
from tests.law.determination.cases import ALL_ITEMS, RULE, ask, party

HAD = date(2026, 7, 31)
IN_2019, IN_2021 = (datetime(year, 5, 1, 16, tzinfo=UTC) for year in (2019, 2021))
NAME, CITED = "Semiconductor Works Corporation", "85 FR 83420; 89 FR 96837"


def book(citation: str = CITED, listed: datetime | None = None) -> ListingBook:
    terms = ListingTerms(
        effective=listed,
        license_requirement=ALL_ITEMS,
        review_policy="Presumption of denial",
        citation=citation,
    )
    entry = Listing(
        key="works",
        name=NAME,
        countries=("CN",),
        listed=listed,
        citation=citation,
        terms=(terms,),
    )
    return ListingBook(
        id="csl",
        title="A list",
        source="Test",
        retrieved=HAD,
        version="sha256:" + "0" * 64,
        listings=(entry,),
    )


def met(of: ListingBook, at: datetime, *, looks_back: bool = True) -> tuple[Listed, ...]:
    found: Met = ListedNames(of, looks_back=looks_back)(NAME, "CN", at)
    assert found.listings
    return found.listings


@pytest.mark.parametrize(
    ("citation", "year", "in_doubt"),
    [
        (CITED, 2019, True),
        (CITED, 2020, False),
        ("89 FR 96837; 85 FR 83420", 2019, True),
        ("84 FR 22961; 85 FR 29849", 2019, False),
        ("99 FR 1", 2033, True),
        ("100 FR 1", 2033, True),
        ("Entity List, entry 7", 2019, False),
    ],
)
def test_notices_of_later_years_alone_leave_it_open(citation: str, year: int, in_doubt: bool) -> None:
    assert (doubt(citation, HAD, date(year, 12, 31)) is not None) is in_doubt


def test_an_entry_all_of_whose_notices_are_of_later_years_requires_nothing_and_is_open() -> None:
    found = ask("EAR99", "CN", party(*met(book(), IN_2019)), at=IN_2019)
    assert (found.outcome, found.of("required")) == (Outcome.CANNOT_DETERMINE, ())
    (reason,) = found.of("open")
    assert "the list of 2026-07-31 does not print since when, and cites no notice of a year before 2020" in (
        reason.text
    )
    assert reason.settled_by == "the Entity List of that day"
    assert not any("The list is of" in warning for warning in found.warnings), "it is said in the reason"


def test_of_another_the_answer_stands_and_says_of_which_day_the_list_is() -> None:
    found = ask("EAR99", "CN", party(*met(book(), IN_2021)), at=IN_2021)
    assert found.outcome is Outcome.REQUIRED
    assert [warning for warning in found.warnings if "The list is of" in warning] == [
        "The list is of 2026-07-31: it does not print since when A company is listed, and on 2021-05-01 it"
        " may have been otherwise"
    ]


@pytest.mark.parametrize(
    ("of", "at"),
    [
        (book(), datetime(2026, 7, 31, 16, tzinfo=UTC)),
        (book(), datetime(2026, 9, 1, 16, tzinfo=UTC)),
        (book(listed=datetime(2019, 1, 1, tzinfo=UTC)), IN_2019),
    ],
)
def test_nothing_is_said_from_the_day_of_the_list_on_or_where_it_prints_since_when(
    of: ListingBook, at: datetime
) -> None:
    (listed,) = met(of, at)
    assert (listed.seen, listed.doubt) == (None, None)
    found = ask("EAR99", "CN", party(listed), at=at)
    assert found.outcome is Outcome.REQUIRED
    assert not any("The list is of" in warning for warning in found.warnings)


def test_what_is_held_against_instants_to_come_does_not_look_back() -> None:
    (listed,) = met(book(), IN_2019, looks_back=False)
    assert (listed.seen, listed.doubt) == (None, None)


def test_owners_are_told_of_as_parties_are() -> None:
    ahead = "91 FR 1; 92 FR 2"
    for citation, outcome in ((ahead, Outcome.CANNOT_DETERMINE), (CITED, Outcome.REQUIRED)):
        owner = Owner(name="An owner", share=10_000, listings=met(book(citation), RULE))
        found = ask("EAR99", "CA", party(owners=(owner,), country="CA"), at=RULE)
        assert found.outcome is outcome
        told = any("since when An owner is listed" in warning for warning in found.warnings)
        assert told is (outcome is Outcome.REQUIRED)
        if not told:
            assert "the Entity List of that day" in (found.of("open")[0].settled_by or "")
