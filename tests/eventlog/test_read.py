"""What auditors and the command line read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.rows import DocketFilter, TaskFilter
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Answer,
    Assign,
    RecordScreening,
    Refer,
    RequestInformation,
    Submit,
)
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.state import Stage
from tests.eventlog.crowd import NOW, Crowd, assignment
from tests.eventlog.decided import decided
from tests.eventlog.histories import Story
from tests.law.actors import OFFICER, REGISTRAR
from tests.law.application.cases import PARTIES, screening, submission

SUBMIT = Submit(application=submission())
SCREENED = RecordScreening(screening=screening("no_match", "no_match"), parties=PARTIES)
ASK = RequestInformation(request="Who operates the network?")


async def test_the_whole_log_and_one_stream(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.eventlog.read_events.PAGE_EVENTS", 3)
    commit = assignment(crowd.officer, "Z000001", 0)
    await recorder.record(commit)
    async with Reader(dsn) as reader:
        events = [event async for event in reader.log()]
        assert [event.position for event in events] == [*range(1, crowd.events + 2)]
        assert [event async for event in reader.log(4)] == events[4:]
        assert [event async for event in reader.stream(application_stream("Z000001"))] == events[
            crowd.events :
        ]
    last: StoredEvent = events[-1]
    assert commit.proof is not None
    assert (last.proof, last.command_id) == (commit.proof.token, commit.proof.claims.jti)
    assert last.content["type"] == "CaseAssigned"
    assert last.at == NOW


async def test_what_a_command_led_to_is_found_for_its_sender_alone(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    stream = application_stream("Z000001")
    commit = assignment(crowd.officer, "Z000001", 0)
    await recorder.record(commit)
    assert commit.proof is not None
    claims = commit.proof.claims
    async with Reader(dsn) as reader:
        events = [event async for event in reader.stream(stream)]
        assert [*await reader.led_to(stream, claims.sub, claims.jti)] == events != []
        for of in (
            (application_stream("Z000002"), claims.sub, claims.jti),
            (stream, "somebody-else", claims.jti),
            (stream, claims.sub, "another-id"),
        ):
            assert await reader.led_to(*of) == ()


async def test_the_status_of_one_stream(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    story = await Story("Z000001").sent(recorder, crowd, "submit", SUBMIT)
    async with Reader(dsn) as reader:
        found = await reader.summary(application_stream("Z000001"))
        assert found is not None
        assert (found.key, found.version, found.closed) == ("Z000001", story.version, False)
        assert await reader.summaries("application") == (found,)
        assert await reader.summary(application_stream("Z000002")) is None
        assert await reader.summary("license-Z000001") is None


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
        assert await numbers(DocketFilter(waiting_for="applicant")) == ["Z000001"]
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
        assert len(everybody) == len(crowd.members)
        (registrar,) = await reader.officers(REGISTRAR.officer)
        assert [key.kid for key in registrar.keys] == [crowd.registrar.key.public.kid]
        assert [held.role for held in registrar.roles] == [Role.REGISTRAR]
        assert await reader.officers("nobody") == ()


async def test_tasks_by_role_organisation_and_officer(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    first = await Story("Z000001").sent(recorder, crowd, "submit", SUBMIT)
    first = await first.sent(recorder, crowd, "record_screening", SCREENED)
    second = await Story("Z000002").sent(recorder, crowd, "submit", SUBMIT)
    second = await second.sent(recorder, crowd, "record_screening", SCREENED)
    async with Reader(dsn) as reader:

        async def listed(
            role: Role, organisation: str | None = None, officer: str | None = None
        ) -> list[str]:
            rows = await reader.tasks(TaskFilter((role,), organisation, officer))
            return [f"{row.case} {row.organisation or '-'}" for row in rows]

        await second.sent(recorder, crowd, "assign", Assign(officer=OFFICER.officer))
        assert await listed(Role.LICENSING_OFFICER) == ["Z000001 -", "Z000002 -"]
        assert await listed(Role.LICENSING_OFFICER, "bis", OFFICER.officer) == ["Z000001 -", "Z000002 -"]
        assert await listed(Role.LICENSING_OFFICER, "bis", "marsh") == ["Z000001 -"]
        asked = await first.sent(recorder, crowd, "request_information", ASK)
        assert await listed(Role.LICENSING_OFFICER) == ["Z000002 -"]
        assert await listed(Role.APPLICANT, "example-networks") == ["Z000001 example-networks"]
        assert await listed(Role.APPLICANT, "rival-networks") == []
        first = await asked.sent(recorder, crowd, "answer", Answer(answer="The municipality."))
        agencies = Refer(agencies=(Agency.DEFENSE, Agency.STATE))
        await first.sent(recorder, crowd, "refer", agencies)
        assert await listed(Role.AGENCY_REVIEWER) == ["Z000001 defense", "Z000001 state"]
        assert await listed(Role.AGENCY_REVIEWER, "state") == ["Z000001 state"]
        assert await listed(Role.AGENCY_REVIEWER, "energy") == []
        (task,) = await reader.tasks(TaskFilter((Role.AGENCY_REVIEWER,), "state"))
    assert (task.deadline, task.due) == ("agency_information", datetime(2026, 9, 12, 4, tzinfo=UTC))


async def test_what_is_due_first_comes_first(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    for number, days in enumerate((3, 0, 7), 1):
        story = Story(f"Z00000{number}", now=NOW + timedelta(days=days))
        story = await story.sent(recorder, crowd, "submit", SUBMIT)
        await story.sent(recorder, crowd, "record_screening", SCREENED)
    async with Reader(dsn) as reader:
        rows = await reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
    assert [row.case for row in rows] == ["Z000002", "Z000001", "Z000003"]


async def test_tasks_that_stay_as_they_are_are_not_written_again(
    recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    story = await Story("Z000001").sent(recorder, crowd, "submit", SUBMIT)
    story = await story.sent(recorder, crowd, "record_screening", SCREENED)
    written = "SELECT xmin::text || ctid::text FROM greenlight.task"
    before = await database.fetchval(written)
    await story.sent(recorder, crowd, "assign", Assign(officer=OFFICER.officer))
    assert await database.fetchval(written) == before


async def test_a_license_and_what_waits_on_it(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    await decided(recorder, crowd, "Z000001", "granted_with_conditions")
    async with Reader(dsn) as reader:
        (license,) = await reader.licenses(licensee="example-networks")
        assert (license.licensee, license.waiting_for) == ("example-networks", "applicant")
        assert (license.valid_through, license.retained_through) == (date(2030, 9, 1), date(2035, 9, 1))
        assert await reader.licenses(licensee="rival-networks") == ()
        (task,) = await reader.tasks(TaskFilter((Role.APPLICANT,), "example-networks"))
        assert (task.case, task.stage, task.due) == (license.number, "awaiting_acceptance", None)
        assert await reader.tasks(TaskFilter((Role.APPLICANT,), "rival-networks")) == ()


async def test_the_licenses_with_their_events_and_the_parties_that_they_are_for(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    story = await decided(recorder, crowd, "Z000001", "granted_with_conditions")
    await decided(recorder, crowd, "Z000002", "returned")
    async with Reader(dsn) as reader:
        (holding,) = await reader.holdings()
        (license,) = await reader.licenses()
    assert (holding.number, holding.licensees) == (license.number, {"example-networks"})
    assert story.state is not None
    assert holding.parties == story.state.parties
    standing = holding.at(license.issued_at, None)
    assert standing is not None
    assert standing.state.stage == "awaiting_acceptance"
    assert [left.quantity for left in standing.left.values()] == [i.quantity for i in holding.items]
