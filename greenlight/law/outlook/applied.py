"""The law as it was applied: what came of it and was learned, each by what was on record then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from greenlight.law.outlook import learned
from greenlight.law.outlook.answers import Law
from greenlight.law.outlook.coming import Coming, of_rules_as_known, of_terms_as_recorded
from greenlight.law.rule.acts import Printed
from greenlight.law.rule.rules import Rule
from greenlight.law.terms.spans import JUST_BEFORE


@dataclass(frozen=True, slots=True)
class Applied:
    """``shipped`` is made of the tables and rules that come with the service, and of the terms on record;
    ``law`` of that and of the rules on ``record``.

    ``absent`` is raised where the bytes of tables are not at hand.
    """

    shipped: Law
    record: Sequence[Rule]
    law: Law
    absent: type[Exception]

    @classmethod
    def of(cls, shipped: Law, record: Sequence[Rule], absent: type[Exception]) -> Self:
        return cls(shipped, record, _with(shipped, record), absent)

    def as_known(self, after: datetime, until: datetime) -> Iterator[Coming]:
        """What instants after one and not after another bring of rules and terms, as it was known of each
        just before. Of rules there are others, too."""
        yield from of_rules_as_known(self.law.rules)
        yield from of_terms_as_recorded(self.law.terms.told, after, until)

    def learned(self, after: datetime, now: datetime) -> Iterator[Coming]:
        """The confirmations and records after one instant and not after another that change what counts on
        their day."""
        for told in self.law.terms.told:
            yield from learned.of_reprieve(told, after, now)
        for each in self.record:
            rule = self.law.rules.by_key[each.key]
            yield from learned.of_rule(rule, after, now)
            if isinstance(rule.governs, Printed):
                for at in learned.confirmations(rule):
                    if after < at <= now:
                        yield from self._tables_learned(rule, at)

    def _tables_learned(self, rule: Rule, at: datetime) -> Iterator[Coming]:
        before, since = self.around(at)
        try:
            asked = [law.tables.chosen(at, None).tables for law in (before, since)]
        except self.absent:
            # What was never at hand answered nothing here, so that no answer is another one by it.
            return
        yield from learned.of_tables(rule, at, *asked)

    def around(self, instant: datetime) -> tuple[Law, Law]:
        """The law as it was known just before an instant, and at it. Of the tables that is the one on record
        now, unless others were confirmed or taken back in between."""
        one, other = (self._as_known(known) for known in (instant - JUST_BEFORE, instant))
        if _named(one) == _named(other):
            return replace(one, tables=self.law.tables), replace(other, tables=self.law.tables)
        return one, other

    def _as_known(self, known: datetime) -> Law:
        record = [found for each in self.record if (found := each.as_known(known)) is not None]
        return _with(replace(self.shipped, terms=self.shipped.terms.as_recorded(known)), record)


def _with(shipped: Law, record: Sequence[Rule]) -> Law:
    """The law with rules on record in the place of those that come with the service."""
    rules = shipped.rules.replaced(record)
    return replace(shipped, tables=shipped.tables.on_record(rules.tables), rules=rules)


def _named(law: Law) -> set[str]:
    """The keys of the control tables that are asked, beside those that come with the service."""
    return {each.printed.key for each in law.rules.tables if each.counts(None)}
