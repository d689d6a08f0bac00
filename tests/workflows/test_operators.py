"""An operator's pause, and cases that stand still: others go on, callers hear of it, the log has the case."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs
from temporalio import workflow
from temporalio.api.common.v1 import Payload, Payloads, WorkflowType
from temporalio.api.sdk.v1 import UserMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import StartWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from greenlight.client import Paused
from greenlight.connection.executions import RunStatus, described, is_paused, listed
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.embedded import programs
from greenlight.kernel.messages import CaseStatus, Resume
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import Assign, Withdraw
from greenlight.law.contract import TASK_QUEUE
from greenlight.service import repair
from greenlight.service.background import Items
from greenlight.service.folding import records_of
from greenlight.service.foreign import take_back, unlike
from greenlight.service.repair import OVERDUE, PAUSES, Mender
from tests.conftest import temporal_server
from tests.law.application.cases import GRANT
from tests.service.cases import STORIES, Story
from tests.workflows.office import Office, eventually, open_office
from workflows.application import LicenseApplication

ROOT = Path(__file__).resolve().parents[2]
FILED = ["ApplicationSubmitted", "PartiesScreened"]


@pytest_asyncio.fixture(scope="module")
async def pausing(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal whose operators may pause a workflow."""
    folder = tmp_path_factory.mktemp("pausing")
    async with temporal_server(folder, target, {"frontend.WorkflowPauseEnabled": "true"}) as pausing:
        yield pausing


@pytest_asyncio.fixture(scope="module")
async def here(settings: Settings, pausing: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, pausing) as office:
        yield office


async def operator(target: Target, verb: str, stream: str) -> None:
    """As an operator does it, by Temporal's own command line."""
    process = await asyncio.create_subprocess_exec(
        programs.temporal(), "workflow", verb, "--workflow-id", stream, "--address", target.address
    )
    assert await process.wait() == 0


async def nothing_is_overdue(period: timedelta) -> Sequence[str]:
    return ()


async def nothing_on_record(stream: str) -> Sequence[str]:
    return ()


async def test_whoever_sends_to_a_paused_case_or_asks_it_is_told_at_once(
    here: Office, pausing: Target
) -> None:
    stream = await here.submitted()
    await operator(pausing, "pause", stream)
    begun = time.monotonic()
    for call in (
        partial(here["olga"].decide, stream, Assign(officer="olga")),
        partial(here["olga"].status, stream),
        partial(here["olga"].dossier, stream),
    ):
        with pytest.raises(Paused, match=f"^{stream} is paused by an operator"):
            await call()
    assert time.monotonic() - begun < here["olga"].patience.total_seconds() / 3
    await operator(pausing, "unpause", stream)
    assert (await here["olga"].decide(stream, Assign(officer="olga"))).stage == "review"


async def test_what_was_sent_to_a_paused_case_is_kept(here: Office, pausing: Target) -> None:
    stream = await here.submitted()
    command = await here.signed("olga", stream, GRANT)
    await operator(pausing, "pause", stream)
    await here.signal(stream, "recommend", command)
    await here.handle(stream).cancel()
    assert await here.types(stream) == FILED
    await operator(pausing, "unpause", stream)
    assert (await here.event_of(stream, command)).type == "RecommendationMade"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_a_case_that_is_paused_at_every_stage_comes_to_the_same_end(
    here: Office, pausing: Target, story: Story
) -> None:
    """Every command is sent while its case is paused: by a client, who is told, and as a signal, which is
    kept."""
    stream = await here.submitted()
    for officer, body in story.steps:
        command = await here.signed(officer, stream, body)
        before = await here.types(stream)
        await operator(pausing, "pause", stream)
        with pytest.raises(Paused):
            await here[officer].status(stream)
        await here.signal(stream, body.declared.name, command)
        assert await here.types(stream) == before
        await operator(pausing, "unpause", stream)
        assert await here.event_of(stream, command)
        await here.caught_up(stream)
    assert tuple(await here.types(stream)) == story.events
    case = await here.status(stream)
    assert case.status.stage == story.stage


async def test_a_deadline_that_passes_while_a_case_is_paused_has_its_own_instant(
    here: Office, pausing: Target
) -> None:
    stream = await here.submitted()
    due = (await here.status(stream)).status.due
    assert due is not None
    ahead = timedelta(seconds=3)
    await here.fast_forward(stream, due - await here.now(stream) - ahead)
    command = await here.signed("olga", stream, GRANT)
    await operator(pausing, "pause", stream)
    await here.signal(stream, "recommend", command)
    await asyncio.sleep(2 * ahead.total_seconds())
    assert await here.types(stream) == FILED
    await operator(pausing, "unpause", stream)
    assert (await here.event_of(stream, command)).type == "RecommendationMade"
    passed, recommended = (await here.events(stream))[2:4]
    assert (passed.type, passed.at) == ("DeadlinePassed", due)
    assert recommended.at > due + ahead / 2


async def test_a_paused_case_that_is_terminated_goes_on_from_the_log(here: Office, pausing: Target) -> None:
    stream = await here.submitted()
    before = await here.status(stream)
    await operator(pausing, "pause", stream)
    await here.handle(stream).terminate("paused for too long")
    await here.start("LicenseApplication", stream, {"resume": True})
    assert await here.status(stream) == before


async def test_lists_and_loops_bear_a_paused_workflow(here: Office, pausing: Target) -> None:
    paused, other = await here.submitted(), await here.submitted()
    await operator(pausing, "pause", paused)
    assert await is_paused(here.temporal, paused)
    assert not await is_paused(here.temporal, other)

    async def both() -> bool:
        runs = {run.id: run.status async for run in listed(here.temporal, "")}
        return (runs.get(paused), runs.get(other)) == (RunStatus.PAUSED, RunStatus.RUNNING)

    await eventually(both, "both in the list")
    records = partial(records_of, here.service.recorder)
    assert await unlike(here.temporal, records, paused) is None
    await take_back(here.temporal, records, Items(1))
    assert await Mender(here.temporal, nothing_is_overdue, nothing_on_record).look(Items(1)) == ()
    assert await is_paused(here.temporal, paused)
    await operator(pausing, "unpause", paused)
    await here["acme"].decide(paused, Withdraw())


async def starter(settings: Settings, target: Target, *words: str) -> tuple[int | None, str]:
    """The command line's code, and what it says on standard error."""
    where = {
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_KEY_FOLDER": str(settings.keys.absolute()),
        "GREENLIGHT_CODEC_KEYS": str(target.sealing.keys),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "starter.py", *words),
        cwd=ROOT,
        env={**os.environ, **where},
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def test_the_command_line_says_that_a_case_is_paused(
    settings: Settings, here: Office, pausing: Target
) -> None:
    stream = await here.submitted()
    acn = stream_key(stream)
    await operator(pausing, "pause", stream)
    code, said = await starter(settings, pausing, "assign", acn, "olga", "--as", "olga")
    assert (code, f"{stream} is paused by an operator" in said) == (3, True), said
    code, said = await starter(settings, pausing, "resume", acn)
    assert (code, f"{stream} is paused by an operator, and was left so" in said) == (0, True), said
    await operator(pausing, "unpause", stream)


# Standing still


class Clock:
    """Seconds, as a test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def forward(self, period: timedelta) -> None:
        self.now += period.total_seconds() + 1


async def test_a_case_past_its_deadline_is_started_again_and_others_are_named(
    here: Office, pausing: Target
) -> None:
    stands, paused, ended = [await here.submitted() for _ in range(3)]
    first = await described(here.temporal, stands)
    before = await here.status(stands)
    await operator(pausing, "pause", paused)
    await here.handle(ended).terminate("by mistake")

    async def overdue(period: timedelta) -> Sequence[str]:
        assert period == OVERDUE
        return (stands, paused, ended, "license-D000000", "officer-olga")

    clock = Clock()
    mender = Mender(here.temporal, overdue, nothing_on_record, clock)
    assert await mender.look(Items(1)) == (), "whoever has just begun to look lets cases come up to date"
    clock.forward(OVERDUE)
    assert await mender.look(Items(1)) == (stands,)
    assert mender.stuck.keys() == {paused, ended, "license-D000000"}
    assert mender.stuck[paused].startswith("paused by an operator")
    again = await described(here.temporal, stands)
    assert again.run_id != first.run_id
    assert await again.summary(here.temporal) == await first.summary(here.temporal) is not None
    assert await again.memo(here.temporal) == await first.memo(here.temporal)
    assert await here.status(stands) == before
    await operator(pausing, "unpause", paused)


async def test_one_that_cannot_be_started_again_holds_up_no_other(here: Office, pausing: Target) -> None:
    """Somebody started it with a summary that nobody can read."""
    stands, other = await here.submitted(), await here.submitted()
    await here.handle(stands).terminate()
    await here.temporal.workflow_service.start_workflow_execution(
        StartWorkflowExecutionRequest(
            namespace=here.temporal.namespace,
            request_id="unreadable",
            workflow_id=stands,
            workflow_type=WorkflowType(name="LicenseApplication"),
            task_queue=TaskQueue(name=TASK_QUEUE),
            input=Payloads(payloads=here.temporal.data_converter.payload_converter.to_payloads([Resume()])),
            user_metadata=UserMetadata(summary=Payload(metadata={"encoding": b"json/plain"}, data=b"{")),
        )
    )
    await here.caught_up(stands)

    async def overdue(_: timedelta) -> Sequence[str]:
        return (stands, other)

    clock, items = Clock(), Items(1)
    mender = Mender(here.temporal, overdue, nothing_on_record, clock)
    clock.forward(OVERDUE)
    with capture_logs() as lines:
        assert await mender.look(items) == (other,)
    assert items.resting() == (stands,)
    assert [line["item"] for line in lines if "item" in line] == [stands]


async def test_the_log_knows_what_is_overdue(here: Office) -> None:
    stream = await here.submitted()
    recorder = here.service.recorder
    assert stream not in await recorder.overdue(timedelta(0))
    assert stream in await recorder.overdue(timedelta(days=-3650))


@pytest_asyncio.fixture
async def narrow(target: Target, tmp_path: Path) -> AsyncGenerator[Target]:
    """The same database, and a Temporal that keeps little of one run."""
    little = {"limit.historySize.error": "200000", "limit.historyCount.error": "200"}
    async with temporal_server(tmp_path, target, little) as narrow:
        yield narrow


@pytest.mark.parametrize("size", [20_000, 10], ids=["size", "number of events"])
async def test_a_case_that_strangers_filled_until_temporal_ended_it_is_started_again(
    settings: Settings, narrow: Target, size: int
) -> None:
    async with open_office(settings, narrow) as office:
        filled, other = await office.submitted(), await office.submitted()
        temporal = office.temporal
        await office.handle(other).terminate("the history exceeds limit.")
    clock = Clock()
    mender = Mender(temporal, None, nothing_on_record, clock)
    assert await mender.look(Items(1)) == ()
    for pause in PAUSES:
        await _fill(temporal, filled, size)
        # Too early, where there was one before.
        assert await mender.look(Items(1)) == ((filled,) if not pause else ())
        clock.forward(pause)
        assert await mender.look(Items(1)) == ((filled,) if pause else ())
        assert (await described(temporal, filled)).status is RunStatus.RUNNING
    assert (await described(temporal, other)).status is RunStatus.TERMINATED
    await _fill(temporal, filled, size)
    assert await mender.look(Items(1)) == ()
    assert mender.stuck.keys() == {filled}
    clock.forward(timedelta(hours=1))
    assert await mender.look(Items(1)) == (filled,)
    assert mender.stuck == {}
    async with open_office(settings, narrow) as office:
        await office["olga"].decide(filled, Assign(officer="olga"))
        assert await mender.look(Items(1)) == ()


@pytest_asyncio.fixture
async def generous(target: Target, tmp_path: Path) -> AsyncGenerator[Target]:
    """The same database, and a Temporal that lets in more updates at once than an answer to them holds."""
    settings = {"history.maxInFlightUpdatePayloads": "20000000"}
    async with temporal_server(tmp_path, target, settings) as generous:
        yield generous


async def test_a_case_that_temporal_ended_for_the_size_of_an_answer_is_started_again(
    settings: Settings, generous: Target
) -> None:
    async with open_office(settings, generous) as office:
        stream = await office.submitted()
        first = (await described(office.temporal, stream)).run_id
        unsigned = {"token": "nobody's", "body": {"officer": "o" * 60_000}}
        updates = [asyncio.create_task(office.update(stream, "assign", unsigned)) for _ in range(150)]

        async def ended() -> bool:
            return (await described(office.temporal, stream, first)).status is RunStatus.TERMINATED

        await eventually(ended, "the end of the first run", timedelta(seconds=60))
        for update in updates:
            update.cancel()
        await asyncio.gather(*updates, return_exceptions=True)

        async def anew() -> bool:
            return (await described(office.temporal, stream)).lives

        await eventually(anew, "a new run", timedelta(seconds=60))
        await office["olga"].decide(stream, Assign(officer="olga"))


async def _fill(temporal: Client, stream: str, size: int) -> None:
    """Send signals of so many characters until Temporal ends the run, and says so in its list."""
    while True:
        try:
            await temporal.get_workflow_handle(stream).signal("assign", "x" * size)
        except RPCError:
            break
    await eventually(partial(_is_listed_as_terminated, temporal, stream), "the end in the list")


async def _is_listed_as_terminated(temporal: Client, stream: str) -> bool:
    last = (await described(temporal, stream)).run_id
    query = f"WorkflowId = '{stream}' AND ExecutionStatus = 'Terminated'"
    return last in [run.run_id async for run in listed(temporal, query)]


@workflow.defn(name="LicenseApplication")
class Failing(LicenseApplication):
    """A release with a fault of a kind that nobody foresaw."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        raise RuntimeError("a fault")


@pytest_asyncio.fixture
async def alone(target: Target, tmp_path: Path) -> AsyncGenerator[Target]:
    """The same database, and a Temporal at which no other worker asks for tasks."""
    async with temporal_server(tmp_path, target) as alone:
        yield alone


async def test_a_case_whose_task_keeps_failing_is_started_again_a_few_times_and_then_named(
    settings: Settings, alone: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The fifth attempt comes after half a minute.
    monkeypatch.setattr(repair, "_ATTEMPTS", 2)
    async with open_office(settings, alone) as office:
        stream = await office.submitted()
        temporal, command = office.temporal, await office.signed("olga", stream, Assign(officer="olga"))
    # A task for the worker that comes.
    await office.signal(stream, "assign", command)
    clock = Clock()
    mender = Mender(temporal, None, nothing_on_record, clock)
    failing = Worker(
        temporal,
        task_queue=TASK_QUEUE,
        workflows=[Failing],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=0,
    )
    async with failing:
        for pause in PAUSES:
            # Too early, where there was one before.
            assert await _until_it_fails(temporal, stream, mender) == ((stream,) if not pause else ())
            clock.forward(pause)
            if pause:
                assert await mender.look(Items(1)) == (stream,)
        assert await _until_it_fails(temporal, stream, mender) == ()
        assert mender.stuck.keys() == {stream}
    async with open_office(settings, alone) as office:
        clock.forward(timedelta(hours=1))
        await office["olga"].decide(stream, Assign(officer="olga"))
        await mender.look(Items(1))
        assert mender.stuck == {}


async def _until_it_fails(temporal: Client, stream: str, mender: Mender) -> tuple[str, ...]:
    """What a look finds once the task of the case has failed often enough."""

    async def often() -> bool:
        return (await described(temporal, stream)).attempts >= 2

    await eventually(often, "a second attempt at a task", timedelta(seconds=40))
    return await mender.look(Items(1))
