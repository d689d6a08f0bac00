"""The desk over a real log: what may be a match waits, is resolved, and is remembered for that pair alone."""

from datetime import datetime, timedelta

import pytest

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.messages import DeskAnswer
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Answer, ConfirmMatch, ResolveMatch, Submit
from greenlight.law.application.dossier import Parties, Party, PartyRole, Screening
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import Standing
from greenlight.reference.names import entry_digest
from greenlight.screening.book import Alias, ListingBook
from greenlight.service.records import Records
from greenlight.service.screening import BookScreener, ListScreener
from greenlight.service.suppliers import Screener
from greenlight.service.versions import Versions
from tests.activities.screeners import NoFiles, against
from tests.activities.test_desk import BOOK, LATER, QUESTION, Clerk, Says, clerk, says, types
from tests.eventlog.crowd import Crowd
from tests.law.application.cases import BEGIN, GRANT, PURCHASER, submission

__all__ = ["clerk", "says"]

Case = Clerk[ApplicationState]

ENTRY = next(each for each in BOOK.listings if each.key == "hisilicon-optoelectronics")
NAME = "HiSilikon Optoelectronics Ltd"
FILED = ["ApplicationSubmitted", "PartiesScreened"]


def book(**changes: object) -> ListingBook:
    """The list with one entry changed."""
    listings = tuple(each.model_copy(update=changes) if each is ENTRY else each for each in BOOK.listings)
    return BOOK.model_copy(update={"listings": listings, "version": "sha256:" + "e" * 64})


def parties(name: str = NAME, country: str = "NO") -> Parties:
    return (PURCHASER, Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country=country))


def resolve(verdict: Verdict, listing: str = ENTRY.key) -> ResolveMatch:
    return ResolveMatch(party=1, listing=listing, verdict=verdict, reason="By its address.")


async def denied(case: Case, says: Says, at: datetime, listing: str = ENTRY.key) -> None:
    """Said false by an officer, and by a second one for other cases."""
    for by, body in (
        (says.crowd.officer, resolve(Verdict.FALSE_MATCH, listing)),
        (says.crowd.other_officer, ConfirmMatch(party=1)),
    ):
        assert (await case.asks(case.request(at, says(by, body)))).receipt is not None


async def submitted(case: Case, says: Says, found: Parties, at: datetime = BEGIN) -> DeskAnswer:
    application = submission(parties=found, reference=case.stream)
    return await case.asks(case.request(at, says(says.crowd.applicant, Submit(application=application))))


def opened(clerk: Case) -> ApplicationState:
    assert clerk.state is not None
    return clerk.state


def other(clerk: Case, crowd: Crowd, suffix: int, screener: Screener) -> tuple[Clerk[ApplicationState], Says]:
    """Another case beside that of ``clerk``."""
    number = int(clerk.stream[-6:]) + 1_000 * suffix
    another = Clerk(clerk.log, APPLICATION, f"application-Y{number:06}", screener)
    return another, Says(crowd, another)


async def test_a_possible_match_waits_for_an_officer_and_for_nothing_else(clerk: Case, says: Says) -> None:
    clerk.screener = against(BOOK)
    answer = await submitted(clerk, says, parties())
    assert types(answer.records) == FILED
    (hit,) = opened(clerk).hits
    assert (hit.match.listing, hit.open, hit.match.score < 100) == (ENTRY.key, True, True)
    assert hit.match.explanation
    assert types((await clerk.asks(clerk.request(LATER, look_into="screening"))).records) == []
    refused = await clerk.asks(clerk.request(LATER, says(says.crowd.officer, GRANT)))
    assert refused.refused is not None
    assert refused.refused.code is RefusalCode.SCREENING_INCOMPLETE
    said = await clerk.asks(clerk.request(LATER, says(says.crowd.officer, resolve(Verdict.FALSE_MATCH))))
    assert types(said.records) == ["MatchResolved"]
    assert (opened(clerk).stage, opened(clerk).listed) == ("review", False)


async def test_the_next_case_of_the_same_pair_goes_to_review_at_once(
    clerk: Case, says: Says, crowd: Crowd
) -> None:
    clerk.screener = against(BOOK)
    same = parties(country="SE")
    await submitted(clerk, says, same)
    await denied(clerk, says, LATER)
    second, says_second = other(clerk, crowd, 1, clerk.screener)
    answer = await submitted(second, says_second, same, LATER)
    assert types(answer.records) == ["ApplicationSubmitted", "ResolutionRemembered", "PartiesScreened"]
    assert (opened(second).stage, opened(second).listed) == ("review", False)
    (said,) = opened(second).resolutions
    assert said.remembered_from == clerk.stream.removeprefix("application-")
    # Undone there, it is open nowhere: the last word is remembered, and the first case keeps its own.
    undone = says_second(crowd.officer, resolve(Verdict.TRUE_MATCH))
    await second.asks(second.request(LATER + timedelta(days=1), undone))
    third, says_third = other(clerk, crowd, 2, clerk.screener)
    await submitted(third, says_third, same, LATER + timedelta(days=2))
    assert (opened(second).listed, opened(third).listed, opened(clerk).listed) == (True, True, False)


@pytest.mark.parametrize(
    ("change", "listed"),
    [
        ({}, False),
        ({"name": "HiSilikon Optoelectronics Limited"}, None),
        ({"country": "IS"}, None),
        ({"book": book(note="It moved.")}, None),
        ({"book": book(aliases=(*ENTRY.aliases, Alias(name="Hi Optics")))}, None),
    ],
    ids=["the same", "another spelling", "another country", "another entry", "another alias"],
)
async def test_what_was_said_expires_when_either_side_changes(
    clerk: Case,
    says: Says,
    crowd: Crowd,
    request: pytest.FixtureRequest,
    change: dict[str, object],
    listed: bool | None,
) -> None:
    same = parties(country="DK")
    clerk.screener = against(BOOK)
    await submitted(clerk, says, same)
    await denied(clerk, says, LATER)
    of = change.pop("book", BOOK)
    assert isinstance(of, ListingBook)
    second, says_second = other(clerk, crowd, 3, against(of))
    found = (PURCHASER, same[1].model_copy(update=change))
    await submitted(second, says_second, found, LATER)
    assert opened(second).listed is listed


async def test_a_changed_list_takes_an_open_case_back_where_a_pair_is_new(
    clerk: Case, says: Says, crowd: Crowd
) -> None:
    clerk.screener = against(BOOK)
    await submitted(clerk, says, parties(country="EE"))
    await clerk.asks(clerk.request(BEGIN, says(crowd.officer, resolve(Verdict.FALSE_MATCH))))
    await clerk.asks(clerk.request(BEGIN, says(crowd.officer, GRANT)))
    other_version = BOOK.model_copy(update={"version": "sha256:" + "f" * 64})
    clerk.screener = against(other_version)
    assert types((await clerk.asks(clerk.request(LATER, look_into="screening"))).records) == []
    clerk.screener = against(book(note="It moved."))
    again = await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert types(again.records) == ["PartiesScreened"]
    assert (opened(clerk).stage, opened(clerk).recommendation) == ("triage", None)
    clerk.screener = against(BOOK)
    await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert (opened(clerk).stage, opened(clerk).listed) == ("review", False)


async def test_new_parties_are_looked_up_as_well(clerk: Case, says: Says, crowd: Crowd) -> None:
    clerk.screener = against(BOOK)
    same = parties(country="LV")
    await submitted(clerk, says, same)
    await clerk.asks(clerk.request(BEGIN, says(crowd.officer, resolve(Verdict.TRUE_MATCH))))
    second, says_second = other(clerk, crowd, 4, clerk.screener)
    await second.asks(second.request(BEGIN, says_second.submits()))
    await second.asks(second.request(BEGIN, says_second(crowd.officer, QUESTION)))
    answered = says_second(crowd.applicant, Answer(answer="They.", parties=same))
    answer = await second.asks(second.request(LATER, answered))
    assert types(answer.records) == ["InformationAnswered", "ResolutionRemembered", "PartiesScreened"]
    assert (opened(second).stage, opened(second).listed) == ("review", True)


async def test_the_same_name_of_another_company_is_denied_and_remembered(
    clerk: Case, says: Says, crowd: Crowd
) -> None:
    same = parties("Hua Ying Management Co. Limited", "LT")
    await submitted(clerk, says, same)
    assert (opened(clerk).stage, opened(clerk).listed) == ("review", True)
    await denied(clerk, says, BEGIN, "hua-ying-management")
    second, says_second = other(clerk, crowd, 5, clerk.screener)
    await submitted(second, says_second, same)
    assert (opened(second).stage, opened(second).listed) == ("review", False)


async def test_a_second_try_of_a_submission_remembers_once(clerk: Case, says: Says, crowd: Crowd) -> None:
    clerk.screener = against(BOOK)
    same = parties(country="PL")
    await submitted(clerk, says, same)
    await denied(clerk, says, BEGIN)
    second, says_second = other(clerk, crowd, 6, clerk.screener)
    application = submission(parties=same, reference=second.stream)
    request = second.request(LATER, says_second(crowd.applicant, Submit(application=application)))
    first = await second.handled(request)
    # Meanwhile an officer says otherwise; what is on record stands.
    await clerk.asks(clerk.request(LATER, says(crowd.officer, resolve(Verdict.TRUE_MATCH))))
    assert (await second.handled(request)).records == first.records
    assert len(await second.on_record()) == 3


async def test_all_other_matches_are_denied_at_once(clerk: Case, says: Says) -> None:
    clerk.screener = against(BOOK)
    await submitted(clerk, says, parties("HiSilikon", "MT"))
    open_ = [hit for hit in opened(clerk).hits if hit.open]
    assert len(open_) > 1
    body = resolve(Verdict.FALSE_MATCH, open_[0].match.listing)
    at_once = body.model_copy(update={"others": Verdict.FALSE_MATCH})
    said = await clerk.asks(clerk.request(LATER, says(says.crowd.officer, at_once)))
    assert types(said.records) == ["MatchResolved"] * len(open_)
    assert (opened(clerk).stage, opened(clerk).listed) == ("review", False)


# What no screener can compare


@pytest.mark.parametrize(
    ("listing", "verdict", "listings"),
    [(None, Verdict.FALSE_MATCH, set[str]()), (ENTRY.key, Verdict.TRUE_MATCH, {ENTRY.key})],
)
async def test_who_cannot_be_compared_is_looked_up_by_an_officer(
    clerk: Case, says: Says, listing: str | None, verdict: Verdict, listings: set[str]
) -> None:
    clerk.screener = against(BOOK)
    await submitted(clerk, says, parties("?!", "SE"))
    state = opened(clerk)
    assert (state.stage, state.by_hand, APPLICATION.status(state).waiting_for) == (
        "triage",
        {1},
        "licensing_officer",
    )
    # No other try is made, and none would tell anything else.
    assert state.screened
    assert types((await clerk.asks(clerk.request(LATER, look_into="screening"))).records) == []
    nobody = resolve(Verdict.TRUE_MATCH, "no-such-entry")
    refused = await clerk.asks(clerk.request(LATER, says(says.crowd.officer, nobody)))
    assert refused.refused is not None
    assert refused.refused.code is ApplicationRefusal.NO_SUCH_MATCH
    said = ResolveMatch(party=1, listing=listing, verdict=verdict, reason="Looked up by hand.")
    await clerk.asks(clerk.request(LATER, says(says.crowd.officer, said)))
    assert (opened(clerk).stage, opened(clerk).listings) == ("review", listings)


async def test_what_was_looked_up_by_hand_holds_for_that_case(clerk: Case, says: Says, crowd: Crowd) -> None:
    clerk.screener = against(BOOK)
    await submitted(clerk, says, parties("?!", "SE"))
    said = ResolveMatch(party=1, verdict=Verdict.FALSE_MATCH, reason="Looked up by hand.")
    await clerk.asks(clerk.request(LATER, says(crowd.officer, said)))
    second, says_second = other(clerk, crowd, 7, clerk.screener)
    await submitted(second, says_second, parties("?!", "SE"))
    assert opened(second).by_hand == {1}


# What cannot be screened


class Broken(ListScreener):
    """A screener with a flaw."""

    def __init__(self) -> None:
        super().__init__(BOOK, Versions(NoFiles(), BOOK), Records(NoFiles()))

    async def screen(self, parties: Parties, at: datetime, standing: Standing) -> Screening:
        raise RuntimeError(f"no such index: {parties[0].name}")


@pytest.mark.parametrize(
    ("screener", "reason"),
    [
        (against(BOOK.model_copy(update={"listings": ()})), "the list is empty"),
        (against(BOOK, max_age=timedelta(days=1)), "the list was retrieved on"),
        (Broken(), "the screening failed: RuntimeError"),
    ],
    ids=["empty", "too old", "unavailable"],
)
async def test_what_cannot_be_screened_waits_and_says_why(
    clerk: Case, says: Says, log: Recorder, screener: Screener, reason: str
) -> None:
    clerk.screener = screener
    answer = await submitted(clerk, says, parties(country="FI"))
    assert types(answer.records) == FILED
    state = opened(clerk)
    assert (state.stage, state.listed, state.settled) == ("triage", None, False)
    assert state.screening is not None
    for finding in state.screening.findings:
        assert finding.outcome == "could_not_screen"
        assert finding.reason is not None
        assert finding.reason.startswith(reason)
    assert APPLICATION.status(state).waiting_for == "screening"
    again = await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert types(again.records) == []
    clerk.screener = against(BOOK)
    await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert APPLICATION.status(opened(clerk)).waiting_for == "licensing_officer"


async def test_a_list_that_fails_later_takes_nothing_back(clerk: Case, says: Says) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    for screener in (Broken(), against(BOOK, max_age=timedelta(days=1))):
        clerk.screener = screener
        assert types((await clerk.asks(clerk.request(LATER, look_into="screening"))).records) == []
    assert opened(clerk).stage == "review"


def test_an_entry_is_told_by_all_that_it_says() -> None:
    digests = {entry_digest(listing) for listing in BOOK.listings}
    assert len(digests) == len(BOOK.listings)
    assert entry_digest(ENTRY) == entry_digest(ENTRY.model_copy(update={"note": ENTRY.note}))


async def test_what_the_screening_met_is_resolved_without_the_list(clerk: Case, says: Says) -> None:
    """A worker that has just started may not have read it yet."""

    class Unread(ListScreener):
        async def against(self, at: datetime, standing: Standing) -> BookScreener | str:
            raise AssertionError("the list was asked for")

    await submitted(clerk, says, parties())
    clerk.screener = Unread(BOOK, Versions(NoFiles(), BOOK), Records(NoFiles()))
    await clerk.asks(clerk.request(LATER, says(says.crowd.officer, resolve(Verdict.FALSE_MATCH))))
    assert opened(clerk).possible_parties == frozenset()
