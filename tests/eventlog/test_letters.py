"""Which letters are owed, and what is kept of them."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.letters import LetterBox, LetterConflictError, Owed
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.streams import application_stream
from greenlight.law.letter import NOTICES, LetterKind
from greenlight.law.registry import aggregate_of
from tests.eventlog.crowd import Crowd
from tests.eventlog.decided import OWED, decided
from tests.eventlog.histories import live
from tests.eventlog.server import as_writer
from tests.law.application.stories import EXISTING as APPLICATIONS
from tests.law.license.cases import EXISTING as LICENSES
from tests.law.reprieve.cases import CASES as REPRIEVES
from tests.letters.flips import CASES, moment
from tests.letters.notices import OVER, corrected, extended, near, one_of_two_is_over

ACN = "Z000001"
PDF = b"%PDF-1.7 a letter"
CODE = "2KMN-F5PT-91Q1-FJQ0"
SENT = "UPDATE greenlight.outbox SET sent_at = now() WHERE letter_id = $1"
RESTS_ON = "sha256:" + "0" * 64


@pytest_asyncio.fixture
async def box(dsn: str) -> AsyncGenerator[LetterBox]:
    async with LetterBox(as_writer(dsn)) as box:
        yield box


@pytest_asyncio.fixture
async def owed(recorder: Recorder, crowd: Crowd, box: LetterBox) -> Owed:
    """The only letter that is owed."""
    await decided(recorder, crowd, ACN, "withdrawn")
    (owed,) = await box.pending()
    return owed


async def put(box: LetterBox, owed: Owed, pdf: bytes = PDF, rests_on: str = RESTS_ON) -> None:
    await box.put(owed.letter_id, rests_on=rests_on, digest=digest_bytes(pdf), pdf=pdf, sheet="{}", code=CODE)


@pytest.mark.parametrize("outcome", OWED)
async def test_a_decision_leaves_its_letters_owed(
    recorder: Recorder, crowd: Crowd, box: LetterBox, outcome: str
) -> None:
    story = await decided(recorder, crowd, ACN, outcome)
    owed = await box.pending()
    assert tuple(letter.kind for letter in owed) == OWED[outcome]
    assert owed[0].letter_id == f"{application_stream(ACN)}-{story.version}-{owed[0].kind}"
    assert all(letter.attempts == 0 for letter in owed)


async def test_the_database_and_the_law_agree_on_what_calls_for_a_letter(
    recorder: Recorder, crowd: Crowd, database: Connection, box: LetterBox
) -> None:
    await asyncio.gather(*(live(recorder, crowd, f"Z{n:06}", seed=n) for n in range(44, 84)))
    rows = await database.fetch(
        "SELECT stream, version, record FROM greenlight.event WHERE stream NOT LIKE 'officer-%'"
        " ORDER BY position"
    )
    expected = [
        (row["stream"], row["version"], kind)
        for row in rows
        if (kind := aggregate_of(str(row["stream"])).read(str(row["record"])).letter)
    ]
    assert len({kind for _, _, kind in expected}) == 5, "some letter does not occur: choose other seeds"
    assert [(owed.stream, owed.version, owed.kind) for owed in await box.pending()] == expected


CALLED_FOR = """
SELECT letter FROM greenlight.event_type WHERE type = $1 AND greenlight.calls_for_it(letter_if, $2)
"""


async def test_they_agree_on_each_kind_of_event(dsn: str, database: Connection) -> None:
    reprieves = [story for stories in REPRIEVES.values() for story in stories.values()]
    rules = (lambda: near().at(OVER), lambda: extended().at(OVER))
    told = moment(*CASES, officers=("olga",))
    stories = (
        *APPLICATIONS.values(),
        *LICENSES.values(),
        *reprieves,
        corrected,
        one_of_two_is_over,
        *rules,
    )
    # Some events call for a letter or for none, by what they say.
    lived = (*(event for story in stories for event in story().events), *told)
    events = {(type(event).__name__, event.letter): event for event in lived}
    assert {kind for _, kind in events} >= NOTICES
    for ended in ("TermExpired", "ActEnded"):
        assert {(ended, None), (ended, LetterKind.NOTICE_OF_END)} <= set(events)
    for (name, kind), event in events.items():
        due = await database.fetchval(CALLED_FOR, name, event.record())
        assert due == kind, name


async def test_a_command_sent_twice_owes_one_letter(
    recorder: Recorder, crowd: Crowd, box: LetterBox, owed: Owed
) -> None:
    await decided(recorder, crowd, "Z000002", "returned")
    assert [letter.stream for letter in await box.pending()] == [owed.stream, "application-Z000002"]


async def test_a_letter_is_stored_as_it_is(box: LetterBox, owed: Owed, dsn: str) -> None:
    before = datetime.now(UTC)
    assert await box.letter(owed.letter_id) is None
    await put(box, owed)
    letter = await box.letter(owed.letter_id)
    assert letter is not None
    assert (letter.pdf, letter.digest, letter.rests_on) == (PDF, digest_bytes(PDF), RESTS_ON)
    assert letter.recorded_at >= before
    assert (await verify(dsn)).fault is None


async def test_the_same_letter_again_changes_nothing(box: LetterBox, owed: Owed) -> None:
    await put(box, owed)
    first = await box.letter(owed.letter_id)
    await put(box, owed)
    assert await box.letter(owed.letter_id) == first


async def test_another_letter_under_the_same_id_is_refused(box: LetterBox, owed: Owed) -> None:
    await put(box, owed)
    with pytest.raises(LetterConflictError, match=owed.letter_id):
        await put(box, owed, pdf=PDF + b"!")
    with pytest.raises(LetterConflictError):
        await put(box, owed, rests_on="sha256:" + "1" * 64)


async def test_a_letter_that_nobody_owes_is_refused(box: LetterBox, owed: Owed) -> None:
    with pytest.raises(DatabaseError):
        await put(box, owed.model_copy(update={"letter_id": "application-Z000001-1-grant"}))


async def test_a_digest_of_something_else_is_refused(box: LetterBox, owed: Owed) -> None:
    with pytest.raises(DatabaseError):
        await box.put(owed.letter_id, rests_on=RESTS_ON, digest=RESTS_ON, pdf=PDF, sheet="{}", code=CODE)


async def test_what_was_sent_is_owed_no_more(box: LetterBox, owed: Owed, database: Connection) -> None:
    await put(box, owed)
    await box.mark_sent(owed.letter_id)
    first = await database.fetchval("SELECT sent_at FROM greenlight.outbox")
    await box.mark_sent(owed.letter_id)
    assert await database.fetchval("SELECT sent_at FROM greenlight.outbox") == first
    assert await box.pending() == ()
    async with box.claim(owed.letter_id) as claimed:
        assert not claimed


async def test_a_letter_is_due_within_five_days_of_its_event(
    box: LetterBox, owed: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decided on 1 September 2026, it is to go out on the 6th at the latest (15 CFR 750.6(a))."""
    (listed,) = await box.of(owed.stream)
    assert listed.due == datetime(2026, 9, 7, 4, tzinfo=UTC)
    assert listed.overdue, "the crowd lives in the past"
    assert await box.unsent() == (listed,)
    monkeypatch.setattr("greenlight.eventlog.letters.notice_due", _much_later)
    assert [letter.overdue for letter in await box.unsent()] == [False]
    await put(box, owed)
    await box.mark_sent(owed.letter_id)
    (listed,) = await box.of(owed.stream)
    assert (listed.due, listed.overdue) == (None, False)
    assert await box.unsent() == ()


def _much_later(at: datetime) -> datetime:
    return at.replace(year=2199)


async def test_what_is_kept_is_gone_through_page_by_page(
    box: LetterBox,
    owed: Owed,
    recorder: Recorder,
    crowd: Crowd,
    database: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("greenlight.eventlog.letters.PAGE_LETTERS", 1)
    assert [kept async for kept in box.kept()] == []
    await put(box, owed)
    await decided(recorder, crowd, "Z000002", "withdrawn")
    (other,) = [letter for letter in await box.pending() if letter.stream != owed.stream]
    await database.execute(SENT, other.letter_id)
    kept = [letter async for letter in box.kept()]
    assert [(letter.letter_id, letter.digest, letter.of_pdf) for letter in kept] == [
        (owed.letter_id, digest_bytes(PDF), digest_bytes(PDF)),
        (other.letter_id, None, None),
    ]
    assert await box.how_many() == 2
    assert [letter.letter_id async for letter in box.kept(other.stream)] == [other.letter_id]
    assert await box.how_many(other.stream) == 1


async def test_one_at_a_time_has_a_letter(box: LetterBox, owed: Owed, dsn: str) -> None:
    async with LetterBox(dsn) as other:
        async with box.claim(owed.letter_id) as mine, other.claim(owed.letter_id) as theirs:
            assert (mine, theirs) == (True, False)
        async with other.claim(owed.letter_id) as later:
            assert later
    (tried,) = await box.pending()
    assert tried.attempts == 2


async def test_a_claim_ends_with_its_connection(
    box: LetterBox, owed: Owed, dsn: str, database: Connection
) -> None:
    async with LetterBox(dsn, application="doomed") as other, other.claim(owed.letter_id) as theirs:
        assert theirs
        await database.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'doomed'"
        )
        async with box.claim(owed.letter_id) as mine:
            assert mine


async def test_those_that_fail_do_not_stand_before_the_others(
    box: LetterBox, owed: Owed, recorder: Recorder, crowd: Crowd
) -> None:
    async with box.claim(owed.letter_id):
        pass
    await decided(recorder, crowd, "Z000002", "withdrawn")
    assert [letter.attempts for letter in await box.pending()] == [0, 1]
    assert len(await box.pending(limit=1)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE greenlight.letter SET pdf = 'x'",
        "DELETE FROM greenlight.letter",
        "TRUNCATE greenlight.letter",
        "UPDATE greenlight.letter_paper SET sheet = '{}'",
        "DELETE FROM greenlight.letter_paper",
        "TRUNCATE greenlight.letter_paper",
        "DELETE FROM greenlight.outbox",
        "TRUNCATE greenlight.outbox CASCADE",
        "UPDATE greenlight.outbox SET kind = 'denial'",
        "UPDATE greenlight.outbox SET sent_at = NULL",
        "UPDATE greenlight.outbox SET attempts = 0",
    ],
)
async def test_letters_and_what_was_sent_stay(
    box: LetterBox, owed: Owed, database: Connection, statement: str
) -> None:
    await put(box, owed)
    await box.mark_sent(owed.letter_id)
    with pytest.raises(DatabaseError, match="only appended to"):
        await database.execute(statement)


async def test_records_are_read_up_to_a_version(box: LetterBox, owed: Owed) -> None:
    everything = await box.records(owed.stream)
    assert len(everything) == owed.version
    assert await box.records(owed.stream, 2) == everything[:2]
    assert await box.records("application-Z999999") == ()
