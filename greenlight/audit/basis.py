"""The rules, reprieves and listed entities on record, and the law as it was applied by them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain

from greenlight.audit.streams import History
from greenlight.kernel.commit import Event
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.determination.tables import ControlTables, Tables
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.moment.events import MomentCame
from greenlight.law.outlook import learned
from greenlight.law.outlook.answers import Law
from greenlight.law.outlook.applied import Applied
from greenlight.law.outlook.coming import Coming, Kind, between, of_entities, of_tables, of_terms
from greenlight.law.registry import aggregate_of
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.versions import versions
from greenlight.law.rule.acts import KEY_OF_TABLES, Printed
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.rules import Rule
from greenlight.law.terms.spans import JUST_BEFORE
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.rules import load_rules

_DAY = timedelta(days=1)

_Came = dict[datetime, tuple[Coming, ...]]


@dataclass(frozen=True, eq=False)
class Basis:
    """The law as it was applied, and all that comes of terms and entries, by what was on record."""

    applied: Applied
    lasting: tuple[Coming, ...]
    _changes: _Came = field(default_factory=_Came)
    _came: _Came = field(default_factory=_Came)

    @classmethod
    def of(
        cls, kept: ControlTables, rules: Iterable[Rule], terms: Terms, entered: Iterable[Coming]
    ) -> "Basis":
        """``kept``: the control tables, as far as they are at hand; ``rules`` and ``terms``: those on record;
        ``entered``: what comes of listed entities."""
        shipped = Law(kept, load_rules(), terms)
        lasting = (*of_terms(terms.versions), *entered)
        return cls(Applied.of(shipped, tuple(rules), ReferenceDataError), lasting)

    def changes(self, at: datetime) -> tuple[Coming, ...]:
        """What came at an instant of rules and terms as they were known just before, or was learned then."""
        if at not in self._changes:
            before = at - JUST_BEFORE
            found = (*self.applied.as_known(before, at), *self.applied.learned(before, at))
            self._changes[at] = between(found, before, at)
        return self._changes[at]

    def came(self, at: datetime) -> tuple[Coming, ...]:
        """All of which somebody may have said that it came then: terms of which was known later, too, as
        releases of before took them, entries on record, and tables that are at hand."""
        if at not in self._came:
            self._came[at] = (*self.changes(at), *self._also(at))
        return self._came[at]

    def _also(self, at: datetime) -> tuple[Coming, ...]:
        before = at - JUST_BEFORE
        found = [*self.lasting]
        with suppress(ReferenceDataError):
            # Of what is not at hand nothing is said: ``unseen`` has it.
            found += of_tables(self.applied.law.tables, before, at)
        return between(found, before, at)

    def owed(self, coming: Coming, by: datetime) -> bool:
        """Tell whether it had to be said by whoever looked then: it is about a rule that was on record at its
        instant, and of which nothing was confirmed since. Of control tables there are those who had not the
        bytes."""
        rule = next((each for each in self.applied.record if each.key == coming.key), None)
        if rule is None or isinstance(rule.governs, Printed):
            return False
        known = learned.confirmations(rule)
        return known[0] <= coming.at and known[-1] < by

    def lacks(self, event: MomentCame) -> set[date | None]:
        """The days of the tables without which it is not known whether an instant came so; None: a list."""
        try:
            came = self.came(event.instant)
            return {day_of(each) for each in event.coming if each not in came and self.unseen(each)}
        except Exception:  # noqa: BLE001 - where the law cannot tell, that was a fault.
            return set()

    def unseen(self, coming: Coming) -> bool:
        """Tell whether it cannot be held against anything here: an entry of a list, or tables whose bytes are
        not at hand, and which are on record or come with another release."""
        if coming.kind is Kind.ENTRY:
            return True
        if coming.kind is not Kind.TABLES:
            return False
        if KEY_OF_TABLES.fullmatch(coming.key):
            return self._confirmed(coming) and not self._at_hand(coming.at)
        day = day_of(coming)
        if day is None or coming.at != end_of_day(day - _DAY):
            return False
        on_record = {each.printed.issued for each in self.applied.law.rules.tables}
        return day not in on_record or not self._at_hand(coming.at)

    def _confirmed(self, coming: Coming) -> bool:
        rule = self.applied.law.rules.by_key.get(coming.key)
        return rule is not None and coming.at in learned.confirmations(rule)

    def _at_hand(self, at: datetime) -> bool:
        """Tell whether the tables that were asked just before an instant and at it can be read here."""
        try:
            for law in self.applied.around(at):
                law.tables.chosen(at, None)
        except ReferenceDataError:
            return False
        # Without a folder there are those of the release alone.
        return not isinstance(self.applied.shipped.tables, Tables)


class Recorded:
    """What is on record of rules, reprieves and listed entities: read on from where it was read last, so that
    the log is read once, however many instants came."""

    def __init__(self, history: History, kept: ControlTables) -> None:
        self._history, self._kept = history, kept
        self._through = 0
        self._told: dict[str, tuple[Event, ...]] = {}
        self._rules: dict[str, Rule | None] = {}
        self._reprieves: dict[str, tuple[Event, ...]] = {}
        self._entered: dict[str, tuple[Coming, ...]] = {}
        self._terms: Terms | None = None
        self._basis: Basis | None = None

    async def before(self, position: int) -> Basis:
        """The law by all that is on record below a position, which does not go back."""
        for stream, record in await self._history.told(self._through, position - 1):
            self._take(stream, record)
        self._through = position - 1
        if self._terms is None:
            self._terms = Terms.of(self._reprieves.values())
        if self._basis is None:
            # In the order of their streams, as workers read them.
            rules = [rule for _, rule in sorted(self._rules.items()) if rule is not None]
            entered = chain.from_iterable(self._entered.values())
            self._basis = Basis.of(self._kept, rules, self._terms, entered)
        return self._basis

    def _take(self, stream: str, record: str) -> None:
        try:
            told = (*self._told.get(stream, ()), aggregate_of(stream).read(record))
            self._make(stream, told)
        except Exception:  # noqa: BLE001 - what cannot be read or follow was a fault where it stands.
            return
        self._told[stream] = told
        self._basis = None

    def _make(self, stream: str, told: tuple[Event, ...]) -> None:
        kind = aggregate_of(stream).kind
        if kind == RULE.kind:
            self._rules[stream] = rule_of(told)
        elif kind == REPRIEVE.kind:
            # Refuses what no term can follow.
            versions(told)
            self._reprieves[stream], self._terms = told, None
        elif kind == ENTITY.kind:
            self._entered[stream] = tuple(of_entities({stream_key(stream): told}))


def day_of(coming: Coming) -> date | None:
    """The day whose law the tables print that begin to be asked, or that are confirmed; None: it is about
    something else."""
    text = coming.key.removeprefix("controls-")[:10] if KEY_OF_TABLES.fullmatch(coming.key) else coming.key
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
