"""Requests that come again, or come to no end: a word of the service's own is recorded once, and the desk
gives up within bounds, without using up license numbers."""

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import connection
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Commit, Recorded
from greenlight.kernel.inclusion import Leaf, case_command_id
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Internal
from greenlight.kernel.streams import (
    application_stream,
    batch_stream,
    directive_stream,
    entity_stream,
    list_stream,
)
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign, Countersign
from greenlight.law.application.state import ApplicationState
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import OpenBatch, SettleCases, SignBatch
from greenlight.law.batch.delivery import Delivery
from greenlight.law.batch.state import BatchState
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import BeginFanOut, RecordProgress
from greenlight.law.directive.state import DirectiveState
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import CastVote, CompleteRescreening
from greenlight.law.entity.committee import NEEDED, Vote
from greenlight.law.entity.state import EntityState
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import (
    BeginRescreening,
    ConfirmList,
    LoadList,
    OpenList,
    RecordRescreening,
)
from greenlight.law.screening_list.state import ListState
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.service.desk import MAX_COMMITS, DeskGaveUpError
from greenlight.service.handle import handle
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.suppliers import Suppliers
from greenlight.service.versions import Versions
from tests.activities.test_desk import SCREENER, Clerk, S, Says, incoming
from tests.addresses import as_administrator
from tests.eventlog.crowd import Crowd, Signer
from tests.law.actors import OTHER_OFFICER
from tests.law.application.cases import BEGIN
from tests.law.directive.cases import issue
from tests.law.entity.cases import LIST as LIST_ENTITY
from tests.lists.files import NO_BOOK, OTHER_LISTS, many

A_MOMENT = timedelta(seconds=3)
"""A task that is tried again is tried later, and says so."""

_numbers = itertools.count(1)


class Moving(Recorder):
    """Before each commit something happens to the log, as long as there is something to happen."""

    happens: Callable[[], Awaitable[object]] | None = None
    commits = 0

    async def record(self, commit: Commit) -> Recorded:
        happens, self.happens = self.happens, None
        if happens is not None:
            await happens()
            self.happens = happens
            self.commits += 1
        return await super().record(commit)


@pytest_asyncio.fixture
async def log(letter_log: str) -> AsyncGenerator[Moving]:
    async with Moving(letter_log) as log:
        yield log


async def sent(clerk: Clerk[S], signer: Signer, body: Body) -> None:
    """Send a command that must be accepted."""
    name, stream = body.declared.name, clerk.stream
    known: Aggregate[S] = clerk.decider
    signs = clerk.state is not None and name in decisions(known.commands)
    dossier = digest(known.dossier(clerk.state)) if signs and clerk.state is not None else None
    answer = await clerk.asks(
        clerk.request(BEGIN, incoming(name, signer.signed(stream, name, body, dossier=dossier)))
    )
    assert answer.receipt is not None, answer.refused


async def told_twice(clerk: Clerk[S], body: Body) -> None:
    """The service's own word, its first answer lost: told again by a task that is tried again."""
    word = Internal(name=body.declared.name, body=body.model_dump(mode="json"))
    await asked_twice(clerk, clerk.request(BEGIN, internal=word))


async def asked_twice(clerk: Clerk[S], request: DeskRequest) -> None:
    first = await clerk.handled(request)
    assert first.records, "it comes to something"
    once = await clerk.on_record()
    second = await clerk.asks(request.model_copy(update={"now": request.now + A_MOMENT}))
    assert await clerk.on_record() == once
    assert second.records == first.records
    assert not second.anew


async def test_progress_of_a_fan_out_is_recorded_once(log: Moving, crowd: Crowd) -> None:
    clerk: Clerk[DirectiveState] = Clerk(log, DIRECTIVE, directive_stream("order-1"))
    await sent(clerk, crowd.executive, issue())
    await told_twice(clerk, BeginFanOut(pending=120))

    def batch(number: int, cursor: str | None, *failed: str, last: bool = False) -> RecordProgress:
        return RecordProgress(
            fan_out=1,
            batch=number,
            cursor=cursor,
            last=last,
            routes={"leave": 60},
            out_of_scope=0,
            failed=failed,
        )

    await told_twice(clerk, batch(1, "Z000060"))
    await told_twice(clerk, batch(2, "Z000120", application_stream("Z000100"), last=True))
    await told_twice(clerk, batch(3, None, application_stream("Z000100")))
    assert clerk.state is not None
    found = clerk.state.fan_out
    assert found is not None
    assert (found.done, found.rounds, found.batches) == (180, 1, 3)


async def test_progress_of_a_rescreening_is_recorded_once(log: Moving, letter_log: str, crowd: Crowd) -> None:
    screener = ListScreener(load_listings(), Versions(log, NO_BOOK), Records(log))
    clerk: Clerk[ListState] = Clerk(log, LIST, list_stream("csl"), screener)
    await sent(clerk, crowd.officer, OpenList(title="A list"))
    async with connection(letter_log, application="test") as database:
        file = await store_content(database, write_list((*OTHER_LISTS, *many(3))))
    await sent(clerk, crowd.officer, LoadList(digest=file, retrieved=agency_date(BEGIN)))
    second = Signer(OTHER_OFFICER)
    await crowd.add(log, second)
    await sent(clerk, second, ConfirmList(digest=file, source="published", reasons="It is a test's."))
    await told_twice(clerk, BeginRescreening(pending=120))
    for number in (1, 2):
        await told_twice(
            clerk,
            RecordRescreening(
                number=1,
                batch=number,
                cursor=application_stream(f"Z0000{number}0"),
                last=False,
                cases=60,
                parties=120,
                differing=0,
            ),
        )
    assert clerk.state is not None
    found = clerk.state.rescreening
    assert found is not None
    assert (found.cases, found.parties, found.batches) == (120, 240, 2)


async def test_what_became_of_a_batch_is_recorded_once(log: Moving, crowd: Crowd) -> None:
    clerk: Clerk[BatchState] = Clerk(log, BATCH, batch_stream("spring"))
    streams = [application_stream(f"Z00000{number}") for number in (1, 2, 3)]
    leaves = tuple(Leaf(stream=stream, dossier=digest(stream), outcome="grant") for stream in streams)
    await sent(clerk, crowd.officer, OpenBatch(title="Spring", leaves=leaves))
    assert clerk.state is not None
    await sent(clerk, crowd.executive, SignBatch.model_validate(clerk.state.signed.model_dump()))
    fell_out = [
        Delivery(case=stream, command_id=case_command_id("spring", stream), code="unanswered", message="-")
        for stream in streams
    ]
    await told_twice(clerk, SettleCases(deliveries=tuple(fell_out[:2])))
    # What is known of one is told again together with what is new.
    await told_twice(clerk, SettleCases(deliveries=tuple(fell_out[1:])))
    assert len(clerk.state.fell_out) == len(streams)


async def test_a_rescreening_for_an_entity_is_completed_once(log: Moving, crowd: Crowd) -> None:
    clerk: Clerk[EntityState] = Clerk(log, ENTITY, entity_stream("sample"))
    await crowd.enlist(log)
    await sent(clerk, crowd.executive, LIST_ENTITY)
    for member in crowd.committee[: NEEDED["list_entity"]]:
        await sent(clerk, member, CastVote(vote=Vote.APPROVE))
    assert clerk.state is not None
    assert clerk.state.rescreening_due
    await told_twice(clerk, CompleteRescreening(number=1, cases=60, parties=120, differing=0))


async def test_a_directive_is_superseded_once(log: Moving, crowd: Crowd) -> None:
    clerk: Clerk[DirectiveState] = Clerk(log, DIRECTIVE, directive_stream("order-1"))
    await sent(clerk, crowd.executive, issue())
    other: Clerk[DirectiveState] = Clerk(log, DIRECTIVE, directive_stream("order-2"))
    await sent(other, crowd.executive, issue(supersedes="order-1"))
    await asked_twice(clerk, clerk.request(BEGIN).model_copy(update={"look_into": "supersession"}))
    assert clerk.state is not None
    assert clerk.state.superseded_by == "order-2"


async def test_a_stream_that_moves_on_and_on_is_given_up_with_one_number_reserved(
    log: Moving, letter_log: str, crowd: Crowd
) -> None:
    clerk = Clerk(log, APPLICATION, application_stream(f"Z{next(_numbers):06}"))
    says = Says(crowd, clerk)
    await says.until_countersignature()
    suppliers = Suppliers(log, SCREENER, None)
    request = clerk.request(BEGIN, says(crowd.countersigner, Countersign(agrees=True)))

    async def asks() -> DeskAnswer:
        return await handle(APPLICATION, log, suppliers, request)

    async def assigned() -> None:
        other: Clerk[ApplicationState] = Clerk(log, APPLICATION, clerk.stream)
        await other.asks(other.request(BEGIN, says(crowd.officer, Assign(officer="olga"))))

    async def given_out() -> object:
        async with connection(as_administrator(letter_log), application="test") as database:
            return await database.fetchval("SELECT last_value FROM greenlight.license_number")

    log.happens = assigned
    with pytest.raises(DeskGaveUpError, match=f"{MAX_COMMITS} commits"):
        await asks()
    assert log.commits == MAX_COMMITS
    reserved = await given_out()
    log.happens = None
    answer = await asks()
    assert answer.receipt is not None, answer.refused
    assert answer.receipt.stage == "granted"
    assert await given_out() == reserved


async def test_a_word_that_was_meant_for_a_case_of_another_log_is_not_recorded(
    log: Moving, crowd: Crowd
) -> None:
    """The log was restored, and has a fan-out of that number, with so many batches, that is another one."""
    clerk: Clerk[DirectiveState] = Clerk(log, DIRECTIVE, directive_stream("order-1"))
    await sent(clerk, crowd.executive, issue())
    await told_twice(clerk, BeginFanOut(pending=120))
    once = await clerk.on_record()
    clerk.last, clerk.version = digest("what the log does not have"), clerk.version + 1
    body = RecordProgress(
        fan_out=1, batch=1, cursor="Z000060", last=False, routes={"leave": 60}, out_of_scope=0
    )
    answer = await clerk.asks(
        clerk.request(BEGIN, internal=Internal(name="record_progress", body=body.model_dump(mode="json")))
    )
    assert answer.anew
    assert list(answer.records) == once == await clerk.on_record()
