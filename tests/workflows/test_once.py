"""Refusals and tries have an end: a command is refused once, however many come at a time, and a request that
comes to no end is given up, counted and told of."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment

from activities.cases import GAVE_UP, LAW_FAILED, MAX_TRIES
from greenlight.client import Refused
from greenlight.connection.target import Target
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Commit, Event, Recorded
from greenlight.kernel.messages import DeskRequest, Incoming
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign, LiftHold
from greenlight.law.application.events import CaseAssigned
from greenlight.law.application.state import ApplicationState
from greenlight.reference.listings import load_listings
from greenlight.service.desk import MAX_COMMITS, DeskGaveUpError
from greenlight.service.unrecorded import METRIC
from tests.activities.screeners import against
from tests.activities.test_desk import incoming
from tests.eventlog.hindering import hindered
from tests.law.application.cases import GRANT
from tests.workflows.desks import case_work
from tests.workflows.office import Office, counted, refusal
from tests.workflows.restoring import went_on
from tests.workflows.stories import FILED

AT_ONCE = 40
SECRET = "Confidential-Goods"
TO_OSCAR = Assign(officer="oscar")


@dataclass
class Outpaced(Recorder):
    """A log in which others are always faster to record something of the case."""

    office: Office
    stream: str

    def __post_init__(self) -> None:
        super().__init__(self.office.service.target.writer_url)

    async def record(self, commit: Commit) -> Recorded:
        await went_on(self.office, self.stream, TO_OSCAR)
        return await super().record(commit)


async def test_forty_refused_commands_at_once_leave_forty_refusals(office: Office) -> None:
    """More than Temporal takes at a time: tasks are thrown away, and the updates in them are sent anew."""
    stream = await office.submitted()
    commands = [await office.signed("olga", stream, LiftHold(hold=7)) for _ in range(AT_ONCE)]

    async def insisted(command: SignedCommand) -> Refused:
        update_id = str(uuid.uuid4())
        while True:
            try:
                return await refusal(office.update(stream, "lift_hold", command, id=update_id))
            except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError):
                await asyncio.sleep(0.2)

    async with asyncio.timeout(120):
        answers = await asyncio.gather(*map(insisted, commands))
    assert {answer.code for answer in answers} == {"no_such_hold"}
    events = await office.events(stream)
    refused = Counter(event.content["command_id"] for event in events if event.type == "CommandRefused")
    assert (len(refused), set(refused.values())) == (AT_ONCE, {1})
    assert [event.type for event in events if event.type != "CommandRefused"] == [*FILED]


async def test_a_message_of_a_task_that_is_done_again_is_counted_once(office: Office) -> None:
    stream = await office.submitted()
    unsigned = DeskRequest(
        stream=stream,
        version=0,
        now=datetime.now(UTC),
        incoming=Incoming(name="assign", content={"token": "nobody's", "body": {"officer": "olga"}}),
    )
    service = office.service
    work = case_work(service.recorder, against(load_listings()), service.client)
    before = await counted(METRIC, "code")

    async def done(activity_id: str, run_id: str) -> None:
        environment = ActivityEnvironment()
        environment.info = replace(
            environment.info, activity_id=activity_id, workflow_run_id=run_id, is_local=True
        )
        runtime = office.temporal.service_client.config.runtime
        assert runtime is not None
        environment.metric_meter = runtime.metric_meter
        answer = await environment.run(work.decide_and_record, unsigned)
        assert answer.refused is not None

    for activity_id, run_id in (("7", "one"), ("7", "one"), ("8", "one"), ("7", "another"), ("7", "one")):
        await done(activity_id, run_id)
    assert await counted(METRIC, "code") - before == {"unsigned": 3}


async def test_what_cannot_be_recorded_of_one_command_keeps_the_case_from_no_other(
    office: Office, target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the log has against it: the same again would be met by the same, for ever."""
    stream = await office.submitted()
    commands = [await office.signed("olga", stream, body) for body in (TO_OSCAR, Assign(officer="olga"))]
    never = "IF NEW.type = 'CaseAssigned' THEN RAISE EXCEPTION 'never'; END IF;"
    async with hindered(target.database_url, stream, never):
        for command in commands:
            assert (await refusal(office.update(stream, "assign", command))).code == "not_recordable"
        await office.send("olga", stream, GRANT)
    assert await office.types(stream) == [*FILED, "RecommendationMade"]
    lines = [line for line in capsys.readouterr().out.splitlines() if "cannot be recorded" in line]
    assert len(lines) == len(commands)
    assert f"case={stream}" in lines[0]
    assert (await office.update(stream, "assign", commands[0])).stream == stream, "its id is not used up"


def _rule(stream: str) -> tuple[str, object]:
    lawful = APPLICATION.rule

    def faulty(state: ApplicationState | None, command: Command[Body], now: datetime) -> Ruling:
        if isinstance(command.body, Assign) and APPLICATION.stream(command.key) == stream:
            raise KeyError(SECRET)
        return lawful(state, command, now)

    return "rule", faulty


def _evolve(stream: str) -> tuple[str, object]:
    lawful = APPLICATION.evolve

    def faulty(state: ApplicationState | None, event: Event) -> ApplicationState:
        if isinstance(event, CaseAssigned) and state is not None and APPLICATION.stream(state.acn) == stream:
            raise AssertionError(SECRET)
        return lawful(state, event)

    return "evolve", faulty


@pytest.mark.parametrize("fault", [_rule, _evolve])
async def test_over_what_the_law_fails_keeps_the_case_from_no_other(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[str], tuple[str, object]],
) -> None:
    stream = await office.submitted()
    commands = [await office.signed("olga", stream, body) for body in (TO_OSCAR, Assign(officer="olga"))]
    before, failed = await counted(METRIC, "code"), await counted(LAW_FAILED, "kind")
    with monkeypatch.context() as faulty:
        # As a release that has a fault: what decides and what folds is there once in a process.
        faulty.setitem(vars(APPLICATION), *fault(stream))
        for command in commands:
            refused = await refusal(office.update(stream, "assign", command))
            assert (refused.code, SECRET in str(refused)) == ("not_decidable", False)
        await office.send("olga", stream, GRANT)
    assert await office.types(stream) == [*FILED, "RecommendationMade"]
    assert (await counted(METRIC, "code") - before)["not_decidable"] == len(commands)
    assert (await counted(LAW_FAILED, "kind") - failed)["application"] >= MAX_TRIES * len(commands)
    said = capsys.readouterr()
    lines = [line for line in said.out.splitlines() if "the law failed" in line]
    assert len(lines) == MAX_TRIES * len(commands)
    assert f"case={stream}" in lines[0]
    assert "test_once.py" in lines[0], "where it failed is told"
    assert SECRET not in said.out + said.err + caplog.text, "and nothing of what it says"
    assert (await office.update(stream, "assign", commands[0])).stream == stream, "its id is not used up"


async def test_a_request_that_comes_to_no_end_is_given_up_and_told_of(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = await office.submitted()
    before = await counted(GAVE_UP, "kind")
    command = await office.signed("olga", stream, TO_OSCAR)
    here = ActivityEnvironment()
    here.info = replace(here.info, is_local=True)
    runtime = office.temporal.service_client.config.runtime
    assert runtime is not None
    here.metric_meter = runtime.metric_meter
    async with Outpaced(office, stream) as log:
        desk = case_work(log, against(load_listings()), office.temporal)
        request = DeskRequest(
            stream=stream, version=0, now=datetime.now(UTC), incoming=incoming("assign", command)
        )
        with pytest.raises(DeskGaveUpError):
            await here.run(desk.decide_and_record, request)
    assert await office.types(stream) == [*FILED, *["CaseAssigned"] * MAX_COMMITS]
    assert await counted(GAVE_UP, "kind") - before == {"application": 1}
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "gave up for now" in line]
    assert f"case={stream}" in line
