"""Read models against what the events of a stream lead to: its row, and the rows that belong to it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from pydantic_core import to_json

from greenlight.audit.fault import Fault
from greenlight.audit.streams import Stream
from greenlight.eventlog.database import Source
from greenlight.eventlog.tables import tables
from greenlight.kernel.model import JsonObject

AT_ONCE = 500
"""Streams that are compared by one statement."""

# What is served of a stream that has gone on is compared when that is checked, too.
_OTHERWISE = """
WITH shown AS (SELECT shown, shown ->> '{owner}' AS whose FROM jsonb_array_elements($1::jsonb) AS shown),
as_far AS (
    SELECT shown.shown, whose FROM shown LEFT JOIN greenlight.{model} AS served ON served.{owner} = whose
    WHERE coalesce(served.version, 0) <= (shown.shown -> 'version')::integer
),
lawful AS (SELECT t.* FROM as_far, {rows}),
served AS (SELECT t.* FROM greenlight.{name} AS t WHERE t.{owner} IN (SELECT whose FROM as_far))
SELECT DISTINCT {owner} AS key FROM (
    (TABLE lawful EXCEPT TABLE served) UNION ALL (TABLE served EXCEPT TABLE lawful)
) AS differing
"""


_NOBODYS = """
SELECT {owner} AS key FROM greenlight.{name} AS t
WHERE NOT EXISTS (SELECT FROM greenlight.event WHERE stream = '{kind}-' || t.{owner}) ORDER BY 1 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Row:
    model: str
    row: JsonObject
    position: int


@dataclass(slots=True)
class Shown:
    """The rows that streams should have, until they are compared."""

    _rows: dict[str, _Row] = field(default_factory=dict[str, _Row])

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, stream: Stream) -> None:
        """The stream as it stands; the row that it had before is not compared any more."""
        if stream.state is None or stream.position is None or stream.broken:
            return
        try:
            view = stream.aggregate.view(stream.state, stream.version)
        except Exception:  # noqa: BLE001 - a forged record leads where the law never goes, and that was told.
            return
        self._rows[stream.name] = _Row(view.model, view.row, stream.position)

    async def compared(self, source: Source) -> list[Fault]:
        """A fault for each stream of which something else is shown; none is left to compare then."""
        rows = tuple(self._rows.values())
        self._rows.clear()
        return [fault async for fault in _differences(source, rows)]


async def nobodys(source: Source, position: int) -> list[Fault]:
    """A fault, at the log's last position, for each table that shows what nothing on record is about."""
    faults: list[Fault] = []
    for table in tables():
        query = _NOBODYS.format(owner=table.owner, name=table.name, kind=table.kind)
        for row in await source.fetch(query):
            reason = f"the table {table.name} shows {row['key']}, of which nothing is on record"
            faults.append(Fault(position=position, reason=reason))
    return faults


async def _differences(source: Source, rows: Sequence[_Row]) -> AsyncGenerator[Fault]:
    for table in tables():
        mine = {str(each.row[table.owner]): each for each in rows if each.model == table.model}
        if not mine:
            continue
        query = _OTHERWISE.format(owner=table.owner, model=table.model, name=table.name, rows=table.rows)
        shown = to_json([each.row for each in mine.values()]).decode()
        for row in await source.fetch(query, shown):
            reason = f"the table {table.name} shows something else than the events lead to"
            yield Fault(position=mine[str(row["key"])].position, reason=reason)
