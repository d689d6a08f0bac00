"""Whatever becomes of a workflow, the log wins: nothing is lost, and nothing happens twice."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.common import RawValue
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import worker
from greenlight.client import LicensingClient, Refused
from greenlight.client.numbers import control_numbers
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import license_stream
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    LiftHold,
    RequestInformation,
    SignOff,
    Withdraw,
)
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.contract import TASK_QUEUE
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listings import HUAWEI, load_listings
from greenlight.screening.book import ListingBook
from tests.conftest import temporal_server
from tests.law.application.cases import CHECK, GRANT, new_submission, submission
from tests.workflows.histories import timers
from tests.workflows.office import Office, counted_refusals, eventually, open_office, refusal
from tests.workflows.raw import plain
from tests.workflows.stock_cli import StockCli
from tests.workflows.stories import APPROVED, FILED, LISTED, LISTED_PARTIES, SIGNED
from workflows.registered import LicenseApplication


@pytest_asyncio.fixture(scope="module")
async def second(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal without a worker."""
    folder = tmp_path_factory.mktemp("second")
    async with temporal_server(folder, target) as second:
        yield second


@pytest.fixture
def uncached(settings: Settings) -> Settings:
    """Of a worker that replays a case for each message; no case is bound to the worker that had it last."""
    return settings.model_copy(update={"max_cached_workflows": 0})


# Resets


async def reset(office: Office, stream: str, before: str, *, reapply: bool) -> None:
    """As an operator does it in the UI: the workflow starts over from before an update or a signal."""
    finished = 0
    for event in (await office.history(stream)).events:
        accepted = event.workflow_execution_update_accepted_event_attributes
        signaled = event.workflow_execution_signaled_event_attributes
        if before in (accepted.accepted_request.input.name, signaled.signal_name):
            break
        if event.HasField("workflow_task_completed_event_attributes"):
            finished = event.event_id
    everything, nothing = (
        ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
        ResetReapplyType.RESET_REAPPLY_TYPE_NONE,
    )
    await office.temporal.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=office.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=stream),
            reason="test",
            workflow_task_finish_event_id=finished,
            request_id=str(uuid.uuid4()),
            reset_reapply_type=everything if reapply else nothing,
        )
    )


async def handed_over(office: Office, stream: str) -> list[str]:
    """The messages that a reset gave the run which follows it."""
    events = list((await office.history(stream)).events)
    numbers = [
        number
        for number, event in enumerate(events)
        if event.HasField("workflow_task_failed_event_attributes")
    ]
    names: list[str] = []
    for event in events[numbers[-1] :]:
        if event.HasField("workflow_execution_signaled_event_attributes"):
            names.append(event.workflow_execution_signaled_event_attributes.signal_name)
        elif event.HasField("workflow_execution_update_admitted_event_attributes"):
            names.append(event.workflow_execution_update_admitted_event_attributes.request.input.name)
    return names


async def test_a_decision_survives_a_reset_to_before_it(office: Office) -> None:
    stream = await office.recommended(application=LISTED)
    countersigned = await office.signed("carla", stream, Countersign(agrees=True))
    await office.update(stream, "countersign", countersigned)
    await reset(office, stream, "countersign", reapply=False)
    assert (await office.status(stream)).status.stage == "countersignature", "the workflow has forgotten"

    # Whoever signs what the workflow shows, signs what is no more.
    stale = await refusal(office["vera"].decide(stream, SignOff(approves=True)))
    assert stale.code == RefusalCode.DOSSIER_CHANGED
    assert (await office.status(stream)).status.stage == "sign_off", "the log has told the workflow"
    again = await office.update(stream, "countersign", countersigned)
    assert again.duplicate
    await office.signed_off(stream)
    assert await office.types(stream) == [*FILED, *SIGNED, "CommandRefused", *APPROVED]


async def test_a_reset_that_delivers_messages_again_records_none_twice(office: Office) -> None:
    stream = await office.countersigned(application=LISTED)
    await reset(office, stream, "recommend", reapply=True)
    await office.caught_up(stream)
    await office.signed_off(stream)
    assert await office.types(stream) == [*FILED, *SIGNED, *APPROVED]


@pytest.mark.parametrize("delivery", ["update", "signal"])
async def test_what_was_refused_is_refused_to_the_run_after_a_reset(
    office: Office, delivery: Literal["update", "signal"]
) -> None:
    """The reset hands it over once more, by when there is such a hold."""
    stream = await office.submitted()
    lift = await office.signed("olga", stream, LiftHold(hold=1))
    if delivery == "update":
        refused = await refusal(office.update(stream, "lift_hold", lift))
        assert refused.code == ApplicationRefusal.NO_SUCH_HOLD
    else:
        await office.signal(stream, "lift_hold", lift)
        await office.refusals(stream, 1)
    await office.send("olga", stream, CHECK)
    before = [*FILED, "CommandRefused", "HoldPlaced"]
    assert await office.types(stream) == before

    first = (await office.described(stream)).run_id
    await reset(office, stream, "lift_hold", reapply=True)
    held = await office.caught_up(stream)
    assert (await office.described(stream)).run_id != first
    assert (await handed_over(office, stream))[-2:] == ["lift_hold", "place_hold"]
    assert held.status.due is None, "the clock stands still"
    # What follows comes after all that was handed over.
    await office.send("olga", stream, Assign(officer="olga"))
    assert (await office.status(stream)).status.due is None
    assert await office.types(stream) == [*before, "CaseAssigned"]
    again = await refusal(office.update(stream, "lift_hold", lift))
    assert again.code == ApplicationRefusal.NO_SUCH_HOLD
    await office.send("olga", stream, LiftHold(hold=1))
    assert (await office.status(stream)).status.due is not None


async def test_an_outcome_survives_a_reset_to_before_it(office: Office) -> None:
    stream = await office.countersigned(application=LISTED)
    await office.signed_off(stream)
    first = await office.result(stream)
    await reset(office, stream, "sign_off", reapply=False)
    assert await office.runs(stream)
    refused = await refusal(office["vera"].decide(stream, SignOff(approves=False)))
    assert refused.code == RefusalCode.CASE_CLOSED
    again = await office.result(stream)
    assert (again.status, again.version) == (first.status, first.version + 1)
    number = first.status.license_number
    assert number is not None
    assert await office.types(license_stream(number)) == ["LicenseIssued"]
    assert await office.runs(license_stream(number))


# Starting again


async def started_again(office: Office, target: Target, stream: str, how: str) -> None:
    match how:
        case "resume":
            await office.start("LicenseApplication", stream, {"resume": True})
        case "resume by the stock CLI":
            said = await StockCli(target).start("LicenseApplication", stream, '{"resume": true}')
            assert said.code == 0, said
        case "the original submission":
            (started, *_) = (await office.history(stream)).events
            (submitted,) = started.workflow_execution_started_event_attributes.input.payloads
            await office.start("LicenseApplication", stream, RawValue(submitted))
        case _:
            raise ValueError(how)


WAYS = ("resume", "resume by the stock CLI", "the original submission")


@pytest.mark.parametrize("how", WAYS)
async def test_a_terminated_case_goes_on_from_the_log(office: Office, target: Target, how: str) -> None:
    stream = await office.recommended(application=LISTED)
    before = await office.status(stream)
    await office.handle(stream).terminate("by mistake")
    await started_again(office, target, stream, how)
    assert await office.status(stream) == before
    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    assert await office.types(stream) == [*FILED, *SIGNED, *APPROVED]
    await office.result(stream)


@pytest.mark.parametrize("how", WAYS)
async def test_a_case_with_its_outcome_ends_at_once_when_started_again(
    office: Office, target: Target, how: str
) -> None:
    stream = await office.countersigned()
    first = await office.result(stream)
    await started_again(office, target, stream, how)
    assert await office.result(stream) == first
    assert await office.types(stream) == [*FILED, *SIGNED, "ApplicationGranted"]


async def test_a_terminated_case_can_be_submitted_again_by_its_applicant_alone(office: Office) -> None:
    application = new_submission()
    case = await office["acme"].submit(application, command_id="an-order-of-acme")
    stream, acn = case.stream, case.stream.removeprefix("application-")
    await office.handle(stream).terminate("by mistake")
    refused = await refusal(office["globex"].submit(LISTED, acn=acn))
    assert refused.code == RefusalCode.ALREADY_SUBMITTED
    # Though it was not theirs to start, the case has its workflow back.
    again = await office.status(stream)
    assert (again.status, again.version) == (case.status, case.version + 1)
    await office.handle(stream).terminate("once more")
    assert (await office["acme"].submit(application, command_id="an-order-of-acme")) == again
    assert await office.types(stream) == [*FILED, "CommandRefused"]


async def test_a_case_that_an_operator_started_again_is_known_by_what_was_filed(office: Office) -> None:
    application = new_submission()
    case = await office["acme"].submit(application, command_id="order-of-may")
    await office.handle(case.stream).terminate("by mistake")
    await office.start("LicenseApplication", case.stream, {"resume": True})
    assert await office["acme"].submit(application, command_id="order-of-may") == case
    # The id is the sender's own, and so is the case of another who counts their orders the same way.
    stranger = await office["globex"].submit(application, command_id="order-of-may")
    assert stranger.stream != case.stream
    assert await office.status(case.stream) == case


async def test_a_number_that_only_the_log_remembers_is_not_given_out_again(office: Office) -> None:
    """Temporal forgets closed workflows after a while, and nobody must end up in another's case."""
    order = "the-order-of-globex"
    acn = control_numbers(order)[0]
    number = (await office["acme"].submit(new_submission(), acn=acn)).stream
    await office.handle(number).terminate("forgotten")

    # The order leads to the same number first.
    application = new_submission(parties=LISTED_PARTIES)
    case = await office["globex"].submit(application, command_id=order)
    assert case.stream != number
    assert await office.types(case.stream) == [*FILED]
    assert await office.types(number) == [*FILED, "CommandRefused"]


async def test_a_license_goes_on_from_the_log(office: Office) -> None:
    stream = await office.granted()
    before = await office.status(stream)
    await office.handle(stream).terminate("by mistake")
    await office.start("License", stream, {"resume": True})
    assert await office.status(stream) == before


# The same again, and at the same time


async def test_a_command_sent_a_hundred_times_happens_once(office: Office) -> None:
    stream = await office.submitted()
    command = await office.signed("olga", stream, GRANT)
    in_flight = asyncio.Semaphore(8)

    async def by_update() -> Receipt:
        async with in_flight:
            return await office.update(stream, "recommend", command, id=str(uuid.uuid4()))

    receipts, _ = await asyncio.gather(
        asyncio.gather(*(by_update() for _ in range(50))),
        asyncio.gather(*(office.signal(stream, "recommend", command) for _ in range(50))),
    )
    assert {(receipt.version, receipt.stage) for receipt in receipts} == {(3, "countersignature")}
    assert sum(not receipt.duplicate for receipt in receipts) <= 1
    # What follows comes after all of them.
    await office.send("carla", stream, Countersign(agrees=True))
    assert await office.types(stream) == [*FILED, *SIGNED, "ApplicationGranted"]


async def test_of_two_decisions_at_once_one_is_taken(office: Office) -> None:
    stream = await office.submitted()
    both = [(officer, await office.signed(officer, stream, GRANT)) for officer in ("olga", "oscar")]
    answers = await asyncio.gather(
        *(office.update(stream, "recommend", command) for _, command in both), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [answer.code for answer in refused] == [RefusalCode.WRONG_STAGE]
    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert await office.types(stream) == [*FILED, "RecommendationMade", "CommandRefused"]


async def test_a_withdrawal_and_a_sign_off_at_once_give_one_outcome(office: Office) -> None:
    streams = await asyncio.gather(*(office.countersigned(application=LISTED) for _ in range(6)))

    async def race(stream: str) -> CaseStatus:
        ends = [
            office["vera"].decide(stream, SignOff(approves=True)),
            office["acme"].decide(stream, Withdraw()),
        ]
        answers = await asyncio.gather(*ends, return_exceptions=True)
        assert [answer.code for answer in answers if isinstance(answer, Refused)] == ["case_closed"], answers
        return await office.result(stream)

    for case in await asyncio.gather(*map(race, streams)):
        types = await office.types(case.stream)
        outcomes = {"ApplicationGranted", "ApplicationWithdrawn"} & set(types)
        assert len(outcomes) == 1, types
        assert (case.status.outcome == "granted") == (outcomes == {"ApplicationGranted"})


# A worker that is not there yet, or does not work


async def test_whoever_asks_before_there_is_a_worker_is_answered(
    settings: Settings, office: Office, second: Target
) -> None:
    """A query is answered as soon as a run begins, before it has its case from the log."""
    stream = await office.submitted()
    before = await office.status(stream)
    applicant = LicensingClient(await connect(second), office["acme"].signer)
    await applicant.temporal.start_workflow(
        "LicenseApplication", {"resume": True}, id=stream, task_queue=TASK_QUEUE
    )
    asking = asyncio.create_task(applicant.status(stream))
    async with open_office(settings, second):
        assert await asking == before


@workflow.defn(name="LicenseApplication")
class Faulty(LicenseApplication):
    """A deployment with a bug."""

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        raise RuntimeError("a bug")


async def test_a_command_is_accepted_once_a_faulty_worker_is_repaired(
    uncached: Settings, second: Target
) -> None:
    async with open_office(uncached, second) as office:
        stream = await office.submitted()
    faulty = Worker(
        office.temporal,
        task_queue=TASK_QUEUE,
        workflows=[Faulty],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=0,
    )

    async def fails() -> bool:
        pending = (await office.described(stream)).raw_description.pending_workflow_task
        return pending.attempt > 1

    before = await counted_refusals()
    async with faulty:
        await office.signal(stream, "approve", plain({}))
        await eventually(fails, "a workflow task of the faulty worker that failed")
    deciding = asyncio.create_task(office["olga"].decide(stream, Assign(officer="olga")))
    async with open_office(uncached, second) as repaired:
        assert (await deciding).stage == "review"
        # Of the signal, which nobody signed, there is nothing on record.
        assert await counted_refusals() - before == Counter([RefusalCode.UNKNOWN_COMMAND])
        assert await repaired.types(stream) == [*FILED, "CaseAssigned"]


# Screening that could not be done


def without_listings(path: Path | None) -> ListingBook:
    return load_listings(path).model_copy(update={"listings": ()})


def listing(name: str) -> str:
    """A file with one listing."""
    content = json.loads(HUAWEI.read_text(encoding="utf-8"))
    first = content["listings"][0]
    content["listings"] = [{**first, "name": name, "aliases": []}]
    return json.dumps(content)


async def test_a_case_that_could_not_be_screened_waits_and_is_screened_by_itself(
    uncached: Settings, second: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        # No file can be read to such a book; it stands for whatever keeps names from being compared.
        patched.setattr(worker, "load_listings", without_listings)
        async with open_office(uncached, second) as office:
            stream = await office.submitted()
            shown = (await office.status(stream)).status
            assert (shown.stage, shown.waiting_for, shown.listed) == ("triage", "screening", None)
            assert "**Waits for:** screening" in await office.details(stream)
            refused = await refusal(office["olga"].decide(stream, GRANT))
            assert refused.code == RefusalCode.SCREENING_INCOMPLETE
            # Trying again in vain is not worth an event.
            await office.fast_forward(stream, timedelta(minutes=4))
            assert await office.types(stream) == [*FILED, "CommandRefused"]
            tries = [timer.summary for timer in timers(await office.history(stream))]
            assert tries == ["screening: next try"] * 3, "after one minute, after two, after four"

    other = tmp_path / "listings.json"
    other.write_text(listing("Lighthouse Telecom AS"))
    async with open_office(uncached.model_copy(update={"listings": other}), second) as office:
        await office.fast_forward(stream, timedelta(hours=1))
        shown = (await office.status(stream)).status
        assert (shown.stage, shown.waiting_for, shown.listed) == ("review", "licensing_officer", True)
        assert await office.types(stream) == [*FILED, "CommandRefused", "PartiesScreened"]
        await office.send("olga", stream, GRANT)


async def test_a_name_that_cannot_be_compared_is_asked_for(office: Office) -> None:
    nameless = submission().parties[1].model_copy(update={"name": "???"})
    stream = await office.submitted(submission(parties=(nameless,)))
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    await office.send("olga", stream, RequestInformation(request="Who is the consignee?"))
    await office.send("acme", stream, Answer(answer="See there.", parties=submission().parties))
    assert (await office.status(stream)).status.stage == "review"


async def test_a_worker_does_not_start_on_a_list_without_listings(
    settings: Settings, target: Target, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.json"
    content = json.loads(HUAWEI.read_text(encoding="utf-8"))
    empty.write_text(json.dumps({**content, "listings": []}))
    with pytest.raises(ReferenceDataError, match="listings: Tuple should have at least 1 item"):
        async with open_office(settings.model_copy(update={"listings": empty}), target):
            pass
