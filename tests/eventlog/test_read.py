"""What auditors and the command line read."""

from datetime import UTC, datetime, timedelta

import pytest

from eventlog.read import DocketFilter, Reader
from eventlog.recorder import Recorder
from eventlog.stored import StoredEvent
from licensing.application.aggregate import APPLICATION
from licensing.application.commands import RequestInformation, Submit
from licensing.application.state import Stage
from licensing.authority import Role
from licensing.contract import application_stream
from tests.eventlog.crowd import NOW, Crowd, assignment
from tests.eventlog.histories import Story
from tests.licensing.actors import OFFICER, REGISTRAR
from tests.licensing.application.cases import submission

SUBMIT = Submit(application=submission())
ASK = RequestInformation(request="Who operates the network?")


async def test_the_whole_log_and_one_stream(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventlog.read.PAGE_EVENTS", 3)
    commit = assignment(crowd.officer, "Z000001", 0)
    await recorder.record(commit)
    async with Reader(dsn) as reader:
        events = [event async for event in reader.log()]
        assert [event.position for event in events] == [1, 2, 3, 4, 5, 6]
        assert [event async for event in reader.log(4)] == events[4:]
        assert [event async for event in reader.stream(application_stream("Z000001"))] == events[5:]
    last: StoredEvent = events[-1]
    assert commit.proof is not None
    assert (last.proof, last.command_id) == (commit.proof.token, commit.proof.claims.jti)
    assert last.content["type"] == "CaseAssigned"
    assert last.at == NOW


async def test_a_case_as_it_was(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    story = await Story("Z000001").sent(recorder, crowd, "submit", SUBMIT)
    asked_at = NOW + timedelta(days=3)
    await Story("Z000001", story.state, story.version, asked_at).sent(
        recorder, crowd, "request_information", ASK
    )
    stream, moment = application_stream("Z000001"), timedelta(microseconds=1)
    async with Reader(dsn) as reader:
        assert await reader.as_of(APPLICATION, stream, NOW - moment) is None
        before = await reader.as_of(APPLICATION, stream, asked_at - moment)
        after = await reader.as_of(APPLICATION, stream, asked_at)
        unknown = await reader.as_of(
            APPLICATION, stream, asked_at, known_at=datetime.now(UTC) - timedelta(days=1)
        )
    assert before is not None
    assert after is not None
    assert (before.stage, after.stage) == (Stage.TRIAGE, Stage.AWAITING_ANSWER)
    assert unknown is None


async def test_the_docket_by_every_filter(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    early = await Story("Z000001").sent(recorder, crowd, "submit", SUBMIT)
    await Story("Z000002", now=NOW + timedelta(days=5)).sent(recorder, crowd, "submit", SUBMIT)
    await early.sent(recorder, crowd, "request_information", ASK)
    async with Reader(dsn) as reader:

        async def numbers(wanted: DocketFilter) -> list[str]:
            return [row.acn for row in await reader.docket(wanted)]

        both = await reader.docket()
        assert sorted(row.acn for row in both) == ["Z000001", "Z000002"]
        assert await numbers(DocketFilter(stage="awaiting_answer")) == ["Z000001"]
        assert await numbers(DocketFilter(waiting_for=("applicant",))) == ["Z000001"]
        assert await numbers(DocketFilter(waiting_for=())) == []
        assert await numbers(DocketFilter(outcome="granted")) == []
        assert await numbers(DocketFilter(officer=OFFICER.officer)) == []
        assert await numbers(DocketFilter(due_before=NOW)) == []
        assert await numbers(DocketFilter(due_before=NOW + timedelta(days=200), stage="triage")) == [
            "Z000002"
        ]
        assert len(await reader.docket(DocketFilter(open_only=True), limit=1)) == 1


async def test_officers_with_their_keys_and_roles(dsn: str, crowd: Crowd) -> None:
    async with Reader(dsn) as reader:
        everybody = await reader.officers()
        assert len(everybody) == 5
        (registrar,) = await reader.officers(REGISTRAR.officer)
        assert [key.kid for key in registrar.keys] == [crowd.registrar.key.public.kid]
        assert [held.role for held in registrar.roles] == [Role.REGISTRAR]
        assert await reader.officers("nobody") == ()
