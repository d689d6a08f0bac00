"""Walking the log from its first event: is it what was once written, by those who say they wrote it?

What nobody signed for, such as the time of a recording, and an end that was cut off, shows against what was
published of the log (``greenlight.eventlog.published``), and against nothing else.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from greenlight.eventlog.database import WHOLE, Connection, connection
from greenlight.eventlog.published import Comparison, Fault, PublishedLog, earliest
from greenlight.eventlog.signed import Line, Signatures, told_twice
from greenlight.eventlog.stored import Head, read_head
from greenlight.eventlog.tree import read_secret
from greenlight.kernel.merkle import leaf_hash
from greenlight.kernel.model import Model
from greenlight.tlog import leaf

_PREFETCH = 1_000

Progress = Callable[[int, int], None]
"""Called with the number of events walked, and of all."""


class Verification(Model):
    """The place where the log says that it stands, up to where it was published (None: it was not), and what
    is wrong with it: None if nothing is."""

    head: Head
    published: int | None
    fault: Fault | None


class _Line(NamedTuple):
    """An event beside the accepted command that its id leads to, if any. Not a model: the types are the
    table's, and millions of lines are walked."""

    position: int
    stream: str
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    command_id: str | None
    record: str
    proof: str | None
    command_stream: str | None
    sender: str | None
    name: str | None
    body: str | None
    command_version: int | None
    command_position: int | None
    command_recorded_at: datetime | None

    @property
    def model(self) -> Line:
        """The same, checked."""
        return Line.model_validate(self._asdict())


_LINES = f"SELECT {', '.join(_Line._fields)} FROM greenlight.line ORDER BY position"  # noqa: S608  # Its names.

# In the order of the index, so that memory does not grow with the number of streams.
_VERSIONS = """
SELECT min(position) FROM (
    SELECT position, version, lag(version, 1, 0) OVER w AS earlier,
           lag(position, 1, 0::bigint) OVER w AS before
    FROM greenlight.event WINDOW w AS (PARTITION BY stream ORDER BY version)
) AS neighbours
WHERE version <> earlier + 1 OR position <= before
"""

_COMMANDS = """
SELECT min(c.position) FROM greenlight.command c
LEFT JOIN greenlight.event e ON (e.position, e.command_id, e.stream, e.version, e.recorded_at)
                              = (c.position, c.command_id, c.stream, c.version, c.recorded_at)
WHERE e.position IS NULL OR c.position NOT BETWEEN c.first_position AND c.last_position
"""


async def verify(
    dsn: str,
    published: PublishedLog | None = None,
    *,
    signatures: bool = True,
    progress: Progress | None = None,
) -> Verification:
    """Check every event in one consistent view of the database; writers are not held up.

    ``published`` is what the log has to be: without it, only what the log says of itself is checked.
    ``signatures`` False leaves out the most expensive part: whether each command was signed by whom it says,
    with a key and in a role that the log itself says they had then.

    :raises LogMissingError: the database holds no log.
    :raises OSError, DatabaseError: it, or what was published, cannot be read.
    """
    async with (
        connection(dsn, application="greenlight-verify", limits=WHOLE) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await read_head(database)
        comparison = None if published is None else Comparison(head, published)
        found = (
            # Where several speak of one position, the walk knows best what is wrong.
            await _walk(database, head, _Walk(head, signatures=signatures), comparison, progress),
            await _first(database, _VERSIONS, "the versions of its stream are not 1, 2, 3, …"),
            await _first(database, _COMMANDS, "a command is on file that did not lead to it"),
        )
        newest = comparison.newest if comparison else None
        return Verification(head=head, published=newest, fault=earliest(found))


async def _first(database: Connection, query: str, reason: str) -> Fault | None:
    position = await database.fetchval(query)
    return Fault(position=position, reason=reason) if isinstance(position, int) else None


async def _walk(
    database: Connection,
    head: Head,
    walk: "_Walk",
    comparison: Comparison | None,
    progress: Progress | None,
) -> Fault | None:
    secret = await read_secret(database)
    fault: Fault | None = None
    async for row in database.cursor(_LINES, prefetch=_PREFETCH):
        line = _Line(*row.values())  # pyright: ignore[reportArgumentType]  # The query's columns, in this order.
        reason = walk.step(line)
        if reason is not None:
            fault = Fault(position=walk.position + 1, reason=reason)
            break
        if comparison is not None:
            comparison.add(_leaf(secret, line))
            if comparison.fault is not None:
                break
        if progress is not None and walk.position % _PREFETCH == 0:
            progress(walk.position, head.position)
    if progress is not None:
        progress(walk.position, head.position)
    if fault is None and walk.position != head.position and (comparison is None or comparison.fault is None):
        fault = Fault(
            position=min(walk.position, head.position) + 1, reason=f"the head counts {head.position} events"
        )
    differs = None if comparison is None else comparison.end(whole=fault is None)
    return earliest((fault, differs))


def _leaf(secret: bytes, line: _Line) -> bytes:
    at = leaf.microseconds(line.recorded_at)
    entry = leaf.fields(
        secret, line.position, line.stream, line.version, at, line.command_id, line.proof, line.record
    )
    return leaf_hash(entry)


class _Walk:
    """One event after the other. ``position`` is of the last one that was found good."""

    def __init__(self, head: Head, *, signatures: bool) -> None:
        self.position = 0
        self._signatures = Signatures(head) if signatures else None

    def step(self, line: _Line) -> str | None:
        """Say what is wrong with the next event; None if nothing is."""
        if line.position != self.position + 1:
            return "missing"
        reason = self._signatures.step(line.model) if self._signatures else told_twice(line)
        if reason is None:
            self.position = line.position
        return reason
