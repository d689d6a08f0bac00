"""The client: one command happens once, and whoever sent it learns what became of it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from greenlight.client import DossierDiffers, LicensingClient, Unanswered, Unseen, client
from greenlight.client.answers import passing
from greenlight.client.asking import sent_again
from greenlight.client.numbers import control_numbers
from greenlight.client.signer import new_command_id
from greenlight.codec.sealing import Sealing
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect, embedded_target
from greenlight.embedded import TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.eventlog.database import connection
from greenlight.kernel.authority import MAX_BODY_BYTES
from greenlight.kernel.canonical import digest
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign, Countersign, Withdraw
from greenlight.law.batch.commands import DiscardBatch
from greenlight.law.contract import TASK_QUEUE
from greenlight.law.reprieve.questions import CoverageQuestion
from tests.conftest import temporal_server
from tests.law.application.cases import GRANT, new_submission
from tests.workflows.office import Office, eventually, new_number, open_office, refusal
from tests.workflows.reprieves import opening, today
from tests.workflows.stories import FILED, LISTED, LISTED_PARTIES

SHORT = timedelta(seconds=0.3)
"""A patience that ends soon, where nobody is going to answer."""

IN_SEVERAL_ROLES = DiscardBatch(reasons="Not now.")
"""A command whose sender asks first for which role the case waits."""

Call = Callable[[LicensingClient, str], Awaitable[object]]

CALLS: Mapping[str, Call] = {
    "decide": lambda client, stream: client.decide(stream, Withdraw()),
    "decide in one of several roles": lambda client, stream: client.decide(stream, IN_SEVERAL_ROLES),
    "status": lambda client, stream: client.status(stream),
    "dossier": lambda client, stream: client.dossier(stream),
}
"""Everything that is sent to a case that should be there."""

ALL_CALLS: Mapping[str, Call] = {
    "submit": lambda client, _: client.submit(new_submission()),
    **CALLS,
}


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Call:
    return CALLS[request.param]


@pytest.fixture(params=ALL_CALLS)
def any_call(request: pytest.FixtureRequest) -> Call:
    return ALL_CALLS[request.param]


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """Of this module alone: other tests look closely at what their own worker does."""
    async with open_office(settings, target) as office:
        yield office


@pytest_asyncio.fixture(scope="module")
async def idle(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal without a worker."""
    async with temporal_server(tmp_path_factory.mktemp("idle"), target) as idle:
        yield idle


@pytest_asyncio.fixture(scope="module")
async def away(office: Office, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[LicensingClient]:
    """A client whose Temporal has gone."""
    temporal = TemporalServer(tmp_path_factory.mktemp("away"), port=0, ui_port=0)
    await temporal.start()
    try:
        client = await connect(
            embedded_target(temporal.address, NAMESPACE, None, temporal.ui, sealing=Sealing.off())
        )
    finally:
        await temporal.stop()
    yield LicensingClient(client, office["acme"].signer, patience=SHORT)


@pytest.fixture
async def stuck(office: Office, idle: Target) -> tuple[LicensingClient, str]:
    """A case that no worker has looked at, and a client with patience for it."""
    client = LicensingClient(await connect(idle), office["acme"].signer)
    stream = new_number("W")
    await client.temporal.start_workflow(
        "LicenseApplication", {"resume": True}, id=stream, task_queue=TASK_QUEUE
    )
    return client, stream


@workflow.defn(sandboxed=False)
class Liar:
    """Shows a dossier with the digest of another."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.query
    def dossier(self) -> dict[str, object]:
        return {"digest": digest({"what": "is signed"}), "dossier": {"what": "is shown"}}


async def impatient(office: Office, officer: str, target: Target) -> LicensingClient:
    return LicensingClient(await connect(target), office[officer].signer, patience=SHORT)


async def cases_of(office: Office, command_id: str) -> list[str]:
    """The streams of the events that a command led to."""
    return [event.stream async for event in office.reader.log() if event.command_id == command_id]


# Submitting


async def test_a_submission_returns_a_case_that_is_on_record(office: Office) -> None:
    case = await office["acme"].submit(new_submission())
    assert (case.status.stage, case.version) == ("review", len(FILED))
    assert await office.types(case.stream) == [*FILED]
    assert await office.status(case.stream) == case


async def test_a_number_that_was_given_is_taken(office: Office) -> None:
    stream = new_number("K")
    assert (
        await office["acme"].submit(new_submission(), acn=stream.removeprefix("application-"))
    ).stream == stream


async def test_submissions_without_an_id_are_cases_of_their_own(office: Office) -> None:
    one, other = await asyncio.gather(*(office["acme"].submit(new_submission()) for _ in range(2)))
    assert one.stream != other.stream


async def test_a_submission_sent_again_finds_its_case(office: Office) -> None:
    order, application = new_command_id(), new_submission()
    case = await office["acme"].submit(application, command_id=order)
    await office["olga"].decide(case.stream, Assign(officer="olga"))
    again = await office["acme"].submit(application, command_id=order)
    assert (again.stream, again.status.officer) == (case.stream, "olga")
    assert await office.types(case.stream) == [*FILED, "CaseAssigned"]


async def test_a_submission_sent_again_finds_its_case_though_it_is_closed(office: Office) -> None:
    order, application = new_command_id(), new_submission()
    case = await office["acme"].submit(application, command_id=order)
    await office["acme"].decide(case.stream, Withdraw())
    await office.result(case.stream)
    again = await office["acme"].submit(application, command_id=order)
    assert (again.stream, again.status.outcome) == (case.stream, "withdrawn")
    assert await office.types(case.stream) == [*FILED, "ApplicationWithdrawn"]


async def test_a_submission_sent_by_many_at_once_is_one_case(office: Office) -> None:
    order, application = new_command_id(), new_submission()
    cases = await asyncio.gather(*(office["acme"].submit(application, command_id=order) for _ in range(20)))
    (case,) = {answer.stream: answer for answer in cases}.values()
    assert all(answer == case for answer in cases)
    assert set(await cases_of(office, order)) == {case.stream}
    assert await office.types(case.stream) == [*FILED]


async def test_a_number_that_is_somebody_elses_leads_to_another_one(office: Office) -> None:
    order = new_command_id()
    taken = control_numbers(order)[0]
    theirs = await office["acme"].submit(new_submission(), acn=taken)
    before = await office.events(theirs.stream)

    application = new_submission(parties=LISTED_PARTIES)
    case = await office["globex"].submit(application, command_id=order)
    assert case.stream != theirs.stream
    assert await office.types(case.stream) == [*FILED]
    assert await office.events(theirs.stream) == before
    assert await office["globex"].submit(application, command_id=order) == case


async def test_a_number_that_was_asked_for_and_is_somebody_elses_is_refused(office: Office) -> None:
    theirs = await office["acme"].submit(new_submission())
    before = await office.events(theirs.stream)
    number = theirs.stream.removeprefix("application-")
    refused = await refusal(office["globex"].submit(LISTED, acn=number))
    assert refused.code == RefusalCode.ALREADY_SUBMITTED
    assert str(refused) == f"{number} belongs to another case"
    assert await office.events(theirs.stream) == before


async def test_another_submission_under_the_same_id_is_not_taken_for_the_first(office: Office) -> None:
    """Whoever counts their orders from one again must not believe that this one was filed."""
    order = new_command_id()
    case = await office["acme"].submit(new_submission(), command_id=order)
    before = await office.events(case.stream)
    refused = await refusal(office["acme"].submit(LISTED, command_id=order))
    assert refused.code == RefusalCode.COMMAND_ID_REUSED
    assert await office.events(case.stream) == before


async def test_an_id_is_the_senders_own(office: Office) -> None:
    """Others count their orders from one as well."""
    order, application = new_command_id(), new_submission()
    ours = await office["acme"].submit(application, command_id=order)
    theirs = await office["globex"].submit(new_submission(parties=LISTED_PARTIES), command_id=order)
    assert ours.stream != theirs.stream
    assert await office.types(theirs.stream) == [*FILED]


async def test_a_submission_that_is_refused_is_no_case(office: Office) -> None:
    stranger = LicensingClient(office.temporal, replace(office["acme"].signer, organisation="globex"))
    stream = new_number("K")
    refused = await refusal(stranger.submit(new_submission(), acn=stream.removeprefix("application-")))
    assert refused.code == RefusalCode.IDENTITY_MISMATCH
    assert (await refusal(office["acme"].status(stream))).code == RefusalCode.NO_SUCH_CASE


@pytest.mark.parametrize("number", ["1", "K1", "k000001", "K0000001"])
async def test_a_number_of_another_form_is_refused(office: Office, number: str) -> None:
    refused = await refusal(office["acme"].submit(new_submission(), acn=number))
    assert refused.code == RefusalCode.MALFORMED
    assert number in str(refused)


# Asking


async def test_a_question_waits_for_a_case_that_takes_long_to_be_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK tells of an attempt that the client ended by itself as if the caller had ended it."""
    monkeypatch.setattr(client, "ATTEMPT_SECONDS", 0.5)
    stream = await office.submitted()
    async with (
        connection(office.service.target.owner_url, application="test") as database,
        database.transaction(),
    ):
        await database.execute("LOCK TABLE greenlight.event IN ACCESS EXCLUSIVE MODE")
        await office.temporal.start_workflow(
            "LicenseApplication",
            {"resume": True},
            id=stream,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
            # Whoever asks is told after this that the case is not on record yet, and waits until it is.
            task_timeout=timedelta(seconds=1),
        )
        asked = asyncio.create_task(office["acme"].status(stream))
        await asyncio.sleep(4)
        assert not asked.done(), asked.exception()
    assert (await asked).version == 2


async def test_a_reprieve_is_asked_what_it_covers_and_there_must_be_one(office: Office) -> None:
    client = office["acme"]
    stream = await office.reprieved(opening(30, "client-asks"))
    question = CoverageQuestion(entity="client-asks", activity="networks", day=today() + timedelta(days=1))
    assert (await client.covered(stream_key(stream), question)).covered
    missing = await refusal(client.covered("nowhere", question))
    assert (missing.code, str(missing)) == (RefusalCode.NO_SUCH_CASE, "there is no case reprieve-nowhere")
    unsound = question.model_copy(update={"activity": ""})
    refused = await refusal(client.covered(stream_key(stream), unsound))
    assert refused.code == RefusalCode.MALFORMED
    assert str(refused).startswith("activity: ")


# Deciding


async def test_a_decision_sent_again_is_a_duplicate(office: Office) -> None:
    stream, order = await office.submitted(), new_command_id()
    first = await office["olga"].decide(stream, GRANT, command_id=order)
    again = await office["olga"].decide(stream, GRANT, command_id=order)
    assert (again.version, again.stage) == (first.version, first.stage)
    assert await cases_of(office, order) == [stream]


async def test_a_decision_rests_on_the_dossier_that_was_read(office: Office) -> None:
    stream = await office.submitted()
    read = await office["carla"].dossier(stream)
    await office["olga"].decide(stream, GRANT)
    refused = await refusal(office["carla"].decide(stream, Countersign(agrees=True), dossier=read.digest))
    assert refused.code == RefusalCode.DOSSIER_CHANGED
    assert (await office["carla"].decide(stream, Countersign(agrees=True))).stage == "granted"


async def test_nobody_decides_unseen(office: Office) -> None:
    """Neither without a digest, nor by the digest of what somebody else has read, or of another case."""
    stream, other = await office.recommended(), await office.recommended()
    before = await office.types(stream)
    client = LicensingClient(office.temporal, office["carla"].signer)
    with pytest.raises(Unseen, match="read the dossier and give its digest"):
        await client.decide(stream, Countersign(agrees=True))
    elsewhere = await office["olga"].dossier(stream)
    with pytest.raises(Unseen, match=f"no dossier of the digest {elsewhere.digest} was read here"):
        await client.decide(stream, Countersign(agrees=True), dossier=elsewhere.digest)
    read = await client.dossier(other)
    with pytest.raises(Unseen):
        await client.decide(stream, Countersign(agrees=True), dossier=read.digest)
    assert await office.types(stream) == before
    shown = await client.dossier(stream)
    assert shown.digest == digest(shown.dossier)
    assert (await client.decide(stream, Countersign(agrees=True), dossier=shown.digest)).stage == "granted"


async def test_a_dossier_that_was_read_elsewhere_is_digested_here(office: Office) -> None:
    stream = await office.recommended()
    client = LicensingClient(office.temporal, office["carla"].signer)
    state = APPLICATION.replay(None, tuple(event.record for event in await office.events(stream)))
    assert state is not None
    shown = client.shown(stream, APPLICATION.dossier(state))
    assert (await client.decide(stream, Countersign(agrees=True), dossier=shown)).stage == "granted"


async def test_a_digest_that_is_not_of_what_is_shown_is_an_error(target: Target, office: Office) -> None:
    """A worker that shows one thing and would have another signed."""
    liar = await connect(target)
    stream = new_number("F")
    async with Worker(liar, task_queue="of-a-liar", workflows=[Liar]):
        await liar.start_workflow("Liar", id=stream, task_queue="of-a-liar")
        client = LicensingClient(liar, office["carla"].signer)
        said = digest({"what": "is signed"})
        with pytest.raises(DossierDiffers, match=f"the service says {said}"):
            await client.dossier(stream)
        with pytest.raises(Unseen):
            await client.decide(stream, Countersign(agrees=True), dossier=said)
        await liar.get_workflow_handle(stream).terminate()


async def test_a_refusal_has_a_code_and_a_message(office: Office) -> None:
    refused = await refusal(office["carla"].decide(await office.submitted(), Countersign(agrees=True)))
    assert refused.code == RefusalCode.WRONG_STAGE
    assert str(refused).strip()
    assert refused.code not in str(refused)


async def test_what_is_too_large_is_not_even_sent(away: LicensingClient) -> None:
    """Nobody is there to refuse it."""
    too_long = Assign.model_construct(officer="o" * MAX_BODY_BYTES)
    refused = await refusal(away.decide(new_number(), too_long))
    assert (refused.code, "nothing was sent" in str(refused)) == (RefusalCode.TOO_LARGE, True)
    submission = new_submission().model_copy(update={"end_use": "e" * MAX_BODY_BYTES})
    assert (await refusal(away.submit(submission))).code == RefusalCode.TOO_LARGE


def test_an_update_that_temporal_let_go_is_sent_again() -> None:
    """It says so as if it were away itself."""
    aborted = RPCError("Workflow Update was aborted.", RPCStatusCode.UNAVAILABLE, b"")
    away = RPCError("connection refused", RPCStatusCode.UNAVAILABLE, b"")
    assert [sent_again(each) for each in (aborted, away)] == [True, False]


def test_a_connection_that_breaks_under_a_call_is_no_answer() -> None:
    """And nothing to be raised as it came: to send the same again is safe."""
    broken = RPCError("transport error", RPCStatusCode.UNKNOWN, b"")
    assert isinstance(passing(broken, "no answer for application-Z000001"), Unanswered)


async def test_nothing_is_to_be_had_of_an_unknown_case(office: Office, call: Call) -> None:
    stream = new_number("U")
    refused = await refusal(call(office["olga"], stream))
    assert refused.code == RefusalCode.NO_SUCH_CASE
    assert str(refused) == f"there is no case {stream}"


async def test_a_workflow_that_is_started_again_under_a_command_costs_no_answer(office: Office) -> None:
    """The desk waits for the log, and meanwhile the case is taken over by another run."""
    stream = await office.submitted()
    again = partial(
        office.temporal.start_workflow,
        "LicenseApplication",
        {"resume": True},
        id=stream,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        task_timeout=timedelta(seconds=1),
    )
    await again()
    await office.status(stream)
    async with connection(office.service.target.owner_url, application="test") as database:
        async with database.transaction():
            await database.execute("SELECT FROM greenlight.log FOR UPDATE")
            deciding = asyncio.create_task(
                office["acme"].decide(stream, Withdraw(), command_id="cut-off-once")
            )

            async def accepted() -> bool:
                events = (await office.history(stream)).events
                return any(e.HasField("workflow_execution_update_accepted_event_attributes") for e in events)

            await eventually(accepted, "the command is accepted and unanswered")
            await again()
        receipt = await deciding
    assert (receipt.version, receipt.stage) == (3, "withdrawn")
    assert (await office.types(stream)).count("ApplicationWithdrawn") == 1


# Asking


async def test_a_closed_case_still_says_how_it_ended(office: Office) -> None:
    stream = await office.countersigned()
    result = await office.result(stream)
    case = await office["globex"].status(stream)
    assert case == result
    assert (case.status.stage, case.status.closed, case.status.waiting_for) == ("granted", True, "nobody")
    assert case.status.due is None
    assert (await office["globex"].dossier(stream)).digest == case.dossier
    assert (await office["globex"].deadlines(stream)).deadlines == ()


async def test_a_closed_case_takes_nothing_more(office: Office) -> None:
    stream = await office.countersigned()
    await office.result(stream)
    refused = await refusal(office["acme"].decide(stream, Withdraw()))
    assert refused.code == RefusalCode.CASE_CLOSED
    assert (await office.types(stream))[-1] == "CommandRefused"
    assert (await office.result(stream)).status.outcome == "granted"


async def test_the_last_command_of_a_case_can_be_sent_again(office: Office) -> None:
    """Also where Temporal knows the command no more: the workflow was started again meanwhile."""
    stream = await office.submitted()
    sent = Withdraw(reason="The sale fell through.")
    receipt = await office["acme"].decide(stream, sent, command_id="withdraw-once")
    await office.result(stream)
    await office.start("LicenseApplication", stream, {"resume": True})
    await office.result(stream)
    again = await office["acme"].decide(stream, sent, command_id="withdraw-once")
    assert (again.version, again.position, again.duplicate) == (receipt.version, receipt.position, True)
    assert (await office.types(stream))[-1] == "ApplicationWithdrawn"


async def test_the_digest_of_a_dossier_is_its_own(office: Office) -> None:
    stream = await office.submitted()
    read = await office["carla"].dossier(stream)
    assert read.digest == digest(read.dossier) == (await office.status(stream)).dossier


async def test_a_case_that_lost_its_workflow_is_not_called_closed(office: Office) -> None:
    stream = await office.submitted()
    await office.handle(stream).terminate("by mistake")
    with pytest.raises(Unanswered, match="an operator can start it again"):
        await office["acme"].decide(stream, Withdraw())


# Nobody there


async def test_without_a_worker_nobody_answers(stuck: tuple[LicensingClient, str], call: Call) -> None:
    client, stream = stuck
    client.patience = SHORT
    async with asyncio.timeout(5):
        with pytest.raises(Unanswered, match=rf"no worker answered \w+ (on|of) {stream} in \d+ s"):
            await call(client, stream)


async def test_a_submission_nobody_answered_is_filed_once(
    settings: Settings, office: Office, idle: Target
) -> None:
    order, application = new_command_id(), new_submission()
    client = await impatient(office, "acme", idle)
    for _ in range(2):
        with pytest.raises(Unanswered, match=r"was started, but no worker|no worker answered status"):
            await client.submit(application, command_id=order)
    assert await cases_of(office, order) == []
    async with open_office(settings, idle) as late:
        case = await late["acme"].submit(application, command_id=order)
        assert await late.types(case.stream) == [*FILED]
        assert set(await cases_of(late, order)) == {case.stream}


async def test_a_decision_nobody_answered_is_taken_once(
    settings: Settings, office: Office, idle: Target
) -> None:
    async with open_office(settings, idle) as early:
        stream = await early.submitted()
        read = await early["olga"].dossier(stream)
    order = new_command_id()
    client = await impatient(office, "olga", idle)
    client.shown(stream, read.dossier)
    for _ in range(2):
        with pytest.raises(Unanswered, match="no worker answered recommend"):
            await client.decide(stream, GRANT, dossier=read.digest, command_id=order)
    async with open_office(settings, idle) as late:
        late["olga"].shown(stream, read.dossier)
        receipt = await late["olga"].decide(stream, GRANT, dossier=read.digest, command_id=order)
        assert receipt.stage == "countersignature"
        assert await late.types(stream) == [*FILED, "RecommendationMade"]


async def test_without_temporal_nobody_answers(away: LicensingClient, any_call: Call) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(Unanswered):
            await any_call(away, "application-A000001")


# A caller who does not wait


async def test_a_cancelled_caller_is_cancelled(stuck: tuple[LicensingClient, str], any_call: Call) -> None:
    client, stream = stuck
    calling = asyncio.ensure_future(any_call(client, stream))
    await asyncio.sleep(0.05)
    assert not calling.done()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling


async def test_a_callers_own_limit_is_not_taken_for_silence(
    stuck: tuple[LicensingClient, str], any_call: Call
) -> None:
    client, stream = stuck
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await any_call(client, stream)
