"""The log as a tree: the secret behind its salts, and its events as leaves, out of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, cast

from greenlight.eventlog.database import Row, Source
from greenlight.eventlog.stored import LogMissingError
from greenlight.kernel.merkle import leaf_hash
from greenlight.tlog import leaf

_EVENTS = """
SELECT position, stream, version, recorded_at, command_id, proof, record
FROM greenlight.event WHERE position > $1 ORDER BY position LIMIT $2
"""
_Columns = tuple[int, str, int, datetime, str | None, str | None, str]


class Leaf(NamedTuple):
    """An event's place in the log, and its hash as a leaf of the tree."""

    position: int
    hash: bytes


async def read_secret(source: Source) -> bytes:
    """The secret of the log, which its salts are derived from.

    :raises LogMissingError: there is none.
    """
    rows = await source.fetch("SELECT secret FROM greenlight.tree_secret")
    if not rows:
        raise LogMissingError("the secret of the tree is gone")
    return cast(bytes, rows[0]["secret"])


async def read_columns(source: Source, after: int, limit: int) -> Sequence[Row]:
    """The contents of the leaves of events with positions above ``after``."""
    return await source.fetch(_EVENTS, after, limit)


def leaves(secret: bytes, rows: Sequence[Row]) -> list[Leaf]:
    """The leaves of such rows."""
    found: list[Leaf] = []
    for row in rows:
        # The table's definition sees to the types.
        position, stream, version, recorded_at, command_id, proof, record = cast(
            _Columns, tuple(row.values())
        )
        at = leaf.microseconds(recorded_at)
        entry = leaf.fields(secret, position, stream, version, at, command_id, proof, record)
        found.append(Leaf(position, leaf_hash(entry)))
    return found
