"""No second application for a transaction while one is pending (15 CFR 748.4(f)), whoever asks at once."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import Head, read_head
from greenlight.eventlog.verify import verify
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Recorded
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    COMMANDS,
    Answer,
    Assign,
    RequestInformation,
    Submit,
    Withdraw,
)
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState, dossier_digest
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.law.actors import APPLICANTS_COLLEAGUE, OFFICER, OTHER_APPLICANT
from tests.law.application.cases import FACTS, NAME_OF, OTHER_PARTIES, RETURN, screening, submission
from tests.law.decisions import Told, accepted

DECISIONS = decisions(COMMANDS)

MANY = 32
SUBMIT = Submit(application=submission(reference="Order 17"))
OTHER_ORDER = Submit(application=submission(reference="Order 18"))
OTHER_CONSIGNEE = Submit(application=submission(parties=OTHER_PARTIES, reference="Order 17"))
ASK = RequestInformation(request="Who is the consignee?")
OTHERS = Answer(answer="Another one.", parties=OTHER_PARTIES)


@dataclass(slots=True)
class Case:
    """A case as the service records it."""

    acn: str
    state: ApplicationState | None = None
    version: int = 0
    commits: list[Commit] = field(default_factory=list[Commit])

    def prepared(self, signer: Signer, body: Body) -> Commit:
        """What is to be recorded on a command that the law accepts."""
        name = NAME_OF[type(body)]
        dossier = dossier_digest(self.state) if self.state and name in DECISIONS else None
        stream = application_stream(self.acn)
        claims = signer.claims(stream, name, body.model_dump(mode="json"), dossier=dossier)
        command = Command(
            key=self.acn,
            body=body,
            by=claims.actor,
            dossier=dossier,
            facts=Told(by_type={**FACTS, ScreeningOf: screening("no_match", "no_match")}),
        )
        events = accepted(APPLICATION.decide(self.state, command, NOW))
        state = APPLICATION.replay(self.state, tuple(event.record() for event in events))
        assert state is not None
        append = Append(
            stream=stream,
            expected_version=self.version,
            events=tuple(event.record() for event in events),
            view=APPLICATION.view(state, self.version + len(events)),
        )
        return Commit(proof=signer.proof(claims), appends=(append,))

    async def sent(self, recorder: Recorder, signer: Signer, body: Body) -> Recorded:
        commit = self.prepared(signer, body)
        said = await recorder.record(commit)
        if said.status == "recorded":
            self.commits.append(commit)
            self.state = APPLICATION.replay(self.state, commit.appends[0].events)
        self.version = said.version
        return said


async def filed(recorder: Recorder, signer: Signer, acn: str, body: Body = SUBMIT) -> Case:
    case = Case(acn)
    assert (await case.sent(recorder, signer, body)).status == "recorded"
    return case


async def test_of_many_at_once_one_is_filed(dsn: str, crowd: Crowd, database: Connection) -> None:
    """Each over a connection of its own, under a number of its own."""
    recorders = [Recorder(dsn) for _ in range(MANY)]
    try:
        commits = [Case(f"Z{n:06}").prepared(crowd.applicant, SUBMIT) for n in range(MANY)]
        answers = await asyncio.gather(
            *(recorder.record(commit) for recorder, commit in zip(recorders, commits, strict=True))
        )
    finally:
        await asyncio.gather(*(recorder.close() for recorder in recorders))
    assert Counter((said.status, said.code) for said in answers) == {
        ("recorded", None): 1,
        ("refused", ApplicationRefusal.DUPLICATE_TRANSACTION): MANY - 1,
    }
    (row,) = await database.fetch("SELECT acn FROM greenlight.docket")
    assert all(str(row["acn"]) in (said.message or "") for said in answers if said.status == "refused")
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn)).differences == ()


async def test_commits_of_one_batch_see_each_other(crowd: Crowd, recorder: Recorder) -> None:
    case = await filed(recorder, crowd.applicant, "Z000001")
    commits = [
        Case("Z000002").prepared(crowd.applicant, SUBMIT),
        case.prepared(crowd.applicant, Withdraw()),
        Case("Z000003").prepared(crowd.applicant, SUBMIT),
        Case("Z000004").prepared(crowd.applicant, SUBMIT),
    ]
    answers = await asyncio.gather(*map(recorder.record, commits))
    assert [said.status for said in answers] == ["refused", "recorded", "recorded", "refused"]
    assert ["Z000001" in (answers[0].message or ""), "Z000003" in (answers[3].message or "")] == [True, True]


async def test_the_refusal_is_on_record_and_names_its_sender(crowd: Crowd, recorder: Recorder) -> None:
    await filed(recorder, crowd.applicant, "Z000001")
    said = await Case("Z000002").sent(recorder, crowd.applicant, SUBMIT)
    assert (said.status, said.version, said.code) == ("refused", 1, ApplicationRefusal.DUPLICATE_TRANSACTION)
    (record,) = (await recorder.read_stream(application_stream("Z000002"))).records
    refused = json.loads(record)
    assert (refused["type"], refused["code"]) == ("CommandRefused", "duplicate_transaction")
    assert refused["by"]["officer"] == crowd.applicant.actor.officer


async def test_a_submission_sent_again_is_a_duplicate_command(crowd: Crowd, recorder: Recorder) -> None:
    case = await filed(recorder, crowd.applicant, "Z000001")
    assert (await recorder.record(case.commits[0])).status == "duplicate"


async def test_a_number_that_was_refused_can_be_used_for_another_order(
    crowd: Crowd, recorder: Recorder
) -> None:
    await filed(recorder, crowd.applicant, "Z000001")
    case = Case("Z000002")
    assert (await case.sent(recorder, crowd.applicant, SUBMIT)).status == "refused"
    assert (await case.sent(recorder, crowd.applicant, OTHER_ORDER)).status == "recorded"


@pytest.mark.parametrize("ends", ["withdrawn", "returned"])
async def test_what_is_not_pending_any_more_can_be_filed_again(
    crowd: Crowd, recorder: Recorder, ends: str
) -> None:
    case = await filed(recorder, crowd.applicant, "Z000001")
    signer, body = (crowd.applicant, Withdraw()) if ends == "withdrawn" else (crowd.officer, RETURN)
    assert (await Case("Z000002").sent(recorder, crowd.applicant, SUBMIT)).status == "refused"
    assert (await case.sent(recorder, signer, body)).status == "recorded"
    assert (await Case("Z000003").sent(recorder, crowd.applicant, SUBMIT)).status == "recorded"


async def test_another_organisation_may_file_the_same_and_a_colleague_may_not(
    crowd: Crowd, recorder: Recorder
) -> None:
    rival, colleague = Signer(OTHER_APPLICANT), Signer(APPLICANTS_COLLEAGUE)
    for member in (rival, colleague):
        await crowd.add(recorder, member)
    await filed(recorder, crowd.applicant, "Z000001")
    await filed(recorder, rival, "Z000002")
    assert (await Case("Z000003").sent(recorder, colleague, SUBMIT)).status == "refused"


async def test_an_answer_does_not_turn_a_case_into_another_that_is_pending(
    dsn: str, crowd: Crowd, recorder: Recorder
) -> None:
    first = await filed(recorder, crowd.applicant, "Z000001", OTHER_CONSIGNEE)
    second = await filed(recorder, crowd.applicant, "Z000002")
    await second.sent(recorder, crowd.officer, ASK)
    said = await second.sent(recorder, crowd.applicant, OTHERS)
    assert (said.status, said.code) == ("refused", ApplicationRefusal.DUPLICATE_TRANSACTION)
    assert "Z000001" in (said.message or "")
    assert (await rebuild(dsn)).differences == ()
    # The case goes on, and can take those parties once the other has gone.
    assert (await second.sent(recorder, crowd.officer, Assign(officer=OFFICER.officer))).status == "recorded"
    await first.sent(recorder, crowd.applicant, Withdraw())
    assert (await second.sent(recorder, crowd.applicant, OTHERS)).status == "recorded"


async def test_an_answer_gives_up_what_the_case_was_about(dsn: str, crowd: Crowd, recorder: Recorder) -> None:
    case = await filed(recorder, crowd.applicant, "Z000009")
    await case.sent(recorder, crowd.officer, ASK)
    await case.sent(recorder, crowd.applicant, OTHERS)
    await filed(recorder, crowd.applicant, "Z000001")
    rebuilt = await rebuild(dsn)
    assert rebuilt.differences == ()
    assert all(table.before == table.after for table in rebuilt.tables)
    assert (await Case("Z000002").sent(recorder, crowd.applicant, SUBMIT)).status == "refused"
    assert (await Case("Z000003").sent(recorder, crowd.applicant, OTHER_CONSIGNEE)).status == "refused"


async def test_a_transaction_may_change_hands_while_the_read_models_are_rebuilt(
    dsn: str, crowd: Crowd, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case that takes it is shown before the one that gave it up."""
    case = await filed(recorder, crowd.applicant, "Z000009")

    async def others_write_meanwhile(database: Connection) -> Head:
        head = await read_head(database)
        if case.version == 2:
            await case.sent(recorder, crowd.applicant, Withdraw())
            await filed(recorder, crowd.applicant, "Z000001")
        return head

    monkeypatch.setattr("greenlight.eventlog.rebuild.read_head", others_write_meanwhile)
    monkeypatch.setattr("greenlight.eventlog.rebuild._ROWS", 1)
    assert (await rebuild(dsn)).differences == ()


async def test_a_rebuild_finds_a_transaction_that_was_tampered_with(
    dsn: str, crowd: Crowd, recorder: Recorder, database: Connection
) -> None:
    await filed(recorder, crowd.applicant, "Z000001")
    await database.execute("UPDATE greenlight.docket SET pending_transaction = NULL")
    (difference,) = (await rebuild(dsn)).differences
    assert difference.table == "docket"
    assert (await Case("Z000002").sent(recorder, crowd.applicant, SUBMIT)).status == "refused"


async def test_the_table_holds_a_transaction_once_whoever_writes(
    crowd: Crowd, recorder: Recorder, database: Connection
) -> None:
    await filed(recorder, crowd.applicant, "Z000001")
    await filed(recorder, crowd.applicant, "Z000002", OTHER_ORDER)
    with pytest.raises(DatabaseError, match="docket_by_pending_transaction"):
        await database.execute("UPDATE greenlight.docket SET pending_transaction = 'the same'")
