"""The desk asks whether a license is required of every application that is screened, and proposes."""

from datetime import datetime

from greenlight.law.application.commands import Answer
from greenlight.law.application.dossier import Items, Submission
from greenlight.law.application.needs import UnknownEccn
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.directive.standing import Standing
from tests.activities.test_desk import (
    BOOK,
    LATER,
    QUESTION,
    SCREENER,
    WITHOUT_LISTINGS,
    Says,
    clerk,
    says,
    types,
)
from tests.activities.test_matches import Case, opened, parties, submitted
from tests.law.application.cases import BEGIN, NOT_REQUIRED, OTHER_PARTIES

__all__ = ["clerk", "says"]

FILED = ["ApplicationSubmitted", "PartiesScreened"]


class _OfKnownEccns:
    async def unknown_eccns(self, items: Items, at: datetime) -> tuple[UnknownEccn, ...]:
        return ()

    async def unclassified(self, items: Items, at: datetime) -> None:
        """Every ECCN is taken to be in the tables."""


class OfEar99(_OfKnownEccns):
    """No license for EAR99 items to Finland or Norway, if it is known that nobody is listed."""

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None:
        near = all(party.country in {"FI", "NO"} for party in application.parties)
        plain = all(item.classification == "EAR99" for item in application.items)
        return NOT_REQUIRED if near and plain and found.listed is False else None


class Broken(_OfKnownEccns):
    """A determiner with a flaw."""

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None:
        raise RuntimeError(application.end_use)


async def test_a_return_is_proposed_where_no_license_is_required(clerk: Case, says: Says) -> None:
    clerk.determiner = OfEar99()
    answer = await clerk.asks(clerk.request(BEGIN, says.submits()))
    assert types(answer.records) == [*FILED, "ReturnProposed"]
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.officer, QUESTION)))
    other = says(says.crowd.applicant, Answer(answer="They.", parties=parties(BOOK.listings[0].name, "FO")))
    assert types((await clerk.asks(clerk.request(LATER, other))).records) == [
        "InformationAnswered",
        "PartiesScreened",
    ]
    assert opened(clerk).return_proposed is None


async def test_what_is_determined_is_of_the_parties_as_they_are(clerk: Case, says: Says) -> None:
    clerk.determiner = OfEar99()
    assert types((await submitted(clerk, says, parties("Anybody", "GL"))).records) == FILED
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.officer, QUESTION)))
    other = says(says.crowd.applicant, Answer(answer="They.", parties=OTHER_PARTIES))
    assert types((await clerk.asks(clerk.request(LATER, other))).records)[-1] == "ReturnProposed"


async def test_what_could_not_be_screened_is_determined_once_it_can(clerk: Case, says: Says) -> None:
    clerk.determiner, clerk.screener = OfEar99(), WITHOUT_LISTINGS
    assert types((await clerk.asks(clerk.request(BEGIN, says.submits()))).records) == FILED
    clerk.screener = SCREENER
    again = await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert types(again.records) == ["PartiesScreened", "ReturnProposed"]


async def test_an_application_is_registered_whatever_is_determined(clerk: Case, says: Says) -> None:
    clerk.determiner = Broken()
    assert types((await clerk.asks(clerk.request(BEGIN, says.submits()))).records) == FILED
