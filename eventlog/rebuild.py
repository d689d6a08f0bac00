"""Building the read models again from the events alone, and comparing them with those that are served."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from pydantic_core import to_json

from eventlog.aggregates import Fold, fold
from eventlog.database import Connection, Row, connection, parse
from eventlog.stored import read_head
from licensing.commit import View
from licensing.model import Digest, Model

_PREFETCH = 1_000
_ROWS = 500
MAX_DIFFERENCES = 100


class RebuildError(Exception):
    """A stream cannot be folded. The message names the event."""


class Difference(Model):
    """A row that is served, and the one that the events lead to; None where there is no such row."""

    table: str
    key: str
    served: str | None
    rebuilt: str | None


class TableDigest(Model):
    """SHA-256 over all rows of a table in the order of their keys."""

    table: str
    before: Digest
    after: Digest


class Rebuild(Model):
    """``position`` is how far the events were read; ``differences`` are 100 at most."""

    position: int
    tables: tuple[TableDigest, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """``rows`` turns ``$1``, an array of the views' rows, into rows of the table."""

    name: str
    key: str
    model: str
    rows: str = ""

    @property
    def insert(self) -> str:
        rows = self.rows or f"jsonb_populate_recordset(NULL::greenlight.{self.name}, $1)"
        return f"INSERT INTO pg_temp.{self.name} SELECT shown.* FROM {rows} AS shown"  # noqa: S608  # Constants.


_TABLES = (
    _Table("docket", "acn", "docket"),
    _Table("license", "number", "license"),
    _Table("officer", "officer", "officer"),
    _Table("officer_key", "kid", "officer", "jsonb_array_elements($1) AS o, greenlight.keys_in(o)"),
    _Table(
        "officer_role",
        "officer, role, valid_from",
        "officer",
        "jsonb_array_elements($1) AS o, greenlight.roles_in(o)",
    ),
)


async def rebuild(dsn: str, *, swap: bool = True) -> Rebuild:
    """Fold every stream anew and, with ``swap``, put the result in the place of what is served.

    Writers wait only for the end of it: the streams that grew meanwhile, the comparison and the exchange.

    :raises RebuildError: an event cannot be read, or cannot follow those before it; nothing was changed.
    """
    async with connection(dsn, application="greenlight-rebuild", statement_timeout_seconds=0) as database:
        for table in _TABLES:
            await database.execute(
                f"CREATE TEMPORARY TABLE {table.name} (LIKE greenlight.{table.name} INCLUDING INDEXES)"
            )
        async with database.transaction(isolation="repeatable_read"):
            reached = (await read_head(database)).position
            await _fill(database, 0)
        async with database.transaction():
            await database.execute("SELECT FROM greenlight.log FOR UPDATE")
            position = (await read_head(database)).position
            await _fill(database, reached)
            differences = [
                difference for table in _TABLES for difference in await _differences(database, table)
            ]
            digests = [
                TableDigest(
                    table=table.name,
                    before=await _digest(database, "greenlight", table),
                    after=await _digest(database, "pg_temp", table),
                )
                for table in _TABLES
            ]
            if swap:
                for table in _TABLES:
                    await _exchange(database, table)
    return Rebuild(
        position=position, tables=tuple(digests), differences=tuple(differences[:MAX_DIFFERENCES])
    )
