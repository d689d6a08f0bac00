"""Whose clock a case goes by: in a rehearsal that of its messages, in production the time of day."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from greenlight.client import LicensingClient, Refused, Unanswered
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.migrate import MigrationError
from greenlight.kernel.clock_kind import TICK, Kind, Tick, Ticked
from greenlight.kernel.model import JsonObject
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Assign
from greenlight.rehearsal import Step
from greenlight.rehearsal.ticks import tick
from tests.law.application.cases import new_submission
from tests.law.entity.cases import APPROVE, listing
from tests.rehearsal.stage import Stage, elsewhere, open_stage
from tests.workflows.histories import timers
from tests.workflows.office import Office, new_number, open_office, refusal
from worker import service

T0 = datetime(2019, 6, 3, 14, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = timedelta(seconds=10)
ASSIGN = Assign(officer="olga")


@pytest_asyncio.fixture(scope="module")
async def stage(settings: Settings, target: Target) -> AsyncGenerator[Stage]:
    async with open_stage(settings, await elsewhere(target)) as stage:
        yield stage


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """Of production, in a namespace and a database of its own."""
    async with open_office(settings, await elsewhere(target, Kind.PRODUCTION)) as office:
        yield office


def client(stage: Stage, officer: str, at: datetime | None) -> LicensingClient:
    return LicensingClient(stage.temporal, replace(stage.signers[officer], at=at), patience=PATIENCE)


async def submitted(stage: Stage, at: datetime = T0) -> str:
    return (await client(stage, "acme", at).submit(new_submission())).stream


async def update(stage: Stage, stream: str, name: str, content: object) -> object:
    handle = stage.temporal.get_workflow_handle(stream)
    # One of the SDK's overloads leaves a type open; the one used here does not.
    return await handle.execute_update(name, content)  # pyright: ignore[reportUnknownMemberType]


async def told(stage: Stage, stream: str) -> list[tuple[str, datetime]]:
    return [(event.type, event.at) async for event in stage.reader.stream(stream)]


async def test_legal_time_is_what_messages_say(stage: Stage) -> None:
    stream = await submitted(stage)
    await client(stage, "olga", T0 + DAY).decide(stream, ASSIGN)
    ticked = await tick(stage.temporal, stream, T0 + 20 * DAY, PATIENCE)
    ninth = datetime(2019, 6, 13, 4, tzinfo=UTC)
    assert await told(stage, stream) == [
        ("ApplicationSubmitted", T0),
        ("PartiesScreened", T0),
        ("CaseAssigned", T0 + DAY),
        ("DeadlinePassed", ninth),
    ]
    assert ticked == Ticked(now=T0 + 20 * DAY, due=datetime(2019, 9, 2, 4, tzinfo=UTC))
    recorded = [event.recorded_at async for event in stage.reader.stream(stream)]
    assert min(recorded) > datetime(2026, 1, 1, tzinfo=UTC), "that it was recorded is of today"


async def test_there_are_no_timers(stage: Stage) -> None:
    stream = await submitted(stage)
    await tick(stage.temporal, stream, T0 + DAY, PATIENCE)
    assert list(timers(await stage.temporal.get_workflow_handle(stream).fetch_history())) == []


async def test_the_clock_never_goes_backwards(stage: Stage) -> None:
    stream = await submitted(stage)
    await tick(stage.temporal, stream, T0 + DAY, PATIENCE)
    late = client(stage, "olga", T0 + DAY - timedelta(microseconds=1))
    assert (await refusal(late.decide(stream, ASSIGN))).code == "clock_passed"
    assert (await told(stage, stream))[-1] == ("CommandRefused", T0 + DAY)
    back = tick(stage.temporal, stream, T0, PATIENCE)
    assert (await refusal(back)).code == "clock_passed"
    await tick(stage.temporal, stream, T0 + DAY, PATIENCE)


async def test_a_command_sent_again_is_known_however_late_it_is(stage: Stage) -> None:
    stream = await submitted(stage)
    olga = client(stage, "olga", T0 + DAY)
    first = await olga.decide(stream, ASSIGN, command_id="once-and-again")
    await tick(stage.temporal, stream, T0 + 2 * DAY, PATIENCE)
    command = olga.signer.sign("assign", stream, ASSIGN, command_id="once-and-again")
    # As from a program that was started anew, and gives the update no id.
    again = await update(stage, stream, "assign", command)
    assert again == {**first.model_dump(mode="json"), "duplicate": True}


async def test_a_command_of_a_rehearsal_says_when_it_comes(stage: Stage) -> None:
    stream = await submitted(stage)
    assert (await refusal(client(stage, "olga", None).decide(stream, ASSIGN))).code == "wrong_clock"
    assert (await refusal(client(stage, "acme", None).submit(new_submission()))).code == "wrong_clock"


async def test_a_tick_that_nobody_answers_says_what_was_answered_last(stage: Stage) -> None:
    with pytest.raises(Unanswered, match="the last answer of Temporal was NOT_FOUND"):
        await tick(stage.temporal, application_stream(new_number()), T0, timedelta(seconds=1))


@pytest.mark.parametrize("sent", [{}, {"at": "noon"}, {"at": "2019-06-03T14:00:00"}, {"at": None}, {"to": 1}])
async def test_a_tick_names_an_instant(stage: Stage, sent: JsonObject) -> None:
    stream = await submitted(stage)
    with pytest.raises(WorkflowUpdateFailedError) as error:
        await update(stage, stream, TICK, sent)
    assert isinstance(error.value.cause, ApplicationError)
    assert error.value.cause.type == "malformed"


async def test_production_takes_no_ticks(office: Office) -> None:
    stream = await office.submitted()
    said = await refusal(office.update(stream, TICK, Tick(at=T0)))
    assert said.code == "wrong_clock"
    assert await office.types(stream) == ["ApplicationSubmitted", "PartiesScreened"]


async def test_production_takes_no_instants(office: Office) -> None:
    stream = await office.submitted()
    dated = (await office.signed("olga", stream, ASSIGN)).model_copy(update={"at": datetime.now(UTC)})
    assert (await refusal(office.update(stream, "assign", dated))).code == "wrong_clock"
    async with office.unrecorded("wrong_clock"):
        await office.signal(stream, "assign", dated)


async def test_production_begins_no_case_at_an_instant(office: Office) -> None:
    acme = office["acme"]
    dated = LicensingClient(office.temporal, replace(acme.signer, at=T0))
    stream = new_number("R")
    with pytest.raises(Refused) as error:
        await dated.submit(new_submission(), acn=stream.removeprefix("application-"))
    assert error.value.code == "wrong_clock"
    assert await office.events(stream) == []


async def test_a_worker_refuses_a_database_of_the_other_kind(
    stage: Stage, office: Office, settings: Settings
) -> None:
    rehearsing = settings.model_copy(update={"kind": Kind.REHEARSAL})
    for wrong, target in ((settings, stage.target), (rehearsing, office.service.target)):
        with pytest.raises(MigrationError, match="is refused for"):
            async with service(wrong, target):
                pass


async def test_a_case_is_taken_up_again_with_its_clock(stage: Stage) -> None:
    """Its workflow gone, it goes on from the log: with legal time as it was, and not as it is today."""
    stream = await submitted(stage)
    handle = stage.temporal.get_workflow_handle(stream)
    await handle.terminate()
    await stage.temporal.start_workflow(
        "LicenseApplication", {"resume": True}, id=stream, task_queue="licensing"
    )
    ticked = await tick(stage.temporal, stream, T0 + DAY, PATIENCE)
    assert ticked.now == T0 + DAY
    await client(stage, "olga", T0 + DAY).decide(stream, ASSIGN)
    assert (await told(stage, stream))[-1] == ("CaseAssigned", T0 + DAY)


async def test_nothing_is_planned_for_what_has_passed(stage: Stage) -> None:
    driver = stage.driver(3, T0)

    async def look_back(step: Step) -> None:
        step.plan(step.now - DAY, look_back)

    with pytest.raises(ValueError, match="already, too late"):
        driver.plan(T0 - DAY, look_back)
    driver.plan(T0, look_back)
    with pytest.raises(ValueError, match="already, too late"):
        await driver.run(T0 + DAY)


async def test_a_case_plans_for_another_only_from_a_distance(stage: Stage) -> None:
    driver = stage.driver(3, T0)
    seen: list[str] = []

    async def note(step: Step) -> None:
        seen.append(f"{step.case} {step.now - T0}")

    async def meddle(step: Step) -> None:
        step.plan(step.now + DAY, note, case=application_stream("Y000002"))
        step.plan(step.now + timedelta(hours=1), note)
        step.plan(step.now + timedelta(hours=1), note, case=application_stream("Y000002"))

    driver.plan(T0, meddle, case=application_stream("Y000001"))
    with pytest.raises(ExceptionGroup, match="unhandled") as error:
        await driver.run(T0 + 2 * DAY)
    assert error.group_contains(ValueError, match="plan it for later")


async def test_what_concerns_everything_is_done_alone_and_in_its_turn(stage: Stage) -> None:
    driver = stage.driver(3, T0)
    seen: list[str] = []

    async def note(step: Step) -> None:
        seen.append(f"{step.case or 'all'} {(step.now - T0) // timedelta(hours=1)}")

    async def again(step: Step) -> None:
        await note(step)
        step.plan(step.now + timedelta(hours=1), note)

    driver.plan(T0 + timedelta(hours=2), note)
    driver.plan(T0 + timedelta(hours=3), note, case="a")
    driver.plan(T0, again, case="a")
    driver.plan(T0 + timedelta(hours=2), note, case="b")
    await driver.run(T0 + DAY)
    assert seen == ["a 0", "a 1", "all 2", "a 3", "b 2"] or seen == ["a 0", "a 1", "all 2", "b 2", "a 3"]


async def test_what_is_to_come_of_a_listed_entity_comes_at_its_instant(stage: Stage) -> None:
    driver = stage.driver(3, T0)

    async def listed(step: Step) -> None:
        opening = listing(T0 + 10 * DAY)
        await step.client(stage.signers["vera"]).list_entity("later", opening, command_id=step.command_id())
        for seat in ("commerce", "state", "energy"):
            await step.decide(stage.signers[seat], "entity-later", APPROVE)

    driver.plan(T0, listed)
    await driver.run(T0 + 9 * DAY)
    (row,) = await stage.reader.entities("later")
    assert (row.stage, row.due) == ("to_be_listed", T0 + 10 * DAY)
    await driver.run(T0 + 11 * DAY)
    (row,) = await stage.reader.entities("later")
    assert (row.stage, row.due) == ("listed", None)
    # Open cases and live licenses are held against it at once.
    took, *held = (await told(stage, "entity-later"))[-2:]
    assert took == ("ListingTookEffect", T0 + 10 * DAY)
    assert [name for name, _ in held] == ["RescreeningCompleted"]
