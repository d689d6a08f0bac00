"""Reprieves on the real server, where terms pass by skipping time: what nobody does, the service does."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.stored import StoredEvent
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Event
from greenlight.kernel.messages import DeskRequest
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import agency_date, end_of_day, plain_date
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    ConfirmOutcome,
    CorrectTerm,
    EndReprieve,
    IssueTerm,
    OpenReprieve,
    RecordPublication,
    ReplaceOutcome,
    StopOutcome,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import covered
from greenlight.law.reprieve.events import DecisionMade, ObjectionWindowClosed, TermExpired, TermIssued
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.terms import Correction
from greenlight.reference.listings import load_listings
from tests.activities.screeners import against
from tests.conftest import temporal_server
from tests.law.reprieve.decisions import reevaluated
from tests.workflows.desks import case_work
from tests.workflows.histories import timers
from tests.workflows.office import Office, eventually, open_office, refusal
from tests.workflows.reprieves import ENTITY, evidence, opening, term, today
from workflows.reprieve import Reprieve

LEAD = 14
DAYS = 30
A_MOMENT = timedelta(seconds=30)
"""On a busy machine; time that is skipped goes on meanwhile."""


def due(days: int = DAYS) -> datetime:
    """When the decision on what follows a term of so many days falls due."""
    return end_of_day(today() + timedelta(days=days - LEAD - 1))


def expiry(days: int = DAYS) -> datetime:
    return end_of_day(today() + timedelta(days=days))


async def go_to(office: Office, stream: str, instant: datetime) -> None:
    left = instant - await office.now(stream)
    if left > timedelta(0):
        await office.fast_forward(stream, left)


async def told(office: Office, stream: str) -> list[Event]:
    return [REPRIEVE.read(event.record) for event in await office.events(stream)]


async def one(office: Office, stream: str, kind: type[DecisionMade]) -> DecisionMade:
    (found,) = [event for event in await told(office, stream) if isinstance(event, kind)]
    return found


async def proposed(office: Office, value: bool = True) -> str:
    """A reprieve whose outcome waits for objections."""
    stream = await office.reprieved(opening(DAYS))
    await office.send("defense", stream, evidence(value))
    await go_to(office, stream, due() + timedelta(hours=9))
    assert (await office.status(stream)).status.stage == "proposed"
    return stream


async def test_a_reprieve_is_extended_by_itself(office: Office) -> None:
    stream = await proposed(office)
    made = await one(office, stream, DecisionMade)
    assert (made.due, made.evaluation.row) == (due(), "dependence")
    assert made.at - made.due < A_MOMENT
    facts = {fact.name: fact for fact in made.facts}
    assert (facts["applications_pending"].value, facts["applications_pending"].source) == (0, "event log")
    decided = next(event for event in await office.events(stream) if event.type == "DecisionMade")
    position = facts["applications_pending"].position
    assert position is not None
    assert 0 < position < decided.position
    assert (facts["directive"].value, facts["directive"].source) == (None, "nobody")
    closes = end_of_day(today() + timedelta(days=DAYS - 1))
    assert made.closes == closes
    await go_to(office, stream, closes + timedelta(hours=1))
    (*_, issued) = [event for event in await told(office, stream) if isinstance(event, TermIssued)]
    assert issued.by is None
    assert timedelta(0) <= issued.term.effective - closes < A_MOMENT
    assert issued.term.valid_through == today() + timedelta(days=DAYS + 90)
    await go_to(office, stream, expiry() + timedelta(hours=1))
    assert (await office.types(stream)) == [
        "ReprieveOpened",
        "TermIssued",
        "EvidenceSubmitted",
        "DecisionFellDue",
        "DecisionMade",
        "ObjectionWindowClosed",
        "TermIssued",
        "TermExpired",
    ]
    case = (await office.status(stream)).status
    assert (case.stage, case.waiting_for, case.due) == ("running", "nobody", due(DAYS + 90))
    assert reevaluated(await told(office, stream)) == 1
    (row,) = await office.reader.reprieves(stream_key(stream))
    assert (row.stage, row.terms, row.term, row.ends, row.due) == (
        "running",
        2,
        2,
        expiry(DAYS + 90),
        due(DAYS + 90),
    )
    terms = await office.reader.terms()
    for at, number in ((due(), 1), (closes - timedelta(seconds=1), 1), (expiry(), 2)):
        answer = covered(terms, ENTITY, "networks", at)
        assert answer.covered
        assert number in {answer.term.number if answer.term else 0, *(number for _, number in answer.also)}


async def test_what_is_shown_says_what_will_happen_when(office: Office) -> None:
    stream = await proposed(office)
    case = (await office.status(stream)).status
    assert (case.waiting_for, case.due) == ("executive", end_of_day(today() + timedelta(days=DAYS - 1)))
    details = await office.details(stream)
    assert "## Proposed" in details
    assert "### Ahead" in details
    assert "takes effect unless an executive objects by the end of" in details
    through, to_be = (plain_date(today() + timedelta(days=days)) for days in (DAYS, DAYS + 90))
    assert f"Term 1 runs through {through}: {LEAD} days left on {plain_date(agency_date(due()))}" in details
    assert f"Proposed: extend by 90 days, through {to_be} (row dependence)" in details
    assert ENTITY not in details
    tasks = await office.reader.tasks(TaskFilter(roles=(Role.EXECUTIVE,)))
    assert stream_key(stream) in {task.case for task in tasks}
    *_, last = timers(await office.history(stream))
    assert "takes effect unless an executive objects" in last.summary


async def test_an_executive_stops_it_and_the_term_lapses(office: Office) -> None:
    stream = await proposed(office)
    await office.send("vera", stream, StopOutcome(reasons="Enough."))
    assert (await office.status(stream)).status.stage == "lapsing"
    await go_to(office, stream, expiry() + timedelta(days=40))
    assert (await office.types(stream))[-2:] == ["OutcomeStopped", "TermExpired"]
    assert (await told(office, stream))[-1] == TermExpired(at=expiry(), term=1, lapses=True)
    assert (await office.status(stream)).status.stage == "lapsed"
    late = await refusal(office["vera"].decide(stream, StopOutcome(reasons="Again.")))
    assert late.code == RefusalCode.WRONG_STAGE


async def test_an_executive_confirms_early_or_decides_otherwise(office: Office) -> None:
    confirmed, replaced = await proposed(office), await proposed(office)
    await office.send("vera", confirmed, ConfirmOutcome())
    longer = term(DAYS + 300).model_copy(update={"effective": None})
    await office.send("vera", replaced, ReplaceOutcome(term=longer, reasons="Longer."))
    for stream, kind, days in (
        (confirmed, "OutcomeConfirmed", DAYS + 90),
        (replaced, "OutcomeReplaced", DAYS + 300),
    ):
        assert (await office.types(stream))[-2:] == [kind, "TermIssued"]
        (row,) = await office.reader.reprieves(stream_key(stream))
        assert (row.stage, row.terms, row.valid_through) == ("running", 2, today() + timedelta(days=days))


async def test_what_nobody_says_is_referred_and_without_an_answer_lapses(office: Office) -> None:
    stream = await office.reprieved(opening(DAYS))
    await go_to(office, stream, due() + timedelta(hours=1))
    case = (await office.status(stream)).status
    assert (case.stage, case.waiting_for) == ("referred", "executive")
    await go_to(office, stream, expiry() + timedelta(hours=1))
    assert (await told(office, stream))[-1] == TermExpired(at=expiry(), term=1, lapses=True)
    await office.send("vera", stream, IssueTerm(term=term(DAYS + 200)))
    assert (await office.status(stream)).status.stage == "running"


async def test_a_lapse_takes_effect_in_silence(office: Office) -> None:
    stream = await proposed(office, value=False)
    await go_to(office, stream, expiry() + timedelta(hours=1))
    assert (await office.types(stream))[-3:] == ["DecisionMade", "ObjectionWindowClosed", "TermExpired"]


async def test_opening_again_is_the_same_or_refused(office: Office) -> None:
    body = opening()
    first = await office["vera"].open_reprieve("opened-twice", body, command_id="open-twice")
    again = await office["vera"].open_reprieve("opened-twice", body, command_id="open-twice")
    assert (again.stream, again.version) == (first.stream, 2)
    other = await refusal(office["vera"].open_reprieve("opened-twice", body))
    assert other.code == RefusalCode.ALREADY_SUBMITTED
    unsound = body.policy.table.model_copy(update={"rows": body.policy.table.rows[:-1]})
    body = body.model_copy(update={"policy": body.policy.model_copy(update={"table": unsound})})
    refused = await refusal(office["vera"].open_reprieve("unsound", body))
    assert refused.code == ReprieveRefusal.POLICY_UNSOUND
    assert await office.reader.reprieves("unsound") == ()
    assert (await office.start_refused("Reprieve", "reprieve-Loud")).code == RefusalCode.MALFORMED


async def test_only_who_may_speaks_and_the_service_alone_gathers(office: Office) -> None:
    stream = await office.reprieved(opening())
    stop = StopOutcome(reasons="No.")
    refused = await refusal(office["olga"].decide(stream, stop, role=Role.EXECUTIVE))
    assert refused.code == RefusalCode.ROLE_NOT_HELD
    assert (await refusal(office.update(stream, "record_facts", {}))).code == RefusalCode.UNKNOWN_COMMAND
    assert (await refusal(office.update(stream, "take_effect", {}))).code == RefusalCode.UNKNOWN_COMMAND


async def test_an_ended_reprieve_can_still_be_corrected_and_published(office: Office) -> None:
    stream = await office.reprieved(opening())
    await office.send("vera", stream, EndReprieve(reasons="National security."))
    assert (await office.result(stream)).status.outcome == "ended"
    published = RecordPublication(term=1, citation="91 FR 1", published=await office.now(stream))
    assert (await office["olga"].decide(stream, published)).stage == "ended"
    correction = CorrectTerm(term=1, correction=Correction(citation="91 FR 2"), reasons="A misprint.")
    assert (await office["vera"].decide(stream, correction)).stage == "ended"
    assert (await office.result(stream)).status.stage == "ended"


async def test_a_run_goes_on_from_the_log(office: Office) -> None:
    stream = await proposed(office)
    await office.handle(stream).terminate()
    await office.start("Reprieve", stream, {"resume": True})
    await office.caught_up(stream)
    assert (await office.status(stream)).status.stage == "proposed"
    await office.send("vera", stream, ConfirmOutcome())


async def test_a_term_costs_little_history(office: Office) -> None:
    """With its evidence at most 30 events, so that ten years fill no run of fewer than 1,000."""
    stream, terms = await office.reprieved(opening(90)), 3
    lengths = list[int]()
    for number in range(1, terms + 1):
        await office.send("defense", stream, evidence())
        await go_to(office, stream, expiry(90 * number) + timedelta(hours=1))
        history = await office.history(stream)
        # What only a test brings about is not counted.
        kinds = [event.WhichOneof("attributes") or "" for event in history.events]
        lengths.append(len([kind for kind in kinds if "time_skipping" not in kind and "options" not in kind]))
    assert max(after - before for before, after in pairwise(lengths)) <= 30
    assert Reprieve.long + 100 < 1_000
    assert reevaluated(await told(office, stream)) == terms


async def test_everything_on_record_proves_itself(office: Office) -> None:
    url = office.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(office.service.target.owner_url, swap=False)).differences == ()


# A worker that is down


@pytest_asyncio.fixture(scope="module")
async def alone(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal without a worker but those that a test starts."""
    async with temporal_server(tmp_path_factory.mktemp("alone"), target) as alone:
        yield alone


async def down(settings: Settings, alone: Target, body: OpenReprieve, noticed: datetime) -> list[StoredEvent]:
    """What is recorded after the return of a worker that was away when a first timer came.

    Without one time passes as far as that timer; the rest passes once a worker is there again.
    """
    async with open_office(settings, alone) as office:
        stream = await office.reprieved(body)
        await office.send("defense", stream, evidence())
        known = len(await office.events(stream))
    left = noticed + timedelta(hours=1) - await office.now(stream)
    passing = asyncio.create_task(office.fast_forward(stream, left))

    async def has_come() -> bool:
        return await office.now(stream) >= noticed

    await eventually(has_come, "the timer that nobody notices")
    reopened = datetime.now(UTC)
    async with open_office(settings, alone) as office:
        await passing
        events = (await office.events(stream))[known:]
    assert min(event.recorded_at for event in events) > reopened
    return events


async def test_a_worker_that_is_down_across_the_decision(settings: Settings, alone: Target) -> None:
    events = await down(settings, alone, opening(DAYS), due())
    assert [event.type for event in events] == ["DecisionFellDue", "DecisionMade"]
    fell, made = (REPRIEVE.read(event.record) for event in events)
    assert isinstance(made, DecisionMade)
    assert (fell.at, made.due) == (due(), due())
    assert made.at >= made.due


async def test_a_worker_that_is_down_across_the_expiry(settings: Settings, alone: Target) -> None:
    """What follows was due at once, and is referred: nobody had said anything yet."""
    (over,) = await down(settings, alone, opening(5), expiry(5))
    assert REPRIEVE.read(over.record) == TermExpired(at=expiry(5), term=1, lapses=True)


async def test_an_objection_counts_until_the_time_is_over(office: Office) -> None:
    """Before, it counts; after, the term has begun and can only be terminated."""
    closes = end_of_day(today() + timedelta(days=DAYS - 1))
    early, late = await proposed(office), await proposed(office)
    await go_to(office, early, closes - timedelta(minutes=2))
    await office.send("vera", early, StopOutcome(reasons="Enough."))
    await go_to(office, late, closes + timedelta(minutes=2))
    said = await refusal(office["vera"].decide(late, StopOutcome(reasons="Enough.")))
    assert said.code == RefusalCode.WRONG_STAGE
    assert (await office.status(early)).status.stage == "lapsing"
    assert "TermIssued" in (await office.types(late))[-2:]
    await office.send("vera", late, TerminateTerm(term=2, reasons="Diversion."))


async def test_a_decision_that_is_already_due_when_the_reprieve_opens(office: Office) -> None:
    """It is due at once, and what nobody says is referred."""
    stream = await office.reprieved(opening(5))
    case = (await office.status(stream)).status
    made = await one(office, stream, DecisionMade)
    (opened, *_) = await told(office, stream)
    assert (made.due, made.evaluation.row, case.stage) == (opened.at, "silence", "referred")
    await go_to(office, stream, expiry(5) + timedelta(hours=1))
    assert (await told(office, stream))[-1] == TermExpired(at=expiry(5), term=1, lapses=True)


async def test_a_log_that_is_ahead_by_a_whole_term(office: Office) -> None:
    """A workflow that went on after the term: that lapsed at its instant, and what was due is decided late,
    with a gap on record."""
    stream = await office.reprieved(opening(DAYS, "of-this-test"))
    await office.send("defense", stream, evidence())
    late = expiry() + timedelta(days=3)
    desk = case_work(
        office.service.recorder,
        against(load_listings()),
        office.temporal,
    )
    for matter in (None, "facts"):
        await desk.decide_and_record(request(stream, await office.events(stream), late, matter))
    types = await office.types(stream)
    assert types[3:] == ["DecisionFellDue", "TermExpired", "DecisionMade"]
    _, fell, over, made = (await told(office, stream))[2:]
    assert (fell.at, over.at) == (due(), expiry())
    assert isinstance(made, DecisionMade)
    assert (made.at, made.due) == (late, due())
    closes = end_of_day(agency_date(late) + timedelta(days=LEAD - 1))
    assert made.closes == closes
    after = closes + timedelta(minutes=7)
    for matter in (None, "effect"):
        await desk.decide_and_record(request(stream, await office.events(stream), after, matter))
    *_, closed, issued = await told(office, stream)
    assert closed == ObjectionWindowClosed(at=closes, decision=1)
    assert isinstance(issued, TermIssued)
    assert issued.term.effective == after
    terms = await office.reader.terms()
    assert not covered(terms, "of-this-test", "networks", expiry()).covered
    assert not covered(terms, "of-this-test", "networks", after - timedelta(microseconds=1)).covered
    assert covered(terms, "of-this-test", "networks", after).covered


def request(stream: str, events: list[StoredEvent], now: datetime, matter: str | None) -> DeskRequest:
    return DeskRequest(
        stream=stream,
        version=len(events),
        now=now,
        look_into=matter,
    )
