"""Ten thousand futures in seconds: the clock, the policy and what an executive says, in plain numbers.

The reprieve's own law explains every deadline and keeps every event; this gives what ``account`` reads off
them, and nothing else. A test holds the two against each other on lives at random.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from greenlight.kernel.tables.domain import Fact, Input, OutputEntry
from greenlight.kernel.tables.table import Accepts
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.reprieve.policy import ENTITIES_COVERED, EXTEND_TO, TERMS_ISSUED, Origin, Policy
from greenlight.law.reprieve.simulation.account import Account, Decided, Ending
from greenlight.law.reprieve.simulation.rehearsal import Life, Speech, Word
from greenlight.law.reprieve.terms import extended_by
from greenlight.law.terms.deciding import LAPSE, REFER, REFERRED
from greenlight.law.terms.spans import Interval

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Source:
    """The facts that can be known of one input over a life, in the order in which they can."""

    at: tuple[datetime, ...]
    values: tuple[Fact, ...]
    lasts: timedelta | None

    def value(self, now: datetime) -> Fact:
        place = bisect_right(self.at, now) - 1
        if place < 0 or (self.lasts is not None and self.at[place] + self.lasts <= now):
            return None
        return self.values[place]


Sources = Mapping[str, _Source]


@dataclass(frozen=True, slots=True)
class _Rule:
    row: str | None
    outcome: str
    days: int
    to: date | None
    window: int
    cells: tuple[tuple[str, Accepts], ...]


class Futures:
    """A sound policy, made ready for many lives. ``acts`` of a life are not looked at."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lead = timedelta(days=policy.lead_days)
        self._rules = tuple(
            _rule(policy, row.id, row.then, tuple((name, cell.compiled()) for name, cell in row.when.items()))
            for row in policy.table.rows
        )
        self._otherwise = _rule(policy, None, REFERRED, ())

    def live(self, life: Life) -> Account:
        """Tell what ``account`` says of ``rehearse`` with the same policy and life."""
        sources, until = self._sources(life), life.until
        begins, through = life.begins, life.term.valid_through
        terms: list[Interval] = [(life.term.effective or begins, end_of_day(through))]
        decisions: list[Decided] = []
        answers, words = iter(life.answers), iter(life.words)

        def told(at: datetime, ending: Ending | None) -> Account:
            return Account(tuple(terms), tuple(decisions), ending if at <= until else None)

        while True:
            due, end = max(end_of_day(through - self._lead - _DAY), begins), terms[-1][1]
            made = life.up(due)
            if due > until or made > until:
                return told(made, None)
            rule = self._decided(sources, made, len(terms), len(life.term.entities))
            decisions.append(Decided(due, made, rule.outcome, rule.row))
            if rule.outcome == REFER:
                # One that is referred after the end comes too late for any answer, and still counts as asked.
                answer = next(answers, None)
                if answer is None or made + answer.after >= end:
                    return told(end if made < end else made, Ending.UNANSWERED)
                effect, through = made + answer.after, through + timedelta(days=answer.days)
            else:
                closes = end_of_day(agency_date(made) + timedelta(days=rule.window - 1))
                word = _in_time(next(words, None), made, closes)
                speech = word.speech if word else None
                said = made + word.after if word else closes
                if speech is Speech.STOP:
                    return told(max(said, end), Ending.STOPPED)
                if rule.outcome == LAPSE and speech is not Speech.REPLACE:
                    return told(max(said, end), Ending.LAPSED)
                effect, before = said if word else life.up(said), through
                if word and speech is Speech.REPLACE:
                    through = extended_by(word.days, before, effect)
                elif effect <= until:
                    through = rule.to or extended_by(rule.days, before, effect)
                    if through <= before or end_of_day(through) <= effect:
                        return told(max(effect, end), Ending.MOOT)
            if effect > until:
                return told(effect, None)
            terms.append((effect, end_of_day(through)))
            begins = effect

    def _decided(self, sources: Sources, now: datetime, issued: int, entities: int) -> _Rule:
        law: dict[str, Fact] = {TERMS_ISSUED: issued, ENTITIES_COVERED: entities}
        facts: dict[str, Fact] = {}
        for given in self._policy.table.inputs:
            source = sources.get(given.name)
            facts[given.name] = source.value(now) if source else _bounded(given, law.get(given.name))
        for rule in self._rules:
            for name, accepts in rule.cells:
                if not accepts(facts[name]):
                    break
            else:
                return rule
        return self._otherwise

    def _sources(self, life: Life) -> Sources:
        """Values that the policy does not know: not submitted as evidence, and gathered they are unknown."""
        found: dict[str, tuple[list[datetime], list[Fact]]] = {}
        origins, inputs = self._policy.origins, {given.name: given for given in self._policy.table.inputs}
        for name, given in inputs.items():
            if origins[name] is not Origin.LAW:
                found[given.name] = ([], [])
        for known in life.known:
            if known.name not in found:
                continue
            admitted = inputs[known.name].admits(known.value)
            if not admitted and origins[known.name] is Origin.EVIDENCE:
                continue
            at, values = found[known.name]
            at.append(max(known.at, life.begins))
            values.append(known.value if admitted else None)
        lasts = timedelta(days=self._policy.evidence_days)
        return {
            name: _Source(tuple(at), tuple(values), lasts if origins[name] is Origin.EVIDENCE else None)
            for name, (at, values) in found.items()
        }


def _in_time(word: Word | None, made: datetime, closes: datetime) -> Word | None:
    return word if word and made + word.after < closes else None


def _rule(
    policy: Policy, row: str | None, then: OutputEntry, cells: tuple[tuple[str, Accepts], ...]
) -> _Rule:
    to = then.parameters.get("to") if then.outcome == EXTEND_TO else None
    return _Rule(
        row=row,
        outcome=then.outcome,
        days=int(then.parameters.get("days", 0)),
        to=None if to is None else date.fromisoformat(str(to)),
        window=policy.window(then),
        cells=cells,
    )


def _bounded(given: Input, count: Fact) -> Fact:
    return max(given.minimum, min(given.maximum, count)) if isinstance(count, int) else None
