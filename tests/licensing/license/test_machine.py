"""Licenses lived through at random, one of two copies also looked at in between."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from licensing.authority import Actor, Role
from licensing.commit import Event
from licensing.decider import Lacks
from licensing.license.aggregate import LICENSE
from licensing.license.events import ConditionsAccepted, LicenseExpired
from licensing.license.state import LicenseState, Stage
from licensing.refusal import Refusal
from licensing.time.calendar import end_of_day
from tests.licensing import actors
from tests.licensing.license.cases import issued
from tests.licensing.time.samples import INSTANTS


class Licenses(RuleBasedStateMachine):
    @initialize(at=INSTANTS, conditions=st.sampled_from([(), ("No resale.",)]))
    def begin(self, at: datetime, conditions: tuple[str, ...]) -> None:
        self.led = self.watched = issued(*conditions, at=at)
        self.read_back: LicenseState | None = None
        self._read_back(self.led.events)

    @rule(days=st.integers(min_value=0, max_value=500), look=st.floats(min_value=0, max_value=1))
    def time_passes(self, days: int, look: float) -> None:
        start, wait = self.led.now, timedelta(days=days)
        self.watched = self.watched.at(start + wait * look).advanced().at(start + wait)
        self.led = self.led.at(start + wait)

    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def time_passes_until_the_expiry(self, early: timedelta) -> None:
        due = end_of_day(self.led.opened.valid_through) - early
        self.led = self.led.at(max(due, self.led.now))
        self.watched = self.watched.at(self.led.now).advanced()

    @rule(by=st.sampled_from(actors.EVERYONE))
    def anyone_accepts(self, by: Actor) -> None:
        led, watched = self.led.advanced(), self.watched.advanced()
        assert led == watched, "it matters when a license is looked at"
        decision = LICENSE.decide(led.state, led.command(by), led.now)
        events = () if isinstance(decision, Refusal | Lacks) else decision
        licensee = by.role is Role.APPLICANT and by.organisation == led.opened.licensee
        assert bool(events) == (licensee and led.opened.stage is Stage.AWAITING_ACCEPTANCE)
        self._read_back(led.events[len(self.led.events) :] + events)
        self.led, self.watched = led.with_events(*events), watched.with_events(*events)
        self._check()

    def _read_back(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.read_back = LICENSE.apply(self.read_back, LICENSE.read(event.record()))

    def _check(self) -> None:
        state = self.led.opened
        assert state == self.read_back, "the records do not add up to the state"
        expired = [event for event in self.led.events if isinstance(event, LicenseExpired)]
        accepted = [event for event in self.led.events if isinstance(event, ConditionsAccepted)]
        due = end_of_day(state.valid_through)
        assert [event.at for event in expired] == ([due] if due <= self.led.now else [])
        assert len(accepted) <= len(state.conditions)
        assert all(event.at < due for event in accepted)
        assert (state.stage is Stage.EXPIRED) == bool(expired)


Licenses.TestCase.settings = settings(deadline=None, max_examples=40, stateful_step_count=20)
TestLicenses = Licenses.TestCase
