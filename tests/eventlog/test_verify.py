"""Tampering by whoever owns the database, triggers switched off: where is it found?"""

from pathlib import Path

import pytest

from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.payload import payload
from greenlight.eventlog.publish import Publisher
from greenlight.eventlog.published import REWRITTEN, Fault, PublishedLog
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.signed import SERVICE_EVENTS
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.canonical import canonical
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import reprieve_stream
from greenlight.law.reprieve.commands import TakeEffect
from greenlight.law.reprieve.events import TermIssued
from greenlight.signing.keys import SigningKey
from greenlight.tlog.folder import TileFolder
from tests.eventlog.crowd import NOW, Crowd, assignment
from tests.eventlog.histories import live
from tests.law.reprieve.cases import taking_effect

LAST = 14
"""After the ten events of the register."""
KEY = SigningKey.generate()


async def fill(recorder: Recorder, crowd: Crowd) -> None:
    """Ten events of the register, then four assignments at positions 11 to 14."""
    for version in range(2):
        for acn in ("Z000001", "Z000002"):
            await recorder.record(assignment(crowd.officer, acn, version))


async def tamper(database: Connection, *statements: str) -> None:
    async with database.transaction():
        for statement in ("SET LOCAL session_replication_role = replica", *statements):
            await database.execute(statement)


async def published(dsn: str, folder: Path) -> PublishedLog:
    """The log as it stands, published."""
    async with Publisher(dsn, TileFolder(folder), KEY) as publisher:
        assert await publisher.publish() is not None
    return PublishedLog(TileFolder(folder), KEY.public)


async def first_fault(dsn: str, against: PublishedLog | None = None) -> int | None:
    fault = (await verify(dsn, against)).fault
    return fault.position if fault else None


async def test_what_was_recorded_holds(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    for seed in range(6):
        await live(recorder, crowd, f"Z{seed:06}", seed)
    calls: list[tuple[int, int]] = []
    found = await verify(dsn, progress=lambda done, of: calls.append((done, of)))
    assert found.fault is None
    assert found.head.position > LAST
    assert calls[-1] == (found.head.position, found.head.position)


async def test_an_empty_log_holds(empty: str) -> None:
    await migrate(empty)
    assert (await verify(empty)).fault is None


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE greenlight.event SET position = 15 WHERE position = 12", 12),
        ("UPDATE greenlight.event SET stream = 'application-Z000003' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET version = 3 WHERE position = 14", 14),
        ("UPDATE greenlight.event SET type = 'CaseClosed' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET at = at + interval '1 microsecond' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET recorded_at = recorded_at + interval '1 us' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET command_id = 'another-id' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET command_id = NULL WHERE position = 12", 12),
        ("UPDATE greenlight.event SET record = replace(record, 'lee', 'eel') WHERE position = 12", 12),
        ("UPDATE greenlight.event SET record = record || ' ' WHERE position = 12", 12),
        ("UPDATE greenlight.event SET proof = NULL WHERE position = 12", 12),
        ("DELETE FROM greenlight.event WHERE position = 12", 12),
        ("DELETE FROM greenlight.event WHERE position = 14", 14),
        ("DELETE FROM greenlight.event WHERE position = 1", 1),
        ("UPDATE greenlight.command SET command_id = 'another-id' WHERE position = 12", 12),
        ("UPDATE greenlight.command SET stream = 'application-Z000003' WHERE position = 12", 12),
        ("UPDATE greenlight.command SET name = 'recommend' WHERE position = 12", 12),
        ("UPDATE greenlight.command SET body = 'sha256:' WHERE position = 12", 12),
        ("UPDATE greenlight.command SET version = 2 WHERE position = 12", 12),
        ("UPDATE greenlight.command SET position = 13 WHERE position = 12", 12),
        ("UPDATE greenlight.command SET recorded_at = now() WHERE position = 12", 12),
        ("DELETE FROM greenlight.command WHERE position = 12", 12),
        (
            "INSERT INTO greenlight.command"
            " SELECT 'another-id', stream, name, body, version, position, recorded_at, sender,"
            " -position, position"
            " FROM greenlight.command WHERE position = 12",
            12,
        ),
        ("UPDATE greenlight.log SET position = 13", 14),
        ("UPDATE greenlight.log SET position = 15", 15),
        ("UPDATE greenlight.log SET log_id = gen_random_uuid()", 1),
    ],
)
async def test_every_column_is_covered(
    dsn: str,
    recorder: Recorder,
    database: Connection,
    crowd: Crowd,
    statement: str,
    position: int,
    tmp_path: Path,
) -> None:
    await fill(recorder, crowd)
    against = await published(dsn, tmp_path)
    assert await first_fault(dsn, against) is None
    await tamper(database, statement)
    assert await first_fault(dsn, against) == position


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE greenlight.event SET record = replace(record, 'p-lee', 'p-eel') WHERE position = 12",
            "whom the record names",
        ),
        ("UPDATE greenlight.event SET proof = NULL, command_id = NULL WHERE position = 12", "no command"),
        ("UPDATE greenlight.event SET proof = replace(proof, '.', '.A') WHERE position = 12", "proof"),
        (
            "UPDATE greenlight.event SET proof = (SELECT proof FROM greenlight.event WHERE position = 11)"
            " WHERE position = 12",
            "another command",
        ),
        ("UPDATE greenlight.event SET recorded_at = '2100-01-01' WHERE position = 12", "another time"),
        (
            "WITH c AS (UPDATE greenlight.command SET recorded_at = '2100-01-01' WHERE position = 12)"
            " UPDATE greenlight.event SET recorded_at = '2100-01-01' WHERE position = 12",
            "expired",
        ),
        (
            "WITH c AS (UPDATE greenlight.command SET recorded_at = '2000-01-01' WHERE position = 12)"
            " UPDATE greenlight.event SET recorded_at = '2000-01-01' WHERE position = 12",
            "not valid",
        ),
    ],
)
async def test_signatures_hold_where_nothing_was_published(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, statement: str, reason: str
) -> None:
    await fill(recorder, crowd)
    await tamper(database, statement)
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert (fault.position, reason in fault.reason) == (12, True), fault


async def test_without_signatures_only_what_was_published_speaks(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    await fill(recorder, crowd)
    against = await published(dsn, tmp_path)
    forged = "UPDATE greenlight.event SET proof = replace(proof, '.', '.A') WHERE position = 12"
    await tamper(database, forged)
    assert (await verify(dsn, signatures=False)).fault is None
    fault = (await verify(dsn, against, signatures=False)).fault
    assert fault == Fault(position=12, reason=REWRITTEN)


async def test_the_first_of_several_is_named(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await fill(recorder, crowd)
    await tamper(
        database,
        "UPDATE greenlight.event SET version = 7 WHERE position = 14",
        "UPDATE greenlight.event SET type = 'CaseClosed' WHERE position = 11",
        "DELETE FROM greenlight.command WHERE position = 13",
    )
    assert await first_fault(dsn) == 11


async def test_the_database_and_the_walk_agree_on_what_the_service_records_by_itself(
    database: Connection,
) -> None:
    rows = await database.fetch("SELECT type FROM greenlight.event_type WHERE unsigned IS NOT NULL")
    # The first officers have nobody who could sign for them.
    assert {row["type"] for row in rows} == SERVICE_EVENTS | {"FounderRegistered"}


async def test_a_term_that_names_somebody_has_to_be_signed(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """What takes effect in silence names nobody; whoever is named, signed."""
    issued = taking_effect().after(TakeEffect()).of(TermIssued)[-1]
    assert issued.by is None
    named = issued.model_copy(update={"by": crowd.executive.actor})

    def commit(event: TermIssued) -> Commit:
        stream = reprieve_stream("sample")
        append = Append(stream=stream, expected_version=0, events=(event.record(),), view=None)
        return Commit(proof=None, appends=(append,))

    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    said = await database.fetchrow(
        "SELECT * FROM greenlight.append(jsonb_build_array($1::jsonb))",
        payload(commit(named), actor=crowd.executive.actor),
    )
    assert said is not None
    assert (said["status"], said["code"]) == ("refused", RefusalCode.UNSIGNED)
    assert (await recorder.record(commit(issued))).status == "recorded"
    assert (await verify(dsn)).fault is None
    await tamper(
        database,
        'UPDATE greenlight.event SET record = replace(record, \'"by":null\', \'"by":'
        f"{canonical(crowd.executive.actor.model_dump(mode='json')).decode()}') WHERE position = 12",
    )
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert (fault.position, fault.reason) == (12, "it names somebody, and no command is behind it")


async def test_what_was_refused_proves_itself_beside_what_was_accepted(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    """In another case the sender's id is another command's."""
    unwanted = assignment(crowd.officer, "Z000001", 0)
    assert unwanted.proof is not None
    claims = unwanted.proof.claims
    event = CommandRefused(
        at=NOW,
        by=claims.actor,
        command=claims.cmd,
        command_id=claims.jti,
        code=RefusalCode.WRONG_STAGE,
        message="Not now.",
    )
    append = unwanted.appends[0].model_copy(update={"events": (event.record(),)})
    refusal = unwanted.model_copy(update={"appends": (append,), "refuses": True})
    assert (await recorder.record(refusal)).status == "recorded"
    again = assignment(crowd.officer, "Z000002", 0, jti=claims.jti)
    assert (await recorder.record(again)).status == "recorded"
    assert (await verify(dsn)).fault is None


@pytest.mark.parametrize("lived", [False, True])
async def test_a_rehearsal_cannot_be_passed_off_as_production(
    empty: str, lived: bool, tmp_path: Path
) -> None:
    await migrate(empty, kind=Kind.REHEARSAL)
    async with Recorder(empty) as recorder, connection(empty, application="test") as database:
        if lived:
            await Crowd().register(recorder)
        against = await published(empty, tmp_path)
        assert (await verify(empty, against)).fault is None
        await tamper(database, "UPDATE greenlight.log SET kind = 'production'")
    fault = (await verify(empty, against)).fault
    assert fault is not None
    assert (fault.position, "not signed by greenlight/production/" in fault.reason) == (1, True)
