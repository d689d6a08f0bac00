"""Reading the log for those who check it: commit by commit, and single streams once more."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence

from greenlight.eventlog.database import Row, Source, parse
from greenlight.eventlog.included import case_ids
from greenlight.eventlog.signed import LINE_COLUMNS, Line
from greenlight.kernel.aggregate import CommandRefused
from greenlight.law.officer.events import FounderRegistered

FROM = f"""
SELECT {LINE_COLUMNS} FROM greenlight.line e
"""  # noqa: S608 - names of this package
AFTER = f"{FROM} WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position"
"""Events after one position, up to another."""

_RECORDS = """
SELECT record FROM greenlight.event
WHERE stream = $1 AND version <= $2 AND position < $3 ORDER BY version
"""
_SHARED = f"""{FROM}
WHERE e.position <= $1
  AND e.stream LIKE ANY (ARRAY['officer-%', 'directive-%', 'list-%', 'batch-%', 'rule-%'])
ORDER BY e.position
"""
_TOLD = """
SELECT stream, record FROM greenlight.event
WHERE position > $1 AND position <= $2 AND stream LIKE ANY (ARRAY['rule-%', 'reprieve-%', 'entity-%'])
ORDER BY position
"""
_OF_COMMANDS = f"{FROM} WHERE e.position <= $1 AND e.command_id = ANY ($2) ORDER BY e.position"

_REFUSED = CommandRefused.__name__
_FOUNDER = FounderRegistered.__name__

Commit = Sequence[Row]
"""The rows of one commit, in the order of their positions."""


async def commits(rows: AsyncIterable[Row]) -> AsyncIterator[Commit]:
    """Put together what was recorded together."""
    found: list[Row] = []
    before: object = None
    async for row in rows:
        key = _key(row)
        if found and key != before:
            yield found
            found = []
        found.append(row)
        before = key
    if found:
        yield found


def _key(row: Row) -> object:
    """A signed commit has one command; what the service records by itself has one stream and one time. The
    first officers register at one time, each in a stream of their own."""
    if row["type"] == _FOUNDER:
        return _FOUNDER, row["recorded_at"]
    if row["proof"] is None:
        return row["stream"], row["recorded_at"]
    position = row["position"] if row["type"] == _REFUSED else row["command_position"]
    return row["proof"], position


class LogHistory:
    """Single streams, read once more from the log itself."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def records(self, stream: str, through: int, before: int) -> list[str]:
        """The records of a stream up to that version, at positions below ``before``, oldest first."""
        rows = await self._source.fetch(_RECORDS, stream, through, before)
        return [str(row["record"]) for row in rows]

    async def told(self, after: int, through: int) -> list[tuple[str, str]]:
        """The records of rules, reprieves and listed entities after a position, up to another, each with its
        stream, oldest first."""
        rows = await self._source.fetch(_TOLD, after, through)
        return [(str(row["stream"]), str(row["record"])) for row in rows]


async def shared(source: Source, through: int) -> list[Line]:
    """All that others rest on, up to a position: officers, directives, rules, the list, batches under way and
    the cases that these have decided."""
    lines = [parse(Line, row) for row in await source.fetch(_SHARED, through)]
    delivered = {line.stream for line in lines if line.type == "BatchDelivered"}
    kept = [line for line in lines if line.stream not in delivered]
    ids = [each for stream in _of_batches(kept).values() for each in case_ids(stream)]
    if ids:
        kept += [parse(Line, row) for row in await source.fetch(_OF_COMMANDS, through, ids)]
    return sorted(kept, key=lambda line: line.position)


def _of_batches(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.stream.startswith("batch-"):
            found.setdefault(line.stream, []).append(line)
    return found
