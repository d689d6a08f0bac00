"""Stored histories of real cases replay on the code as it is: running cases survive its deployment."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner

import greenlight.law.application.aggregate
import greenlight.law.batch.aggregate
import greenlight.law.directive.aggregate
import greenlight.law.entity.aggregate
import greenlight.law.license.aggregate
import greenlight.law.moment.aggregate
import greenlight.law.reprieve.aggregate
import greenlight.law.rule.aggregate
import greenlight.law.screening_list.aggregate
import tests.histories
from greenlight.codec.sealing import Sealing
from greenlight.connection.converter import data_converter
from greenlight.connection.settings import Settings
from greenlight.kernel.messages import CaseStatus
from tests.histories.refresh import NAMES
from tests.workflows.histories import timers
from worker import runner
from workflows import registered
from workflows.application import LicenseApplication

WORKFLOWS = registered.workflows()
STORED = sorted(Path(tests.histories.__file__).parent.glob("*.json"))


@pytest.fixture(params=STORED, ids=lambda path: Path(path).stem)
def stored(request: pytest.FixtureRequest) -> WorkflowHistory:
    return load(request.param)


def load(path: Path) -> WorkflowHistory:
    content = json.loads(path.read_text(encoding="utf-8"))
    started = content["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], content)


def by_name(name: str) -> WorkflowHistory:
    return load(next(path for path in STORED if path.stem == name))


async def replay(
    history: WorkflowHistory,
    under: WorkflowRunner | None = None,
    workflows: Sequence[type] = WORKFLOWS,
) -> Exception | None:
    """What replaying a history fails with, if it does."""
    replayer = Replayer(
        workflows=workflows,
        workflow_runner=under or runner(Settings(sandbox=True)),
        data_converter=data_converter(Sealing.off()),
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure


def test_every_story_has_its_history() -> None:
    missing = NAMES - {path.stem for path in STORED}
    assert not missing, "record them: python -m tests.histories.refresh"


OF_EACH_TYPE = {
    "workflow_execution_started",
    "workflow_execution_signaled",
    "workflow_execution_update_accepted",
    "workflow_execution_update_completed",
    "workflow_execution_continued_as_new",
    "timer_started",
    "timer_fired",
    "marker_recorded",
    "upsert_workflow_search_attributes",
}
OF_SOME = {
    "workflow_execution_completed",
    "workflow_execution_failed",
    "workflow_execution_cancel_requested",
    "timer_canceled",
    "activity_task_completed",
}


def kinds_by_type() -> Mapping[str, set[str]]:
    """What there is in the histories of each type of workflow; of runs that others went before, and of
    updates that were refused, too."""
    found: dict[str, set[str]] = defaultdict(set)
    for history in map(load, STORED):
        started = history.events[0].workflow_execution_started_event_attributes
        kinds = found[started.workflow_type.name]
        if started.continued_execution_run_id:
            kinds.add("continued")
        for event in history.events:
            kinds.add((event.WhichOneof("attributes") or "").removesuffix("_event_attributes"))
            completed = event.workflow_execution_update_completed_event_attributes
            if completed.outcome.HasField("failure"):
                kinds.add("update refused")
    return found


def test_the_histories_are_of_everything_that_can_happen_to_each_type_of_workflow() -> None:
    found = kinds_by_type()
    types = {_name(each) for each in WORKFLOWS}
    assert set(found) == types
    wanted = OF_EACH_TYPE | {"continued", "update refused"}
    # Who takes no command refuses none.
    silent = {_name(each) for each in WORKFLOWS if not each.aggregate.commands}
    lacking = {
        name: wanted - kinds - ({"update refused"} if name in silent else set())
        for name, kinds in found.items()
    }
    assert {name: kinds for name, kinds in lacking.items() if kinds} == {}
    assert set[str]().union(*found.values()) >= OF_SOME


def _name(of: type) -> str | None:
    # What the SDK tells of its own decorators is nowhere public.
    return workflow._Definition.must_from_class(of).name  # pyright: ignore[reportPrivateUsage]


async def test_a_history_replays_outside_the_sandbox(stored: WorkflowHistory) -> None:
    assert await replay(stored, UnsandboxedWorkflowRunner()) is None


# A changed law is no changed workflow


def not_asked(*_: object) -> None:
    raise AssertionError("the law was asked in a replay")


async def test_a_history_replays_whatever_the_law(
    stored: WorkflowHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided stands in the log, and its record in the history: nobody decides it again."""
    for module, name in (
        (greenlight.law.application.aggregate, "APPLICATION"),
        (greenlight.law.license.aggregate, "LICENSE"),
        (greenlight.law.reprieve.aggregate, "REPRIEVE"),
        (greenlight.law.entity.aggregate, "ENTITY"),
        (greenlight.law.batch.aggregate, "BATCH"),
        (greenlight.law.directive.aggregate, "DIRECTIVE"),
        (greenlight.law.screening_list.aggregate, "LIST"),
        (greenlight.law.rule.aggregate, "RULE"),
        (greenlight.law.moment.aggregate, "MOMENT"),
    ):
        changed = replace(
            getattr(module, name), rule=not_asked, passed=not_asked, view=not_asked, consequences=not_asked
        )
        monkeypatch.setattr(module, name, changed)
    # The sandbox imports workflows anew for each run, and passes the law through as it is now.
    assert await replay(stored) is None


async def test_the_changed_law_is_what_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the patch above without effect, it would prove nothing."""
    application = greenlight.law.application.aggregate.APPLICATION
    monkeypatch.setattr(
        greenlight.law.application.aggregate, "APPLICATION", replace(application, status=not_asked)
    )
    assert "the law was asked" in str(await replay(by_name("granted")))


# A changed workflow is caught


@workflow.defn(name="LicenseApplication")
class Impatient(LicenseApplication):
    """A new version that sleeps a little before it does anything."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        await workflow.sleep(1)
        return await self.live(start)


@workflow.defn(name="LicenseApplication")
class Forgetful(LicenseApplication):
    """A new version that does not wait for deadlines any more."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        return await self.live(start)

    async def _wait(self, again_at: datetime | None) -> None:
        await workflow.wait_condition(lambda: self.journal.closed)


@pytest.mark.parametrize("changed", [Impatient, Forgetful])
async def test_a_changed_workflow_is_caught(changed: type) -> None:
    failure = await replay(by_name("granted"), UnsandboxedWorkflowRunner(), [changed])
    assert isinstance(failure, workflow.NondeterminismError)


@pytest.mark.parametrize(
    "missing",
    [
        "marker_recorded_event_attributes",
        "timer_started_event_attributes",
        "upsert_workflow_search_attributes_event_attributes",
    ],
)
async def test_a_history_that_lacks_an_event_is_caught(missing: str) -> None:
    history = by_name("granted")
    at = next(n for n, event in enumerate(history.events) if event.WhichOneof("attributes") == missing)
    events = [*history.events[:at], *history.events[at + 1 :]]
    for number, event in enumerate(events, 1):
        event.event_id = number
    failure = await replay(WorkflowHistory(history.workflow_id, events))
    assert failure is not None


def test_stored_timers_run_until_their_deadlines() -> None:
    """Replay does not compare durations."""
    first, second = timers(by_name("deadlines-passed"))
    assert second.fires_at - first.fires_at == pytest.approx(timedelta(days=81), abs=timedelta(hours=2))
