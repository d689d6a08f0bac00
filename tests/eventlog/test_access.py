"""Access records: noted before anything is shown, never changed, and the auditor's to read."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.embedded.users import AUDITOR, OWNER, READER, WRITER
from greenlight.eventlog.access import Access, AccessLog, AccessReader, Reading
from greenlight.eventlog.database import Connection, DatabaseError, connection
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.roles import Role
from tests.addresses import as_user

AT_ALL_TIMES = {"since": datetime(2020, 1, 1, tzinfo=UTC), "until": datetime(2999, 1, 1, tzinfo=UTC)}

ENDED = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name = 'greenlight-access' AND datname = current_database() AND wait_event_type = 'Lock'
"""


class Jones(Reading):
    """Somebody who reads: a reading has all that is noted of them."""

    officer: str = "jones"
    person: str = "p-jones"
    organisation: str = "acme"
    role: Role = Role.APPLICANT
    kid: str = "k" * 43
    stream: str = ""
    what: str = ""


async def noted(dsn: str, *, stream: str | None = None, officer: str | None = None) -> list[Access]:
    async with AccessReader(as_user(dsn, AUDITOR)) as reader:
        return [each async for each in reader.readings(stream=stream, officer=officer, **AT_ALL_TIMES)]


@pytest.mark.parametrize("user", [READER, WRITER])
async def test_who_read_what_is_there_for_the_auditor(dsn: str, user: str) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    async with AccessLog(as_user(dsn, user)) as log:
        await log.note(Jones(), "application-Z000001", "dossier")
        await log.note_all(Jones(officer="king"), ("application-Z000001", "license-D000001"), "docket")
    first, *rest = await noted(dsn)
    assert (first.officer, first.person, first.organisation) == ("jones", "p-jones", "acme")
    assert (first.role, first.kid, first.stream) == (Role.APPLICANT, "k" * 43, "application-Z000001")
    assert (first.what, first.login) == ("dossier", user)
    assert before < first.at < datetime.now(UTC) + timedelta(minutes=1)
    assert [each.what for each in rest] == ["docket", "docket"]
    assert [each.officer for each in await noted(dsn, stream="license-D000001")] == ["king"]
    assert [each.what for each in await noted(dsn, officer="jones")] == ["dossier"]


async def test_a_page_and_many_callers_are_few_statements(dsn: str) -> None:
    statements = "SELECT xmin::text AS by, count(*) AS rows FROM greenlight.access GROUP BY 1"
    async with AccessLog(as_user(dsn, READER)) as log:
        await log.note_all(Jones(), (f"application-Z{number:06}" for number in range(100)), "docket")
        async with connection(dsn, application="test") as database:
            assert [row["rows"] for row in await database.fetch(statements)] == [100]
            await asyncio.gather(
                *(log.note(Jones(officer=f"o-{number}"), "list-current", "list") for number in range(600))
            )
            assert len(await database.fetch(statements)) <= 3
    assert {each.officer for each in await noted(dsn, stream="list-current")} == {
        f"o-{number}" for number in range(600)
    }


async def test_whoever_gives_up_takes_nothing_from_the_others(dsn: str) -> None:
    async with AccessLog(as_user(dsn, READER)) as log:
        first = asyncio.create_task(log.note(Jones(), "list-current", "list"))
        other = asyncio.create_task(log.note(Jones(officer="king"), "list-current", "list"))
        await asyncio.sleep(0)
        first.cancel()
        await other
        with pytest.raises(asyncio.CancelledError):
            await first
    assert {each.officer for each in await noted(dsn)} == {"jones", "king"}


async def test_what_cannot_be_noted_is_told_to_all_who_wait_and_the_next_are_noted(dsn: str) -> None:
    async with AccessLog(as_user(dsn, READER)) as log:
        await log.note(Jones(), "list-current", "list")
        async with (
            connection(dsn, application="test") as locking,
            locking.transaction(),
            connection(dsn, application="test") as database,
        ):
            await locking.execute("LOCK greenlight.access IN SHARE MODE")
            both = (log.note(Jones(officer=name), "list-current", "list") for name in ("king", "lopez"))
            waiting = asyncio.gather(*both, return_exceptions=True)
            while not await database.fetchval(ENDED):  # noqa: ASYNC110  # The server tells nobody.
                await asyncio.sleep(0.01)
            told = await waiting
        assert [type(each) for each in told] == [LogUnavailableError] * 2
        await log.note(Jones(officer="moore"), "list-current", "list")
    assert [each.officer for each in await noted(dsn)] == ["jones", "moore"]


async def test_nothing_on_record_is_changed_and_for_five_years_nothing_deleted(
    dsn: str, database: Connection
) -> None:
    async with AccessLog(as_user(dsn, READER)) as log:
        await log.note(Jones(), "list-current", "list")
    old = "INSERT INTO greenlight.access (at, officer, person, organisation, role, kid, stream, what)"
    values = "'king', 'p-king', 'acme', 'applicant', '', 'list-current', 'list'"
    await database.execute(f"{old} SELECT now() - interval '5 years 1 day', {values}")
    async with connection(as_user(dsn, OWNER), application="test") as owner:
        for statement in (
            "UPDATE greenlight.access SET officer = 'nobody'",
            "TRUNCATE greenlight.access",
            "DELETE FROM greenlight.access",
        ):
            with pytest.raises(DatabaseError, match="only appended to"):
                await owner.execute(statement)
        assert await owner.execute("DELETE FROM greenlight.access WHERE officer = 'king'") == "DELETE 1"
    assert [each.officer for each in await noted(dsn)] == ["jones"]


async def test_what_was_read_is_a_word_and_no_content(dsn: str) -> None:
    async with AccessLog(as_user(dsn, READER)) as log:
        with pytest.raises(DatabaseError, match="access_what_check"):
            await log.note(Jones(), "list-current", "GPUs for ACME Ltd")
