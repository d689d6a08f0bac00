"""Agencies, holds and disputes on the real server; what nobody does, time does."""

from datetime import timedelta

from greenlight.law.application.commands import (
    Answer,
    Appeal,
    AskApplicant,
    Countersign,
    DecideAppeal,
    LiftHold,
    Outcome,
    Refer,
    Respond,
    Vote,
)
from greenlight.law.application.interagency.agency import Agency
from tests.law.application.cases import CHECK, DECIDED_GRANT, DENY, GRANT, OBJECT
from tests.workflows.histories import timers
from tests.workflows.office import Office
from tests.workflows.stories import NOT_TO_US
from tests.workflows.stories import disputed as disputed_to_the_president


async def referred(office: Office, *agencies: Agency) -> str:
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=agencies or tuple(Agency)))
    return stream


async def disputed(office: Office) -> str:
    """Before the Operating Committee."""
    stream = await referred(office, Agency.DEFENSE)
    await office.send("defense", stream, OBJECT)
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def test_the_whole_ladder_stays_a_short_history(office: Office) -> None:
    stream = await disputed_to_the_president(office)
    history = await office.history(stream)
    assert len(history.events) <= 160


async def test_what_nobody_does_time_does(office: Office) -> None:
    """Silent agencies, a dispute that the votes never settle, windows that nobody uses."""
    stream = await referred(office, Agency.DEFENSE, Agency.STATE)
    await office.send("defense", stream, OBJECT)
    await office.fast_forward(stream, timedelta(days=32))
    assert (await office.types(stream))[-1] == "AgencyDeemedNoObjection"
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.send("chair", stream, DECIDED_GRANT)
    await office.send("defense", stream, NOT_TO_US)
    await office.send("energy", stream, Vote(outcome=Outcome.DENY))
    await office.fast_forward(stream, timedelta(days=13))
    assert (await office.types(stream))[-1] == "VotesCounted"
    await office.fast_forward(stream, timedelta(days=6))
    assert (await office.types(stream))[-1] == "DisputeSettled"
    case = await office.status(stream)
    assert (case.status.stage, case.status.waiting_for) == ("sign_off", "executive")
    await office.signed_off(stream)
    assert (await office.status(stream)).status.stage == "intent_to_deny"


async def test_a_denial_comes_by_itself_and_can_be_appealed(office: Office) -> None:
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    await office.send("acme", stream, Respond(response="Our buyer is known."))
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    await office.fast_forward(stream, timedelta(days=46))
    case = await office.status(stream)
    assert (case.status.stage, case.status.outcome, case.status.closed) == ("denied", "denied", False)
    await office.send("acme", stream, Appeal(grounds="The buyer was confirmed."))
    await office.send("vera", stream, DecideAppeal(upholds=True, reasons="The risk remains."))
    assert (await office.result(stream)).status.stage == "finally_denied"
    assert (await office.types(stream))[-4:] == [
        "ResponseReceived",
        "ApplicationDenied",
        "AppealFiled",
        "AppealDecided",
    ]


async def test_without_an_appeal_the_case_ends_by_itself(office: Office) -> None:
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    await office.fast_forward(stream, timedelta(days=92))
    assert (await office.result(stream)).status.outcome == "denied"
    assert (await office.types(stream))[-1] == "AppealPeriodEnded"


async def test_a_hold_stops_the_timer_and_lifted_it_starts_a_later_one(office: Office) -> None:
    stream = await referred(office, Agency.DEFENSE)
    first = (await office.status(stream)).status.due
    await office.send("olga", stream, CHECK)
    assert (await office.status(stream)).status.due is None
    assert "clock stopped (pre license check)" in await office.details(stream)
    await office.fast_forward(stream, timedelta(days=20))
    await office.send("olga", stream, LiftHold(hold=1))
    due = (await office.status(stream)).status.due
    assert first is not None
    assert due is not None
    assert timedelta(days=19) <= due - first <= timedelta(days=21)
    *_, last = timers(await office.history(stream))
    assert "held for pre license check" in last.summary


async def test_the_applicant_answers_an_agency(office: Office) -> None:
    stream = await referred(office, Agency.DEFENSE, Agency.STATE)
    await office.send("defense", stream, AskApplicant(request="Which radios?"))
    assert "Recommendation of Defense: clock stopped" in await office.details(stream)
    await office.send("acme", stream, Answer(answer="Five.", agency=Agency.DEFENSE))
    assert (await office.status(stream)).status.stage == "interagency"


async def test_the_ui_says_who_is_to_act_in_a_dispute(office: Office) -> None:
    stream = await disputed(office)
    assert "**Waits for:** oc chair" in await office.details(stream)
    await office.send("chair", stream, DECIDED_GRANT)
    details = await office.details(stream)
    assert "## Escalation" in details
    assert "Escalation to the ACEP due" in details
