"""A license that another replaces: the log knows both, and takes no other than one of the same licensee."""

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Recorded
from greenlight.kernel.streams import license_stream
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import COMMANDS, ApproveTransfer, Replace
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import dossier_digest
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.eventlog.decided import decided
from tests.law.decisions import Told, accepted
from tests.law.license.cases import ACCEPT, FACTS, NAME_OF, TRANSFER

DECISIONS = decisions(COMMANDS)


@pytest_asyncio.fixture(autouse=True)
async def everybody(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.enlist(recorder)


async def granted(recorder: Recorder, crowd: Crowd, acn: str) -> str:
    story = await decided(recorder, crowd, acn, "granted")
    assert story.state is not None
    assert story.state.license_number is not None
    return story.state.license_number


async def sent(recorder: Recorder, signer: Signer, number: str, body: Body) -> Recorded:
    """What the log says to a command that the law takes."""
    stream, name = license_stream(number), NAME_OF[type(body)]
    records = (await recorder.read_stream(stream)).records
    state = LICENSE.replay(None, records)
    assert state is not None
    dossier = dossier_digest(state) if name in DECISIONS else None
    facts = Told(by_type=FACTS)
    command = Command(key=number, body=body, by=signer.actor, dossier=dossier, facts=facts)
    events = accepted(LICENSE.decide(state, command, NOW))
    for event in events:
        state = LICENSE.evolve(state, event)
    claims = signer.claims(stream, name, body.model_dump(mode="json"), dossier=dossier)
    append = Append(
        stream=stream,
        expected_version=len(records),
        events=tuple(event.record() for event in events),
        view=LICENSE.view(state, len(records) + len(events)),
    )
    return await recorder.record(Commit(proof=signer.proof(claims), appends=(append,)))


async def test_another_license_of_the_licensee_replaces_it(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    old, new = [await granted(recorder, crowd, acn) for acn in ("Z000001", "Z000002")]
    said = await sent(recorder, crowd.officer, old, Replace(by_license=new, change="A new consignee."))
    assert said.status == "recorded"
    async with Reader(dsn) as reader:
        assert [row.stage for row in await reader.licenses()] == ["replaced", "active"]


@pytest.mark.parametrize(
    ("named", "message"),
    [("D999999", "there is no license D999999"), ("D000002", "D000002 is another licensee's")],
)
async def test_no_other_license_replaces_it(
    recorder: Recorder, database: Connection, crowd: Crowd, named: str, message: str
) -> None:
    old, other = [await granted(recorder, crowd, acn) for acn in ("Z000001", "Z000002")]
    await sent(recorder, crowd.applicant, other, TRANSFER)
    await sent(recorder, crowd.other_applicant, other, ACCEPT)
    await sent(recorder, crowd.officer, other, ApproveTransfer())
    said = await sent(recorder, crowd.officer, old, Replace(by_license=named, change="A new consignee."))
    assert (said.status, said.code, said.message) == ("refused", LicenseRefusal.UNFIT_REPLACEMENT, message)
    last = CommandRefused.model_validate_json(said.missing[-1])
    assert (last.by, last.code) == (crowd.officer.actor, LicenseRefusal.UNFIT_REPLACEMENT)
    stage = await database.fetchval("SELECT stage FROM greenlight.license WHERE number = $1", old)
    assert stage == "active"


async def test_after_a_transfer_the_new_licensee_counts(recorder: Recorder, crowd: Crowd) -> None:
    old, new = [await granted(recorder, crowd, acn) for acn in ("Z000001", "Z000002")]
    for number in (old, new):
        await sent(recorder, crowd.applicant, number, TRANSFER)
        await sent(recorder, crowd.other_applicant, number, ACCEPT)
        await sent(recorder, crowd.officer, number, ApproveTransfer())
    said = await sent(recorder, crowd.officer, old, Replace(by_license=new, change="A new consignee."))
    assert said.status == "recorded"
