"""What takes longer than one answer: on the real service, and where none is given."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import pytest_asyncio
from pydantic import TypeAdapter

from greenlight.client import (
    LicensingClient,
    Refused,
    Unanswered,
    submit_all,
    until_answered,
    wait_for_decision,
)
from greenlight.client.patiently import bulk_command_id
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.kernel.authority import CommandId
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import Withdraw
from greenlight.law.application.dossier import Submission
from tests.client.test_client import SHORT
from tests.law.application.cases import new_submission
from tests.workflows.office import Office, open_office, refusal


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


def orders(name: str, number: int) -> dict[str, Submission]:
    return {
        f"{name} {each}": new_submission().model_copy(update={"reference": f"{name} {each}"})
        for each in range(number)
    }


async def test_many_are_filed_once_however_often_and_the_progress_is_told(office: Office) -> None:
    client, applications = office["acme"], orders("PO-BULK", 6)
    first: dict[str, str] = {}
    # Whoever files them dies in the middle.
    filing = submit_all(client, applications, name="autumn", at_once=2)
    async for filed in filing:
        assert filed.case is not None
        first[filed.key] = filed.case.stream
        if filed.done == 3:
            break
    await filing.aclose()
    done: list[int] = []
    second: dict[str, str] = {}
    async for filed in submit_all(client, applications, name="autumn"):
        assert filed.case is not None
        assert filed.total == len(applications)
        second[filed.key] = filed.case.stream
        done.append(filed.done)
    assert done == [1, 2, 3, 4, 5, 6]
    assert second.keys() == applications.keys()
    assert first.items() <= second.items()
    assert len(set(second.values())) == len(applications)


async def test_one_that_is_refused_does_not_keep_the_others(office: Office) -> None:
    client, applications = office["acme"], orders("PO-REFUSED", 3)
    spoilt, *_ = applications
    used = bulk_command_id(client.signer.organisation, "winter", spoilt)
    # Its id was used for another application.
    other = new_submission().model_copy(update={"reference": "PO-OTHER"})
    await client.submit(other, command_id=used)
    found = {filed.key: filed async for filed in submit_all(client, applications, name="winter")}
    refused = found[spoilt].refused
    assert refused is not None
    assert found[spoilt].command_id == used
    assert all(found[key].case is not None for key in applications if key != spoilt)


async def test_a_decision_is_waited_for_and_one_that_was_made_is_told_at_once(office: Office) -> None:
    stream = await office.submitted()
    number = stream_key(stream)
    with pytest.raises(Unanswered, match="no outcome yet"):
        await wait_for_decision(office["acme"], number, within=timedelta(seconds=1))
    waiting = asyncio.create_task(wait_for_decision(office["acme"], number))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    await office["acme"].decide(stream, Withdraw())
    for told in (await waiting, await wait_for_decision(office["acme"], number)):
        assert (told.stream, told.status.outcome) == (stream, "withdrawn")


async def test_a_decision_on_a_case_that_is_not_there_is_not_waited_for(office: Office) -> None:
    refused = await refusal(wait_for_decision(office["acme"], "Z999999"))
    assert refused.code == RefusalCode.NO_SUCH_CASE


async def test_a_lost_answer_says_how_to_go_on(office: Office, target: Target) -> None:
    """Under the same id the command is carried out once, and answers."""
    stream = await office.submitted()
    impatient = LicensingClient(
        await connect(target), office["acme"].signer, patience=timedelta(microseconds=1)
    )
    with pytest.raises(Unanswered) as lost:
        await impatient.decide(stream, Withdraw())
    sent = lost.value.sent
    assert sent is not None
    assert lost.value.__notes__ == [sent.advice]
    assert f"command_id='{sent.command_id}'" in sent.advice
    assert f"starter.py history {stream} --command-id {sent.command_id}" in sent.advice
    receipt = await until_answered(
        lambda command_id: office["acme"].decide(stream, Withdraw(), command_id=command_id),
        command_id=sent.command_id,
    )
    assert receipt.command_id == sent.command_id


async def test_it_is_sent_again_under_the_same_id_until_it_is_answered() -> None:
    ids: list[str] = []
    told: list[float] = []

    async def send(command_id: str) -> str:
        ids.append(command_id)
        if len(ids) < 4:
            raise Unanswered("nobody")
        return "done"

    assert await until_answered(send, told=lambda _, rest: told.append(rest)) == "done"
    assert len(set(ids)) == 1
    assert len(told) == 3
    with pytest.raises(Unanswered):
        await until_answered(_silent, within=SHORT)
    with pytest.raises(Refused):
        await until_answered(_refused)


async def _silent(_: str) -> None:
    raise Unanswered("nobody")


async def _refused(_: str) -> None:
    raise Refused("case_closed", "it is closed")


def test_an_id_of_many_is_one_that_may_be_sent_and_no_others() -> None:
    ids = {bulk_command_id(org, name, key) for org in "ab" for name in "cd" for key in ("e", "f\ng")}
    assert len(ids) == 8
    for each in ids:
        TypeAdapter[str](CommandId).validate_python(each)
