"""One signature over many cases, on the real server: each decides for itself, and names its reason if not."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from greenlight.client import LicensingClient, Unseen
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.stored import StoredEvent
from greenlight.eventlog.verify import verify
from greenlight.kernel.authority import Claims, SignedCommand, read_claims
from greenlight.kernel.inclusion import APPROVAL, Leaf, case_command_id, inclusion, signed_root
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import batch_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import SignOff
from greenlight.law.application.events import ExecutiveSignedOff
from greenlight.law.batch.commands import DiscardBatch, SignBatch
from greenlight.law.batch.refusals import BatchRefusal
from greenlight.signing.decision import DecisionProof, check
from tests.eventlog.hindering import hindered
from tests.service.processes import run
from tests.workflows.batches import delivered, edited, leaves, outcome, prepared, waiting
from tests.workflows.office import Office, eventually, refusal


async def decision(office: Office, stream: str) -> tuple[StoredEvent, ExecutiveSignedOff]:
    for stored in reversed(await office.events(stream)):
        event = APPLICATION.read(stored.record)
        if isinstance(event, ExecutiveSignedOff):
            return stored, event
    raise AssertionError(f"nobody signed {stream} off")


async def test_thirty_signed_at_once_of_which_five_had_changed(office: Office, tmp_path: Path) -> None:
    streams = await waiting(office, 30)
    key = await prepared(office, streams)
    await edited(office, streams[3:8])
    tasks = await office.reader.tasks(TaskFilter(roles=(Role.EXECUTIVE,)))
    assert key in {task.case for task in tasks}
    receipt = await office["vera"].sign_batch(key)
    assert receipt.stage == "delivering"
    await delivered(office, key)
    decided, fell_out = await outcome(office, key)
    assert (decided, fell_out) == (25, dict.fromkeys(streams[3:8], "dossier_changed"))
    for number, stream in enumerate(streams):
        status = (await office.status(stream)).status
        if stream in fell_out:
            assert status.stage == "sign_off"
            continue
        assert status.stage == "intent_to_deny"
        stored, event = await decision(office, stream)
        assert event.by.officer == "vera"
        assert event.inclusion is not None
        assert (event.inclusion.index, event.inclusion.body.size) == (number, 30)
        claims = read_claims(stored.proof or "")
        assert isinstance(claims, Claims)
        assert stored.command_id == case_command_id(claims.jti, stream)
        proof = DecisionProof(
            stream=stream,
            record=stored.record,
            token=stored.proof or "",
            key=office["vera"].signer.key.public,
        )
        assert (check(proof).index, check(proof).outcome) == (number, "deny")
        file = tmp_path / f"{number}.json"
        file.write_text(proof.model_dump_json())
        said = await run({}, "-I", "-S", "examples/check_batch_proof.py", str(file))
        assert said.code == 0, said.err
    history = await office.history(batch_stream(key))
    assert len(history.events) < 60
    details = await office.details(batch_stream(key))
    assert "25 decided, 5 fell out, 0 left of 30 cases" in details
    assert f"fell out: {streams[3]} (dossier\\_changed)" in details
    url = office.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(office.service.target.owner_url, swap=False)).differences == ()


async def test_what_fell_out_waits_for_the_executive_as_before(office: Office) -> None:
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    await edited(office, streams[:1])
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    # Neither the batch's token, as somebody may have kept it, nor the same dossier brings it back.
    (stored, _) = await decision(office, streams[1])
    of = await leaves(office, streams[:1])
    assert stored.proof is not None
    command = SignedCommand(token=stored.proof, body=APPROVAL, inclusion=inclusion(batch_stream(key), of, 0))
    refused = await refusal(office.update(streams[0], "sign_off", command.model_dump(mode="json")))
    assert refused.code == RefusalCode.BODY_MISMATCH
    await office.signed_off(streams[0])
    _, event = await decision(office, streams[0])
    assert event.inclusion is None


async def test_who_recommended_does_not_decide_by_batch_either(office: Office) -> None:
    """A person with two accounts; the others in the batch are decided."""
    olga = office["olga"].signer
    other = await office.enrolled(Role.EXECUTIVE, person=olga.person)
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    await other.sign_batch(key)
    await delivered(office, key)
    assert await outcome(office, key) == (0, dict.fromkeys(streams, "own_recommendation"))


async def test_what_cannot_be_decided_is_tried_again_and_a_case_needs_no_workflow_for_it(
    office: Office,
) -> None:
    streams = await waiting(office, 3)
    key = await prepared(office, streams)
    await office.signed_off(streams[0])
    gone, lost = streams[1:]
    await office.handle(gone).terminate()
    async with hindered(office.service.target.database_url, lost, "RAISE 'not this one';"):
        await office["vera"].sign_batch(key)

        async def settled() -> bool:
            decided, fell_out = await outcome(office, key)
            return (decided, fell_out) == (1, {streams[0]: "wrong_stage"})

        await eventually(settled, "the two that can be decided")
        details = await office.details(batch_stream(key))
        assert "1 decided, 1 fell out, 1 left of 3 cases" in details
    await delivered(office, key)
    assert await outcome(office, key) == (2, {streams[0]: "wrong_stage"})
    await office.start("LicenseApplication", gone, {"resume": True})
    assert (await office.status(gone)).status.stage == "intent_to_deny"


async def test_a_proof_is_refused_in_another_case(office: Office) -> None:
    first, second, new = await waiting(office, 3)
    key = await prepared(office, [first, second])
    of = await leaves(office, [first, second])
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    stored, _ = await decision(office, first)
    assert stored.proof is not None
    for index, stream in ((0, second), (1, new), (0, new)):
        proof = inclusion(batch_stream(key), of, index)
        command = SignedCommand(token=stored.proof, body=APPROVAL, inclusion=proof)
        async with office.unrecorded(RefusalCode.NOT_IN_BATCH):
            await office.signal(stream, "sign_off", command.model_dump(mode="json"))
    assert (await verify(office.service.target.database_url)).fault is None


async def test_the_same_delivery_again_is_the_same_decision(office: Office) -> None:
    streams = await waiting(office, 1)
    key = await prepared(office, streams)
    of = await leaves(office, streams)
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    stored, _ = await decision(office, streams[0])
    assert stored.proof is not None
    command = SignedCommand(token=stored.proof, body=APPROVAL, inclusion=inclusion(batch_stream(key), of, 0))
    receipt = await office.update(streams[0], "sign_off", command.model_dump(mode="json"))
    assert receipt.duplicate
    assert receipt.command_id == stored.command_id


async def test_only_the_executive_signs_and_only_what_is_there(office: Office) -> None:
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    stream = batch_stream(key)
    dossier = (await office["vera"].dossier(stream)).digest
    wrong = SignBatch(root=f"sha256:{'0' * 64}", size=2)
    refused = await refusal(office["vera"].decide(stream, wrong, dossier=dossier))
    assert refused.code == BatchRefusal.ROOT_DIFFERS
    root = SignBatch.model_validate(signed_root(await leaves(office, streams)).model_dump())
    other = office["vera"].signer.sign("sign_batch", stream, root, dossier=f"sha256:{'0' * 64}")
    refused = await refusal(office.update(stream, "sign_batch", other))
    assert refused.code == RefusalCode.DOSSIER_CHANGED
    refused = await refusal(office["olga"].sign_batch(key))
    assert refused.code == RefusalCode.ROLE_NOT_HELD
    refused = await refusal(office.update(stream, "settle_cases", {}))
    assert refused.code == RefusalCode.UNKNOWN_COMMAND
    await office["olga"].decide(stream, DiscardBatch(reasons="Not now."), role=Role.LICENSING_OFFICER)
    await delivered(office, key)
    assert stream_key(stream) == key
    batchs = office["vera"].signer.sign("sign_off", streams[0], SignOff(approves=True), dossier=dossier)
    refused = await refusal(office.update(streams[0], "sign_off", batchs))
    assert refused.code == RefusalCode.DOSSIER_CHANGED


async def test_nobody_signs_a_batch_unseen(office: Office) -> None:
    """Neither the batch, nor a case that it holds: not as it stands now, but as it is in the batch."""
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    stream, signer = batch_stream(key), office["vera"].signer
    before = await office.types(stream)
    unread = LicensingClient(office.temporal, signer)
    with pytest.raises(Unseen, match=f"sign_batch on {stream}"):
        await unread.sign_batch(key, dossier=(await office["olga"].dossier(stream)).digest)
    read = await unread.dossier(stream)
    with pytest.raises(Unseen, match=f"sign_batch on {streams[0]}"):
        await unread.sign_batch(key, dossier=read.digest)
    await unread.dossier(streams[0])
    await edited(office, streams[1:])
    await unread.dossier(streams[1])
    with pytest.raises(Unseen, match=f"sign_batch on {streams[1]}"):
        await unread.sign_batch(key, dossier=read.digest)
    assert await office.types(stream) == before
    # What it was is in the log.
    held = {each.dossier for each in await leaves_of(office, key)}
    records = [event.record for event in await office.events(streams[1])]
    states = (APPLICATION.replay(None, tuple(records[:end])) for end in range(1, len(records)))
    dossiers = [APPLICATION.dossier(state) for state in states if state]
    assert held.intersection(unread.shown(streams[1], each) for each in dossiers)
    assert (await unread.sign_batch(key, dossier=read.digest)).stage == "delivering"
    await delivered(office, key)
    assert await outcome(office, key) == (1, {streams[1]: "dossier_changed"})


async def leaves_of(office: Office, key: str) -> tuple[Leaf, ...]:
    """What the batch holds."""
    (opened,) = [each for each in await office.events(batch_stream(key)) if each.type == "BatchOpened"]
    return TypeAdapter(tuple[Leaf, ...]).validate_python(opened.content["leaves"])


async def test_a_batch_is_taken_over_from_the_log(office: Office) -> None:
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    await office.handle(batch_stream(key)).terminate()
    await office.start("Batch", batch_stream(key), {"resume": True})
    await office.caught_up(batch_stream(key))
    assert batch_stream(key) in await office.reader.open_streams()
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    assert await outcome(office, key) == (2, {})
    assert batch_stream(key) not in await office.reader.open_streams()


@pytest.mark.parametrize("key", ["Loud", "-dash", ""])
async def test_a_key_that_is_none_is_refused(office: Office, key: str) -> None:
    refused = await office.start_refused("Batch", f"batch-{key}", {})
    assert refused.code == RefusalCode.MALFORMED
