"""The roles of a log's database: groups without a login, and to these alone is anything granted.

What each may do stands with the thing that it is about: after a function and after a view in ``functions/``,
on ``Table.grant`` for read models, in ``functions/6_record.sql`` for the tables of the record. It is granted
anew whenever anything is derived; what is stated nowhere, nobody but the owner may do.
"""

from greenlight.eventlog.database import Connection

WRITER = "greenlight_writer"
"""Calls ``append``, and the functions that keep letters and files of the list; it writes no table."""

READER = "greenlight_reader"
"""Reads what the command line and other services ask for."""

AUDITOR = "greenlight_auditor"
"""Reads what there is to check, secrets of the log included."""

GROUPS = (WRITER, READER, AUDITOR)


# Another database of the server may be migrated at the same moment.
_MAKE = """
DO $$
BEGIN
    CREATE ROLE {group};
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$
"""

_MISSING = "SELECT name FROM unnest($1::text[]) AS name WHERE to_regrole(name) IS NULL"

_MAY_MAKE = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"

_BECOME_OWNER = """
SELECT set_config('role', pg_get_userbyid(coalesce(nspowner, datdba)), false)
FROM pg_database LEFT JOIN pg_namespace ON nspname = 'greenlight', pg_roles own
WHERE datname = current_database() AND own.rolname = session_user AND own.rolsuper
"""

_WITHDRAW = """
WITH thing (owner, acl) AS (
    SELECT relowner, relacl FROM pg_class WHERE relnamespace = 'greenlight'::regnamespace
    UNION ALL
    SELECT relowner, attacl FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'greenlight'::regnamespace
    UNION ALL
    SELECT proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
    WHERE pronamespace = 'greenlight'::regnamespace
    UNION ALL
    SELECT nspowner, nspacl FROM pg_namespace WHERE nspname = 'greenlight'
), everybody AS (
    SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS name
    FROM thing, aclexplode(acl) WHERE grantee <> owner
), in_advance AS (
    SELECT DISTINCT CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                                       WHEN 'f' THEN 'ROUTINES' ELSE 'TYPES' END AS kind,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS name
    FROM pg_default_acl, aclexplode(defaclacl)
    WHERE defaclnamespace = 'greenlight'::regnamespace AND pg_get_userbyid(defaclrole) = current_user
)
SELECT format('REVOKE ALL ON ALL %s IN SCHEMA greenlight FROM %s', kind, name) AS statement
FROM everybody, unnest(ARRAY['TABLES', 'SEQUENCES', 'ROUTINES']) AS kind
UNION ALL
SELECT format('REVOKE ALL ON SCHEMA greenlight FROM %s', name) FROM everybody
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES IN SCHEMA greenlight REVOKE ALL ON %s FROM %s', kind, name)
FROM in_advance
"""


async def ensure_groups(database: Connection) -> tuple[str, ...]:
    """Make the groups that the server lacks; returns those that this user may not make."""
    missing = tuple(str(row["name"]) for row in await database.fetch(_MISSING, GROUPS))
    if missing and not await database.fetchval(_MAY_MAKE):
        return missing
    for group in missing:
        await database.execute(_MAKE.format(group=group))
    return ()


async def become_owner(database: Connection) -> None:
    """Let an administrator work as the owner of the schema, or else of the database: as whoever owns it,
    ``append`` runs."""
    await database.execute(_BECOME_OWNER)


async def withdraw(database: Connection) -> None:
    """Take back what anybody but the owner may do, also with what is made from now on."""
    await database.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC")
    for row in await database.fetch(_WITHDRAW):
        await database.execute(str(row["statement"]))
