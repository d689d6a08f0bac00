"""An auditor cosigns what was published of a log: what they checked, with the root that they worked out."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from greenlight.answers.audited import audited
from greenlight.audit.acknowledged import acknowledge
from greenlight.audit.cosign import FolderCosigner
from greenlight.audit.fault import Fault
from greenlight.audit.follow import Auditor, Report
from greenlight.audit.tree import EdgeAt, Tree
from greenlight.eventlog.database import Connection
from greenlight.eventlog.publish import Published, Publisher
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import read_head
from greenlight.eventlog.tree import read_columns, read_secret
from greenlight.kernel.roles import Actor, Role
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.asking import OutsideWitness
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import NoteSigner, VerifierKey
from greenlight.tlog.statement import Statement, auditor_of, sign
from greenlight.tlog.tiles import number_path
from tests.audit.test_follow import FAULT, grant_under_a_withdrawal, looked, shown_again
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.decided import decided
from tests.eventlog.test_prove import outside, prove
from tests.eventlog.test_publish import grow
from tests.tlog.stranger import Stranger

KEY = SigningKey.generate()
SOON = 60
"""Seconds, on a machine that has more to do."""


class Watched:
    """A log that is published and audited."""

    def __init__(self, dsn: str, database: Connection, folder: Path) -> None:
        self.dsn, self.database = dsn, database
        self.tiles = TileFolder(folder / "tiles")
        self.own = folder / "auditor"

    async def published(self, *witnesses: OutsideWitness) -> Published:
        async with Publisher(self.dsn, self.tiles, KEY, witnesses) as publisher:
            done = await publisher.publish()
        assert done is not None
        return done

    @property
    def auditor(self) -> Auditor:
        return Auditor(self.dsn, self.own, FolderCosigner(self.tiles, self.own))

    async def audited(self) -> Report:
        """By an auditor who begins where the last one ended."""
        return await looked(self.auditor)

    async def keys(self) -> tuple[VerifierKey, VerifierKey]:
        """The keys of log and auditor."""
        origin = (await read_head(self.database)).origin
        auditor = FolderCosigner(self.tiles, self.own).signer(origin)
        return NoteSigner(origin, KEY).verifier, auditor.verifier

    def root(self, size: int) -> bytes:
        """As it was published."""
        return Checkpoint.parse(checkpoint.Note.parse(self.tiles.at(size) or b"").text).root

    async def cosigned(self) -> list[int]:
        """The sizes of the checkpoints that the auditor has cosigned."""
        _, auditor = await self.keys()
        notes = [checkpoint.Note.parse(self.tiles.at(size) or b"") for size in self.tiles.sizes()]
        cosigned = (note for note in notes if any(each.by(auditor) for each in note.signatures))
        return sorted({Checkpoint.parse(note.text).size for note in cosigned})


@pytest.fixture
def log(dsn: str, database: Connection, tmp_path: Path) -> Watched:
    return Watched(dsn, database, tmp_path)


async def test_strangers_find_both_signatures(
    log: Watched, recorder: Recorder, crowd: Crowd, tmp_path: Path, stranger: Stranger
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    first = (await log.published()).size
    assert (await log.audited()).cosigned == first
    await decided(recorder, crowd, "Z000002", "returned")
    second = (await log.published()).size
    # By then the log has gone on: what is published is a part of what is checked.
    await decided(recorder, crowd, "Z000003", "withdrawn")
    report = await log.audited()
    assert (report.open_faults, report.cosigned) == ((), second)
    assert report.position > second > first
    assert await log.cosigned() == [first, second]
    said = await log.keys()
    assert log.tiles.read_keys() == said
    earlier = ("-earlier", str(log.tiles.path / "checkpoints" / number_path(first)))
    done = stranger.check(log.tiles.path, said[0], said[1:], *earlier)
    assert (done.stdout, done.returncode) == (f"{said[0].name}: {second} entries\n", 0), done.stderr
    file, keys = tmp_path / "a.tlog-proof", str(log.tiles.path / "keys.txt")
    for proof in await prove(log.dsn, log.tiles, "application-Z000001"):
        file.write_bytes(bytes(proof))
        shown = outside(file, "--log", keys, "--auditor", keys)
        assert (shown.returncode, f"audited by {said[1].name}" in shown.stdout) == (0, True), shown.stderr


async def test_what_it_says_of_the_log_is_read_beside_the_checkpoints(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    nothing = audited(log.tiles, await read_head(database))
    assert (nothing.word, nothing.missing) == (None, "nothing is published of this log")
    first = (await log.published()).size
    silent = audited(log.tiles, await read_head(database))
    assert silent.word is None
    assert [(each.size, each.cosigners) for each in silent.checkpoints] == [(first, ())]
    report = await log.audited()
    head = await read_head(database)
    found = audited(log.tiles, head)
    assert found.word is not None
    assert (found.word.checked, found.word.cosigned, found.behind) == (report.position, first, 0)
    assert (found.word.faults, found.word.acknowledged) == ((), 0)
    (newest,) = found.checkpoints
    assert (newest.size, newest.cosigners, newest.wrong) == (first, (auditor_of(head.origin),), None)
    assert newest.audited_at is not None
    await decided(recorder, crowd, "Z000002", "returned")
    later = audited(log.tiles, await read_head(database))
    assert later.behind == later.events - first > 0


async def test_a_fault_is_told_by_its_position_and_by_no_reason(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await log.published()
    await log.audited()
    at = await grant_under_a_withdrawal(recorder, database, crowd)
    await shown_again(log.dsn)
    report = await log.audited()
    assert [fault.position for fault in report.open_faults] == [at]
    found = audited(log.tiles, await read_head(database))
    assert found.word is not None
    assert found.word.faults == (at,)
    content = (log.tiles.statement() or b"").decode()
    assert f"fault {at}\n" in content
    assert FAULT not in content


async def test_nobody_else_says_how_the_log_stands(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await log.published()
    await log.audited()
    head = await read_head(database)
    own = log.tiles.statement() or b""
    said = Statement(head.origin, 1_796_000_000, head.position, 0, 0)
    by_the_log = sign(said, NoteSigner(auditor_of(head.origin), KEY))
    altered = own.replace(b"acknowledged 0", b"acknowledged 1")
    for content in (by_the_log, altered, b"", b"\xff", own.replace(b"checked", b"cheked")):
        log.tiles.state(content)
        found = audited(log.tiles, head)
        assert found.word is None, content
        assert "does not count" in (found.missing or ""), content
    log.tiles.state(own)
    assert audited(log.tiles, head).word is not None


async def test_an_auditor_with_a_new_key_is_heard(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await log.published()
    await log.audited()
    (log.own / "key.pem").unlink()
    await decided(recorder, crowd, "Z000002", "granted")
    size = (await log.published()).size
    await log.audited()
    assert len(log.tiles.read_keys()) == 3
    found = audited(log.tiles, await read_head(database))
    assert found.word is not None, found.missing
    assert found.word.cosigned == size


async def test_it_says_nothing_new_only_now_and_then(log: Watched, database: Connection) -> None:
    await log.published()
    cosigner = FolderCosigner(log.tiles, log.own)
    said = Statement((await read_head(database)).origin, 1_796_000_000, 3, 0, 0)
    for seconds, faults, told in ((0, (), True), (29, (), False), (29, (2,), True), (59, (2,), True)):
        log.tiles.state(b"")
        cosigner.tell(replace(said, time=said.time + seconds, faults=faults))
        assert bool(log.tiles.statement()) is told, (seconds, faults)


async def test_the_tree_goes_on_from_its_edge(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Over tiles that fill up meanwhile, it is the one that is published, at every size."""
    await grow(recorder, crowd, 240)
    secret, sizes = await read_secret(database), list[int]()
    edge = EdgeAt()
    for _ in range(4):
        sizes.append((await log.published()).size)
        await grow(recorder, crowd, 9)
        tree = Tree(log.own, secret, edge)
        for row in await read_columns(database, edge.size, 1_000):
            tree.take(row)
        tree.settle()
        edge = EdgeAt.model_validate_json(tree.edge.model_dump_json())
        assert [tree.root(size) for size in sizes] == [log.root(size) for size in sizes]
    assert sizes[0] < 256 < sizes[-1]


async def test_a_fault_keeps_checkpoints_from_being_cosigned_until_two_people_know(
    log: Watched, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    clerk = Signer(Actor(officer="clerk", person="p-clerk", organisation="bis", role=Role.AUDITOR))
    await crowd.add(recorder, clerk)
    await decided(recorder, crowd, "Z000009", "granted")
    before = (await log.published()).size
    await log.audited()
    at = await grant_under_a_withdrawal(recorder, database, crowd)
    await shown_again(log.dsn)
    after = (await log.published()).size
    fault = Fault(position=at, reason=FAULT)
    assert (await log.audited()).open_faults == (fault,)
    assert await log.cosigned() == [before]
    log_id = (await read_head(database)).log_id
    for signer in (clerk, crowd.registrar):
        assert (await log.audited()).cosigned == before
        known = log.auditor.acknowledged_file
        acknowledge(known, log_id, fault, signer.actor.officer, signer.key)
    assert (await log.audited()).cosigned == after
    assert await log.cosigned() == [before, after]


async def another_root(log: Watched, size: int) -> None:
    said = Checkpoint((await read_head(log.database)).origin, size, bytes(32))
    note = bytes(checkpoint.sign(said, NoteSigner(said.origin, KEY)))
    log.tiles.keep(size, note)
    log.tiles.publish(note)


async def another_key(log: Watched, size: int) -> None:
    said = Checkpoint.parse(checkpoint.Note.parse(log.tiles.at(size) or b"").text)
    note = bytes(checkpoint.sign(said, NoteSigner(said.origin, SigningKey.generate())))
    log.tiles.keep(size, note)


async def another_size(log: Watched, size: int) -> None:
    log.tiles.keep(size, log.tiles.at(log.tiles.sizes()[0]) or b"")


async def no_checkpoints(log: Watched, size: int) -> None:
    for each in log.tiles.sizes()[1:]:
        (log.tiles.path / "checkpoints" / number_path(each)).unlink()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (another_root, "has another root than they lead to"),
        (another_key, "not signed by greenlight/"),
        (another_size, "has another root than they lead to"),
        (no_checkpoints, "is gone"),
    ],
)
async def test_what_is_not_what_the_events_lead_to_is_not_cosigned(
    log: Watched,
    recorder: Recorder,
    crowd: Crowd,
    damage: Callable[[Watched, int], Awaitable[None]],
    reason: str,
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await log.published()
    await log.audited()
    await decided(recorder, crowd, "Z000002", "returned")
    size = (await log.published()).size
    if damage is no_checkpoints:
        await log.audited()
    before = await log.cosigned()
    await damage(log, size)
    [fault] = (await log.audited()).open_faults
    assert reason in fault.reason
    assert fault.position == size
    assert set(await log.cosigned()) <= set(before)
    assert (await log.audited()).open_faults == (fault,), "and it is told once"


async def test_another_log_key_than_the_first_is_not_believed(
    log: Watched, recorder: Recorder, crowd: Crowd
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await log.published()
    first = (await log.audited()).cosigned
    other = TileFolder(log.own.parent / "other")
    async with Publisher(log.dsn, other, SigningKey.generate()) as publisher:
        await decided(recorder, crowd, "Z000002", "returned")
        assert await publisher.publish() is not None
    log.tiles = other
    report = await log.audited()
    assert report.cosigned == first
    assert ["not signed by greenlight/" in fault.reason for fault in report.open_faults] == [True]


async def test_the_program_is_a_witness_for_other_logs(
    log: Watched, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await log.published()
    keys = str(log.tiles.path / "keys.txt")
    words = ("witness", "127.0.0.1:0", "--name", "witness.example", "--log", keys)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "greenlight.audit", *words),
        env={"GREENLIGHT_DATA": str(tmp_path / "elsewhere")},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SOON):
            key, answers = [(await process.stdout.readline()).decode().strip() for _ in range(2)]
            witness = OutsideWitness.parse(f"{answers.removeprefix('answers at ')} {key}")
            await decided(recorder, crowd, "Z000002", "returned")
            done = await log.published(witness)
        assert (done.failed, done.signatures) == ({}, 2)
        assert (await log.audited()).cosigned == done.size
        log_key, auditor_key = await log.keys()
        assert log.tiles.read_keys() == (log_key, auditor_key, witness.key)
        cosigners = [auditor_key, witness.key]
        assert checkpoint.read(log.tiles.newest() or b"", log_key, cosigners)[0].size == done.size
    finally:
        process.terminate()
    assert await process.wait() == 0
