"""Proofs of events, made from tiles, and checked by the example's program with two public keys."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.prove import Prover, UnprovableError
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import read_head
from greenlight.signing.keys import SigningKey
from greenlight.tlog.asking import OutsideWitness
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, NoteSigner, VerifierKey
from greenlight.tlog.proof import Proof
from greenlight.tlog.witness import Witness, serving
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.test_publish import KEY, WITNESS, grow, publish
from tests.eventlog.test_verify import fill, tamper

ROOT = Path(__file__).resolve().parents[2]


async def prove(dsn: str, folder: TileFolder, stream: str, version: int | None = None) -> list[Proof]:
    prover = Prover(dsn, folder)
    try:
        return [proven.proof async for proven in prover.prove(stream, version)]
    finally:
        await prover.close()


def outside(proof: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "examples/verify_proof.py", str(proof), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


async def test_every_event_of_a_stream_is_proven(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    await fill(recorder, crowd)
    await grow(recorder, crowd, 290)
    folder = TileFolder(tmp_path)
    await publish(dsn, folder)
    log = VerifierKey((await read_head(database)).origin, KeyType.NOTE, KEY.public.content)
    proofs = await prove(dsn, folder, "application-Z000001")
    assert [proof.index for proof in proofs] == [10, 12]
    assert all(proof.check(log).size == 304 for proof in proofs)
    [second] = await prove(dsn, folder, "application-Z000001", 2)
    assert second == proofs[1]
    assert await prove(dsn, folder, "application-Z000001", 3) == []


async def test_a_stranger_checks_it_with_two_keys(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    folder, file = TileFolder(tmp_path / "tiles"), tmp_path / "a.tlog-proof"
    await fill(recorder, crowd)
    log = VerifierKey((await read_head(database)).origin, KeyType.NOTE, KEY.public.content)
    with (
        closing(Witness(tmp_path / "seen", WITNESS, [log])) as auditor,
        serving(auditor, "127.0.0.1", 0) as port,
    ):
        asked = [OutsideWitness.parse(f"http://127.0.0.1:{port} {WITNESS.verifier}")]
        await publish(dsn, folder, KEY, asked)
    # The newest is not cosigned: the proof rests on the one before.
    await recorder.record(assignment(crowd.officer, "Z000003", 0))
    await publish(dsn, folder, KEY, asked)
    [proof, _] = await prove(dsn, folder, "application-Z000001")
    file.write_bytes(bytes(proof))
    keys = str(tmp_path / "tiles/keys.txt")
    for words in (
        ("--log", str(log), "--auditor", str(WITNESS.verifier)),
        ("--log", keys, "--auditor", keys),
        ("--log", keys, "--without-auditor"),
    ):
        said = outside(file, *words)
        assert (said.returncode, said.stderr) == (0, "")
        assert said.stdout.startswith("application-Z000001, event 1, recorded ")
        assert "position 11 of 14 in greenlight/production/" in said.stdout
        assert ("audited by witness.example" in said.stdout) == ("--auditor" in words)
    other = NoteSigner(log.name, SigningKey.generate()).verifier
    assert outside(file, "--log", str(other), "--without-auditor").returncode == 1
    other = NoteSigner(WITNESS.name, SigningKey.generate(), KeyType.COSIGNATURE).verifier
    said = outside(file, "--log", keys, "--auditor", str(other))
    assert (said.returncode, said.stderr) == (1, "does not hold: witness.example did not sign\n")
    content = bytearray(file.read_bytes())
    for at in range(40, len(content), len(content) // 25):
        changed = bytearray(content)
        changed[at] ^= 1
        file.write_bytes(changed)
        assert outside(file, "--log", keys, "--auditor", keys).returncode == 1, at


async def test_what_is_not_published_is_not_proven(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    folder = TileFolder(tmp_path)
    with pytest.raises(UnprovableError, match="has no key of"):
        await prove(dsn, folder, "officer-olga")
    await publish(dsn, folder)
    await fill(recorder, crowd)
    with pytest.raises(UnprovableError, match="position 11 is not published yet"):
        await prove(dsn, folder, "application-Z000001")
    await publish(dsn, folder)
    await tamper(database, "UPDATE greenlight.event SET record = record || ' ' WHERE position = 11")
    with pytest.raises(UnprovableError, match="position 11 is not what was published"):
        await prove(dsn, folder, "application-Z000001")


async def test_what_is_not_published_is_not_proven_by_what_was_before_it(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    """One prover has the published tree in hand from the event before."""
    folder = TileFolder(tmp_path)
    await fill(recorder, crowd)
    await publish(dsn, folder)
    await recorder.record(assignment(crowd.officer, "Z000003", 0))
    prover = Prover(dsn, folder)
    try:
        assert [each async for each in prover.prove("application-Z000001")]
        with pytest.raises(UnprovableError, match="is not published yet"):
            assert [each async for each in prover.prove("application-Z000003")]
    finally:
        await prover.close()
