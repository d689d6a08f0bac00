"""What the tables refuse, whoever asks."""

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from tests.eventlog.crowd import Crowd, assignment

STATEMENTS = (
    "UPDATE greenlight.event SET type = 'x'",
    "UPDATE greenlight.event SET type = 'x' WHERE position = 0",
    "DELETE FROM greenlight.event WHERE position = 6",
    "TRUNCATE greenlight.event",
    "INSERT INTO greenlight.event SELECT * FROM greenlight.event"
    " ON CONFLICT (position) DO UPDATE SET type = 'x'",
    "UPDATE greenlight.command SET name = 'x'",
    "DELETE FROM greenlight.command",
    "TRUNCATE greenlight.command",
    "UPDATE greenlight.log SET log_id = gen_random_uuid()",
    "DELETE FROM greenlight.log",
    "TRUNCATE greenlight.log",
    "UPDATE greenlight.tree_secret SET secret = sha256(secret)",
    "DELETE FROM greenlight.tree_secret",
    "TRUNCATE greenlight.tree_secret",
)


async def test_the_log_is_only_appended_to(
    recorder: Recorder, database: Connection, crowd: Crowd, dsn: str
) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    for statement in STATEMENTS:
        with pytest.raises(DatabaseError, match="only appended to"):
            await database.execute(statement)
    assert (await verify(dsn)).fault is None


async def test_there_is_one_head(database: Connection) -> None:
    with pytest.raises(DatabaseError):
        await database.execute(
            "INSERT INTO greenlight.log SELECT false, log_id, kind, position FROM greenlight.log"
        )
