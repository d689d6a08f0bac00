"""All that a log's database has besides the record: read models, functions, what is known of types of events,
and who may do what.

All of it follows from this code and from the events. What is not as the code says is made anew.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from pydantic_core import to_json

from greenlight.eventlog.database import Connection
from greenlight.eventlog.rebuild import Unreadable, fill
from greenlight.eventlog.roles import withdraw
from greenlight.eventlog.tables import Table, tables
from greenlight.eventlog.upkeep import functions, is_heeded
from greenlight.kernel.condition import Condition
from greenlight.kernel.model import JsonObject
from greenlight.law.registry import aggregates, event_types

FUNCTIONS = "functions"

KNOWN_FACTS = ("event_type", "command_type", "read_model")
"""Tables of what the code says of events, commands and read models, for the database to consult."""

_VIEWS = {"standing_directive": "directive"}
"""Views that conditions ask, with the read model whose rows they show."""
_GROWING = ("event", "command")
"""Tables to which rows are only added."""

BESIDE = "greenlight_anew"
"""The schema in which tables are filled before they are served."""
_FEW = 200
"""Events that may be taken in under the log's lock."""
_ROUNDS = 10
"""Of filling without it, where the log grows fast."""

Patiently = Callable[[str, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Carries out in a transaction what takes locks, and again where somebody is in the way; told by a name."""

Told = Callable[[str], None]
"""Called with a line for the operator."""

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
            "consults": sorted(_consulted(*said.requires, *(said.unsigned or ()))),
        }
        for name, event in sorted(event_types().items())
        for said in (event.declared,)
    ]
    return to_json(rows).decode()


def _conditions(conditions: Sequence[Condition]) -> list[JsonObject]:
    return [each.model_dump(mode="json", exclude_none=True) for each in conditions]


def _consulted(*conditions: Condition) -> set[str]:
    """The read models, or ``event`` or ``command``, in which a commit may change whether these hold."""
    model_of = {**_VIEWS, **{table.name: table.model for table in tables()}}
    every = {*model_of.values(), *_GROWING}
    found: set[str] = set()
    for each in conditions:
        if each.table in _GROWING:
            # What is there stays there.
            found |= set() if each.exists else {each.table}
        elif each.table is not None:
            found |= {model_of[each.table]} if each.table in model_of else every
    return found


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
    carried = {
        model for event in event_types().values() for model in _consulted(*(event.declared.carried or ()))
    }
    rows = [
        {
            "kind": each.kind,
            "name": each.row.table.name,
            "key": each.row.table.key,
            "heeded": is_heeded(each.kind, each.row) or each.row.table.name in carried,
        }
        for each in aggregates()
    ]
    return to_json(rows).decode()


def wanted() -> dict[str, str]:
    """By name the digests of everything that is derived."""
    tables_ = {table.name: _digest(table.ddl) for table in tables()}
    return {
        FUNCTIONS: _digest("\n".join((_code(), _event_types(), _command_types(), _read_models()))),
        **tables_,
    }


async def stale(database: Connection, *, anew: bool = False) -> tuple[str, ...]:
    """The names of what is not as the code says, or is there no more in the code.

    None, unless ``anew``, where a later release has made it since this one did, and has all that this one
    uses: both may work there.
    """
    there = await _there(database)
    names = dict.fromkeys((*wanted(), *there))
    differing = tuple(name for name in names if wanted().get(name) != there.get(name))
    if differing and not anew and await _superseded(database) and await covers(database):
        return ()
    return differing


async def _there(database: Connection) -> dict[str, str]:
    rows = await database.fetch("SELECT name, digest FROM greenlight.derived")
    return {str(row["name"]): str(row["digest"]) for row in rows}


def _whole(digests: Mapping[str, str]) -> str:
    return _digest("\n".join(f"{name} {each}" for name, each in sorted(digests.items())))


async def _superseded(database: Connection) -> bool:
    """Tell whether what this code derives was here once, and then what another does."""
    if not await database.fetchval("SELECT to_regclass('greenlight.superseded') IS NOT NULL"):
        return False
    known = "SELECT EXISTS (SELECT FROM greenlight.superseded WHERE digest = $1)"
    return bool(await database.fetchval(known, _whole(wanted())))


_USED = """
SELECT NOT EXISTS (
    SELECT FROM jsonb_to_recordset($1) AS mine (type text, commands jsonb)
    WHERE NOT EXISTS (SELECT FROM greenlight.event_type t
                      WHERE t.type = mine.type AND t.commands @> mine.commands)
) AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset($2) AS mine (name text, kind text, roles jsonb)
    WHERE NOT EXISTS (SELECT FROM greenlight.command_type c
                      WHERE (c.name, c.kind) = (mine.name, mine.kind) AND c.roles @> mine.roles)
) AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset($3) AS mine (kind text, name text, key text)
    WHERE NOT EXISTS (SELECT FROM greenlight.read_model m
                      WHERE (m.kind, m.name, m.key) = (mine.kind, mine.name, mine.key))
) AND NOT EXISTS (
    SELECT FROM unnest($4::text[]) AS mine (name)
    WHERE NOT EXISTS (SELECT FROM pg_proc
                      WHERE pronamespace = 'greenlight'::regnamespace AND proname = mine.name)
)
"""
_COLUMNS = """
SELECT attname AS name, attnotnull AS filled FROM pg_attribute
WHERE attrelid = to_regclass('greenlight.' || $1) AND attnum > 0 AND NOT attisdropped
"""
_FUNCTION = re.compile(r"^GRANT EXECUTE ON FUNCTION greenlight\.(\w+)", re.MULTILINE)
"""A function that programs call. What those call in turn is the business of the release that made them."""


async def covers(database: Connection) -> bool:
    """Tell whether all that this code uses is there: types of events with their commands, commands with their
    roles, the functions that it calls by name, columns. What is there besides is not in its way: columns may
    stay empty."""
    used = await database.fetchval(
        _USED, _event_types(), _command_types(), _read_models(), sorted(set(_FUNCTION.findall(_code())))
    )
    if not used:
        return False
    for table in tables():
        rows = await database.fetch(_COLUMNS, table.name)
        there = {str(row["name"]): row["filled"] is True for row in rows}
        if table.columns.keys() - there.keys():
            return False
        if any(filled for column, filled in there.items() if column not in table.columns):
            return False
    return True


async def derive(
    database: Connection, patiently: Patiently, told: Told, *, anew: bool = False
) -> tuple[str, ...]:
    """Make anew what is stale, all or nothing; returns its names. ``anew``: also what a later release made.
    ``told`` is given a line for each stream of which nothing can be shown: it is left out, and recorded all
    the same.

    Tables are filled beside the old ones, from the events, while others record. Whoever wants to record
    something then waits for the exchange alone, and for the last streams that grew meanwhile.
    """
    names = await stale(database, anew=anew)
    if not names:
        return ()
    made = [table for table in tables() if table.name in names]
    unreadable: dict[str, Unreadable] = {}
    reached = await _filled_beside(database, made, unreadable)

    async def exchange() -> None:
        await database.execute("SELECT FROM greenlight.log FOR UPDATE")
        unreadable.update((each.stream, each) for each in await fill(database, BESIDE, made, reached))
        for row in await database.fetch(_OLD):
            await database.execute(str(row["format"]))
        await withdraw(database)
        await database.execute(
            f"DROP TABLE IF EXISTS {', '.join(f'greenlight.{name}' for name in KNOWN_FACTS)} CASCADE"
        )
        for name in names:
            if name != FUNCTIONS:
                await database.execute(f"DROP TABLE IF EXISTS greenlight.{name} CASCADE")
        for table in made:
            await database.execute(f"ALTER TABLE {BESIDE}.{table.name} SET SCHEMA greenlight")
        await database.execute(f"DROP SCHEMA {BESIDE}")
        await _install(database)
        await _note(database)

    await patiently(", ".join(names), exchange)
    for each in unreadable.values():
        told(f"not shown, everything else is: {each}; `starter.py verify` says more")
    return names


async def _filled_beside(
    database: Connection, anew: Sequence[Table], unreadable: dict[str, Unreadable]
) -> int:
    """Make tables beside those that are served, filled up to nearly where the log stands; the position."""
    # An earlier migration may have died in the middle.
    await database.execute(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")
    await database.execute(f"CREATE SCHEMA {BESIDE}")
    for table in anew:
        await database.execute(table.ddl.replace("greenlight.", f"{BESIDE}."))
    reached = 0
    for _ in range(_ROUNDS):
        async with database.transaction(isolation="repeatable_read"):
            position = int(str(await database.fetchval("SELECT position FROM greenlight.log")))
            if reached and position - reached < _FEW:
                break
            unreadable.update((each.stream, each) for each in await fill(database, BESIDE, anew, reached))
            reached = position
    return reached


async def _install(database: Connection) -> None:
    await database.execute(_code())
    for name, rows in zip(KNOWN_FACTS, (_event_types(), _command_types(), _read_models()), strict=True):
        await database.execute(
            f"INSERT INTO greenlight.{name} SELECT * FROM"  # noqa: S608 - one of those above
            f" jsonb_populate_recordset(NULL::greenlight.{name}, $1)",
            rows,
        )


async def _note(database: Connection) -> None:
    if before := await _there(database):
        await database.execute(
            "INSERT INTO greenlight.superseded VALUES ($1) ON CONFLICT DO NOTHING", _whole(before)
        )
    await database.execute("DELETE FROM greenlight.superseded WHERE digest = $1", _whole(wanted()))
    await database.execute("DELETE FROM greenlight.derived")
    for name, digest in wanted().items():
        await database.execute("INSERT INTO greenlight.derived VALUES ($1, $2)", name, digest)
