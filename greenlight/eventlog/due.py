"""What comes by itself, over every read model that shows what is due."""

from datetime import datetime

from greenlight.eventlog.database import Source, parse
from greenlight.kernel.model import Instant, Model


class Due(Model):
    """A stream's next deadline. ``case`` is the stream that a license or application belongs to, None for
    those whose deadlines concern other streams."""

    at: Instant
    stream: str
    case: str | None


_READ_MODELS = (
    "SELECT due AS at, 'application-' || acn AS stream, 'application-' || acn AS case FROM greenlight.docket",
    "SELECT due, 'license-' || number, 'application-' || acn FROM greenlight.license",
    "SELECT due, 'reprieve-' || key, NULL FROM greenlight.reprieve",
    "SELECT due, 'directive-' || key, NULL FROM greenlight.directive",
    "SELECT due, 'entity-' || key, NULL FROM greenlight.entity",
    "SELECT due, 'list-' || key, NULL FROM greenlight.list",
)

_DUE = " UNION ALL ".join(f"{each} WHERE due < $1" for each in _READ_MODELS) + ' ORDER BY 1, "case", stream'


async def due(source: Source, before: datetime) -> tuple[Due, ...]:
    """Every stream whose next deadline comes before an instant, by that deadline."""
    return tuple(parse(Due, row) for row in await source.fetch(_DUE, before))
