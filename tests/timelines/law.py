"""Cases lived in the pure law."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from greenlight.cli.operations.development import OFFICERS
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Code, Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.calendar import AGENCY_ZONE, last_day
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.contract import commands, permitted
from tests.law.decisions import accepted
from tests.timelines.timeline import Due, Step

PERMITTED = permitted()
DECISIONS = decisions(commands())

S = TypeVar("S", bound=Staged)

OPENING = 2
"""So many events are on record of a case that was just opened."""


@dataclass(slots=True)
class Life(Generic[S]):
    """A case in the pure law. Before each command it records what is due, as the service does."""

    decider: Aggregate[S]
    key: str
    state: S | None = None
    events: list[Event] = field(default_factory=list[Event])

    @property
    def opened(self) -> S:
        assert self.state is not None, "a timeline begins with the opening"
        return self.state

    @property
    def after_opening(self) -> list[Event]:
        return self.events[OPENING:]

    def open(self, name: str, body: Body, by: Actor, now: datetime) -> None:
        refused = self.decide(name, body, by, now)
        assert refused is None, refused

    def owed(self) -> Mapping[str, Body]:
        """What the service owes the case, as a command by its name."""
        return {}

    def owed_then(self, event: Event) -> Mapping[str, Body]:
        """The command by which the service brought about ``event``, which comes next."""
        return {}

    def live_on(self, now: datetime) -> None:
        """Time passes, and the service is there: it notices what is due and does what it owes, at once."""
        while (deadline := self.decider.next_deadline(self.state)) and deadline.due and deadline.due <= now:
            self.wake(max(deadline.due, self.events[-1].at))

    def wake(self, now: datetime) -> None:
        """The service is there, whatever was before."""
        self.advance(now)
        while owed := self.owed():
            for name, body in owed.items():
                assert self.decide(name, body, None, now) is None

    def advance(self, now: datetime) -> None:
        """What is due is noticed."""
        self.record(self.decider.advance(self.state, now))

    def send(self, step: Step, now: datetime) -> Code | None:
        """A command while the service is there."""
        if not step.overtakes:
            self.live_on(now)
        refused = self.take(step, now)
        self.wake(now)
        return refused

    def follow(self, event: Event) -> None:
        """Do what the service did."""
        for name, body in self.owed_then(event).items():
            self.advance(event.at)
            assert self.decide(name, body, None, event.at) is None

    def take(self, step: Step, now: datetime) -> Code | None:
        """The code of the refusal, if it is refused."""
        self.advance(now)
        role = step.role or role_for(step.command, self.decider.status(self.opened).waiting_for)
        return self.decide(step.command, step.body, actor(step.by, role), now)

    def deadlines(self) -> tuple[Deadline, ...]:
        return self.decider.deadlines(self.opened)

    def deadline(self, kind: str) -> Deadline | None:
        return next((found for found in self.deadlines() if found.kind == kind), None)

    def decide(self, name: str, body: Body, by: Actor | None, now: datetime) -> Code | None:
        decision = self.decider.decide(self.state, self.command(name, body, by), now)
        if isinstance(decision, Refusal):
            return decision.code
        self.record(accepted(decision))
        return None

    def command(self, name: str, body: Body, by: Actor | None) -> Command[Body]:
        signed = None
        if self.state is not None and name in DECISIONS:
            signed = digest(self.decider.dossier(self.state))
        return Command(key=self.key, body=body, by=by, dossier=signed)

    def record(self, events: Iterable[Event]) -> None:
        for event in events:
            self.state = self.decider.apply(self.state, event)
            self.events.append(event)


def actor(officer: str, role: Role) -> Actor:
    return Actor(officer=officer, person=f"person-{officer}", organisation=OFFICERS[officer][0], role=role)


def role_for(command: str, waiting_for: str) -> Role:
    """The role in which an officer of several sends a command: the one that the case waits for."""
    roles = sorted(PERMITTED[command])
    return next((role for role in roles if role == waiting_for), roles[0])


def deadline_line(due: Due, deadline: Deadline | None) -> tuple[str, str]:
    """A deadline as expected and as it is."""
    if deadline is None:
        day, sentence = "none", ""
    else:
        day = "stopped" if deadline.due is None else str(last_day(deadline.due))
        sentence = deadline.explanation
    head = f"{due.at.astimezone(AGENCY_ZONE).isoformat(' ')} {due.kind} "
    if due.sentence is None:
        return head + str(due.last_day), head + day
    return f"{head}{due.last_day} {due.sentence}", f"{head}{day} {sentence}"
