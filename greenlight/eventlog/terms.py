"""All terms of all reprieves, from their events."""

from itertools import groupby

from greenlight.eventlog.database import Source
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.coverage import Terms

_EVENTS = """
SELECT stream, record
FROM greenlight.reprieve r JOIN greenlight.event e ON e.stream = 'reprieve-' || r.key
ORDER BY stream, e.version
"""


async def read_terms(source: Source) -> Terms:
    """As they are on record now."""
    rows = await source.fetch(_EVENTS)
    streams = groupby(rows, key=lambda row: str(row["stream"]))
    return Terms.of([[REPRIEVE.read(str(row["record"])) for row in events] for _, events in streams])
