"""What votes came to is held against the votes on record, by the walk over the log as well."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Outcome
from greenlight.law.application.dispute.language import Forum
from greenlight.law.application.events import VotesCounted
from tests.eventlog.crowd import Crowd
from tests.eventlog.decided import BEGINNING
from tests.eventlog.histories import Story
from tests.eventlog.test_entities import carried
from tests.eventlog.test_verify import tamper
from tests.law.entity.cases import Entity, amending, listing


@pytest_asyncio.fixture(autouse=True)
async def everybody(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.enlist(recorder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('"energy":"approve","state":"approve"', "the committee's votes on record do not carry it"),
        ('"energy":"approve"', "the committee's votes on record do not carry it"),
    ],
    ids=["one vote more", "another department's"],
)
async def test_an_order_that_says_other_votes_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, change: str, reason: str
) -> None:
    entity = await carried(recorder, crowd, Entity(key="sample"), listing())
    entity = replace(entity, now=entity.now + timedelta(days=1))
    await carried(recorder, crowd, entity, amending())
    assert (await verify(dsn)).fault is None
    await tamper(
        database,
        f"UPDATE greenlight.event SET record = replace(record, '\"state\":\"approve\"', '{change}')"
        " WHERE type = 'ListingAmended'",
    )
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert fault.reason == reason


async def test_a_vote_that_is_taken_out_is_missed(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Turned round, that is: what is missing is found before."""
    await carried(recorder, crowd, Entity(key="sample"), listing())
    await tamper(
        database,
        'UPDATE greenlight.event SET record = replace(record, \'"vote":"approve"\', \'"vote":"oppose"\')'
        " WHERE type = 'CommitteeVoteCast' AND version = 2",
    )
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert fault.reason == "the committee's votes on record do not carry it"


async def test_a_count_of_votes_without_a_dispute_is_refused(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    """By whoever reaches the function that records: a service's event alone decides nothing."""
    story = Story("Z000001")
    for name, body in BEGINNING:
        story = await story.sent(recorder, crowd, name, body)
    counted = VotesCounted(
        at=story.now,
        forum=Forum.ACEP,
        counted_from=story.now,
        outcome=Outcome.GRANT,
        reasons="By vote",
        lines=(1,),
        conditions=(),
        riders=(),
        for_it=4,
        cast=4,
    )
    append = Append(
        stream=application_stream("Z000001"),
        expected_version=story.version,
        events=(counted.record(),),
        view=None,
    )
    said = await recorder.record(Commit(proof=None, appends=(append,)))
    assert (said.status, said.message) == ("refused", "no agency took a dispute to that forum")
    assert (await verify(dsn)).fault is None
