"""Matches on the real server: resolved by update and by signal, remembered in the next case, opened anew."""

import itertools
from dataclasses import replace
from typing import Literal

import pytest

from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.messages import DeskRequest
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import ConfirmMatch, Countersign, ResolveMatch
from greenlight.law.application.dossier import Parties, Party, PartyRole
from greenlight.law.application.screening.language import Verdict
from greenlight.reference.listings import load_listings
from greenlight.service.suppliers import Screener
from tests.activities.screeners import against
from tests.law.application.cases import GRANT, PURCHASER, new_submission
from tests.workflows.desks import case_work
from tests.workflows.histories import timers
from tests.workflows.office import Office, refusal

BOOK = load_listings()
HUA_YING = "hua-ying-management"
OPTOELECTRONICS = "hisilicon-optoelectronics"
FILED = ["ApplicationSubmitted", "PartiesScreened"]

_countries = itertools.product("STUVWXYZ", "ABCDEFGH")


def parties(name: str) -> Parties:
    """In a country in which no other test has such a company: what is said of it is remembered."""
    country = "".join(next(_countries))
    return (PURCHASER, Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country=country))


def resolve(listing: str, verdict: Verdict = Verdict.FALSE_MATCH) -> ResolveMatch:
    return ResolveMatch(party=1, listing=listing, verdict=verdict, reason="Founded in 1952.")


async def screen_again(office: Office, stream: str, screener: Screener) -> None:
    """As another worker does that has another list."""
    events = await office.events(stream)
    desk = case_work(office.service.recorder, screener, office.temporal)
    await desk.decide_and_record(
        DeskRequest(
            stream=stream,
            version=len(events),
            now=events[-1].at,
            look_into="screening",
        )
    )


@pytest.mark.parametrize("delivery", ["update", "signal"])
async def test_the_same_name_is_denied_once_and_for_that_pair(
    office: Office, delivery: Literal["update", "signal"]
) -> None:
    office = replace(office, delivery=delivery)
    same = parties("Hua Ying Management Co. Limited")
    first = await office.submitted(new_submission(parties=same))
    assert (await office.status(first)).status.listed
    await office.send("olga", first, resolve(HUA_YING))
    await office.send("oscar", first, ConfirmMatch(party=1))
    await office.send("olga", first, GRANT)
    await office.send("carla", first, Countersign(agrees=True))
    assert (await office.types(first))[2:] == [
        "MatchResolved",
        "MatchConfirmed",
        "RecommendationMade",
        "RecommendationCountersigned",
        "ApplicationGranted",
    ]
    second = await office.submitted(new_submission(parties=same))
    assert await office.types(second) == ["ApplicationSubmitted", "ResolutionRemembered", "PartiesScreened"]
    status = (await office.status(second)).status
    assert (status.stage, status.listed) == ("review", False)


async def test_a_possible_match_is_seen_by_everybody_who_looks(office: Office) -> None:
    stream = await office.submitted(new_submission(parties=parties("HiSilikon Optoelectronics Ltd")))
    assert await office.types(stream) == FILED
    row = await office.docket(stream)
    assert row is not None
    assert (row.stage, row.waiting_for, row.listed) == ("triage", "licensing_officer", None)
    waiting = await office.reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
    assert stream_key(stream) in {task.case for task in waiting}
    refused = await refusal(office["olga"].decide(stream, GRANT))
    assert refused.code == RefusalCode.SCREENING_INCOMPLETE
    status = (await office.status(stream)).status
    assert (status.stage, status.waiting_for, status.listed) == ("triage", "licensing_officer", None)
    assert "**Waits for:** licensing officer" in await office.details(stream)
    await office.send("olga", stream, resolve(OPTOELECTRONICS))
    status = (await office.status(stream)).status
    assert (status.stage, status.listed) == ("review", False)


async def test_a_case_that_cannot_be_screened_is_seen_to_wait(office: Office) -> None:
    """Where nothing is left of a name, no list helps: it is visible, and the applicant can be asked."""
    stream = await office.submitted(new_submission(parties=parties("...")))
    status = (await office.status(stream)).status
    assert (status.stage, status.waiting_for, status.listed) == ("triage", "licensing_officer", None)
    assert "**Waits for:** licensing officer" in await office.details(stream)
    row = await office.docket(stream)
    assert row is not None
    assert (row.waiting_for, row.listed) == ("licensing_officer", None)
    refused = await refusal(office["olga"].decide(stream, GRANT))
    assert refused.code == RefusalCode.SCREENING_INCOMPLETE
    # A list that is empty tells less, and takes nothing back.
    await screen_again(office, stream, against(BOOK.model_copy(update={"listings": ()})))
    assert await office.types(stream) == [*FILED, "CommandRefused"]


async def test_who_cannot_be_compared_waits_for_an_officer_and_for_no_other_try(office: Office) -> None:
    stream = await office.submitted(new_submission(parties=parties("?!")))
    case = (await office.status(stream)).status
    assert (case.stage, case.waiting_for, case.listed) == ("triage", "licensing_officer", None)
    waiting = timers(await office.history(stream))
    assert [timer.summary for timer in waiting if "screening" in timer.summary] == []
    (task,) = [
        task
        for task in await office.reader.tasks(TaskFilter(roles=(Role.LICENSING_OFFICER,)))
        if task.case == stream_key(stream)
    ]
    assert (task.parties, task.deadline) == ("could_not_screen", "initial_action")
    said = ResolveMatch(party=1, verdict=Verdict.FALSE_MATCH, reason="Looked up by hand.")
    await office.send("olga", stream, said)
    case = (await office.status(stream)).status
    assert (case.stage, case.listed) == ("review", False)
