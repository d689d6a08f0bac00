"""Stored histories of real cases replay on the code as it is: running cases survive its deployment."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner

import licensing.application.aggregate
import licensing.batch.aggregate
import licensing.directive.aggregate
import licensing.entity.aggregate
import licensing.license.aggregate
import licensing.list.aggregate
import licensing.reprieve.aggregate
import tests.histories
from connection.converter import DATA_CONVERTER
from connection.settings import Settings
from licensing.contract import LICENSE_APPLICATION
from licensing.messages import CaseStatus
from tests.histories.refresh import APART, RECORDED
from tests.workflows.histories import timers
from worker import WORKFLOWS, runner
from workflows.application import LicenseApplication

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
        data_converter=DATA_CONVERTER,
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure


def test_every_story_has_its_history() -> None:
    missing = {*RECORDED, *APART} - {path.stem for path in STORED}
    assert not missing, "record them: python -m tests.histories.refresh"


def test_the_histories_are_of_everything_that_can_happen() -> None:
    kinds = {event.WhichOneof("attributes") for path in STORED for event in load(path).events}
    assert {kind.removesuffix("_event_attributes") for kind in kinds if kind} >= {
        "workflow_execution_completed",
        "workflow_execution_failed",
        "workflow_execution_continued_as_new",
        "workflow_execution_signaled",
        "workflow_execution_cancel_requested",
        "workflow_execution_update_completed",
        "timer_fired",
        "timer_canceled",
    }


async def test_a_history_replays(stored: WorkflowHistory) -> None:
    assert await replay(stored) is None


async def test_a_history_replays_outside_the_sandbox(stored: WorkflowHistory) -> None:
    assert await replay(stored, UnsandboxedWorkflowRunner()) is None


# A changed law is no changed workflow


def not_asked(*_: object) -> None:
    raise AssertionError("the law was asked in a replay")


async def test_a_changed_law_breaks_no_replay(
    stored: WorkflowHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided stands in the log, and its record in the history: nobody decides it again."""
    for module, name in (
        (licensing.application.aggregate, "APPLICATION"),
        (licensing.license.aggregate, "LICENSE"),
        (licensing.reprieve.aggregate, "REPRIEVE"),
        (licensing.entity.aggregate, "ENTITY"),
        (licensing.batch.aggregate, "BATCH"),
        (licensing.directive.aggregate, "DIRECTIVE"),
        (licensing.list.aggregate, "LIST"),
    ):
        changed = replace(
            getattr(module, name), decide=not_asked, passed=not_asked, view=not_asked, consequences=not_asked
        )
        monkeypatch.setattr(module, name, changed)
    # The sandbox imports workflows anew for each run, and passes the law through as it is now.
    assert await replay(stored) is None


async def test_the_changed_law_is_what_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the patch above without effect, it would prove nothing."""
    application = licensing.application.aggregate.APPLICATION
    monkeypatch.setattr(
        licensing.application.aggregate, "APPLICATION", replace(application, status=not_asked)
    )
    assert "the law was asked" in str(await replay(by_name("granted")))


# A changed workflow is caught


@workflow.defn(name=LICENSE_APPLICATION)
class Impatient(LicenseApplication):
    """A new version that sleeps a little before it does anything."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        await workflow.sleep(1)
        return await super().run(*start)


@workflow.defn(name=LICENSE_APPLICATION)
class Forgetful(LicenseApplication):
    """A new version that does not wait for deadlines any more."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        return await super().run(*start)

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
