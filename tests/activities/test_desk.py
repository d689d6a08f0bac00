"""The desk over a real log: deadlines before messages, the log before the workflow, every try the same."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar

import pytest

from greenlight.eventlog.pages import PAGE_RECORDS
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Append, Commit, last_of
from greenlight.kernel.held import HELD, past_of
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Incoming, Internal
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    RequestInformation,
    Submit,
    Withdraw,
)
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState, dossier_digest
from greenlight.law.batch.state import BatchState
from greenlight.law.directive.state import DirectiveState
from greenlight.law.entity.state import EntityState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import AcceptConditions
from greenlight.law.license.events import PartyDelisted
from greenlight.law.license.state import LicenseState
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.screening_list.state import ListState
from greenlight.reference.listings import load_listings
from greenlight.service.desk import MAX_ANSWER_BYTES
from greenlight.service.handle import handle
from greenlight.service.suppliers import Determiner, Screener, Suppliers
from tests.activities.screeners import against
from tests.eventlog.crowd import Crowd, Signer
from tests.law.application.cases import BEGIN, GRANT, GRANT_IN_PART, NAME_OF, OTHER_PARTIES, submission

S = TypeVar(
    "S", ApplicationState, LicenseState, DirectiveState, ReprieveState, BatchState, ListState, EntityState
)

BOOK = load_listings()


SCREENER = against(BOOK)
WITHOUT_LISTINGS = against(BOOK.model_copy(update={"listings": ()}))

QUESTION = RequestInformation(request="Who operates the network?")
LATER = BEGIN + timedelta(days=1)
NINTH_DAY = end_of_day(agency_date(BEGIN) + timedelta(days=9))
NINETIETH_DAY = end_of_day(agency_date(BEGIN) + timedelta(days=90))

_numbers = itertools.count(1)


@dataclass(slots=True)
class Clerk(Generic[S]):
    """Holds a case as its workflow does: by the records that the desk answers with."""

    log: Recorder
    decider: Aggregate[S]
    stream: str
    screener: Screener = SCREENER
    determiner: Determiner | None = None
    state: S | None = None
    version: int = 0
    last: str | None = None
    past: str | None = None
    size: int = 0

    def request(
        self,
        now: datetime,
        incoming: Incoming | None = None,
        look_into: Literal["screening"] | None = None,
        internal: Internal | None = None,
    ) -> DeskRequest:
        return DeskRequest(
            stream=self.stream,
            version=self.version,
            last=self.last,
            past=self.past,
            size=self.size,
            now=now,
            incoming=incoming,
            look_into=look_into,
            internal=internal,
        )

    async def handled(self, request: DeskRequest) -> DeskAnswer:
        """The desk's answer, which the clerk does not take over."""
        suppliers = Suppliers(self.log, self.screener, self.determiner)
        return await handle(self.decider, self.log, suppliers, request)

    async def asks(self, request: DeskRequest) -> DeskAnswer:
        answer = await self.handled(request)
        if answer.anew:
            self.state, self.version, self.last, self.past, self.size = None, 0, None, None, 0
        begun = self.version == 0 or self.past is not None
        self.takes_over(answer.records)
        if begun and answer.records and not answer.more:
            assert self.past is not None
            made = HELD.taken(self.past)
            assert made is not None, "the workflow need not fold it again"
            assert made.state == self.state
            assert made.events == tuple(map(self.decider.read, answer.records))
        return answer

    def takes_over(self, records: Sequence[str]) -> None:
        self.last = last_of(tuple(records), self.last)
        self.past = past_of(self.stream, records, self.past)
        self.size += sum(map(len, records))
        for record in records:
            self.state = self.decider.apply(self.state, self.decider.read(record))
        self.version += len(records)

    async def on_record(self) -> list[str]:
        records, more = list[str](), True
        while more:
            page = await self.log.read_stream(self.stream, len(records))
            records += page.records
            more = page.more
        return records


@pytest.fixture
def clerk(log: Recorder) -> Clerk[ApplicationState]:
    return Clerk(log, APPLICATION, application_stream(f"Z{next(_numbers):06}"))


@pytest.fixture
def says(crowd: Crowd, clerk: Clerk[ApplicationState]) -> "Says":
    return Says(crowd, clerk)


@dataclass(frozen=True, slots=True)
class Says:
    """Messages to a case, as they come in."""

    crowd: Crowd
    clerk: Clerk[ApplicationState]

    def __call__(self, signer: Signer, body: Body) -> Incoming:
        """A command that rests on the dossier as the clerk has it."""
        dossier = dossier_digest(self.clerk.state) if self.clerk.state else None
        name = NAME_OF[type(body)]
        return incoming(name, signer.signed(self.clerk.stream, name, body, dossier=dossier))

    def submits(self) -> Incoming:
        return self(self.crowd.applicant, Submit(application=submission(reference=self.clerk.stream)))

    async def until_countersignature(self, body: Body = GRANT) -> None:
        await self.clerk.asks(self.clerk.request(BEGIN, self.submits()))
        await self.clerk.asks(self.clerk.request(BEGIN, self(self.crowd.officer, body)))


def incoming(name: str, command: SignedCommand) -> Incoming:
    return Incoming(name=name, content=command.model_dump(mode="json"))


def told(answer: DeskAnswer) -> list[tuple[str, datetime]]:
    """What stands in an answer's records: the type of each event, and its legal time."""
    return [(type(event).__name__, event.at) for event in map(APPLICATION.read, answer.records)]


def types(records: Sequence[str]) -> list[str]:
    return [type(APPLICATION.read(record)).__name__ for record in records]


# Deadlines and messages


async def test_a_deadline_comes_before_a_message_of_the_same_instant(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    """Asking in time would have been the initial action; at the deadline's instant it is too late."""
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    answer = await clerk.asks(clerk.request(NINTH_DAY, says(says.crowd.officer, QUESTION)))
    assert told(answer) == [("DeadlinePassed", NINTH_DAY), ("InformationRequested", NINTH_DAY)]
    assert answer.receipt is not None
    assert answer.receipt.version == 4


async def test_a_message_an_instant_earlier_is_in_time(clerk: Clerk[ApplicationState], says: Says) -> None:
    just_before = NINTH_DAY - timedelta(microseconds=1)
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    answer = await clerk.asks(clerk.request(just_before, says(says.crowd.officer, QUESTION)))
    assert told(answer) == [("InformationRequested", just_before)]


async def test_what_came_due_while_nobody_looked_is_recorded_at_its_own_instant(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    much_later = NINETIETH_DAY + timedelta(days=7)
    answer = await clerk.asks(clerk.request(much_later, says(says.crowd.applicant, Withdraw())))
    assert told(answer) == [
        ("DeadlinePassed", NINTH_DAY),
        ("DeadlinePassed", NINETIETH_DAY),
        ("ApplicationWithdrawn", much_later),
    ]


async def test_a_deadline_is_recorded_once(clerk: Clerk[ApplicationState], says: Says) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    assert told(await clerk.asks(clerk.request(NINTH_DAY))) == [("DeadlinePassed", NINTH_DAY)]
    assert told(await clerk.asks(clerk.request(NINTH_DAY))) == []


async def test_a_refused_message_leaves_the_deadline_on_record(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    too_early = says(says.crowd.countersigner, Countersign(agrees=True))
    answer = await clerk.asks(clerk.request(NINTH_DAY, too_early))
    assert told(answer) == [("DeadlinePassed", NINTH_DAY), ("CommandRefused", NINTH_DAY)]
    assert answer.refused is not None
    assert answer.refused.code is RefusalCode.WRONG_STAGE


# A log that is ahead


async def test_a_decision_rests_on_the_log_where_it_is_ahead(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    behind = clerk.request(LATER, says(says.crowd.officer, GRANT))
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.officer, QUESTION)))
    answer = await clerk.handled(behind)
    assert types(answer.records) == ["InformationRequested", "CommandRefused"]
    assert answer.refused is not None
    assert answer.refused.code is ApplicationRefusal.CLOCK_STOPPED


async def test_legal_time_never_runs_backwards(clerk: Clerk[ApplicationState], says: Says) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    behind = clerk.request(BEGIN, says(says.crowd.applicant, Withdraw()))
    await clerk.asks(clerk.request(LATER, says(says.crowd.officer, QUESTION)))
    assert told(await clerk.handled(behind)) == [
        ("InformationRequested", LATER),
        ("ApplicationWithdrawn", LATER),
    ]


async def test_a_log_ahead_by_pages_is_caught_up_with(clerk: Clerk[ApplicationState], says: Says) -> None:
    submitted = says.submits()
    await clerk.asks(clerk.request(BEGIN, submitted))
    assignments = 2 * PAGE_RECORDS
    for _ in range(assignments):
        assigned = says(says.crowd.officer, Assign(officer=says.crowd.officer.actor.officer))
        await clerk.asks(clerk.request(BEGIN, assigned))
    fresh = Clerk(clerk.log, APPLICATION, clerk.stream)
    answer = await fresh.asks(fresh.request(BEGIN, says(says.crowd.officer, GRANT)))
    assert types(answer.records) == [
        "ApplicationSubmitted",
        "PartiesScreened",
        *["CaseAssigned"] * assignments,
        "RecommendationMade",
    ]
    assert answer.receipt is not None
    assert (fresh.version, answer.receipt.version) == (assignments + 3, assignments + 3)
    assert not answer.more
    # What was recorded long ago brings all that followed, too.
    again = await clerk.handled(Clerk(clerk.log, APPLICATION, clerk.stream).request(BEGIN, submitted))
    assert again.records == answer.records


async def test_more_than_an_answer_can_hold_is_left_to_be_read(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    at_length = "長" * 4_000
    for _ in range(MAX_ANSWER_BYTES // len(2 * at_length.encode()) + 1):
        asked = says(says.crowd.officer, RequestInformation(request=at_length))
        await clerk.asks(clerk.request(BEGIN, asked))
        await clerk.asks(clerk.request(BEGIN, says(says.crowd.applicant, Answer(answer=at_length))))
    fresh = Clerk(clerk.log, APPLICATION, clerk.stream)
    answer = await fresh.asks(fresh.request(BEGIN, says(says.crowd.officer, GRANT)))
    everything = await clerk.on_record()
    assert answer.more
    assert list(answer.records) == everything[: len(answer.records)]
    sent, whole = (len("".join(records).encode()) for records in (answer.records, everything))
    assert sent <= MAX_ANSWER_BYTES < whole
    assert answer.receipt is not None
    assert (answer.receipt.stage, answer.receipt.version) == ("countersignature", len(everything))


# Screening


async def test_screening_is_tried_again_until_it_succeeds(clerk: Clerk[ApplicationState], says: Says) -> None:
    clerk.screener = WITHOUT_LISTINGS
    answer = await clerk.asks(clerk.request(BEGIN, says.submits()))
    assert types(answer.records) == ["ApplicationSubmitted", "PartiesScreened"]
    assert clerk.state is not None
    assert (clerk.state.stage, clerk.state.listed) == ("triage", None)
    assert told(await clerk.asks(clerk.request(LATER, look_into="screening"))) == []
    clerk.screener = SCREENER
    assert told(await clerk.asks(clerk.request(LATER, look_into="screening"))) == [("PartiesScreened", LATER)]
    assert (clerk.state.stage, clerk.state.listed) == ("review", False)
    assert told(await clerk.asks(clerk.request(LATER, look_into="screening"))) == []


async def test_parties_that_were_replaced_are_not_screened_any_more(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    clerk.screener = WITHOUT_LISTINGS
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    behind = clerk.request(LATER, look_into="screening")
    clerk.screener = SCREENER
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.officer, QUESTION)))
    answered = says(says.crowd.applicant, Answer(answer="Others.", parties=OTHER_PARTIES))
    await clerk.asks(clerk.request(BEGIN, answered))
    answer = await clerk.handled(behind)
    assert types(answer.records) == ["InformationRequested", "InformationAnswered", "PartiesScreened"]
    assert await clerk.on_record() == [*(await clerk.on_record())[:2], *answer.records]


# Lost answers: Temporal tries a local activity again, with the same request


async def twice(clerk: Clerk[S], request: DeskRequest) -> None:
    """A request whose answer must be the same for a second try, which leaves nothing more on record."""
    first = await clerk.handled(request)
    once = await clerk.on_record()
    second = await clerk.handled(request)
    assert await clerk.on_record() == once
    assert second.records == first.records
    assert second.refused == first.refused
    if first.receipt is not None:
        assert second.receipt == first.receipt.model_copy(update={"duplicate": True})
    clerk.takes_over(second.records)


async def test_a_second_try_records_nothing_twice(clerk: Clerk[ApplicationState], says: Says) -> None:
    crowd = says.crowd
    await twice(clerk, clerk.request(BEGIN, says.submits()))
    await twice(clerk, clerk.request(NINTH_DAY))
    await twice(clerk, clerk.request(NINTH_DAY, says(crowd.countersigner, Countersign(agrees=True))))
    await twice(clerk, clerk.request(NINTH_DAY, Incoming(name="assign", content={})))
    await twice(clerk, clerk.request(NINTH_DAY, Incoming(name="approve", content=None, problem="none")))
    await twice(clerk, clerk.request(NINTH_DAY, says(Signer(crowd.officer.actor), GRANT)))
    await twice(clerk, clerk.request(NINETIETH_DAY, says(crowd.officer, GRANT)))
    await twice(clerk, clerk.request(NINETIETH_DAY, says(crowd.countersigner, Countersign(agrees=True))))
    assert types(await clerk.on_record()) == [
        *("ApplicationSubmitted", "PartiesScreened", "DeadlinePassed", "CommandRefused"),
        *("DeadlinePassed", "RecommendationMade", "RecommendationCountersigned", "ApplicationGranted"),
    ]


async def test_a_second_try_grants_the_same_license(clerk: Clerk[ApplicationState], says: Says) -> None:
    await says.until_countersignature()
    countersigned = says(says.crowd.countersigner, Countersign(agrees=True))
    await twice(clerk, clerk.request(BEGIN, countersigned))
    assert clerk.state is not None
    assert clerk.state.license_number is not None
    issued = await clerk.log.read_stream(license_stream(clerk.state.license_number))
    assert len(issued.records) == 1


async def test_a_number_that_is_taken_is_not_given_to_another_license(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    """As after a restored backup, whose sequence of numbers may stand further back than its streams."""
    await says.until_countersignature()
    reserved = await clerk.log.reserve_license_number("application-Z000001")
    taken, free = (f"D{int(reserved[1:]) + ahead:06}" for ahead in (1, 2))
    delisted = PartyDelisted(at=BEGIN, list_version=digest({}))
    append = Append(stream=license_stream(taken), expected_version=0, events=(delisted.record(),), view=None)
    await clerk.log.record(Commit(proof=None, appends=(append,)))
    async with asyncio.timeout(5):
        countersigned = says(says.crowd.countersigner, Countersign(agrees=True))
        await clerk.asks(clerk.request(BEGIN, countersigned))
    assert clerk.state is not None
    assert clerk.state.license_number == free


async def test_a_second_try_of_a_screening_records_it_once(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    clerk.screener = WITHOUT_LISTINGS
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    clerk.screener = SCREENER
    await twice(clerk, clerk.request(LATER, look_into="screening"))
    assert types(await clerk.on_record()) == ["ApplicationSubmitted", "PartiesScreened", "PartiesScreened"]


async def test_a_second_try_after_others_had_their_turn(clerk: Clerk[ApplicationState], says: Says) -> None:
    """The answer of the first try is lost, another message is recorded, then comes the second try."""
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    request = clerk.request(BEGIN, says(says.crowd.officer, GRANT))
    first = await clerk.asks(request)
    await clerk.asks(clerk.request(LATER, says(says.crowd.applicant, Withdraw())))
    second = await clerk.handled(request)
    assert types(second.records) == ["RecommendationMade", "ApplicationWithdrawn"]
    assert first.receipt is not None
    assert second.receipt is not None
    assert (second.receipt.version, second.receipt.duplicate) == (first.receipt.version, True)
    assert len(await clerk.on_record()) == 4


# Licenses


async def test_conditions_are_accepted_once_and_a_license_expires(
    clerk: Clerk[ApplicationState], says: Says
) -> None:
    await says.until_countersignature(GRANT_IN_PART)
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.countersigner, Countersign(agrees=True))))
    assert clerk.state is not None
    assert clerk.state.license_number is not None
    stream = license_stream(clerk.state.license_number)
    license_clerk = Clerk(clerk.log, LICENSE, stream)
    license_clerk.takes_over((await clerk.log.read_stream(stream)).records)
    accepted = says.crowd.applicant.signed(stream, "accept_conditions", AcceptConditions())
    await twice(license_clerk, license_clerk.request(LATER, incoming("accept_conditions", accepted)))
    assert license_clerk.state is not None
    assert license_clerk.state.stage == "active"
    end = end_of_day(license_clerk.state.valid_through)
    await twice(license_clerk, license_clerk.request(end + timedelta(days=30)))
    events = [LICENSE.read(record) for record in await license_clerk.on_record()]
    assert [(type(event).__name__, event.at) for event in events] == [
        ("LicenseIssued", BEGIN),
        ("ConditionsAccepted", LATER),
        ("LicenseExpired", end),
    ]
