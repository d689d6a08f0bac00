"""The users and databases of the deployment, on a real server: who gets in where, and may do what there."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from greenlight.embedded.users import AUDITOR, GROUPS, OWNER, READER, WRITER
from greenlight.eventlog.database import DatabaseError, connection
from greenlight.eventlog.migrate import check
from greenlight.eventlog.verify import verify
from tests.deploy.database import SERVICE, Database
from tests.deploy.files import ROOT, compose, environment
from tests.eventlog.test_roles import on_everything, permitted

SERVICES = compose().services
VARIABLES = {
    "POSTGRES_PASSWORD": "superusers",
    "TEMPORAL_DB_PASSWORD": "temporals",
    "OWNER_DB_PASSWORD": "owners",
    "WORKER_DB_PASSWORD": "workers",
    "READER_DB_PASSWORD": "readers",
    "AUDITOR_DB_PASSWORD": "auditors",
}
OURS = ("greenlight-schema", "worker", "cli")
OTHERS = {name: f"other-{value}" for name, value in VARIABLES.items()}


def environment_of(name: str, variables: dict[str, str] = VARIABLES) -> dict[str, str]:
    return environment(SERVICES[name], variables)


def urls(variables: dict[str, str] = VARIABLES) -> dict[str, str]:
    """The databases that the containers open, as each is told to."""
    server, schema = environment_of("temporal", variables), environment_of("temporal-schema", variables)
    users = {
        "temporal": f"{server['POSTGRES_USER']}:{server['POSTGRES_PWD']}@{server['POSTGRES_SEEDS']}",
        "temporal-schema": f"{schema['SQL_USER']}:{schema['SQL_PASSWORD']}@{schema['SQL_HOST']}",
    }
    return {
        f"{name} {server[database]}": f"postgresql://{user}:{server['DB_PORT']}/{server[database]}"
        for name, user in users.items()
        for database in ("DBNAME", "VISIBILITY_DBNAME")
    } | {
        name: environment_of(name, variables)["DATABASE_URL"]
        for name in ("greenlight-schema", "worker", "cli")
    }


@pytest.fixture(scope="module")
def database() -> Generator[Database]:
    # Near the root: the name of a socket must be short, and the server's user has to reach it.
    with tempfile.TemporaryDirectory(prefix="deploy-") as folder:
        server = Database(Path(folder))
        try:
            server.start(VARIABLES)
            made = server.run_script(environment(SERVICE, VARIABLES))
            assert made.returncode == 0, made.stderr
            yield server
        finally:
            server.stop()


async def ask(database: Database, url: str, question: str) -> object:
    async with connection(database.url(url), application="test") as opened:
        return await opened.fetchval(question)


def migrate(database: Database) -> subprocess.CompletedProcess[str]:
    """What the container `greenlight-schema` runs."""
    python, *arguments = SERVICES["greenlight-schema"].command
    assert python == "python"
    variables = {
        **environment_of("greenlight-schema"),
        "DATABASE_URL": database.url(urls()["greenlight-schema"]),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env={"PATH": os.environ["PATH"], **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def migrated(database: Database) -> Database:
    done = migrate(database)
    assert done.returncode == 0, done.stderr
    return database


@pytest.mark.parametrize("container", urls())
async def test_every_container_gets_in_where_it_is_told_to(database: Database, container: str) -> None:
    url = urls()[container]
    name = url.rpartition("/")[2]
    assert await ask(database, url, "SELECT current_database()") == name


@pytest.mark.parametrize("container", urls())
async def test_nobody_gets_in_with_another_password(database: Database, container: str) -> None:
    with pytest.raises(DatabaseError, match="password authentication failed"):
        await ask(database, urls(OTHERS)[container], "SELECT 1")


@pytest.mark.parametrize(
    ("container", "foreign"),
    [
        ("temporal temporal", "greenlight"),
        ("worker", "temporal"),
        ("cli", "temporal"),
        ("greenlight-schema", "temporal_visibility"),
    ],
)
async def test_nobody_gets_into_the_databases_of_others(
    database: Database, container: str, foreign: str
) -> None:
    url = urls()[container].rpartition("/")[0] + f"/{foreign}"
    with pytest.raises(DatabaseError, match="permission denied for database"):
        await ask(database, url, "SELECT 1")


async def test_no_user_has_power_over_the_server(database: Database) -> None:
    question = """
        SELECT array_agg(rolname::text ORDER BY rolname) FROM pg_roles
        WHERE rolcanlogin AND rolname <> 'postgres'
          AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
    """
    users = await ask(database, urls()["worker"], question)
    assert users == [
        "greenlight_audit",
        "greenlight_cli",
        "greenlight_owner",
        "greenlight_worker",
        "temporal",
    ]


@pytest.mark.parametrize("container", ["temporal-schema temporal", "temporal-schema temporal_visibility"])
async def test_the_schema_step_of_temporal_can_make_tables_and_extensions(
    database: Database, container: str
) -> None:
    url = urls()[container]
    assert await ask(database, url, "SELECT has_database_privilege(current_database(), 'CREATE')")
    assert await ask(database, url, "SELECT has_schema_privilege('public', 'CREATE')")


async def test_text_is_unicode_and_sorts_alike_on_every_system(database: Database) -> None:
    url = urls()["worker"]
    assert await ask(database, url, "SHOW server_encoding") == "UTF8"
    locale = (
        "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = current_database()"
    )
    assert await ask(database, url, locale) == "b C.UTF-8"


async def test_the_server_takes_its_options(database: Database) -> None:
    options = [word for word in SERVICE.command if "=" in word]
    assert options
    for option in options:
        name, _, value = option.partition("=")
        assert await ask(database, urls()["worker"], f"SHOW {name}") == value


async def test_the_migration_step_succeeds_and_does_nothing_the_second_time(migrated: Database) -> None:
    applied = "SELECT array_agg(applied_at) FROM greenlight.migration"
    first = await ask(migrated, urls()["worker"], applied)
    assert first
    assert migrate(migrated).returncode == 0
    assert await ask(migrated, urls()["worker"], applied) == first


def of_user(user: str, password: str) -> str:
    """The address of a user for whom no container is here."""
    return f"postgresql://{user}:{VARIABLES[password]}@postgresql:5432/greenlight"


USERS = {
    WRITER: of_user(WRITER, "WORKER_DB_PASSWORD"),
    READER: of_user(READER, "READER_DB_PASSWORD"),
    AUDITOR: of_user(AUDITOR, "AUDITOR_DB_PASSWORD"),
}


async def test_the_users_are_those_of_the_embedded_default(migrated: Database) -> None:
    assert USERS[WRITER] == urls()["worker"]
    assert USERS[READER] == urls()["cli"]
    members = """
        SELECT array_agg(member::regrole || ' ' || roleid::regrole || ' ' || inherit_option || set_option
                         ORDER BY member::regrole::text)
        FROM pg_auth_members WHERE roleid::regrole::text LIKE 'greenlight%'
    """
    expected = [f"{user} {group} truefalse" for user, group in sorted(GROUPS.items())]
    assert await ask(migrated, urls()["worker"], members) == expected
    owners = "SELECT array_agg(DISTINCT tableowner) FROM pg_tables WHERE schemaname = 'greenlight'"
    assert await ask(migrated, urls()["worker"], owners) == [OWNER]


@pytest.mark.parametrize("user", USERS)
async def test_what_is_not_theirs_is_refused_on_everything_there_is(migrated: Database, user: str) -> None:
    async with (
        connection(migrated.url(urls()["greenlight-schema"]), application="test") as owner,
        connection(migrated.url(USERS[user]), application="test") as opened,
    ):
        statements = await on_everything(owner, user)
        assert await permitted(opened, (*statements, "CREATE TEMPORARY TABLE mine ()")) == []


async def test_the_schema_is_read_and_recorded_in(migrated: Database) -> None:
    for url in USERS.values():
        await check(migrated.url(url))
        assert (await verify(migrated.url(url))).fault is None
    number = "SELECT greenlight.reserve_license_number('application-Z000001')"
    assert await ask(migrated, urls()["worker"], number) == "D000001"


FORMER = (
    "REVOKE greenlight_writer FROM greenlight_worker",
    "GRANT TEMPORARY ON DATABASE greenlight TO greenlight_worker",
    "GRANT USAGE ON SCHEMA greenlight TO greenlight_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA greenlight TO greenlight_worker",
    "ALTER DEFAULT PRIVILEGES FOR ROLE greenlight_owner IN SCHEMA greenlight"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO greenlight_worker",
    "ALTER DEFAULT PRIVILEGES FOR ROLE greenlight_owner IN SCHEMA greenlight"
    " GRANT USAGE, SELECT ON SEQUENCES TO greenlight_worker",
    "UPDATE greenlight.derived SET digest = 'former' WHERE name = 'functions'",
)


async def test_a_volume_of_before_is_brought_here_by_the_script_and_the_migration(migrated: Database) -> None:
    async with connection(migrated.administrator, application="test") as database:
        for statement in FORMER:
            await database.execute(statement)
    assert migrated.run_script(environment(SERVICE, VARIABLES)).returncode == 0
    done = migrate(migrated)
    assert done.returncode == 0, done.stderr
    await test_what_is_not_theirs_is_refused_on_everything_there_is(migrated, WRITER)


async def test_the_script_can_be_run_again_to_change_passwords(migrated: Database) -> None:
    try:
        assert migrated.run_script(environment(SERVICE, OTHERS)).returncode == 0
        for container, url in urls(OTHERS).items():
            assert await ask(migrated, url, "SELECT 1") == 1, container
            with pytest.raises(DatabaseError, match="password authentication failed"):
                await ask(migrated, urls()[container], "SELECT 1")
        assert await ask(migrated, urls(OTHERS)["worker"], "SELECT count(*) FROM greenlight.migration")
    finally:
        assert migrated.run_script(environment(SERVICE, VARIABLES)).returncode == 0


@pytest.mark.parametrize("missing", [name for name in VARIABLES if name != "POSTGRES_PASSWORD"])
async def test_the_script_refuses_a_missing_or_empty_password(database: Database, missing: str) -> None:
    for variables in (
        {name: value for name, value in VARIABLES.items() if name != missing},
        {**VARIABLES, missing: ""},
    ):
        refused = database.run_script(variables)
        assert refused.returncode != 0
        assert missing in refused.stderr
    assert await ask(database, urls()["worker"], "SELECT 1") == 1
