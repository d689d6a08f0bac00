"""An auditor follows a log, goes on where it was left, and is not silenced by what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from greenlight.audit import follow
from greenlight.audit.acknowledged import acknowledge
from greenlight.audit.checker import Checker
from greenlight.audit.fault import Fault
from greenlight.audit.follow import Auditor, Report, opened
from greenlight.audit.place import PlaceError
from greenlight.audit.shard import Given
from greenlight.audit.tree import Tree
from greenlight.audit.walk import audit
from greenlight.eventlog.database import Connection
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import Head
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.commands import Withdraw
from greenlight.tlog.statement import Statement
from tests.audit.test_forgeries import GRANTED, forged, signed, told
from tests.eventlog.batches import Lot, at_sign_off
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.decided import BEGINNING, decided
from tests.eventlog.histories import Story

FAULT = "the law has ApplicationWithdrawn follow, not ApplicationGranted"


@dataclass
class Seal:
    """Remembers what was cosigned."""

    positions: list[int] = field(default_factory=list[int])

    def cosign(self, head: Head, tree: Tree, after: int) -> int:
        assert head.position >= tree.size >= after
        if tree.size > after:
            self.positions.append(tree.size)
        return tree.size

    def tell(self, said: Statement) -> None:
        assert said.checked >= said.cosigned


async def looked(auditor: Auditor) -> Report:
    """What an auditor says who looks once and goes home."""
    async with opened(auditor) as following:
        return await following.catch_up()


async def shown_again(dsn: str) -> None:
    """Bring the read models up to what was forged, so that the record alone is at fault."""
    await rebuild(dsn)


async def grant_under_a_withdrawal(recorder: Recorder, database: Connection, crowd: Crowd) -> int:
    story = await told(recorder, crowd)
    claims = signed(crowd.applicant, story, "withdraw", Withdraw(reason=None))
    return await forged(database, story, crowd.applicant, claims, GRANTED)


async def test_it_goes_on_where_it_was_left(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = Seal()
    auditor = Auditor(dsn, tmp_path, cosigner=seal)
    await decided(recorder, crowd, "Z000001", "granted")
    first = await looked(auditor)
    await decided(recorder, crowd, "Z000002", "granted")
    checked: list[int] = []
    check = follow.check

    async def counted(checker: Checker, given: Given) -> Sequence[Fault]:
        checked.extend(int(str(row["position"])) for row in given.rows)
        return await check(checker, given)

    monkeypatch.setattr(follow, "check", counted)
    second = await looked(auditor)
    assert (first.open_faults, second.open_faults) == ((), ())
    assert checked == list(range(first.position + 1, second.position + 1))
    assert seal.positions == [first.position, second.position]


async def test_a_batch_under_way_is_known_again(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    auditor = Auditor(dsn, tmp_path)
    cases = [await at_sign_off(recorder, crowd, acn) for acn in ("Z000001", "Z000002")]
    lot = await (await Lot(recorder, crowd, tuple(cases)).opened()).signed()
    assert (await recorder.record(await lot.decision(0))).status == "recorded"
    assert (await looked(auditor)).open_faults == ()
    assert (await recorder.record(await lot.decision(1))).status == "recorded"
    assert (await lot.settled(lot.delivery(0), lot.delivery(1))).status == "recorded"
    assert (await looked(auditor)).open_faults == ()


async def test_a_fault_keeps_it_from_cosigning_until_two_people_know(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    seal = Seal()
    auditor = Auditor(dsn, tmp_path, cosigner=seal)
    clerk = Signer(Actor(officer="clerk", person="p-clerk", organisation="bis", role=Role.AUDITOR))
    await crowd.add(recorder, clerk)
    at = await grant_under_a_withdrawal(recorder, database, crowd)
    await shown_again(dsn)
    fault = Fault(position=at, reason=FAULT)
    assert (await looked(auditor)).open_faults == (fault,)
    assert (await looked(auditor)).open_faults == (fault,), "nor does another day make it good"
    log_id = (await audit(dsn, processes=1)).head.log_id
    for signer, still_open in (
        (crowd.registrar, True),
        (crowd.registrar, True),  # The same person twice is one.
        (crowd.executive, True),  # Who is neither auditor nor registrar has no say.
        (Signer(clerk.actor), True),  # Nor has a key that the register does not know.
        (clerk, False),
    ):
        acknowledge(auditor.acknowledged_file, log_id, fault, signer.actor.officer, signer.key)
        assert bool((await looked(auditor)).open_faults) is still_open, signer.actor.officer
    assert seal.positions == [at + 1]
    other = await grant_under_another_withdrawal(recorder, database, crowd)
    await shown_again(dsn)
    assert [each.position for each in (await looked(auditor)).open_faults] == [other]


async def grant_under_another_withdrawal(recorder: Recorder, database: Connection, crowd: Crowd) -> int:
    story = Story("Z000002")
    for name, body in BEGINNING:
        story = await story.sent(recorder, crowd, name, body)
    claims = signed(crowd.applicant, story, "withdraw", Withdraw(reason=None))
    event = GRANTED.model_copy(update={"license_number": "D000778"})
    return await forged(database, story, crowd.applicant, claims, event)


async def test_a_log_that_was_cut_off_is_told(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    await decided(recorder, crowd, "Z000001", "withdrawn")
    auditor = Auditor(dsn, tmp_path)
    reached = (await looked(auditor)).position
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute("DELETE FROM greenlight.event WHERE position = $1", reached)
        await database.execute("UPDATE greenlight.log SET position = $1", reached - 1)
    reason = f"missing: the log ends before it, and was checked up to {reached}"
    assert (await looked(auditor)).open_faults == (Fault(position=reached, reason=reason),)


async def test_far_behind_several_processes_help(
    dsn: str,
    recorder: Recorder,
    database: Connection,
    crowd: Crowd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow, "FAR_BEHIND", 10)
    monkeypatch.setattr(follow, "PART", 3)
    at = await grant_under_a_withdrawal(recorder, database, crowd)
    await shown_again(dsn)
    for number, outcome in enumerate(("granted", "returned", "to_be_denied"), 3):
        await decided(recorder, crowd, f"Z{number:06}", outcome)
    report = await looked(Auditor(dsn, tmp_path, processes=2))
    assert report.open_faults == (Fault(position=at, reason=FAULT),)
    for number, outcome in enumerate(("granted", "returned"), 6):
        await decided(recorder, crowd, f"Z{number:06}", outcome)
    again = await looked(Auditor(dsn, tmp_path, processes=2))
    assert again.position > report.position
    assert again.open_faults == report.open_faults


async def test_another_logs_folder_is_refused(
    dsn: str, recorder: Recorder, database: Connection, tmp_path: Path
) -> None:
    await looked(Auditor(dsn, tmp_path))
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute("UPDATE greenlight.log SET log_id = gen_random_uuid()")
    with pytest.raises(PlaceError, match="another log"):
        await looked(Auditor(dsn, tmp_path))
