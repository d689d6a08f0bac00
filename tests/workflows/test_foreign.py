"""The id of a case on which a workflow sits that is none of ours: recognised, ended, alarmed, taken back."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.worker import Worker

from greenlight.connection.executions import listed
from greenlight.connection.target import Target, connect
from greenlight.law.contract import TASK_QUEUE
from greenlight.service.background import Items
from greenlight.service.folding import records_of
from greenlight.service.foreign import start_again, take_back, terminated, unlike
from tests.conftest import temporal_server
from tests.law.application.cases import GRANT
from tests.workflows.office import PATIENCE, Office, eventually

AWAY = "of-somebody-else"


@workflow.defn(sandboxed=False)
class Squatter:
    """Runs until it is told to end."""

    @workflow.run
    async def run(self, stays: bool) -> None:
        await workflow.wait_condition(lambda: not stays)


@workflow.defn(name="License", sandboxed=False)
class Impostor:
    """Says what it likes of a license."""

    @workflow.run
    async def run(self, said: object) -> None:
        self.said = said
        await workflow.wait_condition(lambda: False)

    @workflow.query
    def status(self) -> object:
        return self.said


async def next_license(office: Office) -> str:
    """The license whose number is the next to be given out: anybody can count."""
    before = await office.granted(GRANT)
    return f"license-D{int(before.removeprefix('license-D')) + 1:06}"


@asynccontextmanager
async def sitting(
    temporal: Client, stream: str, *, kind: str = "Squatter", stays: bool = True, queue: str = AWAY
) -> AsyncGenerator[WorkflowHandle[object, object]]:
    """A workflow on that id, and a worker that has it."""
    async with Worker(temporal, task_queue=AWAY, workflows=[Squatter, Impostor]):
        yield await temporal.start_workflow(kind, stays, id=stream, task_queue=queue)


def first_run(temporal: Client, handle: WorkflowHandle[object, object]) -> WorkflowHandle[object, object]:
    """That run and none that came after it on its id."""
    return temporal.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id)


async def is_terminated(temporal: Client, handle: WorkflowHandle[object, object]) -> bool:
    return (await first_run(temporal, handle).describe()).status is WorkflowExecutionStatus.TERMINATED


async def lives(office: Office, stream: str) -> None:
    """The case has its own workflow, which says what the log says."""
    shown = await office.described(stream)
    assert (shown.workflow_type, shown.task_queue) == ("License", TASK_QUEUE)
    assert (await office.caught_up(stream)).status.stage == "active"


@pytest.mark.parametrize(
    ("kind", "queue", "told"),
    [
        ("Squatter", AWAY, "it is a Squatter, and no License"),
        ("Squatter", TASK_QUEUE, "it is a Squatter, and no License"),
        ("License", AWAY, f"it asks the task queue {AWAY}, and not {TASK_QUEUE}"),
    ],
)
async def test_a_grant_takes_its_license_number_back(
    office: Office, kind: str, queue: str, told: str
) -> None:
    stream = await next_license(office)
    async with sitting(office.temporal, stream, kind=kind, queue=queue) as theirs:
        with capture_logs() as lines:
            assert await office.granted(GRANT) == stream
        await lives(office, stream)
        assert await is_terminated(office.temporal, theirs)
        *_, last = (await first_run(office.temporal, theirs).fetch_history()).events
        assert told in last.workflow_execution_terminated_event_attributes.reason
    (alarm,) = [line for line in lines if line["event"] == "foreign workflow on the id of a case"]
    assert (alarm["log_level"], alarm["case"], alarm["reason"]) == ("error", stream, told)


@pytest.mark.parametrize("how", ["delayed", "by the clock", "ended"])
async def test_a_workflow_of_our_type_that_does_nothing_is_no_hindrance(office: Office, how: str) -> None:
    """Put off for years; once a year; or come to its end already, which nobody may start again lightly."""
    stream = await next_license(office)
    start = partial(office.temporal.start_workflow, "License", {"resume": True}, id=stream)
    async with Worker(office.temporal, task_queue=AWAY, workflows=[Squatter]):
        match how:
            case "delayed":
                theirs = await start(task_queue=TASK_QUEUE, start_delay=timedelta(days=3650))
            case "by the clock":
                theirs = await start(task_queue=TASK_QUEUE, cron_schedule="0 0 29 2 *")
            case _:
                theirs = await office.temporal.start_workflow("Squatter", False, id=stream, task_queue=AWAY)
                await theirs.result()
        assert await office.granted(GRANT) == stream
        await lives(office, stream)
        if how != "ended":
            assert await is_terminated(office.temporal, theirs)


async def test_our_own_are_left_alone(office: Office) -> None:
    """As they run, as they have just begun, and once they are over."""
    records = partial(records_of, office.service.recorder)
    license_, case = await office.granted(GRANT), await office.recommended()
    for stream in (license_, case):
        assert await unlike(office.temporal, records, stream) is None
    run = (await office.described(license_)).run_id
    await office.handle(license_).terminate()
    assert await unlike(office.temporal, records, license_) is None
    await start_again(office.temporal, license_)
    assert await unlike(office.temporal, records, license_) is None
    assert (await office.described(license_)).run_id != run
    assert await unlike(office.temporal, records, "license-D999999") is None


async def test_the_worker_finds_whoever_sits_there_later(office: Office) -> None:
    """After a termination, say; the worker looks every few seconds."""
    stream = await office.granted(GRANT)
    await office.handle(stream).terminate()
    async with sitting(office.temporal, stream) as theirs:
        taken_back = partial(is_terminated, office.temporal, theirs)
        await eventually(taken_back, "the foreign workflow to be ended", 3 * PATIENCE)
        await eventually(partial(office.runs, stream), "the license's own")
        await lives(office, stream)


async def test_whoever_sits_where_the_log_has_no_case_is_left_alone(office: Office) -> None:
    async with sitting(office.temporal, "reprieve-nobodys") as theirs:
        await take_back(office.temporal, partial(records_of, office.service.recorder), Items(1))
        assert (await theirs.describe()).status is WorkflowExecutionStatus.RUNNING
        await theirs.terminate()


async def test_one_that_cannot_be_taken_back_holds_up_no_other(
    office: Office, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> None:
    streams = {await office.granted(GRANT), await office.granted(GRANT)}
    items, broken = Items(1), ""

    async def records(stream: str) -> Sequence[str]:
        if stream == broken:
            raise RuntimeError("a record that cannot be read")
        return await records_of(office.service.recorder, stream)

    # On a Temporal without our worker, which would be as quick.
    async with temporal_server(tmp_path_factory.mktemp("squatters"), target) as other:
        temporal = await connect(other)
        for stream in streams:
            await temporal.start_workflow("Squatter", True, id=stream, task_queue=AWAY)
        query = "WorkflowType = 'Squatter' AND ExecutionStatus = 'Running'"

        async def sit() -> list[str]:
            return [run.id async for run in listed(temporal, query)]

        async def both() -> bool:
            return {*await sit()} == streams

        async def one() -> bool:
            return await sit() == [broken]

        await eventually(both, "both in the list")
        # The first in the list, so that the other comes after it.
        broken = (await sit())[0]
        with capture_logs() as lines:
            await take_back(temporal, records, items)
        await eventually(one, "only the broken one in the list")
        assert items.resting() == (broken,)
        (told,) = [line for line in lines if line.get("item") == broken]
        assert (told["log_level"], told["error"]) == ("error", "RuntimeError")
        broken = ""
        items.done(items.resting()[0])
        await take_back(temporal, records, items)
        assert len(items) == 0


async def test_one_that_says_what_the_log_does_not_is_found_out(
    office: Office, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another program that takes tasks from our queue, under our type, on a Temporal without our worker."""
    stream = await office.granted(GRANT)
    records = partial(records_of, office.service.recorder)
    true = (await office.status(stream)).model_dump(mode="json")
    sayings = {
        "another state": {**true, "dossier": "sha256:" + "0" * 64},
        "the log has": {**true, "version": true["version"] + 1},
        "status cannot be read": {"anything": "else"},
    }
    async with temporal_server(tmp_path_factory.mktemp("impostors"), target) as other:
        temporal = await connect(other)
        async with Worker(temporal, task_queue=TASK_QUEUE, workflows=[Impostor]):
            for told, said in {"": true, **sayings}.items():
                theirs = await temporal.start_workflow("License", said, id=stream, task_queue=TASK_QUEUE)
                found = await unlike(temporal, records, stream)
                if not told:
                    assert found is None, "it says what the log says"
                    await theirs.terminate()
                    continue
                assert found is not None
                assert told in found.reason
                assert found.ahead is (told != "status cannot be read")
                await terminated(temporal, found)
                assert (await theirs.describe()).status is WorkflowExecutionStatus.TERMINATED
