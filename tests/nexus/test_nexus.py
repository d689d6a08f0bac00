"""Workflows of another namespace file applications and send commands, on the real server."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from bench.named import namespace_on_run, new_namespace
from examples.nexus_caller import Purchase
from greenlight.connection.endpoint import EndpointTakenError, ensure_endpoint, target_of
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.eventlog.access import AccessReader
from greenlight.kernel.authority import Claims, SignedCommand, read_claims
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign, Submit, Withdraw
from greenlight.law.application.dossier import Money, PartyRole, Submission
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.contract import TASK_QUEUE
from greenlight.law.determination.named import NamedParty
from greenlight.law.reprieve.questions import CoverageQuestion
from greenlight.nexus import ActivityAsked, CaseAsked, ShipmentAsked
from tests.law.application.cases import new_submission
from tests.nexus import callers
from tests.nexus.callers import Asks, ChangesItsMind, Decides
from tests.service.processes import run
from tests.service.site import addressed
from tests.workflows.office import Office, eventually, new_number, open_office

ENDPOINT = "licensing-under-test"


@dataclass(frozen=True, slots=True)
class Caller:
    """Another team, in a namespace of its own."""

    office: Office
    temporal: Client

    def filing(self, *, officer: str = "acme", application: Submission | None = None) -> SignedCommand:
        stream = new_number()
        body = Submit(
            application=(application or new_submission()).model_copy(update={"reference": f"Order {stream}"})
        )
        return self.office[officer].signer.sign("submit", stream, body)

    async def start(self, workflow: str, command: SignedCommand) -> WorkflowHandle[object, object]:
        return await self.temporal.start_workflow(
            workflow, args=[command, ENDPOINT], id=f"caller-{new_number()}", task_queue=callers.TASK_QUEUE
        )

    async def purchase(self, filing: SignedCommand) -> WorkflowHandle[object, CaseStatus]:
        started = await self.start("Purchase", filing)
        return self.temporal.get_workflow_handle(started.id, result_type=CaseStatus)

    async def decides(self, command: SignedCommand) -> Receipt:
        started = await self.start("Decides", command)
        handle = self.temporal.get_workflow_handle(started.id, result_type=Receipt)
        return await handle.result()


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


@pytest_asyncio.fixture(scope="module")
async def caller(office: Office, target: Target) -> AsyncGenerator[Caller]:
    await ensure_endpoint(office.temporal, ENDPOINT, move=True)
    temporal = await connect(await new_namespace(target, namespace_on_run(target, "callers")))
    async with Worker(
        temporal, task_queue=callers.TASK_QUEUE, workflows=[Asks, Purchase, Decides, ChangesItsMind]
    ):
        yield Caller(office, temporal)


async def on_record(office: Office, stream: str) -> None:
    async def found() -> bool:
        return bool(await office.events(stream))

    await eventually(found, f"{stream} on record")


def stream_of(command: SignedCommand) -> str:
    claims = read_claims(command.token)
    assert isinstance(claims, Claims)
    return claims.aud


async def failure(handle: WorkflowHandle[object, object]) -> ApplicationError:
    with pytest.raises(WorkflowFailureError) as ended:
        await handle.result()
    assert isinstance(ended.value.cause, ApplicationError), ended.value.cause
    return ended.value.cause


async def test_what_another_namespace_files_ends_with_the_outcome(caller: Caller) -> None:
    filing = caller.filing()
    stream = stream_of(filing)
    purchase = await caller.purchase(filing)
    await on_record(caller.office, stream)
    assigned = caller.office["olga"].signer.sign("assign", stream, Assign(officer="olga"))
    receipt = await caller.decides(assigned)
    assert receipt.stream == stream
    again = await caller.decides(assigned)
    assert again == receipt.model_copy(update={"duplicate": again.duplicate}), "the same command once more"
    withdraw = caller.office["acme"].signer.sign("withdraw", stream, Withdraw())
    await caller.decides(withdraw)
    outcome = await purchase.result()
    assert (outcome.stream, outcome.status.stage) == (stream, "withdrawn")
    assert await links(caller.temporal, purchase.id) == {stream}
    assert purchase.id in await links(caller.office.temporal, stream)
    assert (await caller.decides(withdraw)).stage == "withdrawn", "the same answer, after the end"


async def links(temporal: Client, workflow_id: str) -> set[str]:
    """The workflows that a history is linked with; a start's links are with who is called back."""
    history = await temporal.get_workflow_handle(workflow_id).fetch_history()
    found = [link for event in history.events for link in event.links]
    for event in history.events:
        for callback in event.workflow_execution_started_event_attributes.completion_callbacks:
            found += callback.links
    return {link.workflow_event.workflow_id for link in found}


async def test_a_second_caller_waits_for_the_same_case(caller: Caller) -> None:
    filing = caller.filing()
    first = await caller.purchase(filing)
    await on_record(caller.office, stream_of(filing))
    second = await caller.purchase(filing)
    await asyncio.sleep(0.5)
    await caller.office["acme"].decide(stream_of(filing), Withdraw())
    assert await first.result() == await second.result()
    third = await caller.purchase(filing)
    assert (await third.result()).status.stage == "withdrawn", "also when it has ended"


async def test_a_number_that_is_anothers_gives_nothing_away(caller: Caller) -> None:
    filing = caller.filing()
    await caller.purchase(filing)
    await on_record(caller.office, stream_of(filing))
    other = caller.office["globex"].signer.sign("submit", stream_of(filing), filing.body)
    refused = await failure(await caller.purchase(other))
    assert (refused.type, refused.non_retryable) == ("already_submitted", True)


async def test_who_did_not_file_it_does_not_wait_for_it(caller: Caller) -> None:
    """As the applicant, under the same command's id, with a key that is not theirs."""
    filing = caller.filing()
    await caller.purchase(filing)
    await on_record(caller.office, stream_of(filing))
    head, payload, _ = filing.token.split(".")
    forged = filing.model_copy(update={"token": f"{head}.{payload}.{'A' * 86}"})
    assert (await failure(await caller.purchase(forged))).type == "proof_invalid"


async def test_refusals_are_failures_that_are_not_tried_again(caller: Caller) -> None:
    filing = caller.filing(officer="olga")
    refused = await failure(await caller.purchase(filing))
    assert refused.type == "role_not_held"
    stream = await caller.office.submitted()
    acme = caller.office["acme"].signer
    for command, code in (
        (acme.sign("withdraw", new_number(), Withdraw()), "no_such_case"),
        (acme.sign("withdraw", stream, {"reason": 7}), "malformed"),
        (acme.sign("withdraw", stream, Withdraw()).model_copy(update={"body": {"a": 1}}), "body_mismatch"),
        (caller.office["globex"].signer.sign("withdraw", stream, Withdraw()), "not_the_applicant"),
    ):
        handle = await caller.start("Decides", command)
        refused = await failure(handle)
        assert refused.type == code, refused.message
        history = await handle.fetch_history()
        scheduled = [
            event
            for event in history.events
            if event.event_type == EventType.EVENT_TYPE_NEXUS_OPERATION_SCHEDULED
        ]
        assert len(scheduled) == 1


async def test_a_case_is_not_ended_by_cancelling(caller: Caller) -> None:
    filing = caller.filing()
    handle = await caller.start("ChangesItsMind", filing)
    await on_record(caller.office, stream_of(filing))
    await handle.signal("cancel")

    async def refused() -> bool:
        history = await handle.fetch_history()
        return any(
            "a case ends by a decision" in str(event.nexus_operation_cancel_request_failed_event_attributes)
            for event in history.events
        )

    await eventually(refused, "the refusal in the caller's history")
    assert await caller.office.runs(stream_of(filing))
    await caller.office["acme"].decide(stream_of(filing), Withdraw())
    assert await handle.result() == "withdrawn"


async def test_an_endpoint_that_leads_elsewhere_is_left_alone(caller: Caller) -> None:
    office = caller.office.temporal
    name = "somebody-elses"
    assert await ensure_endpoint(caller.temporal, name, move=True) in {True, False}
    with pytest.raises(EndpointTakenError, match="leads to the task queue"):
        await ensure_endpoint(office, name)
    assert await ensure_endpoint(office, name, move=True)
    assert not await ensure_endpoint(office, name)
    there = await target_of(office, name)
    assert there is not None
    assert (there.namespace, there.task_queue) == (office.namespace, TASK_QUEUE)
    assert await target_of(office, "nobodys") is None


async def test_an_operator_has_an_endpoint_lead_here(caller: Caller, target: Target, tmp_path: Path) -> None:
    name = "by-an-operator"
    await ensure_endpoint(caller.temporal, name, move=True)
    ours = {
        "TEMPORAL_ADDRESS": target.address,
        "TEMPORAL_NAMESPACE": target.namespace,
        **addressed(target),
        "GREENLIGHT_DATA": str(tmp_path),
    }
    taken = await run(ours, "starter.py", "namespace", "endpoint", name)
    assert taken.code == 1
    assert "to have it lead here, add --move" in taken.err
    moved = await run(ours, "starter.py", "namespace", "endpoint", name, "--move")
    assert (moved.code, moved.out) == (0, f"endpoint {name} leads to namespace {target.namespace}\n")
    again = await run(ours, "starter.py", "namespace", "endpoint", name, "--json")
    assert again.document == {"endpoint": name, "namespace": target.namespace, "changed": False}
    wrong = await run(ours, "starter.py", "namespace", "endpoint", "no endpoint's name")
    assert wrong.code == 1
    assert wrong.err.startswith("refused by Temporal: ")


def asked(
    caller: Caller, officer: str, role: Role, stream: str, exporter: str
) -> tuple[CaseAsked, ShipmentAsked, ActivityAsked]:
    """What somebody asks who shows who they are."""
    token = caller.office[officer].signer.reading(role)
    item = ShippedItem(
        classification="EAR99", quantity=1, unit="pieces", value=Money(minor_units=120_000, currency="USD")
    )
    to = NamedParty(role=PartyRole.END_USER, name="Nobody in Particular Ltd.", country="NO")
    shipment = AuthorisationQuestion(
        exporter=exporter, parties=(to,), items=(item,), destination="NO", at=datetime.now(UTC)
    )
    activity = CoverageQuestion(entity="huawei-technologies", activity="devices", day=date(2026, 12, 1))
    return (
        CaseAsked(token=token, stream=stream),
        ShipmentAsked(token=token, question=shipment),
        ActivityAsked(token=token, question=activity),
    )


async def answer_to(caller: Caller, *asked: object) -> str:
    started = await caller.temporal.start_workflow(
        "Asks", args=[*asked, ENDPOINT], id=f"caller-{new_number()}", task_queue=callers.TASK_QUEUE
    )
    return await caller.temporal.get_workflow_handle(started.id, result_type=str).result()


async def test_each_is_told_what_they_may_read(caller: Caller) -> None:
    office = caller.office
    stream = await office.submitted()
    organisation = office["acme"].signer.organisation
    for officer, role in (("acme", Role.APPLICANT), ("olga", Role.LICENSING_OFFICER)):
        told = await answer_to(caller, *asked(caller, officer, role, stream, organisation))
        assert told == "review, not_authorised, False"
    async with AccessReader(office.service.target.auditor_url) as reader:
        since = datetime.now(UTC) - timedelta(minutes=10)
        readings = reader.readings(stream=stream, since=since, until=since + timedelta(hours=1))
        noted = [(each.officer, each.what) async for each in readings]
    assert noted == [("acme", "status"), ("olga", "status")]
    for officer, of, exporter, code in (
        ("globex", stream, organisation, "no_such_case"),
        ("globex", await office.submitted(), organisation, "no_such_case"),
        ("acme", stream, "globex", "not_the_applicant"),
    ):
        with pytest.raises(WorkflowFailureError) as ended:
            await answer_to(caller, *asked(caller, officer, Role.APPLICANT, of, exporter))
        assert isinstance(ended.value.cause, ApplicationError)
        assert ended.value.cause.type == code
    case, shipment, activity = asked(caller, "acme", Role.APPLICANT, stream, organisation)
    with pytest.raises(WorkflowFailureError) as ended:
        await answer_to(caller, case.model_copy(update={"token": "nobody's"}), shipment, activity)
    assert isinstance(ended.value.cause, ApplicationError)
    assert ended.value.cause.type == "proof_invalid"
