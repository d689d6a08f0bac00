"""A data folder of before there were users: one start gives everything to its owner, and nothing is lost."""

import gzip
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from greenlight.embedded import Postgres
from greenlight.embedded.users import ADMINISTRATOR, GROUPS, OWNER
from greenlight.eventlog.database import Row, connection
from greenlight.eventlog.migrate import check, migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.test_migrate import BOTH, FORMER, LATER, RECORD
from tests.eventlog.test_roles import permitted

OWNERS = """
SELECT DISTINCT pg_get_userbyid(owner) AS name FROM (
    SELECT nspowner FROM pg_namespace WHERE nspname = 'greenlight'
    UNION ALL SELECT relowner FROM pg_class WHERE relnamespace = 'greenlight'::regnamespace
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'greenlight'::regnamespace
    UNION ALL SELECT typowner FROM pg_type WHERE typnamespace = 'greenlight'::regnamespace
    UNION ALL SELECT datdba FROM pg_database WHERE datname = 'greenlight'
) AS thing (owner)
"""


@pytest_asyncio.fixture
async def former() -> AsyncGenerator[Postgres]:
    """A server as an earlier version left it: its administrator made everything, and nobody else is there."""
    with tempfile.TemporaryDirectory(prefix="former-") as folder:
        postgres = Postgres(Path(folder))
        try:
            await postgres.start()
            async with connection(postgres.administrator_url, application="test") as administrator:
                await administrator.execute(f"ALTER DATABASE greenlight OWNER TO {ADMINISTRATOR}")
                await administrator.execute("REVOKE ALL ON DATABASE greenlight FROM PUBLIC")
                users = ", ".join((OWNER, *GROUPS, *GROUPS.values()))
                await administrator.execute(f"DROP OWNED BY {users}")
                await administrator.execute(f"DROP ROLE {users}")
                await administrator.execute(gzip.decompress(FORMER).decode())
            await postgres.stop()
            yield postgres
        finally:
            await postgres.stop()


async def _there(url: str) -> list[set[Row]]:
    async with connection(url, application="test") as database:
        return [set(await database.fetch(query)) for query in (*BOTH, *LATER, *RECORD)]


async def _owners(url: str) -> set[object]:
    async with connection(url, application="test") as database:
        return {row["name"] for row in await database.fetch(OWNERS)}


async def test_the_first_start_gives_everything_to_its_owner(former: Postgres, crowd: Crowd) -> None:
    await former.start()
    assert await _owners(former.administrator_url) == {OWNER}
    before = await _there(former.owner_url)
    assert all(before[:4]), "it holds cases, licenses, entities and tasks"
    await migrate(former.owner_url)
    assert await _owners(former.administrator_url) == {OWNER}
    await check(former.writer_url)
    assert (await verify(former.database_url)).fault is None
    assert await _there(former.owner_url) == before
    async with Recorder(former.writer_url) as recorder:
        said = await recorder.record(assignment(crowd.officer, "Z000001", 0))
        assert said.status == "refused", "another crowd lived here"
    assert (await verify(former.auditor_url)).fault is None
    # A second start finds nothing to do, and all of it still there.
    await former.stop()
    await former.start()
    assert (await verify(former.database_url)).fault is None


async def test_the_private_database_is_closed_to_whoever_has_no_group(former: Postgres) -> None:
    await former.start()
    for url in (former.database_url, former.writer_url, former.auditor_url):
        async with connection(url, application="test") as database:
            assert await permitted(database, ("CREATE TEMPORARY TABLE mine ()", "CREATE TABLE mine ()")) == []
    async with connection(former.administrator_url, application="test") as administrator:
        closed = "SELECT NOT has_database_privilege('pg_monitor', 'greenlight', 'CONNECT')"
        assert await administrator.fetchval(closed)
