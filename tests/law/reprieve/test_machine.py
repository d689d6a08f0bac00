"""Reprieves lived through at random: whatever anybody sends whenever, the law holds.

Two copies of each reprieve are led side by side. Both get the same commands at the same instants; one of them
is also looked at in between. What must hold is read off the events, and not off the state that the law keeps.
"""

from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from greenlight.kernel.body import Body
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RecordFacts,
    RecordPublication,
    RemoveEntities,
    ReplaceOutcome,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    OutcomeConfirmed,
    OutcomeReplaced,
    OutcomeStopped,
    ReprieveEnded,
    TermExpired,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.law.reprieve.terms import Correction
from greenlight.law.reprieve.transitions import TRANSITIONS
from tests.law.reprieve.cases import CONFIRM, END, EVIDENCE, NAME_OF, STOP, gathered, order, running
from tests.law.reprieve.decisions import reevaluated

DAYS = st.integers(1, 120)
TERMS = st.integers(1, 4)
ENTITIES = st.frozensets(st.sampled_from(["one", "two", "three"]), min_size=1)
DIRECTIVES = st.sampled_from([None, None, None, "end", "narrow", "until_july", "soon"])


class Reprieves(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.led = self.watched = running()

    @rule(days=st.integers(0, 20), look=st.floats(0, 1))
    def time_passes(self, days: int, look: float) -> None:
        start, wait = self.led.now, timedelta(days=days)
        self.watched = self.watched.at(start + wait * look).at(start + wait)
        self.led = self.led.at(start + wait)
        self._check()

    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def time_passes_until_something_is_due(self, early: timedelta) -> None:
        deadline = REPRIEVE.next_deadline(self.led.state)
        if deadline is not None and deadline.due is not None:
            now = max(self.led.now, deadline.due - early)
            self.led, self.watched = self.led.at(now), self.watched.at(now)
            self._check()

    @rule(directive=DIRECTIVES, pending=st.none() | st.integers(0, 9))
    def the_service_does_what_it_owes(self, directive: str | None, pending: int | None) -> None:
        if self.led.stage is Stage.GATHERING:
            self._send(gathered(pending, directive))
        elif self.led.stage is Stage.TAKING_EFFECT:
            self._send(TakeEffect())

    @rule(body=st.sampled_from([EVIDENCE, CONFIRM, STOP, RecordFacts(facts=()), TakeEffect()]))
    def anything_is_sent(self, body: Body) -> None:
        self._send(body)

    @rule(days=DAYS, ago=st.none() | st.integers(0, 30), entities=ENTITIES, replaces=st.booleans())
    def a_term_is_ordered(self, days: int, ago: int | None, entities: frozenset[str], replaces: bool) -> None:
        begins = None if ago is None else self.led.now - timedelta(days=ago)
        ordered = order(self._day(days), begins, tuple(entities))
        self._send(ReplaceOutcome(term=ordered, reasons="x") if replaces else IssueTerm(term=ordered))

    @rule(term=TERMS, days=st.none() | st.integers(0, 40))
    def a_term_is_terminated(self, term: int, days: int | None) -> None:
        ends = None if days is None else self.led.now + timedelta(days=days)
        self._send(TerminateTerm(term=term, ends=ends, reasons="x"))

    @rule(term=TERMS, days=DAYS)
    def a_term_is_corrected(self, term: int, days: int) -> None:
        self._send(CorrectTerm(term=term, correction=Correction(valid_through=self._day(days)), reasons="x"))

    @rule(term=TERMS)
    def a_term_is_published(self, term: int) -> None:
        self._send(RecordPublication(term=term, citation="1 FR 1", published=self.led.now))

    @rule(entities=ENTITIES, days=st.integers(-20, 40), add=st.booleans(), running_terms=st.booleans())
    def entities_come_and_go(
        self, entities: frozenset[str], days: int, add: bool, running_terms: bool
    ) -> None:
        effective = self.led.now + timedelta(days=days)
        if add:
            self._send(
                AddEntities(entities=entities, effective=effective, running_terms=running_terms, reasons="x")
            )
        else:
            self._send(RemoveEntities(entities=entities, effective=effective, reasons="x"))

    @precondition(lambda self: len(self.led.events) > 15)
    @rule()
    def it_is_ended(self) -> None:
        self._send(END)

    def _day(self, days: int) -> date:
        return agency_date(self.led.now) + timedelta(days=days)

    def _send(self, body: Body) -> None:
        assert self.led == self.watched, "it matters when a reprieve is looked at"
        stage, decision = self.led.stage, self.led.asked(body)
        assert not isinstance(decision, Need)
        events = () if isinstance(decision, Refusal) else decision
        after = self.led.with_events(*events)
        cell = TRANSITIONS[stage][NAME_OF[type(body)]]
        if isinstance(cell, Code):
            assert not events
        elif events:
            assert after.stage in cell, f"{NAME_OF[type(body)]} led from {stage} to {after.stage}"
        self.led = after.advanced()
        self.watched = self.watched.with_events(*events).advanced()
        self._check()

    def _check(self) -> None:
        state = self.led.opened
        assert ReprieveState.model_validate_json(state.model_dump_json(), strict=True) == state
        assert self.led == self.watched
        self._no_extension_is_silent()
        self._every_term_ends_once()
        reevaluated(self.led.events)
        self._covered_only_by_terms()

    def _no_extension_is_silent(self) -> None:
        """Behind every term is an executive, or a decision on record whose time to object was over."""
        made = {event.number: event for event in self.led.of(DecisionMade)}
        spoken = {
            event.decision
            for kind in (OutcomeStopped, OutcomeReplaced, OutcomeConfirmed)
            for event in self.led.of(kind)
        }
        for event in self.led.of(TermIssued):
            if event.by is None:
                assert event.decision is not None
                decision = made[event.decision]
                assert decision.evaluation.outcome in {"extend", "extend_to"}
                assert decision.closes is not None
                assert decision.closes <= event.at
                assert event.decision not in spoken
                assert event.term.effective == event.at, "a gap is not papered over"
        assert [event.number for event in self.led.of(DecisionFellDue)] == list(
            range(1, len(self.led.of(DecisionFellDue)) + 1)
        )
        assert all(event.due <= event.at for event in made.values())

    def _every_term_ends_once(self) -> None:
        expired = [event.term for event in self.led.of(TermExpired)]
        assert len(expired) == len(set(expired))
        if self.led.stage in {Stage.LAPSED, Stage.ENDED} and not self.led.of(ReprieveEnded):
            assert set(expired) == {event.term.number for event in self.led.of(TermIssued)}
        horizon = self.led.opened.horizon
        if horizon is not None:
            assert horizon.end > self.led.now

    def _covered_only_by_terms(self) -> None:
        terms = Terms.of([self.led.events])
        ended = [event.at for event in self.led.of(ReprieveEnded)]
        for offset in (-40, -1, 0, 1, 40):
            at: datetime = self.led.now + timedelta(days=offset)
            answer = covered(terms, "one", "devices", at)
            if answer.covered:
                assert answer.term is not None
                assert answer.term.effective <= at < answer.term.end
                assert not ended or at < ended[0]
                ends = [e.ends for e in self.led.of(TermTerminated) if e.term == answer.term.number]
                assert all(at < instant for instant in ends)


Reprieves.TestCase.settings = settings(
    deadline=None, max_examples=60, stateful_step_count=30, report_multiple_bugs=False
)
TestReprieves = Reprieves.TestCase
