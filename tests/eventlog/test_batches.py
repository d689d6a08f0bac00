"""Decisions by batch in a real log: what is accepted, what is refused on record, and what a walk finds."""

import json
import time

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.payload import NotRecordableError
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Commit, Proof, Recorded
from greenlight.kernel.inclusion import case_command_id
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.streams import application_stream
from greenlight.law.officer.commands import RevokeKey, RevokeRole
from tests.eventlog.batches import Lot, at_sign_off, decided
from tests.eventlog.crowd import Crowd
from tests.eventlog.test_verify import tamper
from tests.law.actors import EXECUTIVE

ACNS = ("A000001", "A000002", "A000003")


async def lot(recorder: Recorder, crowd: Crowd, **claims: object) -> Lot:
    """A signed batch of three, the last of which is to be denied."""
    cases = [await at_sign_off(recorder, crowd, acn, deny=acn == ACNS[-1]) for acn in ACNS]
    return await (await Lot(recorder, crowd, tuple(cases)).opened()).signed(**claims)


async def passed_over(recorder: Recorder, commit: Commit, code: Code) -> None:
    """Nothing is on record: nobody was shown to have decided this."""
    said: Recorded = await recorder.record(commit)
    assert (said.status, said.code, said.on_record, said.missing) == ("refused", code, False, ()), said


async def refused(recorder: Recorder, commit: Commit, code: Code) -> CommandRefused:
    """Nothing but the refusal is on record, under the id that the decision would have had."""
    said: Recorded = await recorder.record(commit)
    assert (said.status, said.code, said.on_record) == ("refused", code, True), said
    told = CommandRefused.model_validate_json(said.missing[-1])
    assert commit.proof is not None
    assert told.command == "sign_off"
    assert told.command_id == commit.proof.command_id(commit.appends[0].stream)
    return told


async def test_one_signature_decides_many_cases(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    for index in range(len(ACNS)):
        commit = await batch.decision(index)
        first = await recorder.record(commit)
        assert first.status == "recorded", first
        assert (await recorder.record(commit)).status == "duplicate"
    said = await batch.settled(*(batch.delivery(index) for index in range(len(ACNS))))
    assert said.status == "recorded"
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn, swap=False)).differences == ()
    async with Reader(dsn) as reader:
        (row,) = await reader.batches()
        assert (row.stage, row.cases, row.decided, row.fell_out) == ("delivered", 3, 3, {})
        outcomes = {row.acn: row.stage for row in await reader.docket()}
        events = [event async for event in reader.log()]
    assert outcomes == {"A000001": "granted", "A000002": "granted", "A000003": "intent_to_deny"}
    ids = {
        (event.stream, event.command_id)
        for event in events
        if batch.proof and event.proof == batch.proof.token and event.stream.startswith("application")
    }
    assert ids == {(case, case_command_id(batch.claims.jti, case)) for case in map(application_stream, ACNS)}


async def test_a_batch_that_nobody_signed_decides_nothing(recorder: Recorder, crowd: Crowd) -> None:
    """Also not with a token that is good, but never came to the batch itself."""
    cases = tuple([await at_sign_off(recorder, crowd, acn) for acn in ACNS])
    batch = await Lot(recorder, crowd, cases).opened()
    assert batch.state is not None
    body = batch.state.signed.model_dump(mode="json")
    executive = crowd.executive
    batch.proof = executive.proof(executive.claims(batch.stream, "sign_batch", body))
    told = await refused(recorder, await batch.decision(0), RefusalCode.BATCH_NOT_SIGNED)
    assert told.by == executive.actor


async def test_another_token_than_the_one_on_record_decides_nothing(recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    again = batch.claims.model_copy(update={"exp": batch.claims.exp + 1})
    batch.proof = crowd.executive.proof(again)
    await refused(recorder, await batch.decision(0), RefusalCode.BATCH_NOT_SIGNED)


async def test_a_token_that_expired_goes_on_to_decide_what_was_signed_in_time(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    exp = int(time.time()) + 4
    batch = await lot(recorder, crowd, exp=exp)
    # By the database's own clock, which is the one that counts.
    await database.fetchval("SELECT pg_sleep(greatest(0, $1 - extract(epoch FROM clock_timestamp())))", exp)
    assert (await recorder.record(await batch.decision(0))).status == "recorded"
    assert (await verify(dsn)).fault is None


async def test_a_forged_leaf_is_refused(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    for change in ({"outcome": "deny"}, {"dossier": f"sha256:{'0' * 64}"}, {"index": 1}):
        forged = batch.included(0).model_copy(update=change)
        await passed_over(recorder, await batch.decision(0, forged), RefusalCode.NOT_IN_BATCH)
    assert (await verify(dsn)).fault is None


async def test_a_proof_that_is_moved_to_another_case_is_refused(recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    await passed_over(recorder, await batch.decision(1, batch.included(0)), RefusalCode.NOT_IN_BATCH)


async def test_a_batch_is_not_played_again_on_new_cases(recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    new = await at_sign_off(recorder, crowd, "A000009")
    assert batch.proof is not None
    proof = Proof(token=batch.proof.token, claims=batch.claims, inclusion=batch.included(0))
    await passed_over(recorder, await decided(recorder, new, proof), RefusalCode.NOT_IN_BATCH)
    # With a batch of the same name and a root over the new case, it is another body than the signed one.
    other = Lot(recorder, crowd, (new,))
    other.state = batch.state and batch.state.model_copy(update={"leaves": other.leaves})
    mine = Proof(token=proof.token, claims=proof.claims, inclusion=other.included(0))
    await passed_over(recorder, await decided(recorder, new, mine), RefusalCode.BODY_MISMATCH)


async def test_a_role_or_key_that_was_revoked_since_decides_no_more(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    batch = await lot(recorder, crowd)
    assert (await recorder.record(await batch.decision(0))).status == "recorded"
    await crowd.change(recorder, EXECUTIVE.officer, RevokeRole(role=EXECUTIVE.role))
    await refused(recorder, await batch.decision(1), RefusalCode.ROLE_NOT_HELD)
    kid = crowd.executive.key.public.kid
    await crowd.change(recorder, EXECUTIVE.officer, RevokeKey(kid=kid))
    await passed_over(recorder, await batch.decision(2), RefusalCode.KEY_NOT_VALID)
    # What was decided before stays.
    assert (await recorder.record(await batch.decision(0))).status == "duplicate"
    assert (await verify(dsn)).fault is None


async def test_what_fell_out_and_what_is_delivered_is_decided_no_more(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    batch = await lot(recorder, crowd)
    await batch.settled(batch.delivery(0, "dossier_changed"))
    await refused(recorder, await batch.decision(0), RefusalCode.BATCH_NOT_SIGNED)
    assert (await recorder.record(await batch.decision(1))).status == "recorded"
    await batch.settled(batch.delivery(1), batch.delivery(2, "unanswered"))
    await refused(recorder, await batch.decision(2), RefusalCode.BATCH_NOT_SIGNED)
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn, swap=False)).differences == ()


async def test_a_batch_does_not_tell_otherwise_than_its_cases(recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    said = await batch.settled(batch.delivery(0))
    assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
    await recorder.record(await batch.decision(0))
    said = await batch.settled(batch.delivery(0, "unanswered"))
    assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
    assert (await batch.settled(batch.delivery(0))).status == "recorded"


async def test_an_event_without_its_proof_cannot_be_recorded(recorder: Recorder, crowd: Crowd) -> None:
    batch = await lot(recorder, crowd)
    commit = await batch.decision(0)
    own = commit.appends[0]
    for shown in (None, batch.included(1).model_dump(mode="json")):
        record = json.dumps({**json.loads(own.events[0]), "inclusion": shown})
        bare = own.model_copy(update={"events": (record, *own.events[1:])})
        with pytest.raises(NotRecordableError):
            await recorder.record(commit.model_copy(update={"appends": (bare, *commit.appends[1:])}))


SIGNED_OFF = "type = 'ExecutiveSignedOff' AND stream = 'application-A000002'"
TAMPERED = {
    "a path": (
        "UPDATE greenlight.event SET record = regexp_replace(record, '\"path\":..sha256:.{4}',"
        f' \'"path":["sha256:0000\') WHERE {SIGNED_OFF}',
        "has no such case",
    ),
    "an outcome": (
        'UPDATE greenlight.event SET record = replace(record, \'"outcome":"grant"\','
        f' \'"outcome":"deny"\') WHERE {SIGNED_OFF}',
        "has no such case",
    ),
    "no proof any more": (
        "UPDATE greenlight.event SET record ="
        ' regexp_replace(record, \'"inclusion":\\{.*\\},"type"\', \'"inclusion":null,"type"\')'
        f" WHERE {SIGNED_OFF}",
        "nothing shows",
    ),
    "the proof of another case": (
        "UPDATE greenlight.event SET record = (SELECT o.record FROM greenlight.event o"
        " WHERE o.type = 'ExecutiveSignedOff' AND o.stream = 'application-A000001'),"
        " at = (SELECT o.at FROM greenlight.event o"
        " WHERE o.type = 'ExecutiveSignedOff' AND o.stream = 'application-A000001')"
        f" WHERE {SIGNED_OFF}",
        "has no such case",
    ),
    "a root of one's own": (
        "UPDATE greenlight.event SET record = regexp_replace(record, '\"root\":.sha256:.{4}',"
        f' \'"root":"sha256:0000\') WHERE {SIGNED_OFF}',
        "not those that were signed",
    ),
    "another command id": (
        "WITH c AS (UPDATE greenlight.command SET command_id = 'another-id'"
        " WHERE stream = 'application-A000002' AND name = 'sign_off')"
        " UPDATE greenlight.event SET command_id = 'another-id'"
        " WHERE command_id = (SELECT command_id FROM greenlight.command"
        "  WHERE stream = 'application-A000002' AND name = 'sign_off')",
        "another command",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_a_proof_that_was_tampered_with_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, what: str
) -> None:
    batch = await lot(recorder, crowd)
    for index in (0, 1):
        assert (await recorder.record(await batch.decision(index))).status == "recorded"
    position = await database.fetchval(f"SELECT position FROM greenlight.event WHERE {SIGNED_OFF}")
    assert (await verify(dsn)).fault is None
    statement, reason = TAMPERED[what]
    await tamper(database, statement)
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert (fault.position, reason in fault.reason) == (position, True), fault


@pytest.mark.parametrize(
    ("statement", "kind", "reason"),
    [
        (
            "UPDATE greenlight.event SET record = replace(record, 'A000001', 'A000002')"
            " WHERE type = 'BatchCaseDecided'",
            "BatchCaseDecided",
            "not that of the case",
        ),
        (
            "UPDATE greenlight.event SET type = 'BatchCaseFellOut', record ="
            " replace(replace(record, 'BatchCaseDecided', 'BatchCaseFellOut'), '\"command_id\"',"
            ' \'"code":"wrong_stage","message":"No.","command_id"\')'
            " WHERE type = 'BatchCaseDecided'",
            "BatchCaseDecided",
            "on record otherwise",
        ),
    ],
)
async def test_a_report_that_was_tampered_with_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, statement: str, kind: str, reason: str
) -> None:
    batch = await lot(recorder, crowd)
    await recorder.record(await batch.decision(0))
    assert (await batch.settled(batch.delivery(0))).status == "recorded"
    position = await database.fetchval("SELECT position FROM greenlight.event WHERE type = $1", kind)
    await tamper(database, statement)
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert (fault.position, reason in fault.reason) == (position, True), fault


@pytest.mark.parametrize(("delivered", "reason"), [(False, "fell out"), (True, "it is delivered")])
async def test_what_a_database_let_through_that_does_not_look_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, delivered: bool, reason: str
) -> None:
    batch = await lot(recorder, crowd)
    await batch.settled(*(batch.delivery(index, "unanswered") for index in range(3 if delivered else 1)))
    await database.execute(
        "CREATE OR REPLACE FUNCTION greenlight.carries(proof jsonb, own_stream text) RETURNS boolean"
        " LANGUAGE sql STABLE RETURN true"
    )
    said = await recorder.record(await batch.decision(0))
    assert said.status == "recorded"
    fault = (await verify(dsn)).fault
    assert fault is not None
    position = await database.fetchval(
        "SELECT position FROM greenlight.event WHERE type = 'ExecutiveSignedOff'"
    )
    assert (fault.position, reason in fault.reason) == (position, True), fault
