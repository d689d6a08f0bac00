"""Which licensees were told how much of their licenses is used."""

from datetime import datetime
from typing import NamedTuple

from greenlight.eventlog.database import Source
from greenlight.kernel.streams import license_stream
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import UsageReached
from greenlight.law.license.usage import in_words

# Whoever had the license before reads of their own shipments alone, and nobody of them is told anew.
_TOLD = """
SELECT l.number, l.stage, e.record FROM greenlight.license l
JOIN greenlight.event e ON e.stream = $1 || l.number
WHERE l.licensee = $2 AND e.type = 'UsageReached' AND e.at >= $3
    AND e.record::jsonb #>> '{by,organisation}' = $2
ORDER BY e.at DESC, e.position DESC LIMIT 100
"""


class UsageTold(NamedTuple):
    """A licensee was told so of the license ``number``, which is at ``stage`` now."""

    number: str
    stage: str
    told: UsageReached

    @property
    def said(self) -> str:
        """In words: ``80 and 90 % of line 1 are used``."""
        return f"{in_words(self.told.thresholds)} of line {self.told.line} are used"


async def usage_told(source: Source, licensee: str, since: datetime) -> tuple[UsageTold, ...]:
    """The notices of use that an organisation had of its licenses, the latest first, and at most 100.

    :raises LogUnavailableError: the database cannot be reached.
    """
    told: list[UsageTold] = []
    for row in await source.fetch(_TOLD, license_stream(""), licensee, since):
        event = LICENSE.read(str(row["record"]))
        assert isinstance(event, UsageReached), "the query asks for these alone"
        told.append(UsageTold(str(row["number"]), str(row["stage"]), event))
    return tuple(told)
