"""Proposals to return an application, and instants that came, that were not held against the law once more:
the bytes of the control tables that were on record then are not at hand, or a list is not. That is no fault
of the log, and nothing is known of them either."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from greenlight.audit.basis import Recorded
from greenlight.audit.log import LogHistory
from greenlight.audit.returns import kept_in
from greenlight.eventlog.database import Source
from greenlight.kernel.commit import Event
from greenlight.kernel.counted import counted
from greenlight.kernel.model import Model
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.moment.events import MomentCame
from greenlight.law.registry import aggregate_of
from greenlight.law.rule.rules import OnRecord
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import KeptTables

_ASKED = """
SELECT position, stream, record FROM greenlight.event
WHERE type IN ('MomentCame', 'ReturnProposed') AND position > $1 AND position <= $2 ORDER BY position
"""


class Unexamined(Model):
    """So many proposals, and instants that came, by the control tables of a day, which are on record and not
    at hand. ``tables`` None: of the instants an entry of a list tells, and lists are not."""

    tables: date | None
    proposals: int = 0
    moments: int = 0

    @property
    def told(self) -> str:
        """In a line."""
        counts = (
            (self.proposals, "proposal to return an application", "proposals to return an application"),
            (self.moments, "instant that came", "instants that came"),
        )
        what = " and ".join(counted(*each) for each in counts if each[0])
        missing = "entries of a list" if self.tables is None else f"tables of {self.tables}"
        return f"not examined: {what}, {missing} missing"


async def unexamined(source: Source, tables: Path | None, after: int, through: int) -> tuple[Unexamined, ...]:
    """The proposals and instants between two positions that could not be held against the law, by the day of
    the tables. ``tables``: the folder of control tables; None: there are none but the service's, and none is
    missing."""
    recorded = Recorded(LogHistory(source), kept_in(tables))
    proposed: list[Event] = []
    found: list[Unexamined] = []
    for row in await source.fetch(_ASKED, after, through):
        # What cannot be read was a fault where it stands.
        with suppress(UnreadableError, ValueError):
            event = aggregate_of(str(row["stream"])).read(str(row["record"]))
            if isinstance(event, MomentCame):
                basis = await recorded.before(int(str(row["position"])))
                lacking = basis.lacks(event)
                found += (Unexamined(tables=day, moments=1) for day in lacking if day is None or tables)
            else:
                proposed.append(event)
    if tables is not None and proposed:
        basis = await recorded.before(through + 1)
        found += _proposals(proposed, tables, basis.applied.law.rules.tables)
    return together(found, ())


def _proposals(
    proposed: Iterable[Event], tables: Path, on_record: tuple[OnRecord, ...]
) -> Iterable[Unexamined]:
    kept = KeptTables(tables).on_record(on_record)
    for event in proposed:
        issue = kept.at(agency_date(event.at), event.at).issue
        try:
            kept.tables(issue)
        except ReferenceDataError:
            yield Unexamined(tables=issue.issued, proposals=1)


def together(one: Iterable[Unexamined], other: Iterable[Unexamined]) -> tuple[Unexamined, ...]:
    """Both, by the day of the tables."""
    proposals, moments = Counter[date | None](), Counter[date | None]()
    for each in (*one, *other):
        proposals[each.tables] += each.proposals
        moments[each.tables] += each.moments
    days = sorted(proposals, key=lambda day: day or date.min)
    return tuple(Unexamined(tables=day, proposals=proposals[day], moments=moments[day]) for day in days)
