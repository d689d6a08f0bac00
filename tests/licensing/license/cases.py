"""Licenses at every stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from licensing.authority import Actor
from licensing.commit import Event
from licensing.decider import Body, Command, Decision
from licensing.license.aggregate import LICENSE
from licensing.license.commands import AcceptConditions
from licensing.license.events import LicenseIssued
from licensing.license.state import LicenseState, Stage
from licensing.license.terms import valid_through
from tests.licensing.actors import APPLICANT
from tests.licensing.application.cases import ACN, BEGIN, NUMBER, item
from tests.licensing.decisions import accepted


@dataclass(frozen=True, slots=True)
class Licensed:
    """A license at an instant, with the events that made it."""

    state: LicenseState | None = None
    now: datetime = BEGIN
    events: tuple[Event, ...] = ()

    @property
    def opened(self) -> LicenseState:
        assert self.state is not None, "the license does not exist yet"
        return self.state

    def at(self, now: datetime) -> "Licensed":
        return replace(self, now=now)

    def later(self, *, days: float) -> "Licensed":
        return self.at(self.now + timedelta(days=days))

    def with_events(self, *events: Event) -> "Licensed":
        state = self.state
        for event in events:
            state = LICENSE.apply(state, event)
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Licensed":
        return self.with_events(*LICENSE.advance(self.state, self.now))

    def command(self, by: Actor | None = APPLICANT) -> Command[Body]:
        return Command(name="accept_conditions", key=NUMBER, body=AcceptConditions(), by=by)

    def asked(self, by: Actor | None = APPLICANT) -> Decision:
        license_ = self.advanced()
        return LICENSE.decide(license_.state, self.command(by), license_.now)

    def accepted(self, by: Actor = APPLICANT) -> "Licensed":
        return self.advanced().with_events(*accepted(self.asked(by)))


def issued(*conditions: str, at: datetime = BEGIN) -> Licensed:
    event = LicenseIssued(
        at=at,
        number=NUMBER,
        acn=ACN,
        licensee=APPLICANT.organisation,
        items=(item(1), item(2)),
        conditions=conditions,
        riders=("See 750.7.",),
        valid_through=valid_through(at),
    )
    return Licensed(now=at).with_events(event)


Story = Callable[[], Licensed]

CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Licensed},
    Stage.AWAITING_ACCEPTANCE: {"with conditions": lambda: issued("No resale.")},
    Stage.ACTIVE: {
        "without conditions": issued,
        "accepted": lambda: issued("No resale.").accepted(),
    },
    Stage.EXPIRED: {
        "once active": lambda: issued().later(days=1500).advanced(),
        "never accepted": lambda: issued("No resale.").later(days=1500).advanced(),
    },
}
"""For every stage, stories of licenses that are at it."""

EXISTING: Mapping[str, Story] = {
    f"{stage}, {title}": story
    for stage, stories in CASES.items()
    if stage is not None
    for title, story in stories.items()
}
