"""The users of the private PostgreSQL: one for each kind of work on the event log, and its administrator.

They are those of ``deploy/postgresql/10-databases.sh``. Whoever runs the service gets in as any of them; what
a program may do there is decided by the one that it takes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncpg

DATABASE = "greenlight"
ADMINISTRATOR = "greenlight"
"""The superuser, for this module alone."""

OWNER, WRITER, READER, AUDITOR = (
    "greenlight_owner",
    "greenlight_worker",
    "greenlight_cli",
    "greenlight_audit",
)
GROUPS = {WRITER: "greenlight_writer", READER: "greenlight_reader", AUDITOR: "greenlight_auditor"}
"""The group that each user is in; to groups alone is anything granted."""

USERS = (ADMINISTRATOR, OWNER, *GROUPS)

# Earlier versions knew the administrator alone. REASSIGN OWNED refuses to take anything from that one.
_FOREIGN = """
WITH place AS (
    SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname = 'greenlight'
), thing (kind, name, owner) AS (
    SELECT 'SCHEMA', quote_ident(nspname), nspowner FROM place
    UNION ALL
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
           c.oid::regclass::text, relowner
    FROM pg_class c JOIN place ON relnamespace = place.oid WHERE relkind IN ('r', 'v', 'S')
    UNION ALL
    SELECT 'ROUTINE', p.oid::regprocedure::text, proowner
    FROM pg_proc p JOIN place ON pronamespace = place.oid
    UNION ALL
    SELECT 'TYPE', t.oid::regtype::text, typowner
    FROM pg_type t JOIN place ON typnamespace = place.oid JOIN pg_class c ON c.oid = typrelid
    WHERE relkind = 'c'
)
SELECT format('ALTER %s %s OWNER TO %I', kind, name, $1::text) AS statement
FROM thing WHERE owner <> to_regrole($1::text)
"""

# No other server is of this name and answers on a socket of its machine alone.
_PRIVATE = "SELECT current_setting('cluster_name') = $1 AND current_setting('listen_addresses') = ''"


async def is_private(url: str) -> bool:
    """Tell whether a database is on a server of this package, whoever named it.

    :raises OSError, asyncpg.PostgresError: it cannot be asked.
    """
    async with _connected(url) as server:
        return bool(await server.fetchval(_PRIVATE, DATABASE))


async def establish(url: str, database_url: str, name: str = DATABASE) -> None:
    """Make the users and the database where they are missing, and give the database to its owner.

    ``url`` leads the administrator to another database of the server, ``database_url`` to this one.
    """
    async with _connected(url) as server:
        await _make_users(server)
        if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await server.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        await server.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
        await server.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        await server.execute(f"GRANT CONNECT ON DATABASE {name} TO {', '.join(GROUPS.values())}")
    async with _connected(database_url) as database, database.transaction():
        for row in await database.fetch(_FOREIGN, OWNER):
            await database.execute(row["statement"])


async def _make_users(server: asyncpg.Connection[Any]) -> None:
    there = {row["rolname"] for row in await server.fetch("SELECT rolname FROM pg_roles")}
    for user in {OWNER, *GROUPS} - there:
        await server.execute(f"CREATE ROLE {user} LOGIN")
    for group in {*GROUPS.values()} - there:
        await server.execute(f"CREATE ROLE {group}")
    for user, group in GROUPS.items():
        # What is granted to the group is theirs; to become the group is not.
        await server.execute(f"GRANT {group} TO {user} WITH INHERIT TRUE, SET FALSE")


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[asyncpg.Connection[Any]]:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()
