"""Files of the list in the log: stored once, byte for byte, and found out if tampered with."""

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.lists import MAX_BYTES, ContentError, read_content, store_content
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Recorded
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import list_stream
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import ConfirmAgeLimit, OpenList
from greenlight.law.screening_list.content import ListContent
from greenlight.law.screening_list.events import AgeLimitChanged, ListConfirmed, ListHeld, ListLoaded
from greenlight.law.screening_list.refusals import ListRefusal
from greenlight.lists.write import write_list
from tests.eventlog.crowd import NOW, Crowd
from tests.law.screening_list.cases import FIRST, OPEN, TODAY, confirmation, content, loading
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


# What takes two, and the law is not asked: whoever runs the worker has an officer's token


class Forger:
    """Records as a list's events whatever it is given, in one officer's name."""

    def __init__(self, recorder: Recorder, crowd: Crowd) -> None:
        self._recorder = recorder
        self._signer = crowd.officer
        self._events: list[Event] = []

    async def records(self, body: Body, *events: Event) -> Recorded:
        stream = list_stream("csl")
        claims = self._signer.claims(stream, body.declared.name, body.model_dump(mode="json"))
        state = LIST.replay(None, tuple(event.record() for event in (*self._events, *events)))
        assert state is not None
        version = (await self._recorder.read_stream(stream)).records
        append = Append(
            stream=stream,
            expected_version=len(version),
            events=tuple(event.record() for event in events),
            view=LIST.view(state, len(version) + len(events)),
        )
        said = await self._recorder.record(Commit(proof=self._signer.proof(claims), appends=(append,)))
        if said.status == "recorded":
            self._events += events
        return said


@pytest.fixture
def forger(recorder: Recorder, crowd: Crowd) -> Forger:
    return Forger(recorder, crowd)


async def opened(forger: Forger, crowd: Crowd, days: int = 30) -> None:
    by = crowd.officer.actor
    opening = OpenList(title=OPEN.title, max_age_days=days)
    events = LIST.decide(None, Command(key="csl", body=opening, by=by), NOW)
    assert isinstance(events, tuple)
    assert (await forger.records(opening, *events)).status == "recorded"


@pytest.mark.parametrize(
    "found",
    [
        content(FIRST),
        content(FIRST, FIRST, removed=1),
        content(FIRST, FIRST, renamed=1),
        content(FIRST, FIRST, "It is much smaller."),
    ],
)
async def test_the_log_takes_no_version_of_one_officer_that_takes_two(
    forger: Forger, crowd: Crowd, found: ListContent
) -> None:
    await opened(forger, crowd)
    loaded = ListLoaded(at=NOW, by=crowd.officer.actor, content=found, retrieved=TODAY)
    said = await forger.records(loading(), loaded)
    assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
    assert found.takes_two


async def test_the_log_takes_no_confirmation_of_who_loaded_or_proposed(forger: Forger, crowd: Crowd) -> None:
    by = crowd.officer.actor
    await opened(forger, crowd, days=3_650)
    held = ListHeld(at=NOW, by=by, content=content(FIRST), retrieved=TODAY)
    assert (await forger.records(loading(), held)).status == "recorded"
    body, limit = confirmation(), ConfirmAgeLimit(max_age_days=3_650, reasons="So it is.")
    for asked, event in (
        (body, ListConfirmed(at=NOW, by=by, digest=FIRST, source="fetched", reasons=body.reasons)),
        (limit, AgeLimitChanged(at=NOW, by=by, max_age_days=3_650, reasons=limit.reasons)),
    ):
        said = await forger.records(asked, event)
        assert (said.status, said.code) == ("refused", ListRefusal.OWN_VERSION)
