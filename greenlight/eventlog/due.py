"""Find what comes by itself, over every read model that shows what is due."""

from datetime import datetime, timedelta

from greenlight.eventlog.database import Source, parse
from greenlight.kernel.model import Instant, Model


class Due(Model):
    """A stream's next deadline. ``case`` is the stream that a license or application belongs to, None for
    those whose deadlines concern other streams."""

    at: Instant
    stream: str
    case: str | None


_DUE = """
SELECT due AS at, stream, "case" FROM greenlight.stream WHERE due < $1 ORDER BY due, "case", stream
"""


async def due(source: Source, before: datetime) -> tuple[Due, ...]:
    """Every stream whose next deadline comes before an instant, by that deadline."""
    return tuple(parse(Due, row) for row in await source.fetch(_DUE, before))


MOST_OVERDUE = 500
_OVERDUE = """
SELECT stream FROM greenlight.stream WHERE due < clock_timestamp() - $1::interval
ORDER BY due, stream LIMIT $2
"""


async def overdue(source: Source, period: timedelta) -> tuple[str, ...]:
    """The streams whose next deadline is past for longer than a period, by the database's clock: the first so
    many."""
    rows = await source.fetch(_OVERDUE, period, MOST_OVERDUE)
    return tuple(str(row["stream"]) for row in rows)
