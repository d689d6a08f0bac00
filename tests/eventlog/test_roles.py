"""Each of the service's users tries on everything that the catalog has what is not theirs to do."""

import json
import re
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from greenlight.embedded.users import AUDITOR, GROUPS, OWNER, READER, WRITER
from greenlight.eventlog import roles
from greenlight.eventlog.database import Connection, DatabaseError, connection
from greenlight.eventlog.derived import KNOWN_FACTS
from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.lists import read_content, store_content
from greenlight.eventlog.migrate import MigrationError, check, migrate
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.tables import tables
from greenlight.eventlog.verify import verify
from greenlight.kernel.canonical import digest_bytes
from tests.addresses import as_user
from tests.eventlog.crowd import Crowd, assignment
from tests.eventlog.decided import decided

USERS = (WRITER, READER, AUDITOR)
NOT_PERMITTED = "42501"

READ_MODELS = frozenset(table.name for table in tables())
RECORD = frozenset(
    {
        *("migration", "derived", "superseded", "log", "event", "command"),
        *("outbox", "letter", "letter_paper", "list_content", "tree_secret"),
        *("subscriber", "dead_letter"),
    }
)
VIEWS = frozenset({"line", "privy", "standing_directive", "stream", "worklist"})

_MOST = RECORD | READ_MODELS | VIEWS | {*KNOWN_FACTS}
MAY_READ: Mapping[str, frozenset[str]] = {
    WRITER: _MOST,
    READER: _MOST,
    AUDITOR: _MOST | {"access"},
}
"""Everything else is read by nobody: a new table is not, until it is said who reads it."""

FOR_READING = frozenset({"version_of"})
MAY_CALL: Mapping[str, frozenset[str]] = {
    WRITER: FOR_READING
    | {
        "append",
        "fail_subscriber",
        "letter_failed",
        "mark_sent",
        "move_subscriber",
        "note_access",
        "pause_subscriber",
        "put_letter",
        "replay_subscriber",
        "retry_letter",
        "reserve_license_number",
        "store_list",
        "subscribe",
        "try_letter",
        "unsubscribe",
        "would_refuse",
    },
    READER: FOR_READING | {"note_access"},
    AUDITOR: FOR_READING,
}

RELATIONS = """
SELECT relname AS name, relkind = 'v' AS view, relkind = 'S' AS sequence,
       (SELECT quote_ident(attname) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 ORDER BY attgenerated <> '', attnum LIMIT 1) AS column
FROM pg_class c WHERE relnamespace = 'greenlight'::regnamespace AND relkind IN ('r', 'v', 'S', 'm', 'p', 'f')
"""
FUNCTIONS = """
SELECT proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
       format('greenlight.%I(%s)', proname, (
    SELECT coalesce(string_agg('NULL::' || format_type(type, NULL), ', ' ORDER BY place), '')
    FROM unnest(proargtypes) WITH ORDINALITY AS t (type, place))) AS call
FROM pg_proc p WHERE pronamespace = 'greenlight'::regnamespace
"""

WRITING = (
    "INSERT INTO greenlight.{name} DEFAULT VALUES",
    "UPDATE greenlight.{name} SET {column} = {column}",
    "DELETE FROM greenlight.{name}",
    "TRUNCATE greenlight.{name} CASCADE",
    "COPY greenlight.{name} FROM PROGRAM 'true'",
    "SELECT FROM greenlight.{name} FOR UPDATE",
    "DO $$ BEGIN LOCK TABLE greenlight.{name} IN SHARE MODE; END $$",
    "DROP TABLE greenlight.{name} CASCADE",
    "ALTER TABLE greenlight.{name} ADD mine integer",
    "ALTER TABLE greenlight.{name} DISABLE TRIGGER ALL",
    "ALTER TABLE greenlight.{name} OWNER TO CURRENT_USER",
    "ALTER TABLE greenlight.{name} ENABLE ROW LEVEL SECURITY",
    "CREATE TRIGGER mine BEFORE INSERT ON greenlight.{name}"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO greenlight.{name} DO INSTEAD NOTHING",
    "CREATE INDEX ON greenlight.{name} ({column})",
)
OF_VIEWS = (
    "DROP VIEW greenlight.{name} CASCADE",
    "ALTER VIEW greenlight.{name} OWNER TO CURRENT_USER",
    "CREATE OR REPLACE VIEW greenlight.{name} AS SELECT",
)
OF_SEQUENCES = (
    "SELECT nextval('greenlight.{name}')",
    "SELECT setval('greenlight.{name}', 1)",
    "DROP SEQUENCE greenlight.{name}",
    "ALTER SEQUENCE greenlight.{name} RESTART",
)
OF_FUNCTIONS = (
    "DROP ROUTINE greenlight.{name}({arguments}) CASCADE",
    "ALTER ROUTINE greenlight.{name}({arguments}) OWNER TO CURRENT_USER",
    "ALTER ROUTINE greenlight.{name}({arguments}) RESET ALL",
)
ELSEWHERE = (
    "CREATE TABLE greenlight.mine ()",
    "CREATE FUNCTION greenlight.mine() RETURNS integer LANGUAGE sql RETURN 1",
    "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql RETURN 1",
    "CREATE TABLE public.mine ()",
    "CREATE SCHEMA mine",
    "ALTER SCHEMA greenlight RENAME TO mine",
    "DROP SCHEMA greenlight CASCADE",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT ALL ON TABLES TO PUBLIC",
    "SET session_replication_role = replica",
    "ALTER SYSTEM SET fsync = off",
    "CREATE ROLE mine",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    f"GRANT {OWNER} TO CURRENT_USER",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
)


@asynccontextmanager
async def logged_in(dsn: str, user: str) -> AsyncGenerator[Connection]:
    async with connection(as_user(dsn, user), application="test") as opened:
        yield opened


async def permitted(opened: Connection, statements: Iterable[str]) -> list[str]:
    """Those of the statements that were refused for another reason than that the user may not, or not."""
    found: list[str] = []
    for statement in statements:
        try:
            await opened.execute(statement)
        except DatabaseError as error:
            if getattr(error, "sqlstate", None) == NOT_PERMITTED:
                continue
            found.append(f"{statement}: {error}")
        else:
            found.append(statement)
    return found


async def on_everything(database: Connection, user: str) -> list[str]:
    """Every statement that the user may not make, on whatever there is."""
    found: list[str] = [*ELSEWHERE]
    for row in await database.fetch(RELATIONS):
        statements = OF_VIEWS if row["view"] else OF_SEQUENCES if row["sequence"] else WRITING
        found += [statement.format(**row) for statement in statements]
        if row["name"] not in MAY_READ[user]:
            found.append(f"SELECT FROM greenlight.{row['name']}")
    for row in await database.fetch(FUNCTIONS):
        found += [statement.format(**row) for statement in OF_FUNCTIONS]
        if row["name"] not in MAY_CALL[user]:
            found.append(f"SELECT {row['call']}")
    for row in await database.fetch("SELECT rolname FROM pg_roles WHERE rolname <> $1", user):
        found += [f"SET ROLE {row['rolname']}", f"SET SESSION AUTHORIZATION {row['rolname']}"]
    return found


@pytest.mark.parametrize("user", USERS)
async def test_what_is_not_theirs_is_refused_on_everything_there_is(
    dsn: str, database: Connection, user: str
) -> None:
    statements = await on_everything(database, user)
    assert {"UPDATE greenlight.officer_role SET officer = officer", "TRUNCATE greenlight.event CASCADE"} <= {
        *statements
    }
    assert len(statements) > 500
    async with logged_in(dsn, user) as opened:
        assert await permitted(opened, statements) == []


@pytest.mark.parametrize("user", USERS)
async def test_what_they_read_and_call_is_there_for_them(dsn: str, database: Connection, user: str) -> None:
    async with logged_in(dsn, user) as opened:
        for name in MAY_READ[user]:
            await opened.execute(f"SELECT FROM greenlight.{name} LIMIT 1")
        callable_ = """
            SELECT proname FROM pg_proc
            WHERE pronamespace = 'greenlight'::regnamespace AND has_function_privilege(oid, 'EXECUTE')
        """
        assert {row["proname"] for row in await opened.fetch(callable_)} == MAY_CALL[user]


async def test_nobody_may_pass_on_what_they_have(database: Connection) -> None:
    passed_on = """
        SELECT relname FROM pg_class, aclexplode(relacl) AS a
        WHERE relnamespace = 'greenlight'::regnamespace AND a.is_grantable AND a.grantee <> relowner
        UNION ALL
        SELECT proname FROM pg_proc, aclexplode(proacl) AS a
        WHERE pronamespace = 'greenlight'::regnamespace AND a.is_grantable AND a.grantee <> proowner
    """
    assert await database.fetch(passed_on) == []


async def test_everything_is_granted_to_the_groups_alone(database: Connection) -> None:
    everybody = """
        SELECT DISTINCT pg_get_userbyid(a.grantee) AS name FROM pg_class, aclexplode(relacl) AS a
        WHERE relnamespace = 'greenlight'::regnamespace
        UNION
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
        FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS a
        WHERE pronamespace = 'greenlight'::regnamespace
    """
    found = {row["name"] for row in await database.fetch(everybody)}
    assert found == {OWNER, *roles.GROUPS}
    assert {*roles.GROUPS} == {*GROUPS.values()}, "both sides of the embedded default know the same"


async def test_what_runs_as_the_owner_has_a_fixed_path_and_is_what_the_writer_calls(
    database: Connection,
) -> None:
    rows = await database.fetch(
        "SELECT proname AS name, prosecdef, proconfig, pg_get_userbyid(proowner) AS owner FROM pg_proc"
        " WHERE pronamespace = 'greenlight'::regnamespace"
    )
    definers = [row for row in rows if row["prosecdef"]]
    assert {row["name"] for row in definers} == MAY_CALL[WRITER] - FOR_READING
    for row in definers:
        assert "search_path=pg_catalog, pg_temp" in _listed(row["proconfig"]), row["name"]
    assert {row["owner"] for row in rows} == {OWNER}


def _listed(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


SHADOWS = (
    "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql RETURN 'epoch'::timestamptz",
    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql RETURN ''::bytea",
    "CREATE TEMPORARY TABLE event (LIKE greenlight.event)",
    "CREATE TEMPORARY TABLE log (LIKE greenlight.log)",
    "SET search_path = pg_temp, greenlight, pg_catalog",
)


async def test_names_of_the_callers_own_lead_nothing_astray(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    before = await recorder.record(assignment(crowd.officer, "Z000001", 0))
    session = recorder._session  # pyright: ignore[reportPrivateUsage]
    for statement in SHADOWS:
        await session.fetch(statement)
    after = await recorder.record(assignment(crowd.officer, "Z000002", 0))
    assert (after.status, before.status) == ("recorded", "recorded")
    verified = await verify(dsn)
    assert (verified.fault, verified.head.position) == (None, after.position)
    async with connection(dsn, application="test") as database:
        assert await database.fetchval(
            "SELECT min(recorded_at) > now() - interval '1 hour' FROM greenlight.event"
        )


FORGED = (
    "INSERT INTO greenlight.officer_role VALUES ('rivera', 'executive', now() - interval '1 day', NULL)",
    "UPDATE greenlight.officer_key SET revoked_at = NULL",
    "UPDATE greenlight.event_type SET unsigned = '[]'",
    "SELECT greenlight.show('officer', '{NULL}')",
    "SELECT greenlight.show_officer('{NULL}')",
    "UPDATE greenlight.log SET directives = directives + 1",
)


async def test_whoever_has_the_workers_password_makes_nobody_an_executive(dsn: str) -> None:
    async with logged_in(dsn, WRITER) as worker:
        assert await permitted(worker, FORGED) == []


async def test_no_case_writes_into_the_register_of_officers(
    dsn: str, database: Connection, recorder: Recorder, crowd: Crowd
) -> None:
    await recorder.record(assignment(crowd.officer, "Z000001", 0))
    shown = await database.fetchval("SELECT to_jsonb(o) FROM greenlight.officer o LIMIT 1")
    row = json.loads(str(shown)) | {"person": "p-rivera"}
    said = {"type": "DeadlinePassed", "at": "2026-09-01T14:00:00Z"}
    event = {**said, "record": json.dumps(said)}
    append: dict[str, object] = {
        "stream": "application-Z000001",
        "expected_version": 1,
        "events": [event],
        "view": {"model": "officer", "row": row},
    }
    commit = {"proof": None, "refuses": False, "directives": None, "appends": [append]}
    async with logged_in(dsn, WRITER) as worker:
        with pytest.raises(DatabaseError, match="application-Z000001 does not show the row of officer-"):
            await worker.execute("SELECT greenlight.append($1)", json.dumps([commit]))
        append["view"] = None
        assert (
            await worker.fetchval("SELECT status FROM greenlight.append($1)", json.dumps([commit]))
            == "recorded"
        )


async def test_readers_and_auditors_check_the_whole_log(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    story = await decided(recorder, crowd, "Z000001", "withdrawn")
    for user in (READER, AUDITOR):
        url = as_user(dsn, user)
        await check(url)
        assert (await verify(url)).fault is None
        async with Reader(url) as reader:
            assert [row.acn for row in await reader.docket()] == ["Z000001"]
            assert await reader.officers()
        async with LetterBox(url) as box:
            assert len(await box.records("application-Z000001")) == story.version
            (owed,) = await box.of("application-Z000001")
            with pytest.raises(DatabaseError, match="permission denied for function try_letter"):
                async with box.claim(owed.letter_id):
                    pass
        with pytest.raises(DatabaseError, match="permission denied for function append"):
            async with Recorder(url) as other:
                await other.record(assignment(crowd.officer, "Z000002", 0))


PDF = b"%PDF-1.7 a letter"
DIGEST = "sha256:" + "0" * 64


async def test_functions_of_the_writer_hold_what_they_are_given_against_what_is_owed(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await decided(recorder, crowd, "Z000001", "withdrawn")
    async with logged_in(dsn, WRITER) as worker:
        owed = await worker.fetchval("SELECT letter_id FROM greenlight.outbox")
        put = "SELECT greenlight.put_letter($1, $2, $3, $4)"
        for arguments, says in (
            (("application-Z000001-1-grant", DIGEST, digest_bytes(PDF), PDF), "no letter .* is owed"),
            ((owed, "sha256:", digest_bytes(PDF), PDF), "rests on the digest"),
            ((owed, DIGEST, DIGEST, PDF), "letter_check"),
            ((owed, DIGEST, DIGEST, bytes(16 * 1024 * 1024 + 1)), "at most 16 MiB"),
        ):
            with pytest.raises(DatabaseError, match=says):
                await worker.execute(put, *arguments)
        for unknown in ("application-Z000001-1-grant", owed):
            with pytest.raises(DatabaseError, match="is on record"):
                await worker.execute("SELECT greenlight.mark_sent($1)", unknown)
        assert not await worker.fetchval("SELECT greenlight.try_letter('application-Z000001-1-grant')")
        with pytest.raises(DatabaseError, match="list_content_digest_check"):
            await worker.execute("SELECT greenlight.store_list('sha256:', '')")
        with pytest.raises(DatabaseError, match="at most 64 MiB"):
            await worker.execute("SELECT greenlight.store_list($1, $2)", DIGEST, bytes(65 * 1024 * 1024 + 1))
        stored = await store_content(worker, b"a list")
        assert await read_content(worker, stored) == b"a list"


async def test_grants_of_somebody_elses_are_taken_back(dsn: str, database: Connection) -> None:
    stray = "stray"
    for statement in (
        f"DO $$ BEGIN CREATE ROLE {stray} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT USAGE, CREATE ON SCHEMA greenlight TO {stray}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA greenlight TO {stray}",
        f"GRANT UPDATE (type) ON greenlight.event TO {stray}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA greenlight TO {stray}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA greenlight TO PUBLIC",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA greenlight GRANT ALL ON TABLES TO {stray}",
        "UPDATE greenlight.derived SET digest = 'old' WHERE name = 'docket'",
    ):
        await database.execute(statement)
    await migrate(as_user(dsn, OWNER))
    assert (
        await database.fetchval(
            "SELECT count(*) FROM pg_shdepend JOIN pg_roles r ON r.oid = refobjid WHERE rolname = $1"
            " AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
            stray,
        )
        == 0
    )
    await test_everything_is_granted_to_the_groups_alone(database)


async def test_a_table_of_which_nothing_is_said_is_read_by_nobody(dsn: str, database: Connection) -> None:
    async with connection(as_user(dsn, OWNER), application="test") as owner:
        await owner.execute("CREATE TABLE greenlight.salt (secret bytea)")
        await owner.execute("CREATE FUNCTION greenlight.salted() RETURNS integer LANGUAGE sql RETURN 1")
    for user in USERS:
        async with logged_in(dsn, user) as opened:
            asked = ("SELECT FROM greenlight.salt", "SELECT greenlight.salted()")
            assert await permitted(opened, asked) == []
    assert await database.fetchval("SELECT greenlight.salted()") == 1


async def test_an_administrator_who_migrates_works_as_the_owner(empty: str) -> None:
    await migrate(empty)
    async with connection(empty, application="test") as database:
        owners = (
            "SELECT DISTINCT pg_get_userbyid(relowner) AS name FROM pg_class"
            " WHERE relnamespace = 'greenlight'::regnamespace"
        )
        assert [row["name"] for row in await database.fetch(owners)] == [OWNER]


async def test_who_cannot_make_the_groups_is_told_who_can(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.eventlog.roles.GROUPS", ("greenlight_writer", "greenlight_unheard_of"))
    with pytest.raises(MigrationError, match=r"lacks the role greenlight_unheard_of.*10-databases\.sh"):
        await migrate(as_user(empty, OWNER))


def test_functions_name_their_tables_with_the_schema() -> None:
    """Under the path of a definer's function a bare name would be looked for among the caller's own."""
    names = "|".join(sorted(RECORD | READ_MODELS | VIEWS | {*KNOWN_FACTS}))
    bare = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:{names})\b")
    files = sorted((Path(roles.__file__).parent / "functions").glob("*.sql"))
    assert files
    for file in files:
        assert not bare.search(file.read_text()), file.name
