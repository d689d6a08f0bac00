"""Proposals to return an application that were not determined once more: the bytes of the control tables that
were on record then are not at hand. That is no fault of the log, and nothing is known of them either."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from greenlight.eventlog.database import Source
from greenlight.kernel.model import Model
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.history import confirmed
from greenlight.law.rule.rules import OnRecord, Rule
from greenlight.law.rule.state import RuleState
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.rules import load_rules

_PROPOSED = """
SELECT record FROM greenlight.event
WHERE type = 'ReturnProposed' AND position > $1 AND position <= $2 ORDER BY position
"""
_RULES = """
SELECT stream, record FROM greenlight.event
WHERE stream LIKE 'rule-%' AND position <= $1 ORDER BY stream, version
"""


class Unexamined(Model):
    """So many proposals by the control tables of a day, which are on record and not at hand."""

    tables: date
    proposals: int

    @property
    def told(self) -> str:
        """In a line."""
        what = "1 proposal" if self.proposals == 1 else f"{self.proposals} proposals"
        return f"not examined: {what} to return an application, tables of {self.tables} missing"


async def unexamined(source: Source, tables: Path | None, after: int, through: int) -> tuple[Unexamined, ...]:
    """The proposals between two positions that could not be determined once more, by the day of the tables.
    ``tables``: the folder of control tables; None: there are none but the service's, and none is missing."""
    if tables is None:
        return ()
    proposed = [
        event
        for row in await source.fetch(_PROPOSED, after, through)
        if (event := _read(str(row["record"]))) is not None
    ]
    if not proposed:
        return ()
    kept = KeptTables(tables).on_record(await _named(source, through))
    found = Counter[date]()
    for event in proposed:
        issue = kept.at(agency_date(event.at), event.at).issue
        try:
            kept.tables(issue)
        except ReferenceDataError:
            found[issue.issued] += 1
    return tuple(Unexamined(tables=day, proposals=count) for day, count in sorted(found.items()))


def together(one: Iterable[Unexamined], other: Iterable[Unexamined]) -> tuple[Unexamined, ...]:
    """Both, by the day of the tables."""
    found = Counter[date]()
    for each in (*one, *other):
        found[each.tables] += each.proposals
    return tuple(Unexamined(tables=day, proposals=count) for day, count in sorted(found.items()))


def _read(record: str) -> ReturnProposed | None:
    """The event; None where it cannot be read, which is a fault by itself."""
    try:
        event = APPLICATION.read(record)
    except (UnreadableError, ValueError):
        return None
    return event if isinstance(event, ReturnProposed) else None


async def _named(source: Source, through: int) -> tuple[OnRecord, ...]:
    """The versions of the control tables that the log names."""
    states: dict[str, RuleState | None] = {}
    for row in await source.fetch(_RULES, through):
        stream = str(row["stream"])
        try:
            states[stream] = RULE.apply(states.get(stream), RULE.read(str(row["record"])))
        except (UnreadableError, ValueError):
            # It was a fault where it stands.
            continue
    rules: list[Rule] = [rule for state in states.values() if state and (rule := confirmed(state))]
    return load_rules().replaced(rules).tables
