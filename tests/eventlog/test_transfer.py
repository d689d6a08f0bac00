"""A log is carried into another database whole, and is the same log there; or nothing happened."""

import hashlib
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from greenlight.eventlog.access import AccessLog, Reading
from greenlight.eventlog.carried import TransferError
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.migrate import MigrationError, migrate
from greenlight.eventlog.publish import Publisher
from greenlight.eventlog.published import PublishedLog
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.transfer import Restored, export, restore
from greenlight.eventlog.verify import verify
from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.roles import Role
from greenlight.signing.keys import SigningKey
from greenlight.tlog.folder import TileFolder
from tests.audit.forging import Forger, unreadable
from tests.eventlog.crowd import Crowd
from tests.eventlog.histories import live
from tests.eventlog.server import as_writer

KEY = SigningKey.generate()
PDF = b"%PDF-1.7 \x00\xff of a letter"
READING = Reading(
    officer="king",
    person="p-king",
    organisation="licensing",
    role=Role.LICENSING_OFFICER,
    kid=KEY.public.kid,
    stream="application-Z000001",
    what="dossier",
)
RECORD = (
    *("log", "tree_secret", "event", "command", "outbox"),
    *("letter", "letter_paper", "list_content", "access"),
    *("subscriber", "dead_letter"),
)
CODE = "2KMN-F5PT-91Q1-FJQ0"
SUBSCRIBED = """
INSERT INTO greenlight.subscriber
    (id, url, types, streams, officer, person, organisation, role, kid, token, place, secret, position)
VALUES ('wh_0123456789abcdef', 'https://elsewhere.example/', '{}', '{}', 'lee', 'p-lee', 'bis',
        'licensing_officer', 'kid', 'token', 'here', 'sha256:' || repeat('0', 64), 7);
INSERT INTO greenlight.dead_letter (subscriber, position, tries, error, since)
VALUES ('wh_0123456789abcdef', 6, 5, 'answered 422', clock_timestamp())
"""


async def filled(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    """Cases, a letter that was sent and others that are owed, a number that was given out, a file."""
    for number in range(6):
        await live(recorder, crowd, f"Z{number:06}", seed=number)
    await recorder.reserve_license_number("application-Z000001")
    async with LetterBox(as_writer(dsn)) as box:
        first = (await box.pending())[0].letter_id
        await box.put(
            first, rests_on="sha256:" + "0" * 64, digest=digest_bytes(PDF), pdf=PDF, sheet="{}", code=CODE
        )
        await box.mark_sent(first)
    async with connection(as_writer(dsn), application="test") as database:
        await store_content(database, b"a file of the list")
    async with AccessLog(as_writer(dsn)) as log:
        await log.note(READING, READING.stream, READING.what)
    async with connection(dsn, application="test") as database:
        await database.execute(SUBSCRIBED)


async def there(dsn: str) -> dict[str, set[str]]:
    """The rows of every table, each as JSON."""
    async with connection(dsn, application="test") as database:
        return {
            name: {
                str(row["row"])
                for row in await database.fetch(f"SELECT to_jsonb(t)::text AS row FROM greenlight.{name} t")
            }
            for name in RECORD
        }


async def exported(dsn: str) -> bytes:
    file = io.BytesIO()
    await export(dsn, file)
    return file.getvalue()


async def test_a_log_lives_on_in_another_database(
    dsn: str, empty: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    await filled(dsn, recorder, crowd)
    folder = TileFolder(tmp_path)
    async with Publisher(dsn, folder, KEY) as publisher:
        await publisher.publish()
    file, told = io.BytesIO(), list[tuple[int, int]]()
    header, end = await export(dsn, file)
    before = await there(dsn)
    assert all(before.values())
    await migrate(empty)
    file.seek(0)
    done = await restore(empty, file, lambda done, of: told.append((done, of)))
    assert done == Restored(header, end, (), "D000003")
    assert await there(empty) == before
    assert told[-1] == (header.rows, header.rows)
    verified = await verify(empty, PublishedLog(folder, KEY.public))
    assert (verified.fault, verified.published) == (None, header.position)
    assert (await rebuild(empty)).differences == ()
    assert await exported(empty) == file.getvalue(), "carried once more it is the same"
    async with Recorder(as_writer(empty)) as other:
        # Numbers go on where they were, and so do cases and what is published of them.
        number = await other.reserve_license_number("application-Z000001")
        assert number == await recorder.reserve_license_number("application-Z000001")
        await live(other, crowd, "Z000100", seed=100)
    async with Publisher(empty, folder, KEY) as publisher:
        await publisher.publish()
    assert (await verify(empty, PublishedLog(folder, KEY.public))).fault is None


async def test_every_line_says_what_it_is(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    await filled(dsn, recorder, crowd)
    lines = [json.loads(line) for line in (await exported(dsn)).splitlines()]
    assert lines[0]["greenlight_log"] == 1
    assert {*lines[0]["tables"]} == {*RECORD}
    assert lines[-1].keys() == {"sha256"}
    events = [line["event"] for line in lines[1:-1] if "event" in line]
    assert [event["position"] for event in events] == list(range(1, lines[0]["position"] + 1))


async def test_a_database_with_a_log_is_left_alone(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    await filled(dsn, recorder, crowd)
    content, before = await exported(dsn), await there(dsn)
    with pytest.raises(TransferError, match="the database holds the log greenlight/production/"):
        await restore(dsn, io.BytesIO(content))
    assert await there(dsn) == before


def _replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def damaged(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return damaged


def sealed(content: bytes) -> bytes:
    """With the digest that its lines have now: as if it had been written so."""
    lines = content[: content.rindex(b'{"sha256"')]
    return lines + f'{{"sha256":"{hashlib.sha256(lines).hexdigest()}"}}\n'.encode()


def _header(**changes: object) -> Callable[[bytes], bytes]:
    """With other members of the header."""

    def damaged(content: bytes) -> bytes:
        first, _, rest = content.partition(b"\n")
        return sealed(json.dumps(json.loads(first) | changes).encode() + b"\n" + rest)

    return damaged


def _without(name: str) -> Callable[[bytes], bytes]:
    """Without a table, in the header and in the lines."""

    def damaged(content: bytes) -> bytes:
        first, *lines = content.splitlines(keepends=True)
        header = json.loads(first)
        del header["tables"][name]
        lines = [line for line in lines if not line.startswith(f'{{"{name}":'.encode())]
        return sealed(json.dumps(header).encode() + b"\n" + b"".join(lines))

    return damaged


def _sealed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda content: sealed(_replaced(old, new)(content))


DAMAGES: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda content: content + b"{}\n", "SHA-256 is another"),
    (_replaced(b"FounderRegistered", b"FounderRegistereD"), "SHA-256 is another"),
    (lambda content: content[: len(content) // 2], "it was cut off"),
    (lambda content: content[: content.rindex(b'{"sha256"')], "it was cut off"),
    (lambda content: b"", "line 1: the file ends here, it was cut off: fetch the file again"),
    (_replaced(b'"greenlight_log":1', b'"greenlight_log":2'), "format 2"),
    (_sealed(b'"proof"', b'"proofs"'), "line 1: the header lacks event with proof"),
    (_header(tables={}), "line 1: the header lacks log with "),
    (lambda content: b"{}\n" + content, "no log that was exported"),
    (lambda content: b"\xff" + content, "line 1: byte 1 is no UTF-8: fetch the file again"),
    (_replaced(b"FounderRegistered", b"Founder\xffegistered"), r"line \d+: byte \d+ is no UTF-8"),
    (
        lambda content: content.partition(b"\n")[0] + b'\n{"sha256":[1]}\n',
        "line 2: the last line has no digest",
    ),
    (_sealed(b'{"tree_secret":{', b'{"tree_secret":['), r"line \d+: this is no row"),
    (_sealed(b'{"tree_secret":{', b'{"secret":{'), r"line \d+: the header knows no table secret"),
    (_sealed(b'"secret":"', b'"other":"'), r"line \d+: the row of tree_secret has other columns"),
    (_sealed(b'"position":2,', b'"position":3,'), r"line \d+: event 2 is expected here"),
    (_without("tree_secret"), "line 1: the header lacks tree_secret with secret"),
    (_without("log"), "line 1: the header lacks log with "),
    (_header(sequences={}), "line 1: the header lacks the sequence license_number with a value from 1"),
    (_header(sequences={"license_number": [0, True]}), "with a value from 1 to 999999"),
    (_header(sequences={"license_number": [10**30, True]}), "with a value from 1 to 999999"),
    (_header(sequences={"license_number": [1, True], "other": [1, True]}), "wrote the sequence other"),
    (_header(position=1), r"line 1: the header has \d+ events up to 1:"),
]


@pytest.mark.parametrize(("damaged", "reason"), DAMAGES)
async def test_a_file_that_is_not_whole_changes_nothing(
    dsn: str,
    empty: str,
    recorder: Recorder,
    crowd: Crowd,
    damaged: Callable[[bytes], bytes],
    reason: str,
) -> None:
    await live(recorder, crowd, "Z000001", seed=1)
    content = damaged(await exported(dsn))
    await migrate(empty)
    before = await there(empty)
    with pytest.raises(TransferError, match=reason):
        await restore(empty, io.BytesIO(content))
    assert await there(empty) == before
    async with connection(empty, application="test") as database:
        assert await guarded(database)


async def test_a_table_of_fewer_rows_than_the_header_says_is_not_taken(
    dsn: str, empty: str, recorder: Recorder, crowd: Crowd
) -> None:
    await filled(dsn, recorder, crowd)
    lines = (await exported(dsn)).splitlines(keepends=True)
    [letter] = [line for line in lines if line.startswith(b'{"letter":')]
    await migrate(empty)
    with pytest.raises(TransferError, match="line 1: the header says 1 rows of letter, and there are 0"):
        await restore(empty, io.BytesIO(sealed(b"".join(line for line in lines if line != letter))))


async def number_of(dsn: str) -> str:
    async with Recorder(as_writer(dsn)) as recorder:
        return await recorder.reserve_license_number("application-Z000001")


async def test_numbers_go_on_after_the_highest_on_record_and_a_margin(
    dsn: str, empty: str, recorder: Recorder, crowd: Crowd
) -> None:
    numbers = itertools.count()
    while not (await recorder.read_stream("license-D000002")).records:
        number = next(numbers)
        await live(recorder, crowd, f"Z{number:06}", seed=number)
    content = _header(sequences={"license_number": [1, False]})(await exported(dsn))
    await migrate(empty)
    with pytest.raises(TransferError, match="there are 999997 more"):
        await restore(empty, io.BytesIO(content), margin=999_997)
    assert await number_of(empty) == "D000001", "nothing changed, its numbers neither"
    done = await restore(empty, io.BytesIO(content), margin=10)
    assert (done.number, await number_of(empty)) == ("D000013", "D000013")


async def test_a_stream_that_cannot_be_read_is_carried_and_named(
    dsn: str, empty: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await live(recorder, crowd, "Z000001", seed=1)
    at = await Forger(database).commit(None, unreadable("application-Z000999", 0))
    content = await exported(dsn)
    await migrate(empty)
    done = await restore(empty, io.BytesIO(content))
    assert [(each.stream, each.position) for each in done.unreadable] == [("application-Z000999", at)]
    assert await there(empty) == await there(dsn)
    assert (await rebuild(empty)).differences == ()
    assert await exported(empty) == content


async def guarded(database: Connection) -> bool:
    """Tell whether the triggers of the record stand."""
    enabled = "SELECT bool_and(tgenabled = 'O') FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    return await database.fetchval(f"{enabled} WHERE relnamespace = 'greenlight'::regnamespace") is True


async def test_the_record_is_guarded_again_afterwards(dsn: str, empty: str) -> None:
    content = await exported(dsn)
    await migrate(empty)
    await restore(empty, io.BytesIO(content))
    async with connection(empty, application="test") as database:
        assert await guarded(database)


async def test_a_rehearsal_is_carried_into_no_log_of_production(dsn: str, empty: str) -> None:
    content = await exported(dsn)
    with pytest.raises(MigrationError, match="lacks 0001_record"):
        await restore(empty, io.BytesIO(content))
    await migrate(empty, kind=Kind.REHEARSAL)
    with pytest.raises(MigrationError, match="created for rehearsal and is refused for production"):
        await restore(empty, io.BytesIO(content))
