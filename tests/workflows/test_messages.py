"""Whatever a client sends: nothing wedges a case, and nothing vanishes silently.

What nobody was shown to have sent is not on record, and is counted.
"""

import asyncio
import json
from collections import Counter

import pytest
from temporalio.client import WorkflowQueryFailedError

from greenlight.client import Refused
from greenlight.connection.target import Target
from greenlight.kernel.authority import MAX_BODY_BYTES, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.commands import Assign, Countersign, SignOff, Submit
from greenlight.law.contract import REGISTERED
from tests.law.application.cases import GRANT, new_submission, submission
from tests.workflows.office import NAMES, Office, counted_refusals, eventually, failure, new_number, refusal
from tests.workflows.raw import UNREADABLE, Unreadable, plain, raw
from tests.workflows.stock_cli import StockCli
from tests.workflows.stories import LISTED, LISTED_PARTIES

ANY_NAME = ("approve", "record_screening", "a b\n<i>c</i>", "\N{LATIN SMALL LETTER E WITH ACUTE}" * 300)
"""Names that the contract does not have."""


@pytest.fixture(params=UNREADABLE)
def unreadable(request: pytest.FixtureRequest) -> Unreadable:
    return UNREADABLE[request.param]


@pytest.fixture
def cli(target: Target) -> StockCli:
    return StockCli(target)


async def goes_on(office: Office, stream: str) -> None:
    """The case takes a proper command."""
    receipt = await office["olga"].decide(stream, Assign(officer="olga"))
    assert receipt.stage == "review"


def too_large() -> JsonObject:
    return {"answer": "x" * MAX_BODY_BYTES}


def signed(office: Office, officer: str, name: str, stream: str, body: Body | JsonObject) -> SignedCommand:
    return office[officer].signer.sign(name, stream, body)


# Signals: counted


async def test_an_unreadable_signal_is_counted(office: Office, unreadable: Unreadable) -> None:
    stream = await office.submitted()
    async with office.unrecorded(RefusalCode.MALFORMED):
        await office.signal(stream, "countersign", *unreadable.inputs)
    await goes_on(office, stream)


@pytest.mark.parametrize("name", [*ANY_NAME, REGISTERED, "status", "__temporal_hello"])
async def test_a_signal_of_an_unknown_name_is_counted(office: Office, name: str) -> None:
    stream = await office.submitted()
    async with office.unrecorded(RefusalCode.UNKNOWN_COMMAND):
        await office.signal(stream, name, plain({}))
    await goes_on(office, stream)


async def test_too_large_a_signal_is_counted(office: Office) -> None:
    stream = await office.submitted()
    async with office.unrecorded(RefusalCode.TOO_LARGE):
        await office.signal(stream, "answer", signed(office, "acme", "answer", stream, too_large()))
    await goes_on(office, stream)


async def test_a_second_submission_of_a_case_is_refused_on_record(office: Office) -> None:
    """It is a command of the contract, though not one that a running case takes. It uses up its id once."""
    stream = await office.submitted()
    again = signed(office, "acme", "submit", stream, Submit(application=new_submission()))
    await office.signal(stream, "submit", again)
    (refused,) = await office.refusals(stream, 1)
    assert refused.content["code"] == RefusalCode.ALREADY_SUBMITTED
    assert (await refusal(office.update(stream, "submit", again))).code == RefusalCode.ALREADY_SUBMITTED
    assert await office.refusals(stream, 1) == [refused]
    await goes_on(office, stream)


async def test_every_signal_that_temporal_takes_is_counted(office: Office) -> None:
    """Also those that come while the case ends: Temporal refuses a signal, or the case answers to it."""
    stream = await office.countersigned(application=LISTED)
    sign_off = office.signed_off(stream)
    before = await counted_refusals()
    letters = [f"letter-{number}" for number in range(8)]
    signals = [office.signal(stream, letter, plain({})) for letter in letters]
    _, *sent = await asyncio.gather(sign_off, *signals, return_exceptions=True)
    await office.result(stream)
    taken = sent.count(None)

    async def counted() -> bool:
        return (await counted_refusals() - before).total() >= taken

    await eventually(counted, f"{taken} refusals counted")
    assert await counted_refusals() - before == Counter({RefusalCode.UNKNOWN_COMMAND: taken})


# Updates: rejected, without a trace where nothing could be read


async def test_an_unreadable_update_is_rejected_without_a_trace(
    office: Office, unreadable: Unreadable
) -> None:
    stream = await office.submitted()
    length = len((await office.history(stream)).events)
    refused = await refusal(office.update(stream, "countersign", *unreadable.inputs))
    assert refused.code == RefusalCode.MALFORMED
    assert unreadable.names in str(refused)
    assert len((await office.history(stream)).events) == length
    assert await office.types(stream) == ["ApplicationSubmitted", "PartiesScreened"]
    await goes_on(office, stream)


@pytest.mark.parametrize("name", [*ANY_NAME, "__temporal_hello"])
async def test_an_update_of_an_unknown_name_is_rejected(office: Office, name: str) -> None:
    stream = await office.submitted()
    refused = await refusal(office.update(stream, name, plain({})))
    assert refused.code == RefusalCode.UNKNOWN_COMMAND
    await goes_on(office, stream)


async def test_too_large_an_update_is_rejected(office: Office) -> None:
    stream = await office.submitted()
    command = signed(office, "acme", "answer", stream, too_large())
    assert (await refusal(office.update(stream, "answer", command))).code == RefusalCode.TOO_LARGE
    await goes_on(office, stream)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"agrees": "yes"}, "agrees: Input should be a valid boolean"),
        ({"agrees": True, "by": "vera"}, "by: Extra inputs"),
        ({}, "agrees: Field required"),
        ({"agrees": True, "comment": "a\0b"}, "comment: control characters"),
        ({"agrees": 0.5}, "numbers must be integers"),
    ],
)
async def test_a_body_of_the_wrong_shape_is_rejected_with_its_field(
    office: Office, body: JsonObject, names: str
) -> None:
    """However well it is signed. What has no canonical form cannot be signed at all."""
    stream = await office.recommended()
    proof = signed(office, "carla", "countersign", stream, {} if "integers" in names else body)
    command = {"token": proof.token, "body": body}
    refused = await refusal(office.update(stream, "countersign", command))
    assert (refused.code, names in str(refused)) == (RefusalCode.MALFORMED, True), refused
    async with office.unrecorded(RefusalCode.MALFORMED):
        await office.signal(stream, "countersign", command)
    await office.send("carla", stream, Countersign(agrees=True))


async def test_the_update_registered_takes_no_input(office: Office) -> None:
    stream = await office.submitted()
    refused = await refusal(office.update(stream, REGISTERED, plain({})))
    assert (refused.code, str(refused)) == (RefusalCode.MALFORMED, "registered takes no input")
    await goes_on(office, stream)


# Queries


@pytest.mark.parametrize("query", ["status", "dossier", "deadlines"])
async def test_a_query_with_input_is_told_so(office: Office, query: str) -> None:
    stream = await office.submitted()
    for inputs in ((plain({}),), (plain(1), plain(2)), (raw(b"{", "binary/encrypted"),)):
        with pytest.raises(WorkflowQueryFailedError, match=f"^malformed: {query} takes no input$"):
            await office.handle(stream).query(query, args=inputs)
    await goes_on(office, stream)


async def test_an_unknown_query_is_told_which_there_are(office: Office) -> None:
    stream = await office.submitted()
    with pytest.raises(WorkflowQueryFailedError, match=r"known queries: .*deadlines dossier status"):
        await office.handle(stream).query("everything")


# Starts


async def test_an_unreadable_start_fails_cleanly_and_leaves_its_number_free(
    office: Office, unreadable: Unreadable
) -> None:
    stream = new_number()
    async with office.unrecorded(RefusalCode.MALFORMED):
        refused = await office.start_refused("LicenseApplication", stream, *unreadable.inputs)
    assert (refused.code, unreadable.names in str(refused)) == (RefusalCode.MALFORMED, True), refused
    await office["acme"].submit(new_submission(), acn=stream.removeprefix("application-"))
    assert await office.types(stream) == ["ApplicationSubmitted", "PartiesScreened"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"parties": []}, "application.parties: Tuple should have at least 1 item"),
        ({"items": [{"line": 1}]}, "application.items.0.description: Field required"),
        ({"applicant": 5}, "application.applicant: Input should be a valid string"),
        ({"urgent": True}, "application.urgent: Extra inputs"),
    ],
)
async def test_a_start_with_a_bad_application_names_the_field(
    office: Office, change: JsonObject, names: str
) -> None:
    stream = new_number()
    body: JsonObject = {"application": submission().model_dump(mode="json") | change}
    start = signed(office, "acme", "submit", stream, body)
    refused = await office.start_refused("LicenseApplication", stream, start)
    assert (refused.code, names in str(refused)) == (RefusalCode.MALFORMED, True), refused


@pytest.mark.parametrize(
    ("workflow", "stream"),
    [
        ("LicenseApplication", "application-12345"),
        ("LicenseApplication", "application-Y0000001"),
        ("LicenseApplication", "license-D999999"),
        ("LicenseApplication", "Huawei Technologies"),
        ("License", "license-D99"),
        ("License", "application-Y000000"),
    ],
)
async def test_a_start_under_a_wrong_id_fails_with_the_pattern(
    office: Office, workflow: str, stream: str
) -> None:
    body = Submit(application=new_submission())
    proper = office["acme"].signer.sign("submit", "application-Y000000", body)
    refused = await office.start_refused(workflow, stream, proper)
    assert refused.code == RefusalCode.MALFORMED
    assert str(refused).startswith(f"workflow id {stream!r} does not match")


async def test_too_large_a_submission_is_refused(office: Office) -> None:
    stream = new_number()
    body: JsonObject = {"application": too_large()}
    start = signed(office, "acme", "submit", stream, body)
    refused = await office.start_refused("LicenseApplication", stream, start)
    assert refused.code == RefusalCode.TOO_LARGE


async def test_a_case_that_nobody_submitted_cannot_be_taken_up(office: Office) -> None:
    for workflow, stream in (("LicenseApplication", new_number()), ("License", "license-D999999")):
        refused = await office.start_refused(workflow, stream, {"resume": True})
        assert refused.code == RefusalCode.NO_SUCH_CASE


@pytest.mark.parametrize("start", [{}, {"resume": False}, {"resume": True, "version": 7}, "resume"])
async def test_a_license_is_not_started_from_outside(office: Office, start: object) -> None:
    refused = await office.start_refused("License", "license-D999998", plain(start))
    assert (refused.code, "resume" in str(refused)) == (RefusalCode.MALFORMED, True), refused


async def test_a_message_that_comes_with_the_start_waits_for_the_case(office: Office) -> None:
    stream = new_number()
    submit = signed(office, "acme", "submit", stream, Submit(application=new_submission()))
    handle = await office.temporal.start_workflow(
        "LicenseApplication",
        submit,
        id=stream,
        task_queue="licensing",
        start_signal="assign",
        start_signal_args=[signed(office, "olga", "assign", stream, Assign(officer="olga"))],
    )
    await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]

    async def assigned() -> bool:
        return "CaseAssigned" in await office.types(stream)

    await eventually(assigned, "the signal that came with the start")
    assert await office.types(stream) == ["ApplicationSubmitted", "PartiesScreened", "CaseAssigned"]


# Other clients

TO_THE_END = (
    ("olga", GRANT, "countersignature"),
    ("carla", Countersign(agrees=True), "sign_off"),
    ("vera", SignOff(approves=True), "granted"),
)
"""Who sends what to a case with a listed party, and the stage it leads to."""


def as_another_language_writes_it(command: SignedCommand) -> bytes:
    """Keys in another order, indented, escapes where none are needed, as ``JSON.stringify`` may do."""
    body = json.dumps(dict(reversed(command.body.items())), indent=2, ensure_ascii=True)
    return f'{{\n\t"body": {body},\r\n "token" : "{command.token}" }}\n'.encode()


async def test_json_of_another_client_works_unchanged(office: Office) -> None:
    stream = new_number()
    application = new_submission(parties=LISTED_PARTIES).model_copy(
        update={"end_use": "Réseau rural \N{ELECTRIC LIGHT BULB}"}
    )
    submit = signed(office, "acme", "submit", stream, Submit(application=application))
    await office.start("LicenseApplication", stream, raw(as_another_language_writes_it(submit)))
    await office.handle(stream).execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]
    for officer, body, _ in TO_THE_END:
        command = await office.signed(officer, stream, body)
        await office.update(stream, NAMES[type(body)], raw(as_another_language_writes_it(command)))
    assert (await office.result(stream)).status.outcome == "granted"


async def test_the_stock_cli_takes_a_case_from_start_to_sign_off(office: Office, cli: StockCli) -> None:
    """What it sends is plain, and understood. What it is answered is encrypted."""
    stream = new_number()
    application = new_submission(parties=LISTED_PARTIES)
    submit = signed(office, "acme", "submit", stream, Submit(application=application))
    started = await cli.start("LicenseApplication", stream, submit.model_dump_json())
    assert started.code == 0, started
    registered = await cli.update(stream, REGISTERED)
    assert "encoding binary/encrypted" in registered.errors, registered
    for officer, body, stage in TO_THE_END:
        command = await office.signed(officer, stream, body)
        answered = await cli.update(stream, NAMES[type(body)], command.model_dump_json())
        assert "encoding binary/encrypted" in answered.errors, answered
        assert (await office.status(stream)).status.stage == stage
    for said in (await cli.query(stream, "status"), await cli("result", "--workflow-id", stream)):
        assert "granted" not in f"{said.output}{said.errors}", said
    assert (await office.status(stream)).status.outcome == "granted"


async def test_the_stock_cli_is_told_what_is_wrong_and_harms_nothing(office: Office, cli: StockCli) -> None:
    stream, other = await office.submitted(), new_number()
    binary = ("--input-meta", "encoding=binary/plain", "--input", '{"token": "x", "body": {}}')
    name = ("--workflow-id", stream, "--name", "countersign")
    updates = await asyncio.gather(
        cli.update(stream, "countersign"),
        cli.update(stream, "countersign", "{}", "{}"),
        cli.update(stream, "countersign", '{"agrees": true}'),
        cli.update(stream, "approve", "{}"),
        cli("update", "execute", *name, *binary),
        cli.query(stream, "status", "{}"),
    )
    assert [said.code for said in updates] == [1] * 6
    for said, word in zip(
        updates,
        ("malformed", "malformed", "malformed", "unknown_command", "malformed", "status takes no input"),
        strict=True,
    ):
        assert word in said.errors, said
    async with office.unrecorded(*["malformed"] * 5, "unknown_command"):
        signals = await asyncio.gather(
            cli.signal(stream, "countersign"),
            cli.signal(stream, "countersign", "{}", "{}"),
            cli.signal(stream, "countersign", '{"agrees": true}'),
            cli.signal(stream, "approve", "{}"),
            cli("signal", *name, *binary),
            cli.start("LicenseApplication", other, '{"application": {}}'),
        )
        assert [said.code for said in signals] == [0] * 6
    failed = await failure(office.handle(other))
    assert (failed.code, str(failed)) == (
        RefusalCode.MALFORMED,
        "token: Field required; body: Field required; application: Extra inputs are not permitted",
    )
    await goes_on(office, stream)


async def test_a_case_can_be_asked_for_before_it_is_on_record(office: Office) -> None:
    """The query of a run that has just begun does not say that there is no such case."""
    stream = new_number()
    submit = signed(office, "acme", "submit", stream, Submit(application=new_submission()))
    await office.start("LicenseApplication", stream, submit)
    case = await office.status(stream)
    assert isinstance(case, CaseStatus)
    assert case.status.stage == "review"


async def test_a_case_that_is_not_there_is_not_there(office: Office) -> None:
    for refused in (
        await refusal(office.status("application-Y999999")),
        await refusal(office["olga"].decide("application-Y999999", Assign(officer="olga"))),
    ):
        assert isinstance(refused, Refused)
        assert refused.code == RefusalCode.NO_SUCH_CASE
