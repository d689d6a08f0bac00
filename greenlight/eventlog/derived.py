"""All that a log's database has besides the record: read models, functions, what is known of types of events,
and who may do what.

All of it follows from this code and from the events. What is not as the code says is made anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic_core import to_json

from greenlight.eventlog.database import Connection
from greenlight.eventlog.rebuild import fill
from greenlight.eventlog.roles import withdraw
from greenlight.eventlog.tables import tables
from greenlight.eventlog.upkeep import functions
from greenlight.kernel.condition import Condition
from greenlight.kernel.model import JsonObject
from greenlight.law.registry import aggregates, event_types

FUNCTIONS = "functions"

_OLD = """
SELECT format('DROP VIEW IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
WHERE relnamespace = 'greenlight'::regnamespace AND relkind = 'v'
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'greenlight'::regnamespace AND prorettype <> 'trigger'::regtype
UNION ALL
SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype) FROM pg_type
WHERE typnamespace = 'greenlight'::regnamespace
  AND typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')
"""
"""Functions of triggers are the record's."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code() -> str:
    files = sorted((Path(__file__).parent / "functions").glob("*.sql"))
    grants = (table.grant for table in tables())
    return "\n".join((*(file.read_text(encoding="utf-8") for file in files), functions(), *grants))


def _event_types() -> str:
    """Rows of ``event_type``, as JSON."""
    rows = [
        {
            "type": name,
            "letter": said.letter,
            "letter_if": said.letter_if,
            "unsigned": None if said.unsigned is None else _conditions(said.unsigned),
            "requires": _conditions(said.requires),
            "carried": None if said.carried is None else _conditions(said.carried),
            "commands": sorted(said.of),
        }
        for name, event in sorted(event_types().items())
        for said in (event.declared,)
    ]
    return to_json(rows).decode()


def _conditions(conditions: Sequence[Condition]) -> list[JsonObject]:
    return [each.model_dump(mode="json", exclude_none=True) for each in conditions]


def _command_types() -> str:
    """Rows of ``command_type``, as JSON."""
    rows = [
        {"name": name, "kind": each.kind, "roles": sorted(body.declared.by)}
        for each in aggregates()
        for name, body in each.commands.items()
    ]
    return to_json(rows).decode()


def _read_models() -> str:
    """Rows of ``read_model``, as JSON."""
    rows = [
        {"kind": each.kind, "name": each.row.table.name, "key": each.row.table.key} for each in aggregates()
    ]
    return to_json(rows).decode()


def wanted() -> dict[str, str]:
    """By name the digests of everything that is derived."""
    tables_ = {table.name: _digest(table.ddl) for table in tables()}
    return {
        FUNCTIONS: _digest("\n".join((_code(), _event_types(), _command_types(), _read_models()))),
        **tables_,
    }


async def stale(database: Connection) -> tuple[str, ...]:
    """The names of what is not as the code says, or is there no more in the code."""
    rows = await database.fetch("SELECT name, digest FROM greenlight.derived")
    there = {str(row["name"]): str(row["digest"]) for row in rows}
    names = dict.fromkeys((*wanted(), *there))
    return tuple(name for name in names if wanted().get(name) != there.get(name))


async def derive(database: Connection) -> tuple[str, ...]:
    """Make anew what is stale, all or nothing; returns its names. Who wants to record something waits.

    :raises RebuildError: an event cannot be read, or cannot follow those before it; nothing was changed.
    """
    async with database.transaction():
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        names = await stale(database)
        if not names:
            return ()
        for row in await database.fetch(_OLD):
            await database.execute(str(row["format"]))
        await withdraw(database)
        await database.execute(
            "DROP TABLE IF EXISTS greenlight.event_type, greenlight.command_type,"
            " greenlight.read_model CASCADE"
        )
        anew = [table for table in tables() if table.name in names]
        for name in names:
            if name != FUNCTIONS:
                await database.execute(f"DROP TABLE IF EXISTS greenlight.{name} CASCADE")
        for table in anew:
            await database.execute(table.ddl)
        await _install(database)
        await fill(database, "greenlight", anew, 0)
        await _note(database)
    return names


async def _install(database: Connection) -> None:
    await database.execute(_code())
    for name, rows in (
        ("event_type", _event_types()),
        ("command_type", _command_types()),
        ("read_model", _read_models()),
    ):
        await database.execute(
            f"INSERT INTO greenlight.{name} SELECT * FROM"  # noqa: S608 - one of those above
            f" jsonb_populate_recordset(NULL::greenlight.{name}, $1)",
            rows,
        )


async def _note(database: Connection) -> None:
    await database.execute("DELETE FROM greenlight.derived")
    for name, digest in wanted().items():
        await database.execute("INSERT INTO greenlight.derived VALUES ($1, $2)", name, digest)
