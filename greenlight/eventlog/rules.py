"""All rules that are on record, from their events."""

from itertools import groupby

from greenlight.eventlog.database import Source
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.rules import Rule

_EVENTS = """
SELECT stream, record
FROM greenlight.rule r JOIN greenlight.event e ON e.stream = 'rule-' || r.key
ORDER BY stream, e.version
"""


_VERSIONS = "SELECT key, version FROM greenlight.rule ORDER BY key"


class KnownRules:
    """The rules on record, read once more where one has moved on since."""

    def __init__(self) -> None:
        self._known: tuple[list[tuple[str, int]], tuple[Rule, ...]] = [], ()

    async def read(self, source: Source) -> tuple[Rule, ...]:
        """Those of which something is confirmed."""
        versions = [(str(row["key"]), int(str(row["version"]))) for row in await source.fetch(_VERSIONS)]
        if versions != self._known[0]:
            # Read after their versions: what comes in between is read again the next time.
            self._known = versions, await read_rules(source)
        return self._known[1]


async def read_rules(source: Source) -> tuple[Rule, ...]:
    """Those of which something is confirmed."""
    rows = await source.fetch(_EVENTS)
    streams = groupby(rows, key=lambda row: str(row["stream"]))
    found = (rule_of([RULE.read(str(row["record"])) for row in events]) for _, events in streams)
    return tuple(rule for rule in found if rule is not None)
