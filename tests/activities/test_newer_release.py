"""The desk over a case that goes on with an event of a type that only a newer release knows."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from greenlight.eventlog.database import connection
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign
from greenlight.law.application.state import ApplicationState
from tests.activities.test_desk import BEGIN, LATER, NINETIETH_DAY, QUESTION, Clerk, Says
from tests.addresses import as_administrator
from tests.eventlog.crowd import Crowd

GOES_ON = """
INSERT INTO greenlight.event SELECT (SELECT max(position) + 1 FROM greenlight.event), stream, version + 1,
    'CaseMislaid', at, recorded_at, NULL, '{"at":"2026-09-01T14:00:00Z","type":"CaseMislaid"}', NULL
FROM greenlight.event WHERE stream = $1 ORDER BY version DESC LIMIT 1
"""
ADVANCE = "UPDATE greenlight.log SET position = (SELECT max(position) FROM greenlight.event)"
BACK = (
    "ALTER TABLE greenlight.event DISABLE TRIGGER USER",
    "DELETE FROM greenlight.event WHERE type = 'CaseMislaid'",
    "ALTER TABLE greenlight.event ENABLE TRIGGER USER",
)
ASSIGN = Assign(officer="olga")


@pytest.fixture
def dsn(letter_log: str) -> str:
    return as_administrator(letter_log)


@pytest_asyncio.fixture
async def log(letter_log: str) -> AsyncGenerator[Recorder]:
    async with Recorder(letter_log) as recorder:
        yield recorder


@pytest.fixture
def clerk(log: Recorder) -> Clerk[ApplicationState]:
    return Clerk(log, APPLICATION, application_stream("N000001"))


@pytest.fixture
def says(crowd: Crowd, clerk: Clerk[ApplicationState]) -> Says:
    return Says(crowd, clerk)


async def goes_on(dsn: str, stream: str) -> None:
    """A newer release records something in the case."""
    async with connection(dsn, application="test") as database, database.transaction():
        await database.execute(GOES_ON, stream)
        await database.execute(ADVANCE)


async def test_commands_are_refused_and_deadlines_wait_and_the_log_says_what_it_had_accepted(
    dsn: str, clerk: Clerk[ApplicationState], says: Says
) -> None:
    submitted = says.submits()
    await clerk.asks(clerk.request(BEGIN, submitted))
    await goes_on(dsn, clerk.stream)
    on_record = await clerk.on_record()

    question = says(says.crowd.officer, QUESTION)
    answer = await clerk.asks(clerk.request(LATER, question))
    assert answer.refused is not None
    assert (answer.refused.code, answer.refused.on_record) == (RefusalCode.NEWER_RELEASE, False)
    assert "CaseMislaid" in answer.refused.message
    assert (answer.newer, answer.records, answer.anew) == ("CaseMislaid", (), False)

    late = clerk.request(NINETIETH_DAY).model_copy(update={"newer": True})
    answer = await clerk.asks(late)
    assert (answer.newer, answer.records) == ("CaseMislaid", ())
    answer = await clerk.asks(late.model_copy(update={"incoming": submitted, "now": LATER}))
    assert answer.receipt is not None
    assert answer.receipt.duplicate, "it was accepted before"
    assert await clerk.on_record() == on_record


async def test_a_start_on_a_case_that_nothing_is_known_of_is_refused(
    dsn: str, clerk: Clerk[ApplicationState], says: Says
) -> None:
    """Its first event is of a newer release."""
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    stranger = Clerk(clerk.log, APPLICATION, application_stream("N000002"))
    async with connection(dsn, application="test") as database, database.transaction():
        await database.execute(
            "INSERT INTO greenlight.event SELECT (SELECT max(position) + 1 FROM greenlight.event), $1, 1,"
            " 'CaseMislaid', at, recorded_at, NULL, '{\"type\":\"CaseMislaid\"}', NULL"
            " FROM greenlight.event ORDER BY position DESC LIMIT 1",
            stranger.stream,
        )
        await database.execute(ADVANCE)
    asked = Says(says.crowd, stranger).submits()
    answer = await stranger.asks(stranger.request(LATER, asked))
    assert answer.refused is not None
    assert (answer.refused.code, answer.newer) == (RefusalCode.NEWER_RELEASE, "CaseMislaid")


async def test_it_goes_on_when_all_of_it_is_known(
    dsn: str, clerk: Clerk[ApplicationState], says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    await goes_on(dsn, clerk.stream)
    question = says(says.crowd.officer, QUESTION)
    refused = (await clerk.asks(clerk.request(LATER, question))).refused
    assert refused is not None
    async with connection(dsn, application="test") as database:
        for statement in (*BACK, ADVANCE):
            await database.execute(statement)
    answer = await clerk.asks(clerk.request(LATER, question).model_copy(update={"newer": True}))
    assert (answer.newer, answer.receipt is not None) == (None, True), "the id was not used up"
