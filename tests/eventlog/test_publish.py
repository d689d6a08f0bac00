"""The published log shows what the database itself cannot: a cut, a fork, an edit by whoever owns it."""

import asyncio
import base64
import itertools
import random
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.publish import ContradictionError, Published, Publisher
from greenlight.eventlog.published import REWRITTEN, Fault, PublishedLog
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import read_head
from greenlight.eventlog.tree import read_secret
from greenlight.eventlog.verify import verify
from greenlight.kernel import merkle
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.asking import OutsideWitness
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.leaf import entry
from greenlight.tlog.note import KeyType, NoteSigner, VerifierKey
from greenlight.tlog.tiles import tiles
from greenlight.tlog.witness import Witness, serving
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.test_verify import fill, tamper
from tests.tlog.stranger import Stranger

KEY = SigningKey.generate()
CHANCE = random.Random(33)
NUMBERS = itertools.count()
WITNESS = NoteSigner("witness.example", SigningKey.generate(), KeyType.COSIGNATURE)

CUT = (
    "DELETE FROM greenlight.event WHERE position > 12",
    "DELETE FROM greenlight.command WHERE position > 12",
    "UPDATE greenlight.log SET position = 12",
)
EDIT = ("UPDATE greenlight.event SET recorded_at = recorded_at + interval '1 us' WHERE position = 1",)


@pytest.fixture
def folder(tmp_path: Path) -> TileFolder:
    return TileFolder(tmp_path / "tiles")


async def publish(
    dsn: str, folder: TileFolder, key: SigningKey = KEY, witnesses: Sequence[OutsideWitness] = ()
) -> Published:
    async with Publisher(dsn, folder, key, witnesses) as publisher:
        done = await publisher.publish()
    assert done is not None
    return done


async def fault(dsn: str, folder: TileFolder, *kept: bytes) -> Fault | None:
    return (await verify(dsn, PublishedLog(folder, KEY.public, kept), signatures=False)).fault


async def grow(recorder: Recorder, crowd: Crowd, events: int) -> None:
    """So many more signed events, in some order of their own."""
    cases = [f"Y{next(NUMBERS):06}" for _ in range(events)]
    await asyncio.gather(*(recorder.record(assignment(crowd.officer, case, 0)) for case in cases))


async def test_what_is_published_is_the_tree_of_the_events(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder
) -> None:
    await grow(recorder, crowd, 600)
    done = await publish(dsn, folder)
    assert (done.size, done.signatures, done.failed) == (610, 1, {})
    head, secret = await read_head(database), await read_secret(database)
    async with Reader(dsn) as reader:
        entries = [entry(secret, event) async for event in reader.log()]
    content = folder.newest()
    assert content is not None
    log = VerifierKey(head.origin, KeyType.NOTE, KEY.public.content)
    said, _ = checkpoint.read(content, log)
    assert said == Checkpoint(head.origin, 610, merkle.tree_root(entries))
    assert folder.read_keys() == (log,)
    assert folder.at(610) == content
    for tile in tiles(610):
        assert (folder.path / tile.path).exists()
    assert await fault(dsn, folder) is None


async def test_a_publisher_goes_on_where_another_ended(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: TileFolder, tmp_path: Path
) -> None:
    async with Publisher(dsn, folder, KEY) as lasting:
        assert await lasting.publish() is not None
        for _ in range(4):
            await grow(recorder, crowd, CHANCE.randrange(1, 200))
            await lasting.publish()
            await grow(recorder, crowd, CHANCE.randrange(1, 200))
            await publish(dsn, folder)
    anew = TileFolder(tmp_path / "anew")
    await publish(dsn, anew)
    assert anew.newest() == folder.newest()
    assert len(folder.sizes()) == 9
    assert await fault(dsn, folder) is None


async def test_one_publisher_at_a_time(dsn: str, folder: TileFolder) -> None:
    async with Publisher(dsn, folder, KEY) as publisher:
        with folder.locked():
            assert await publisher.publish() is None
        assert await publisher.publish() is not None


@pytest.mark.parametrize("lost", ["checkpoint", "checkpoints", "tile"])
async def test_what_a_crash_left_is_made_whole(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: TileFolder, lost: str, tmp_path: Path
) -> None:
    """Tiles come before the checkpoint that stands for them: without it they are made again, the same."""
    await grow(recorder, crowd, 300)
    await publish(dsn, folder)
    whole = folder.newest()
    if lost == "tile":
        # Killed while tiles of the next checkpoint were written: there is a part of them.
        older = tmp_path / "older"
        shutil.copytree(folder.path, older)
        await grow(recorder, crowd, 600)
        await publish(dsn, folder)
        whole = folder.newest()
        for name in ("checkpoint", "checkpoints"):
            target = folder.path / name
            shutil.rmtree(target) if target.is_dir() else target.unlink()
            source = older / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        # The narrower tile was dropped; what was full before is there.
        (folder.path / "tile/0/001").unlink()
        shutil.copytree(older / "tile/0/001.p", folder.path / "tile/0/001.p", dirs_exist_ok=True)
    elif lost == "checkpoint":
        (folder.path / "checkpoint").unlink()
    else:
        shutil.rmtree(folder.path / "checkpoints")
        (folder.path / "checkpoint").unlink()
    await publish(dsn, folder)
    assert folder.newest() == whole
    assert await fault(dsn, folder) is None


async def test_a_cut_end_shows(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder
) -> None:
    await fill(recorder, crowd)
    await publish(dsn, folder)
    await tamper(database, *CUT)
    assert (await verify(dsn)).fault is None, "the log alone cannot tell"
    found = await fault(dsn, folder)
    assert found is not None
    assert (found.position, "its end was cut off" in found.reason) == (13, True)
    with pytest.raises(ContradictionError, match="cut off"):
        await publish(dsn, folder)


async def test_a_fork_shows(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder
) -> None:
    """A backup was restored, and the log went on from there."""
    await fill(recorder, crowd)
    await publish(dsn, folder)
    await tamper(database, *CUT)
    for version in range(4):
        await recorder.record(assignment(crowd.officer, "Z000009", version))
    assert (await verify(dsn)).fault is None, "the log alone cannot tell"
    assert await fault(dsn, folder) == Fault(position=13, reason=REWRITTEN)
    with pytest.raises(ContradictionError, match="position 14 is not what was published"):
        await publish(dsn, folder)


async def test_an_edit_shows_where_it_is(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder
) -> None:
    await publish(dsn, folder)
    await grow(recorder, crowd, 300)
    await publish(dsn, folder)
    await tamper(database, *EDIT)
    assert await fault(dsn, folder) == Fault(position=1, reason=REWRITTEN)
    # Nobody who publishes notices, and each checkpoint of before contradicts what is published then.
    await grow(recorder, crowd, 301)
    await publish(dsn, folder)
    assert await fault(dsn, folder) == Fault(position=1, reason=REWRITTEN)


async def test_a_checkpoint_that_was_signed_twice_shows(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder, tmp_path: Path
) -> None:
    """Somebody kept what the log said before it was rewritten and published anew as a whole."""
    await fill(recorder, crowd)
    await publish(dsn, folder)
    kept = folder.newest()
    assert kept is not None
    await tamper(database, *EDIT)
    anew = TileFolder(tmp_path / "anew")
    await publish(dsn, anew)
    assert await fault(dsn, anew) is None
    found = await fault(dsn, anew, kept)
    assert found is not None
    assert "two checkpoints of 14 events with different roots" in found.reason
    # Neither does the publisher sign the other one into a folder that has the first.
    (folder.path / "checkpoint").unlink()
    await publish(dsn, folder)
    assert folder.newest() == kept


@pytest.mark.parametrize("shorter", [True, False])
async def test_a_checkpoint_that_is_taken_away_lets_nobody_sign_another_history(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder, shorter: bool
) -> None:
    """Every checkpoint is kept under its size, and each of them was signed."""
    await fill(recorder, crowd)
    await publish(dsn, folder)
    kept = folder.sizes()
    await tamper(database, *CUT)
    (folder.path / "checkpoint").unlink()
    if not shorter:
        await grow(recorder, crowd, 5)
    with pytest.raises(ContradictionError):
        await publish(dsn, folder)
    assert folder.sizes() == kept


async def test_a_publisher_that_was_killed_before_its_checkpoint_was_the_newest(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: TileFolder
) -> None:
    await publish(dsn, folder)
    before = folder.newest()
    await grow(recorder, crowd, 5)
    await publish(dsn, folder)
    signed = folder.newest()
    assert before is not None
    folder.publish(before)
    await publish(dsn, folder)
    assert folder.newest() == signed != before


async def test_a_checkpoint_of_elsewhere_shows_a_rewritten_log(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder, tmp_path: Path
) -> None:
    await publish(dsn, folder)
    kept = folder.newest()
    await fill(recorder, crowd)
    await tamper(database, *EDIT)
    anew = TileFolder(tmp_path / "anew")
    await publish(dsn, anew)
    assert kept is not None
    found = await fault(dsn, anew, kept)
    assert found is not None
    assert (found.position, "the log was rewritten" in found.reason) == (10, True)


async def test_any_bit_that_is_changed_in_any_file_shows(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: TileFolder
) -> None:
    await grow(recorder, crowd, 100)
    await publish(dsn, folder)
    await grow(recorder, crowd, 420)
    await publish(dsn, folder)
    files = [path for path in folder.path.rglob("*") if path.is_file() and path.name[0] != "."]
    names = {str(path.relative_to(folder.path)) for path in files} - {"keys.txt"}
    assert len(names) == 7, names
    for name in sorted(names):
        path = folder.path / name
        content = path.read_bytes()
        for _ in range(3):
            changed = bytearray(content)
            changed[CHANCE.randrange(len(content))] ^= 1 << CHANCE.randrange(8)
            path.write_bytes(changed)
            found = await fault(dsn, folder)
            assert found is not None, name
        path.write_bytes(content)
    assert await fault(dsn, folder) is None


async def test_a_tile_that_is_missing_shows(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: TileFolder
) -> None:
    await grow(recorder, crowd, 300)
    await publish(dsn, folder)
    (folder.path / "tile/0/000").unlink()
    assert await fault(dsn, folder) == Fault(position=1, reason="tile/0/000 is missing")


async def test_another_key_publishes_nothing_there(dsn: str, folder: TileFolder) -> None:
    await publish(dsn, folder)
    with pytest.raises(ContradictionError, match="move the folder away"):
        await publish(dsn, folder, SigningKey.generate())


async def test_a_folder_of_another_log_is_left_alone(
    dsn: str, database: Connection, folder: TileFolder
) -> None:
    await publish(dsn, folder)
    await tamper(database, "UPDATE greenlight.log SET log_id = gen_random_uuid()")
    with pytest.raises(ContradictionError, match="not one of this log"):
        await publish(dsn, folder)
    found = await fault(dsn, folder)
    assert found is not None
    assert (found.position, "checkpoint: not signed by" in found.reason) == (1, True)


async def test_witnesses_are_asked_and_asked_again(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder, tmp_path: Path
) -> None:
    log = VerifierKey((await read_head(database)).origin, KeyType.NOTE, KEY.public.content)
    with closing(Witness(tmp_path / "seen", WITNESS, [log])) as witness:
        with serving(witness, "127.0.0.1", 0) as port:
            asked = [OutsideWitness.parse(f"http://127.0.0.1:{port} {WITNESS.verifier}")]
            assert (await publish(dsn, folder, KEY, asked)).signatures == 2
            await fill(recorder, crowd)
            assert (await publish(dsn, folder, KEY, asked)).signatures == 2
            assert folder.read_keys() == (log, WITNESS.verifier)
        await recorder.record(assignment(crowd.officer, "Z000003", 0))
        away = await publish(dsn, folder, KEY, asked)
        assert (away.size, away.signatures, away.failed.keys()) == (15, 1, {"witness.example"})
        with serving(witness, "127.0.0.1", port):
            async with Publisher(dsn, folder, KEY, asked) as publisher:
                again = await publisher.publish()
        assert again == Published(size=15, signatures=2, failed={})
    for content in (folder.newest(), folder.at(15)):
        assert content is not None
        assert checkpoint.read(content, log, [WITNESS.verifier])[0].size == 15


async def test_a_stranger_finds_what_is_published_sound(
    dsn: str,
    recorder: Recorder,
    database: Connection,
    crowd: Crowd,
    folder: TileFolder,
    tmp_path: Path,
    stranger: Stranger,
) -> None:
    """Checkpoint, cosignature, tiles, an earlier checkpoint and every leaf, by a program that is not ours."""
    head, secret = await read_head(database), await read_secret(database)
    log = VerifierKey(head.origin, KeyType.NOTE, KEY.public.content)
    with (
        closing(Witness(tmp_path / "seen", WITNESS, [log])) as witness,
        serving(witness, "127.0.0.1", 0) as port,
    ):
        asked = [OutsideWitness.parse(f"http://127.0.0.1:{port} {WITNESS.verifier}")]
        await publish(dsn, folder, KEY, asked)
        await grow(recorder, crowd, 300)
        await publish(dsn, folder, KEY, asked)
    words = ["-earlier", str(folder.path / "checkpoints/010")]
    async with Reader(dsn) as reader:
        async for event in reader.log():
            hash_ = merkle.leaf_hash(entry(secret, event))
            words += ["-leaf", f"{event.position - 1}={base64.b64encode(hash_).decode()}"]
    said = stranger.check(folder.path, log, [WITNESS.verifier], *words)
    assert (said.stdout, said.stderr) == (f"{head.origin}: 310 entries\n", "")


async def test_a_witness_cosigns_no_fork(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, folder: TileFolder, tmp_path: Path
) -> None:
    """Whoever rewrites the log and publishes it anew is without the witness."""
    log = VerifierKey((await read_head(database)).origin, KeyType.NOTE, KEY.public.content)
    await fill(recorder, crowd)
    with (
        closing(Witness(tmp_path / "seen", WITNESS, [log])) as witness,
        serving(witness, "127.0.0.1", 0) as port,
    ):
        asked = [OutsideWitness.parse(f"http://127.0.0.1:{port} {WITNESS.verifier}")]
        await publish(dsn, folder, KEY, asked)
        await tamper(database, *EDIT)
        anew = await publish(dsn, TileFolder(tmp_path / "anew"), KEY, asked)
        assert "422" in anew.failed["witness.example"]
        await tamper(database, *CUT)
        cut = await publish(dsn, TileFolder(tmp_path / "cut"), KEY, asked)
        assert "it has seen 14 entries" in cut.failed["witness.example"]
