"""Walking the log from its first event: is it what was once written, by those who say they wrote it?

What this cannot see is a log whose end was cut off, head included; ``greenlight.eventlog.checkpoint`` can.
"""

from collections.abc import Callable

from pydantic import ValidationError

from greenlight.eventlog.chain import genesis, link
from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.signed import LINE_COLUMNS, Line, Signatures, told_twice
from greenlight.eventlog.stored import Head, read_head
from greenlight.kernel.model import Model

_PREFETCH = 1_000

Progress = Callable[[int, int], None]
"""Called with the number of events walked, and of all."""


class Fault(Model):
    """The first position at which something is wrong, and what."""

    position: int
    reason: str


class Verification(Model):
    """The place where the log says that it stands, and what is wrong with it: None if nothing is."""

    head: Head
    fault: Fault | None


_LINES = f"""
SELECT {LINE_COLUMNS}
FROM greenlight.event e LEFT JOIN greenlight.command c USING (command_id)
ORDER BY e.position
"""  # noqa: S608 - names of this package

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
WHERE e.position IS NULL
"""


async def verify(dsn: str, *, signatures: bool = True, progress: Progress | None = None) -> Verification:
    """Check every event in one consistent view of the database; writers are not held up.

    ``signatures`` False leaves out the most expensive part: whether each command was signed by whom it says,
    with a key and in a role that the log itself says they had then.

    :raises LogMissingError: the database holds no log.
    :raises OSError, DatabaseError: it cannot be read.
    """
    async with (
        connection(dsn, application="greenlight-verify", statement_timeout_seconds=0) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await read_head(database)
        found = (
            # Where several speak of one position, the walk knows best what is wrong.
            await _walk(database, head, _Walk(head, signatures=signatures), progress),
            await _first(database, _VERSIONS, "the versions of its stream are not 1, 2, 3, …"),
            await _first(database, _COMMANDS, "a command is on file that did not lead to it"),
        )
        faults = [fault for fault in found if fault is not None]
        return Verification(head=head, fault=min(faults, key=lambda fault: fault.position, default=None))


async def _first(database: Connection, query: str, reason: str) -> Fault | None:
    position = await database.fetchval(query)
    return Fault(position=position, reason=reason) if isinstance(position, int) else None


async def _walk(database: Connection, head: Head, walk: "_Walk", progress: Progress | None) -> Fault | None:
    async for row in database.cursor(_LINES, prefetch=_PREFETCH):
        try:
            reason = walk.step(parse(Line, row))
        except ValidationError:
            reason = "the columns do not have the form of an event"
        if reason is not None:
            return Fault(position=walk.position + 1, reason=reason)
        if progress is not None and walk.position % _PREFETCH == 0:
            progress(walk.position, head.position)
    if progress is not None:
        progress(walk.position, head.position)
    if walk.position != head.position:
        return Fault(
            position=min(walk.position, head.position) + 1, reason=f"the head counts {head.position} events"
        )
    if walk.hash != head.hash:
        return Fault(position=walk.position, reason="the head holds another hash")
    return None


class _Walk:
    """One event after the other. ``position`` and ``hash`` are of the last one that was found good."""

    def __init__(self, head: Head, *, signatures: bool) -> None:
        self.position = 0
        self.hash = genesis(head.log_id, head.kind)
        self._signatures = Signatures() if signatures else None

    def step(self, line: Line) -> str | None:
        """Say what is wrong with the next event; None if nothing is."""
        if line.position != self.position + 1:
            return "missing"
        check = self._signatures.step if self._signatures else told_twice
        reason = self._chain(line) or check(line)
        if reason is None:
            self.position, self.hash = line.position, line.hash
        return reason

    def _chain(self, line: Line) -> str | None:
        return None if link(self.hash, line) == line.hash else "the hash is another one"
