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


async def read_rules(source: Source) -> tuple[Rule, ...]:
    """Those of which something is confirmed."""
    rows = await source.fetch(_EVENTS)
    streams = groupby(rows, key=lambda row: str(row["stream"]))
    found = (rule_of([RULE.read(str(row["record"])) for row in events]) for _, events in streams)
    return tuple(rule for rule in found if rule is not None)
