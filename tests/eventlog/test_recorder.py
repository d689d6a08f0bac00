"""Recording: in order, without gaps, once, and many at a time."""

import asyncio

import pytest

from greenlight.eventlog.database import BRIEF, Connection, DatabaseError, Limits
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.pages import PAGE_BYTES, PAGE_RECORDS
from greenlight.eventlog.payload import NotRecordableError
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Append, Commit, Recorded, last_of
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.events import DeadlinePassed
from tests.eventlog.crowd import NOW, Crowd, assignment, commit

STREAM = application_stream("Z000001")


def deadline_passed() -> DeadlinePassed:
    return DeadlinePassed(at=NOW, deadline="resolution", started_at=NOW, citation="15 CFR 750.4(a)(1)")


async def test_nothing_is_skipped_by_a_reader_beside_sixteen_writers(
    dsn: str, crowd: Crowd, recorder: Recorder
) -> None:
    """Two processes' worth of writers, eight on each of two recorders."""
    commits_each, seen = 25, list[int]()
    done = asyncio.Event()

    async def write(to: Recorder, acn: str) -> None:
        for version in range(commits_each):
            said = await to.record(assignment(crowd.officer, acn, version))
            assert said.status == "recorded"

    async def tail() -> None:
        async with Reader(dsn) as reader:
            while True:
                finished = done.is_set()
                async for event in reader.log(seen[-1] if seen else 0):
                    seen.append(event.position)
                if finished:
                    return

    async with Recorder(dsn) as other:
        tailing = asyncio.create_task(tail())
        await asyncio.gather(
            *(write(to, f"Z0000{number:02}") for number, to in enumerate((recorder, other) * 8))
        )
        done.set()
        await tailing
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) == crowd.events + 16 * commits_each
    assert (await verify(dsn)).fault is None


async def test_one_command_sent_a_hundred_times_leads_to_one_event(
    database: Connection, crowd: Crowd, recorder: Recorder
) -> None:
    once = assignment(crowd.officer, "Z000001", 0)
    answers = await asyncio.gather(*(recorder.record(once) for _ in range(100)))
    assert [said.status for said in answers].count("recorded") == 1
    assert {said.status for said in answers} == {"recorded", "duplicate"}
    assert {(said.version, said.position) for said in answers} == {(1, crowd.events + 1)}
    assert await database.fetchval("SELECT count(*) FROM greenlight.event WHERE stream = $1", STREAM) == 1


async def test_a_duplicate_brings_what_the_caller_has_not_seen(crowd: Crowd, recorder: Recorder) -> None:
    once = assignment(crowd.officer, "Z000001", 0)
    await recorder.record(once)
    later = assignment(crowd.officer, "Z000001", 1)
    await recorder.record(later)
    said = await recorder.record(once)
    assert (said.status, said.version) == ("duplicate", 1)
    assert said.missing == once.appends[0].events + later.appends[0].events


async def test_an_id_is_for_one_command(database: Connection, crowd: Crowd, recorder: Recorder) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0, jti="the-same-id"))
    for change in (
        {"body": "sha256:" + "0" * 64},
        {"cmd": "recommend"},
    ):
        said = await recorder.record(assignment(crowd.officer, "Z000001", 1, jti="the-same-id", **change))
        assert (said.status, said.code) == ("refused", RefusalCode.COMMAND_ID_REUSED)
        assert not said.on_record
    kinds = await database.fetch(
        "SELECT type FROM greenlight.event WHERE position > $1 ORDER BY position", crowd.events
    )
    assert [row["type"] for row in kinds] == ["CaseAssigned"]


async def test_behind_brings_what_is_missing_page_by_page(crowd: Crowd, recorder: Recorder) -> None:
    events = tuple(deadline_passed() for _ in range(PAGE_RECORDS + 5))
    await recorder.record(commit(None, 0, *events, stream=STREAM))
    said = await recorder.record(assignment(crowd.officer, "Z000001", 3))
    assert (said.status, said.version) == ("behind", len(events))
    assert (len(said.missing), said.more) == (PAGE_RECORDS, True)
    page = await recorder.read_stream(STREAM, 3 + PAGE_RECORDS)
    assert (len(page.records), page.more) == (2, False)


async def test_whoever_holds_another_record_than_the_log_is_told_so(crowd: Crowd, recorder: Recorder) -> None:
    """As after a restored backup: nothing is missing, for the log has gone another way, or not as far."""
    events = tuple(deadline_passed().model_copy(update={"citation": text}) for text in "abc")
    records = tuple(event.record() for event in events)
    await recorder.record(commit(None, 0, *events, stream=STREAM))

    async def said(version: int, last: str) -> Recorded:
        meant = assignment(crowd.officer, "Z000001", version)
        append = meant.appends[0].model_copy(update={"last": last_of((last,))})
        return await recorder.record(meant.model_copy(update={"appends": (append,)}))

    for version, last in ((2, records[0]), (1, "{}"), (3, records[1]), (4, records[2]), (9, records[2])):
        astray = await said(version, last)
        assert (astray.status, astray.version, astray.missing) == ("behind", 3, ())
        assert astray.parted
    behind = await said(2, records[1])
    assert (behind.status, behind.missing, behind.parted) == ("behind", records[2:], False)
    at_the_end = await said(3, records[2])
    assert (at_the_end.status, at_the_end.parted) == ("recorded", False)


async def test_a_refusal_begins_no_stream_that_is_believed_to_go_on(
    database: Connection, crowd: Crowd, recorder: Recorder
) -> None:
    expired = assignment(crowd.officer, "Z000001", 3, iat=1, exp=2)
    said = await recorder.record(expired)
    assert (said.status, said.code) == ("refused", RefusalCode.PROOF_EXPIRED)
    assert (said.on_record, said.parted) == (False, True)
    assert await database.fetchval("SELECT count(*) FROM greenlight.event WHERE stream = $1", STREAM) == 0


async def test_a_page_is_bounded_in_bytes_but_never_empty(recorder: Recorder) -> None:
    half, whole = (
        deadline_passed().model_copy(update={"citation": "x" * (share * PAGE_BYTES // 10)})
        for share in (6, 11)
    )
    await recorder.record(commit(None, 0, half, half, whole, stream=STREAM))
    for after, more in ((0, True), (1, True), (2, False)):
        page = await recorder.read_stream(STREAM, after)
        assert (len(page.records), page.more) == (1, more)


async def test_many_streams_are_read_at_once_each_from_its_own_version(recorder: Recorder) -> None:
    other = application_stream("Z000002")
    await recorder.record(
        commit(None, 0, *(deadline_passed() for _ in range(PAGE_RECORDS + 5)), stream=STREAM)
    )
    await recorder.record(commit(None, 0, *(deadline_passed() for _ in range(3)), stream=other))
    pages = await recorder.read_streams({other: 1, STREAM: 2, application_stream("Z000003"): 0})
    assert {stream: (len(page.records), page.more) for stream, page in pages.items()} == {
        other: (2, False),
        STREAM: (PAGE_RECORDS, True),
        application_stream("Z000003"): (0, False),
    }
    assert pages[STREAM] == await recorder.read_stream(STREAM, 2)


async def test_commits_of_one_batch_see_each_other(crowd: Crowd, recorder: Recorder) -> None:
    first, second, stale = (assignment(crowd.officer, "Z000001", version) for version in (0, 1, 1))
    answers = await asyncio.gather(*(recorder.record(each) for each in (first, second, stale)))
    assert [said.status for said in answers] == ["recorded", "recorded", "behind"]
    assert answers[2].missing == second.appends[0].events


async def test_a_lost_answer_is_given_again(crowd: Crowd, recorder: Recorder) -> None:
    """What has no accepted command to know it by is known by standing there already."""
    service = commit(None, 0, deadline_passed(), stream=STREAM)
    claims = assignment(crowd.officer, "Z000001", 0).proof
    assert claims is not None
    refusal = CommandRefused(
        at=NOW,
        by=crowd.officer.actor,
        command="assign",
        command_id=claims.claims.jti,
        code=RefusalCode.WRONG_STAGE,
        message="not now",
    )
    refused = commit(claims, 1, refusal).model_copy(update={"refuses": True})
    assert await recorder.record(service) == await recorder.record(service)
    assert (await recorder.record(refused)).status == "recorded"
    again = await recorder.record(refused)
    assert (again.status, again.code, again.on_record) == ("refused", RefusalCode.WRONG_STAGE, True)
    assert len((await recorder.read_stream(STREAM)).records) == 2


async def test_all_streams_of_a_commit_or_none(
    database: Connection, crowd: Crowd, recorder: Recorder
) -> None:
    await recorder.record(commit(None, 0, deadline_passed(), stream="license-D000001"))
    one = assignment(crowd.officer, "Z000001", 0)
    both = one.model_copy(
        update={
            "appends": (
                *one.appends,
                Append(
                    stream="license-D000001",
                    expected_version=0,
                    events=(deadline_passed().record(),),
                    view=None,
                ),
            )
        }
    )
    assert (await recorder.record(both)).status == "behind"
    assert (
        await database.fetchval("SELECT count(*) FROM greenlight.event WHERE position > $1", crowd.events)
        == 1
    )


async def test_a_commit_the_database_cannot_take_takes_no_other_with_it(
    crowd: Crowd, recorder: Recorder
) -> None:
    row: JsonObject = {"acn": "Z000002", "stage": None}
    bad = assignment(crowd.officer, "Z000002", 0)
    bad = Commit.model_validate(
        {
            **bad.model_dump(),
            "appends": [{**bad.appends[0].model_dump(), "view": {"model": "docket", "row": row}}],
        }
    )
    good = [assignment(crowd.officer, f"Z00001{number}", 0) for number in range(5)]
    answers = await asyncio.gather(
        *(recorder.record(each) for each in (*good[:2], bad, *good[2:])), return_exceptions=True
    )
    assert isinstance(answers.pop(2), DatabaseError)
    assert [said.status for said in answers if isinstance(said, Recorded)] == ["recorded"] * 5


async def test_events_name_no_other_actor_than_the_proof(crowd: Crowd, recorder: Recorder) -> None:
    own = assignment(crowd.officer, "Z000001", 0)
    others = assignment(crowd.executive, "Z000001", 0)
    with pytest.raises(NotRecordableError):
        await recorder.record(own.model_copy(update={"appends": others.appends}))


async def test_it_connects_again(database: Connection, crowd: Crowd, recorder: Recorder) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    commit = assignment(crowd.officer, "Z000001", 1)
    async with database.transaction():
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        recording = asyncio.create_task(recorder.record(commit))
        while not await database.fetchval(TERMINATE):  # noqa: ASYNC110  # Nothing tells.
            await asyncio.sleep(0.01)
        with pytest.raises(LogUnavailableError):
            await recording
    assert (await recorder.record(commit)).status == "recorded"


TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'greenlight' AND wait_event_type = 'Lock'
"""


@pytest.mark.parametrize("limits", [BRIEF._replace(statement=0.2), BRIEF._replace(lock=0.2)])
async def test_whoever_waits_too_long_is_told(
    database: Connection, dsn: str, crowd: Crowd, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    monkeypatch.setattr("greenlight.eventlog.session.BRIEF", limits)
    async with Recorder(dsn) as recorder:
        async with database.transaction():
            await database.execute("SELECT FROM greenlight.log FOR UPDATE")
            with pytest.raises(LogUnavailableError):
                await recorder.record(assignment(crowd.officer, "Z000001", 0))
        assert (await recorder.record(assignment(crowd.officer, "Z000001", 0))).status == "recorded"


async def test_license_numbers_are_given_out_once(recorder: Recorder) -> None:
    numbers = await asyncio.gather(
        *(recorder.reserve_license_number("application-Z000001") for _ in range(20))
    )
    assert sorted(numbers) == [f"D{number:06}" for number in range(1, 21)]


async def test_in_a_rehearsal_a_license_is_numbered_after_its_case(empty: str) -> None:
    await migrate(empty, kind=Kind.REHEARSAL)
    async with Recorder(empty) as recorder:
        assert await recorder.reserve_license_number("application-Z004711") == "D004711"
        for number in ("D004711", "D004712", "D999999"):
            append = Append(
                stream=license_stream(number),
                expected_version=0,
                events=(deadline_passed().record(),),
                view=None,
            )
            await recorder.record(Commit(proof=None, appends=(append,)))
        assert await recorder.reserve_license_number("application-Z004711") == "D004713"
        assert await recorder.reserve_license_number("application-Z999999") == "D000000"
