"""What a command leads to, the log knows: no signature carries an event that its command never means."""

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Withdraw
from greenlight.law.application.events import ApplicationGranted, ApplicationWithdrawn, CaseAssigned
from greenlight.law.application.validity import Validity
from greenlight.law.registry import aggregates, event_types
from tests.eventlog.crowd import NOW, Crowd, commit
from tests.eventlog.decided import BEGINNING
from tests.eventlog.histories import Story
from tests.law.actors import EXECUTIVE

WITHDRAW = Withdraw(reason="No longer needed.").model_dump(mode="json")
GRANTED = ApplicationGranted(
    at=NOW,
    license_number="D000777",
    lines=(1, 2),
    in_part=False,
    conditions=(),
    riders=(),
    validity=Validity.STANDARD,
)


def test_every_event_that_nobody_records_by_itself_has_a_command_that_leads_to_it() -> None:
    known = {name for each in aggregates() for name in each.commands}
    for name, event in event_types().items():
        declared = event.declared
        assert declared.of <= known, name
        assert declared.of or declared.unsigned is not None or name == "CommandRefused", name


async def test_a_withdrawal_grants_nothing(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    story = Story("Z000001")
    for name, body in BEGINNING:
        story = await story.sent(recorder, crowd, name, body)
    stream = application_stream("Z000001")
    state = APPLICATION.apply(story.state, GRANTED)
    assert state is not None
    own = Append(
        stream=stream,
        expected_version=story.version,
        events=(GRANTED.record(),),
        view=APPLICATION.view(state, story.version + 1),
    )
    proof = crowd.applicant.proof(crowd.applicant.claims(stream, "withdraw", WITHDRAW))
    before = await database.fetchval("SELECT position FROM greenlight.log")
    with pytest.raises(DatabaseError, match="withdraw does not lead to this"):
        await recorder.record(
            Commit(proof=proof, appends=(own, *APPLICATION.consequences(state, (GRANTED,))))
        )
    assert await database.fetchval("SELECT position FROM greenlight.log") == before


async def test_a_command_of_another_kind_or_role_leads_to_nothing(recorder: Recorder, crowd: Crowd) -> None:
    stream = application_stream("Z000001")
    for signer, name in ((crowd.executive, "withdraw"), (crowd.executive, "issue_term")):
        event = ApplicationWithdrawn(at=NOW, by=EXECUTIVE, reason="I say so.")
        proof = signer.proof(signer.claims(stream, name, WITHDRAW))
        with pytest.raises(DatabaseError, match=f"{name} is no command to {stream} in the role executive"):
            await recorder.record(commit(proof, 0, event))


async def test_time_told_ahead_or_back_is_not_recorded(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await database.execute("UPDATE greenlight.log SET tolerance = DEFAULT")
    stream = application_stream("Z000001")
    (ahead,) = await database.fetch("SELECT clock_timestamp() + interval '2 minutes' AS at")
    signer = crowd.officer

    def assigned(at: object) -> CaseAssigned:
        return CaseAssigned.model_validate({"at": at, "by": signer.actor, "officer": signer.actor.officer})

    claims = signer.claims(stream, "assign", {"officer": signer.actor.officer})
    with pytest.raises(DatabaseError, match="is not near the time of recording"):
        await recorder.record(commit(signer.proof(claims), 0, assigned(ahead["at"])))
    (now,) = await database.fetch(
        "SELECT clock_timestamp() AS at, clock_timestamp() - interval '2 minutes' AS before"
    )
    assert (await recorder.record(commit(signer.proof(claims), 0, assigned(now["at"])))).status == "recorded"
    again = signer.claims(stream, "assign", {"officer": signer.actor.officer})
    with pytest.raises(DatabaseError, match="or before the last event of"):
        await recorder.record(commit(signer.proof(again), 1, assigned(now["before"])))
