"""Checkpoints outside the database show what the database itself cannot."""

from pathlib import Path

import pytest

from greenlight.eventlog.checkpoint import CheckpointFileError, compare, make, read
from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.signing.keys import SigningKey
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.test_verify import LAST, fill, tamper

KEY = SigningKey.generate()

CUT = (
    "DELETE FROM greenlight.event WHERE position > 12",
    "DELETE FROM greenlight.command WHERE position > 12",
    "UPDATE greenlight.log SET position = 12, hash = (SELECT hash FROM greenlight.event WHERE position = 12)",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints.jsonl"


async def test_a_log_that_grew_contradicts_nothing(
    dsn: str, recorder: Recorder, crowd: Crowd, path: Path
) -> None:
    first = await make(dsn, path, KEY)
    await fill(recorder, crowd)
    second = await make(dsn, path, KEY)
    await recorder.record(assignment(crowd.officer, "Z000003", 0))
    assert list(read(path, KEY.public)) == [first, second]
    assert (first.position, second.position) == (crowd.events, LAST)
    assert await compare(dsn, path, KEY.public) is None


async def test_a_cut_end_shows(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, path: Path
) -> None:
    await fill(recorder, crowd)
    await make(dsn, path, KEY)
    await tamper(database, *CUT)
    assert (await verify(dsn)).fault is None, "the chain alone cannot tell"
    found = await compare(dsn, path, KEY.public)
    assert found is not None
    assert "cut off" in found


async def test_a_restored_log_that_went_on_shows(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, path: Path
) -> None:
    await fill(recorder, crowd)
    await make(dsn, path, KEY)
    await tamper(database, *CUT)
    for version in range(4):
        await recorder.record(assignment(crowd.officer, "Z000009", version))
    assert (await verify(dsn)).fault is None, "the chain alone cannot tell"
    found = await compare(dsn, path, KEY.public)
    assert found is not None
    assert "rewritten" in found


async def test_checkpoints_of_another_log_are_none(dsn: str, database: Connection, path: Path) -> None:
    await make(dsn, path, KEY)
    await tamper(database, "UPDATE greenlight.log SET log_id = gen_random_uuid()")
    found = await compare(dsn, path, KEY.public)
    assert found is not None
    assert "another log" in found


async def test_a_log_that_changed_its_kind_shows(dsn: str, database: Connection, path: Path) -> None:
    await make(dsn, path, KEY)
    await tamper(database, "UPDATE greenlight.log SET kind = 'rehearsal'")
    found = await compare(dsn, path, KEY.public)
    assert found is not None
    assert "was one of production; now it says rehearsal" in found


async def test_a_file_that_was_touched_is_refused(dsn: str, path: Path) -> None:
    await make(dsn, path, KEY)
    await make(dsn, path, SigningKey.generate())
    with pytest.raises(CheckpointFileError, match="line 2"):
        await compare(dsn, path, KEY.public)


def test_a_line_that_is_no_checkpoint_is_refused(path: Path) -> None:
    path.write_text("{}\n")
    with pytest.raises(CheckpointFileError, match="line 1"):
        list(read(path, KEY.public))
