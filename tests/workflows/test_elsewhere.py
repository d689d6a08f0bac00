"""The service's activities, asked for by a workflow of somebody else's, who reaches Temporal and no more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from temporalio import workflow
from temporalio.client import WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import Worker

from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.messages import DeskRequest, Internal, Sift
from greenlight.law.contract import TASK_QUEUE
from greenlight.law.moment.commands import OpenMoment
from greenlight.law.moment.state import MomentRequest, key_of
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.coming import Kind as Comes
from tests.workflows.office import PATIENCE, Office

AWAY = "of-somebody-else-who-asks"
LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


@workflow.defn(sandboxed=False)
class Asking:
    """Asks the service's worker for one of its activities."""

    @workflow.run
    async def run(self, name: str, said: Sequence[object]) -> None:
        await workflow.execute_activity(
            name,
            args=said,
            task_queue=TASK_QUEUE,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


async def asked(office: Office, name: str, *said: object) -> BaseException:
    async with Worker(office.temporal, task_queue=AWAY, workflows=[Asking]):
        with pytest.raises(WorkflowFailureError) as failed:
            await office.temporal.execute_workflow(
                Asking.run,
                args=[name, said],
                id=f"asking-{name}-{datetime.now(UTC).timestamp()}",
                task_queue=AWAY,
                execution_timeout=PATIENCE,
            )
    assert isinstance(failed.value.cause, ActivityError)
    assert failed.value.cause.cause is not None
    return failed.value.cause.cause


async def test_nobody_has_a_moment_recorded_that_the_service_did_not_see_come(office: Office) -> None:
    stream = f"moment-{key_of(LONG_AGO)}"
    forged = Coming(at=LONG_AGO, kind=Comes.RULE, key="affiliates", text="Made up.", citation="Made up")
    body = OpenMoment(instant=LONG_AGO, coming=(forged,), pending=1).model_dump(mode="json")
    request = DeskRequest(
        stream=stream,
        version=0,
        now=datetime.now(UTC),
        internal=Internal(name=OpenMoment.declared.name, body=body),
    )
    with capture_logs() as lines:
        error = await asked(office, "decide_and_record", request)
    assert "is done for workflows of the service" in str(error)
    assert (await office.service.recorder.read_stream(stream)).records == ()
    (alarm,) = [line for line in lines if "asked for from elsewhere" in line["event"]]
    assert (alarm["log_level"], alarm["activity"], alarm["workflow_type"]) == (
        "error",
        "decide_and_record",
        "Asking",
    )


async def test_nobody_else_reads_or_sifts(office: Office) -> None:
    stream = await office.submitted()
    for name, said in (
        ("read_stream", (stream, 0)),
        ("sift", (Sift(stream=stream, kind=Kind.PRODUCTION, before=0, messages=()),)),
    ):
        error = await asked(office, name, *said)
        assert isinstance(error, ApplicationError)
        assert error.non_retryable
        assert f"{name} is done for workflows of the service" in str(error)


async def test_no_case_is_asked_anew_for_an_instant_that_is_not_on_record(office: Office) -> None:
    stream = await office.submitted()
    for by in (f"moment-{key_of(LONG_AGO)}", stream):
        request = MomentRequest(
            instant=LONG_AGO, batch=1, cursor=None, limit=1, streams=(stream,), by=by, since=LONG_AGO
        )
        assert "is no moment of 2001-02-03" in str(await asked(office, "ask_anew", request))
