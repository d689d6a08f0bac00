"""Commands by the door: as their senders signed them, to the real service, each once."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from temporalio.service import RPCError

from greenlight.client import Signer
from greenlight.client.signer import new_command_id
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Answer, Assign, Countersign, Submit, Withdraw
from greenlight.signing.reading import sign_reading
from tests.door.doors import Door, door, nowhere
from tests.law.application.cases import GRANT, new_submission
from tests.workflows.office import Office, new_number, open_office
from tests.workflows.test_authority import resigned


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


@pytest_asyncio.fixture(scope="module")
async def at_door(
    office: Office, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Door]:
    async with door(target.database_url, office.temporal, tmp_path_factory.mktemp("tiles")) as opened:
        yield opened


def signer(office: Office, name: str) -> Signer:
    return office[name].signer


def signed(office: Office, name: str, stream: str, body: Body, **more: str) -> SignedCommand:
    return signer(office, name).sign(body.declared.name, stream, body, **more)  # pyright: ignore[reportArgumentType]


async def sent(
    at_door: Door, stream: str, name: str, command: SignedCommand, **headers: str
) -> httpx.Response:
    said = {key.replace("_", "-"): value for key, value in headers.items()}
    return await at_door.http.post(
        f"/cases/{stream}/{name}", json=command.model_dump(mode="json"), headers=said
    )


async def read(at_door: Door, office: Office, name: str, path: str, role: Role) -> httpx.Response:
    by = signer(office, name)
    assert by.log is not None
    token = sign_reading(by.officer, role, by.log, by.key)
    return await at_door.http.get(path, headers={"Authorization": f"Bearer {token}"})


async def test_a_case_is_filed_and_decided_by_the_door_alone(office: Office, at_door: Door) -> None:
    stream = new_number()
    filed = await sent(
        at_door, stream, "submit", signed(office, "acme", stream, Submit(application=new_submission()))
    )
    assert filed.status_code == 201, filed.text
    receipt = filed.json()
    assert filed.headers["location"] == f"/cases/{stream}"
    assert filed.headers["greenlight-position"] == str(receipt["position"])
    path = f"{filed.headers['location']}?position={receipt['position']}"
    assert (await read(at_door, office, "acme", path, Role.APPLICANT)).json()["version"] >= 1

    async def dossier() -> str:
        found = await read(at_door, office, "olga", f"/cases/{stream}/dossier", Role.LICENSING_OFFICER)
        return str(found.json()["digest"])

    await office.settled(stream)
    recommended = signed(office, "olga", stream, GRANT, dossier=await dossier())
    said = await sent(at_door, stream, "recommend", recommended)
    assert (said.status_code, said.json()["duplicate"]) == (200, False), said.text
    assert said.json()["stage"] == "countersignature"
    countersigned = signed(office, "carla", stream, Countersign(agrees=True), dossier=await dossier())
    assert (await sent(at_door, stream, "countersign", countersigned)).status_code == 200
    assert "RecommendationCountersigned" in await office.types(stream)


async def test_the_same_again_has_the_same_answer_and_happens_once(office: Office, at_door: Door) -> None:
    stream = new_number()
    command = signed(office, "acme", stream, Submit(application=new_submission()))
    said = await asyncio.gather(*(sent(at_door, stream, "submit", command) for _ in range(4)))
    # Whichever comes first is answered; others may be told to try again.
    known = {each.json().get("position") for each in said} - {None}
    assert len(known) == 1
    again = await sent(at_door, stream, "submit", command)
    assert (again.status_code, again.json()["duplicate"]) == (200, True), again.text
    assert again.json()["position"] == known.pop()
    assert (await office.types(stream)).count("ApplicationSubmitted") == 1
    key = command_id(command)
    assigned = signed(office, "olga", stream, Assign(officer="olga"))
    one = await sent(at_door, stream, "assign", assigned, idempotency_key=command_id(assigned))
    two = await sent(at_door, stream, "assign", assigned, idempotency_key=f'"{command_id(assigned)}"')
    assert (one.status_code, two.status_code) == (200, 200), one.text
    assert one.json()["position"] == two.json()["position"]
    other = await sent(at_door, stream, "assign", assigned, idempotency_key=key)
    assert (other.status_code, other.json()["code"]) == (400, "malformed")


def command_id(command: SignedCommand) -> str:
    from greenlight.kernel.authority import Claims, read_claims

    claims = read_claims(command.token)
    assert isinstance(claims, Claims)
    return claims.jti


async def test_the_law_refuses_by_a_problem_with_its_code(office: Office, at_door: Door) -> None:
    stream = await office.submitted()
    olga = signed(office, "olga", stream, GRANT, dossier="sha256:" + "0" * 64)
    said = await sent(at_door, stream, "recommend", olga)
    assert said.headers["content-type"] == "application/problem+json"
    assert (said.status_code, said.json()["code"]) == (412, "dossier_changed")
    assert said.json()["command_id"] == command_id(olga)
    closed = signed(office, "acme", stream, Withdraw())
    assert (await sent(at_door, stream, "withdraw", closed)).status_code == 200
    late = signed(office, "acme", stream, Answer(answer="Too late."))
    said = await sent(at_door, stream, "answer", late)
    assert (said.status_code, said.json()["code"]) == (409, "case_closed")
    taken = signed(office, "acme", stream, Submit(application=new_submission()))
    said = await sent(at_door, stream, "submit", taken)
    assert (said.status_code, said.json()["code"]) == (409, "already_submitted"), said.text


async def test_what_is_not_theirs_is_not_there_and_leaves_no_trace(office: Office, at_door: Door) -> None:
    stream = await office.submitted()
    before = await office.types(stream)
    withdrawn = signed(office, "globex", stream, Withdraw())
    said = await sent(at_door, stream, "withdraw", withdrawn)
    absent = new_number()
    nothing = await sent(at_door, absent, "withdraw", signed(office, "globex", absent, Withdraw()))
    assert (said.status_code, nothing.status_code) == (404, 404)
    assert said.json()["detail"].replace(stream, absent) == nothing.json()["detail"]
    assert await office.types(stream) == before


async def test_a_token_for_something_else_is_refused_at_the_door(office: Office, at_door: Door) -> None:
    stream, other = await office.submitted(), await office.submitted()
    command = signed(office, "acme", stream, Withdraw())
    reads = sign_reading("acme", Role.APPLICANT, str(signer(office, "acme").log), signer(office, "acme").key)
    nothing: JsonObject = {}
    refused: list[tuple[str, JsonObject, int, str]] = [
        (f"/cases/{other}/withdraw", {"token": command.token, "body": nothing}, 400, "wrong_stream"),
        (f"/cases/{stream}/appeal", {"token": command.token, "body": nothing}, 400, "wrong_command"),
        (f"/cases/{stream}/withdraw", {"token": command.token, "body": {"x": 1}}, 400, "body_mismatch"),
        (f"/cases/{stream}/withdraw", {"token": reads, "body": nothing}, 401, "proof_invalid"),
        (
            f"/cases/{stream}/withdraw",
            {"token": command.token[:-6] + "AAAAAA", "body": nothing},
            401,
            "proof_invalid",
        ),
        (f"/cases/{stream}/withdraw", {"token": "", "body": nothing}, 400, "malformed"),
        (f"/cases/{stream}/withdraw", {"body": nothing}, 400, "malformed"),
        (f"/cases/{stream}/nothing", {"token": command.token, "body": nothing}, 404, "not_found"),
        ("/cases/officer-acme/revoke_key", {"token": command.token, "body": nothing}, 404, "not_found"),
    ]
    for path, content, status, code in refused:
        said = await at_door.http.post(path, json=content)
        assert (said.status_code, said.json()["code"]) == (status, code), path
    assert "ApplicationWithdrawn" not in await office.types(stream)


async def test_another_under_the_same_id_is_answered_for_what_they_sent(
    office: Office, at_door: Door
) -> None:
    """An id is the sender's own: nobody hears what another was answered, and nothing of theirs is lost."""
    stream = await office.submitted()
    first = signed(office, "acme", stream, Answer(answer="Nobody asked."))
    refused = await sent(at_door, stream, "answer", first)
    assert refused.status_code == 409, refused.text
    other = signed(office, "olga", stream, Assign(officer="oscar"), command_id=command_id(first))
    taken = await sent(at_door, stream, "assign", other)
    assert (taken.status_code, taken.json()["command_id"]) == (200, command_id(first)), taken.text
    assert (await office.types(stream))[-1] == "CaseAssigned"
    again = await sent(at_door, stream, "assign", other)
    assert again.json()["version"] == taken.json()["version"]
    different = signed(office, "olga", stream, Assign(officer="olga"), command_id=command_id(first))
    said = await sent(at_door, stream, "assign", different)
    assert said.json()["code"] == "command_id_reused", said.text


async def test_what_is_dated_ahead_starts_no_workflow(office: Office, at_door: Door) -> None:
    stream, ahead = new_number(), int(time.time()) + 86_400
    filing = signed(office, "acme", stream, Submit(application=new_submission()))
    filing = resigned(filing, signer(office, "acme").key, iat=ahead, exp=ahead + 600)
    refused = await sent(at_door, stream, "submit", filing)
    assert (refused.status_code, refused.json()["code"]) == (401, "proof_not_yet_valid")
    with pytest.raises(RPCError, match="not found"):
        await office.handle(stream).describe()


async def test_an_answer_that_is_lost_says_how_to_ask_again(
    office: Office, target: Target, tmp_path: Path
) -> None:
    stream = await office.submitted()
    command = signed(office, "acme", stream, Withdraw(), command_id=new_command_id())
    async with door(target.database_url, await nowhere(), tmp_path, patience=timedelta(seconds=1)) as away:
        said = await sent(away, stream, "withdraw", command)
        assert (said.status_code, said.json()["code"]) == (503, "unavailable"), said.text
        assert said.headers["retry-after"]
        assert said.json()["command_id"] == command_id(command)
        assert "send the same request again" in said.json()["detail"]
        begun = new_number()
        filed = signed(office, "acme", begun, Submit(application=new_submission()))
        assert (await sent(away, begun, "submit", filed)).status_code == 503
        health = await away.http.get("/healthz")
        assert (health.status_code, (await away.http.get("/livez")).status_code) == (503, 200)


async def test_the_door_is_well(at_door: Door) -> None:
    found = await at_door.http.get("/healthz")
    assert (found.status_code, found.json()) == (200, {"well": True})
