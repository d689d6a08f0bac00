"""Files of the list in the log: stored once, byte for byte, and found out if tampered with."""

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.lists import MAX_BYTES, ContentError, read_content, store_content
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.canonical import digest_bytes
from greenlight.lists.write import write_list
from tests.lists.files import ROWS

CONTENT = write_list(ROWS)


async def test_a_file_comes_back_byte_for_byte_and_is_stored_once(database: Connection) -> None:
    digest = await store_content(database, CONTENT)
    assert digest == digest_bytes(CONTENT)
    assert await store_content(database, CONTENT) == digest
    assert await read_content(database, digest) == CONTENT
    assert await database.fetchval("SELECT count(*) FROM greenlight.list_content") == 1
    assert await read_content(database, digest_bytes(b"another")) is None


async def test_a_file_that_is_too_large_is_not_stored(database: Connection) -> None:
    with pytest.raises(ContentError, match="at most"):
        await store_content(database, b"x" * (MAX_BYTES + 1))


async def test_a_stored_file_cannot_be_changed_and_a_changed_one_is_not_read(database: Connection) -> None:
    digest = await store_content(database, CONTENT)
    with pytest.raises(DatabaseError, match="only appended to"):
        await database.execute("UPDATE greenlight.list_content SET compressed = ''")
    await database.execute("ALTER TABLE greenlight.list_content DISABLE TRIGGER append_only")
    other = await store_content(database, b"source,name\r\n")
    await database.execute(
        "UPDATE greenlight.list_content SET compressed ="
        " (SELECT compressed FROM greenlight.list_content WHERE digest = $1) WHERE digest = $2",
        other,
        digest,
    )
    with pytest.raises(ContentError, match=f"is not {digest}"):
        await read_content(database, digest)
    await database.execute(
        "UPDATE greenlight.list_content SET compressed = '\\xffff' WHERE digest = $1", digest
    )
    with pytest.raises(ContentError, match="cannot be read"):
        await read_content(database, digest)


async def test_nothing_stands_by_a_stored_file(recorder: Recorder, database: Connection) -> None:
    before = await recorder.read_standing()
    await store_content(database, CONTENT)
    after = await recorder.read_standing()
    assert (after.list, after.count) == (None, before.count)
