"""Servers that the environment names are used as a guest: with databases and namespaces that go again."""

from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import ListNamespacesRequest

from bench.named import DATABASE_NAMED, TEMPORAL_NAMED, named_servers, namespace_on_run, new_namespace
from greenlight.connection.target import Target, connect
from greenlight.embedded.users import OWNER, WRITER
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import check, migrate
from tests.addresses import as_administrator, create_database, elsewhere
from tests.conftest import servers


async def _databases(url: str) -> set[str]:
    async with connection(url, application="test") as database:
        return {str(row["datname"]) for row in await database.fetch("SELECT datname FROM pg_database")}


async def _namespaces(target: Target) -> set[str]:
    client = await connect(target)
    found = await client.workflow_service.list_namespaces(ListNamespacesRequest(page_size=100))
    # One that is deleted lingers under another name until everything in it is gone.
    names = {each.namespace_info.name for each in found.namespaces}
    return {name for name in names if "deleted" not in name}


async def test_a_run_has_its_own_and_takes_it_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TEMPORAL_NAMED, raising=False)
    monkeypatch.delenv(DATABASE_NAMED, raising=False)
    async with servers(tmp_path) as somebodys:
        administrator = as_administrator(somebodys.database_url)
        before = await _databases(administrator), await _namespaces(somebodys)
        monkeypatch.setenv(TEMPORAL_NAMED, somebodys.address)
        monkeypatch.setenv(DATABASE_NAMED, administrator)
        async with named_servers(tmp_path) as target:
            assert target is not None
            await migrate(target.owner_url)
            await check(target.writer_url)
            async with connection(target.writer_url, application="test") as database:
                assert await database.fetchval("SELECT current_user") == WRITER
                await database.execute("RESET ROLE")
                assert await database.fetchval("SELECT current_user") == WRITER
            await create_database(target.database_url, "more", template="greenlight")
            await check(elsewhere(target, "more").writer_url)
            async with connection(as_administrator(target.owner_url), application="test") as database:
                owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
                assert await database.fetchval(owner) == OWNER
            await new_namespace(target, namespace_on_run(target, "second"))
            assert len(await _databases(administrator) - before[0]) == 2
            assert len(await _namespaces(somebodys) - before[1]) == 2
        assert (await _databases(administrator), await _namespaces(somebodys)) == before


async def test_one_of_the_two_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEMPORAL_NAMED, "somewhere:7233")
    monkeypatch.delenv(DATABASE_NAMED, raising=False)
    with pytest.raises(RuntimeError, match="set both GREENLIGHT_TEST_TEMPORAL and GREENLIGHT_TEST_DATABASE"):
        async with named_servers(tmp_path):
            pass
