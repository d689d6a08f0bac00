"""Who may not: whatever is wrong with a proof, the only thing that is recorded is that it was refused."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import load
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import MAX_TOKEN_LIFETIME_SECONDS
from greenlight.kernel.commit import Append, Commit, Proof
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.officer.aggregate import OFFICER as OFFICER_LAW
from greenlight.law.officer.commands import AddKey, GrantRole, KeyTerm, RevokeKey, RevokeRole, RoleTerm
from greenlight.law.officer.events import KeyRevoked
from tests.eventlog.crowd import NOW, Crowd, Signer, assignment
from tests.law.actors import APPLICANT, EXECUTIVE, OFFICER

STREAM = application_stream("Z000001")


def signed_anew(commit: Commit, signer: Signer) -> Commit:
    """The same claims under somebody else's signature."""
    assert commit.proof is not None
    return commit.model_copy(update={"proof": signer.proof(commit.proof.claims)})


async def refused(
    recorder: Recorder,
    database: Connection,
    commit: Commit,
    code: Code,
    *,
    sender_is_known: bool = False,
) -> None:
    """Only a refusal stands in the log, once, however often the commit is tried; and that only where the
    sender is known."""
    before = await database.fetchval("SELECT position FROM greenlight.log")
    said = await recorder.record(commit)
    assert (said.status, said.code) == ("refused", code), said
    assert await recorder.record(commit) == said
    rows = await database.fetch("SELECT * FROM greenlight.event WHERE position > $1", before)
    assert said.on_record == sender_is_known
    assert commit.proof is not None
    if not sender_is_known:
        assert list(rows) == []
        return
    assert [row["type"] for row in rows] == ["CommandRefused"]
    assert (rows[0]["proof"], rows[0]["command_id"]) == (commit.proof.token, commit.proof.claims.jti)
    record = str(rows[0]["record"])
    assert said.missing == (record,)
    assert await database.fetchval("SELECT count(*) FROM greenlight.docket") == 0
    told = CommandRefused.model_validate_json(record)
    assert told == CommandRefused(
        at=NOW,
        by=commit.proof.claims.actor,
        command="assign",
        command_id=commit.proof.claims.jti,
        code=code,
        message=told.message,
    )


async def test_a_key_that_nobody_registered(recorder: Recorder, database: Connection) -> None:
    await refused(recorder, database, assignment(Signer(OFFICER), "Z000001", 0), RefusalCode.KEY_NOT_VALID)


async def test_a_key_of_another_officer(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    commit = signed_anew(assignment(crowd.officer, "Z000001", 0), crowd.executive)
    await refused(recorder, database, commit, RefusalCode.KEY_NOT_VALID)


async def test_an_id_of_another_officer(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    commit = assignment(crowd.officer, "Z000001", 0, sub=EXECUTIVE.officer)
    await refused(recorder, database, commit, RefusalCode.KEY_NOT_VALID)


@pytest.mark.parametrize("change", [{"person": APPLICANT.person}, {"org": APPLICANT.organisation}])
async def test_another_person_or_organisation(
    recorder: Recorder, database: Connection, crowd: Crowd, change: dict[str, str]
) -> None:
    commit = assignment(crowd.officer, "Z000001", 0, **change)
    await refused(recorder, database, commit, RefusalCode.IDENTITY_MISMATCH)


async def test_a_role_never_held(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    commit = assignment(crowd.officer, "Z000001", 0, role=Role.EXECUTIVE)
    await refused(recorder, database, commit, RefusalCode.ROLE_NOT_HELD, sender_is_known=True)


async def test_a_role_revoked_just_before(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    await recorder.record(assignment(crowd.officer, "Z000009", 0))
    signed_before = assignment(crowd.officer, "Z000001", 0)
    await crowd.change(recorder, OFFICER.officer, RevokeRole(role=OFFICER.role))
    await refused(recorder, database, signed_before, RefusalCode.ROLE_NOT_HELD, sender_is_known=True)


async def test_a_role_that_begins_later(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    grant = GrantRole(grant=RoleTerm(role=Role.AUDITOR, valid_from=tomorrow))
    await crowd.carried_out(recorder, OFFICER.officer, grant)
    commit = assignment(crowd.officer, "Z000001", 0, role=Role.AUDITOR)
    await refused(recorder, database, commit, RefusalCode.ROLE_NOT_HELD, sender_is_known=True)


async def test_a_key_revoked_just_before(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    await recorder.record(assignment(crowd.officer, "Z000009", 0))
    signed_before = assignment(crowd.officer, "Z000001", 0)
    revocation = RevokeKey(kid=crowd.officer.key.public.kid)
    await crowd.change(recorder, OFFICER.officer, revocation)
    await refused(recorder, database, signed_before, RefusalCode.KEY_NOT_VALID)


async def test_a_key_revoked_by_a_clock_that_is_ahead(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """It counts from the recording, whatever the revocation's own time says."""
    await recorder.record(assignment(crowd.officer, "Z000009", 0))
    kid = crowd.officer.key.public.kid
    state, version = await load(recorder, OFFICER.officer)
    ahead = await recorder.now() + timedelta(seconds=50)
    revoked = KeyRevoked(at=ahead, by=crowd.registrar.actor, kid=kid)
    after = OFFICER_LAW.apply(state, revoked)
    assert after is not None
    stream, body = officer_stream(OFFICER.officer), RevokeKey(kid=kid).model_dump(mode="json")
    own = Append(
        stream=stream,
        expected_version=version,
        events=(revoked.record(),),
        view=OFFICER_LAW.view(after, version + 1),
    )
    proof = crowd.registrar.proof(crowd.registrar.claims(stream, "revoke_key", body))
    assert (await recorder.record(Commit(proof=proof, appends=(own,)))).status == "recorded"
    signed = assignment(crowd.officer, "Z000001", 0)
    await refused(recorder, database, signed, RefusalCode.KEY_NOT_VALID)


@pytest.mark.parametrize("from_now", [timedelta(days=1), None])
async def test_a_key_for_another_time(
    recorder: Recorder, database: Connection, crowd: Crowd, from_now: timedelta | None
) -> None:
    other, now = Signer(OFFICER, log=crowd.officer.log), datetime.now(UTC)
    term = KeyTerm(
        public_key=other.key.public,
        valid_from=now + from_now if from_now else None,
        valid_until=None if from_now else now + timedelta(seconds=2),
    )
    await crowd.carried_out(recorder, OFFICER.officer, AddKey(key=term, possession=other.possession()))
    if from_now is None:
        assert (await recorder.record(assignment(other, "Z000009", 0))).status == "recorded"
        await asyncio.sleep(2.05)
    await refused(recorder, database, assignment(other, "Z000001", 0), RefusalCode.KEY_NOT_VALID)


async def test_an_expired_proof(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    now = int(time.time())
    commit = assignment(crowd.officer, "Z000001", 0, iat=now - 10, exp=now)
    await refused(recorder, database, commit, RefusalCode.PROOF_EXPIRED, sender_is_known=True)


async def test_the_time_that_counts_is_when_its_turn_comes(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Not when the transaction began to wait for those before it."""
    now = int(time.time())
    commit = assignment(crowd.officer, "Z000001", 0, iat=now - 10, exp=now + 2)
    async with database.transaction():
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        recording = asyncio.create_task(recorder.record(commit))
        await asyncio.sleep(now + 2.1 - time.time())
    assert (await recording).code is RefusalCode.PROOF_EXPIRED


async def test_a_proof_from_the_future(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    now = int(time.time())
    fast_clock = assignment(crowd.officer, "Z000009", 0, iat=now + 30)
    assert (await recorder.record(fast_clock)).status == "recorded"
    commit = assignment(crowd.officer, "Z000001", 0, iat=now + 90)
    await refused(recorder, database, commit, RefusalCode.PROOF_NOT_YET_VALID, sender_is_known=True)


async def test_a_proof_for_too_long(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    now = int(time.time())
    longest = assignment(crowd.officer, "Z000009", 0, iat=now, exp=now + MAX_TOKEN_LIFETIME_SECONDS)
    assert (await recorder.record(longest)).status == "recorded"
    commit = assignment(crowd.officer, "Z000001", 0, iat=now, exp=now + MAX_TOKEN_LIFETIME_SECONDS + 1)
    await refused(recorder, database, commit, RefusalCode.PROOF_NOT_YET_VALID)


async def test_claims_other_than_the_signed_ones(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    commit = assignment(crowd.officer, "Z000001", 0)
    assert commit.proof is not None
    promoted = commit.proof.claims.model_copy(update={"jti": "another-id"})
    forged = Proof(token=commit.proof.token, claims=promoted)
    await refused(recorder, database, commit.model_copy(update={"proof": forged}), RefusalCode.PROOF_INVALID)


async def test_a_proof_for_another_case(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    commit = assignment(crowd.officer, "Z000001", 0, aud=application_stream("Z000002"))
    await refused(recorder, database, commit, RefusalCode.WRONG_STREAM)


async def test_the_refusal_stands_at_the_end_of_the_stream(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    now = int(time.time())
    commit = assignment(crowd.officer, "Z000001", 0, iat=now - 10, exp=now)
    said = await recorder.record(commit)
    assert (said.status, said.version, len(said.missing)) == ("refused", 2, 2)
    assert await recorder.record(commit) == said, "a second try leaves no second refusal"


async def test_a_sender_whose_time_is_over_is_told_what_was_accepted(
    recorder: Recorder, crowd: Crowd
) -> None:
    """A second try of an accepted command is no new deed."""
    commit = assignment(crowd.officer, "Z000001", 0)
    await recorder.record(commit)
    await crowd.change(recorder, OFFICER.officer, RevokeRole(role=OFFICER.role))
    assert (await recorder.record(commit)).status == "duplicate"


async def test_the_service_by_itself_may_not_decide(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    unsigned = assignment(crowd.officer, "Z000001", 0)
    record = unsigned.appends[0].events[0].replace('"by":{', '"by_":{', 1)
    unsigned = unsigned.model_copy(
        update={
            "proof": None,
            "appends": (unsigned.appends[0].model_copy(update={"events": (record,)}),),
        }
    )
    said = await recorder.record(unsigned)
    assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
    assert await database.fetchval("SELECT position FROM greenlight.log") == crowd.events
