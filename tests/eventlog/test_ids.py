"""A command's id belongs to its sender and stream, and is used up by whatever came of it."""

import time

from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import read_command
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Assign
from greenlight.law.application.refusals import ApplicationRefusal
from tests.eventlog.crowd import NOW, Crowd, Signer, assignment
from tests.law.actors import OFFICER

STREAM = application_stream("Z000001")
ID = "chosen-by-two"


def refusal_of(sent: Commit, code: Code, message: str) -> Commit:
    """The commit by which the desk refuses what was sent."""
    assert sent.proof is not None
    claims, own = sent.proof.claims, sent.appends[0]
    event = CommandRefused(
        at=NOW, by=claims.actor, command=claims.cmd, command_id=claims.jti, code=code, message=message
    )
    append = own.model_copy(update={"events": (event.record(),)})
    return sent.model_copy(update={"appends": (append,), "refuses": True})


def at_version(sent: Commit, version: int) -> Append:
    """What was sent, decided again by a workflow that knows the stream this far."""
    return sent.appends[0].model_copy(update={"expected_version": version})


async def test_two_senders_choose_one_id(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    assert (await recorder.record(assignment(crowd.officer, "Z000001", 0, jti=ID))).status == "recorded"
    colleague = Signer(crowd.officer.actor.model_copy(update={"officer": "mo", "person": "p-mo"}))
    await crowd.add(recorder, colleague)
    said = await recorder.record(assignment(colleague, "Z000001", 1, jti=ID))
    assert (said.status, said.version) == ("recorded", 2)
    assert (await verify(dsn)).fault is None


async def test_one_id_in_two_cases(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    for acn in ("Z000001", "Z000002"):
        await recorder.record(assignment(crowd.officer, acn, 0))
        assert (await recorder.record(assignment(crowd.officer, acn, 1, jti=ID))).status == "recorded"
    begun = await recorder.record(assignment(crowd.officer, "Z000003", 0, jti=ID))
    assert (begun.status, begun.code) == ("refused", RefusalCode.COMMAND_ID_REUSED), "whoever files it again"
    assert (await verify(dsn)).fault is None


async def test_what_was_refused_stays_refused(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """A reset hands a command to a new run: by then the case may stand where it would be accepted."""
    sent = assignment(crowd.officer, "Z000001", 0, jti=ID)
    first = await recorder.record(refusal_of(sent, ApplicationRefusal.NO_SUCH_HOLD, "There is no hold 1."))
    assert first.status == "recorded"
    again = await recorder.record(sent.model_copy(update={"appends": (at_version(sent, 1),)}))
    assert (again.status, again.code, again.message) == (
        "refused",
        ApplicationRefusal.NO_SUCH_HOLD,
        "There is no hold 1.",
    )
    assert again.on_record
    types = await database.fetch("SELECT type FROM greenlight.event WHERE stream = $1", STREAM)
    assert [row["type"] for row in types] == ["CommandRefused"]
    assert (await verify(dsn)).fault is None


async def test_an_id_that_a_refusal_used_up_takes_no_other_token(recorder: Recorder, crowd: Crowd) -> None:
    sent = assignment(crowd.officer, "Z000001", 0, jti=ID)
    await recorder.record(refusal_of(sent, RefusalCode.WRONG_STAGE, "Not now."))
    other = await recorder.record(assignment(crowd.officer, "Z000001", 1, jti=ID, iat=int(time.time()) - 1))
    assert (other.status, other.code, other.on_record) == ("refused", RefusalCode.COMMAND_ID_REUSED, False)


async def test_a_token_counts_in_one_log(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    before = await database.fetchval("SELECT position FROM greenlight.log")
    for log in (None, "rehearsal:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"):
        said = await recorder.record(assignment(crowd.officer, "Z000001", 0, log=log))
        assert (said.status, said.code, said.on_record) == ("refused", RefusalCode.WRONG_LOG, False)
    assert await database.fetchval("SELECT position FROM greenlight.log") == before


def test_ids_that_the_service_derives_are_nobodys_to_choose() -> None:
    signer = Signer(OFFICER)
    body = Assign(officer="lee")
    read = read_command(Assign.declared, STREAM, signer.signed(STREAM, "assign", body, jti="f" * 64))
    assert isinstance(read, Refusal)
    assert read.code is RefusalCode.MALFORMED
