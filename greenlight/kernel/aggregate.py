"""The shape every aggregate has: decide, evolve, and the deadlines between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter

from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Event, View
from greenlight.kernel.model import Instant, JsonObject, Model
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.row import Row, Shown
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.directive.standing import StandingDirective


class CommandRefused(Event, recorded_by=SERVICE):
    """A command that came and was not accepted. It changes nothing of the matter.

    ``by`` is None where nobody proved to be its sender.
    """

    type: Literal["CommandRefused"] = "CommandRefused"
    by: Actor | None
    command: str
    command_id: str | None
    code: RefusalCode
    message: str


class Lacks(StrEnum):
    """A fact without which a command cannot be decided. Whoever drives the law fetches it and asks again."""

    LICENSE_NUMBER = "license_number"
    LIST_CONTENT = "list_content"


Decision = tuple[Event, ...] | Refusal | Lacks


S = TypeVar("S")


class Status(Model):
    """What a case shows of itself to the world outside: no party names, no goods.

    ``waiting_for`` is the role that must act next, ``screening``, or ``nobody``; ``due`` the earliest
    deadline whose clock runs; ``listed`` whether a listed entity is a party, None while not known;
    ``retained_through`` the day through which a license's records are kept at least, as things stand.
    """

    stage: str
    waiting_for: str
    closed: bool
    due: Instant | None
    outcome: str | None
    officer: str | None
    listed: bool | None
    license_number: str | None
    retained_through: date | None = None

    def shown(self, version: int) -> Shown:
        """What every row of a read model shows of it."""
        return {
            "stage": self.stage,
            "waiting_for": self.waiting_for,
            "closed": self.closed,
            "due": self.due,
            "version": version,
        }


def _no_consequences(state: object, events: tuple[Event, ...]) -> tuple[Append, ...]:
    return ()


def _no_deadlines(state: object) -> tuple[Deadline, ...]:
    return ()


def _nothing_passes(state: object, deadline: Deadline) -> tuple[Event, ...]:
    raise AssertionError(f"{deadline.kind}: nothing has deadlines here")


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[S]):
    """An aggregate: what it is called, and its law. All functions are pure; ``None`` is the state of a stream
    with no events.

    - ``kind``: what its streams' names begin with; ``key`` is the pattern of the rest.
    - ``title``, ``about``: what people call one of its streams, and a sentence on what that is.
    - ``workflow``: the type of the workflow that each stream has; None where it has none.
    - ``commands``: those that come from outside, ``internal``: those that the service gives itself; by name.
    - ``transitions``: from stage (None: no such stream) and command to the stages that it may lead to, or a
      refusal; ``by_time`` and ``by_directive``: where a deadline or a directive leads from a stage.
    - ``decide(state, command, now)``: the events that accepting the command means, or why it is refused.
    - ``evolve(state, event)``: the state after the event; never fails on a recorded event.
    - ``attempted(state, refusal)``: the state after a refusal, which may tell who acts for whom; None where
      that matters to nobody.
    - ``deadlines(state)``: every deadline that still matters, earliest first; those whose clock stands
      still last.
    - ``passed(state, deadline)``: the events of a deadline that has come.
    - ``dossier(state)``: what a decision rests on; its digest is what a deciding officer signs.
    - ``row``, ``view(state, version)``: the class of the read model's rows, and the row of a stream.
    - ``consequences(state, events)``: what the events mean for other streams, recorded together with them.
    - ``directed(state, standing, now)``: what the directives in force mean for the stream as it stands; none
      if nothing changes. None where directives are not about such streams.
    """

    kind: str
    key: str
    title: str
    about: str
    workflow: str | None
    commands: Mapping[str, type[Body]]
    transitions: Mapping[Any, Mapping[str, frozenset[Any] | RefusalCode]]
    events: TypeAdapter[Event]
    state: TypeAdapter[S]
    decide: Callable[[S | None, Command[Body], datetime], Decision]
    evolve: Callable[[S | None, Event], S]
    dossier: Callable[[S], JsonObject]
    status: Callable[[S], Status]
    row: type[Row]
    view: Callable[[S, int], View]
    consequences: Callable[[S, tuple[Event, ...]], tuple[Append, ...]] = _no_consequences
    deadlines: Callable[[S], tuple[Deadline, ...]] = _no_deadlines
    passed: Callable[[S, Deadline], tuple[Event, ...]] = _nothing_passes
    attempted: Callable[[S, CommandRefused], S] | None = None
    directed: Callable[[S, tuple[StandingDirective, ...], datetime], tuple[Event, ...]] | None = None
    internal: Mapping[str, type[Body]] = field(default_factory=dict[str, type[Body]])
    by_time: Mapping[Any, frozenset[Any]] = field(default_factory=dict[Any, frozenset[Any]])
    by_directive: Mapping[Any, frozenset[Any]] = field(default_factory=dict[Any, frozenset[Any]])

    @property
    def starts_with(self) -> str | None:
        """The command that begins a stream; None where another stream's events do."""
        return next((name for name, body in self.commands.items() if body.declared.starts), None)

    @property
    def messages(self) -> Mapping[str, type[Body]]:
        """Updates, and signals of the same name, of the workflow; it begins with ``starts_with``."""
        return {name: body for name, body in self.commands.items() if not body.declared.starts}

    @property
    def stream_pattern(self) -> str:
        return f"{self.kind}-{self.key}"

    def stream(self, key: str) -> str:
        """The name of a stream, which is its workflow's id."""
        return f"{self.kind}-{key}"

    def next_deadline(self, state: S | None) -> Deadline | None:
        """The earliest deadline whose clock runs."""
        if state is None:
            return None
        return next((deadline for deadline in self.deadlines(state) if deadline.due is not None), None)

    def advance(self, state: S | None, now: datetime) -> tuple[Event, ...]:
        """The events of all deadlines due by ``now``, each at the deadline's own instant."""
        events: list[Event] = []
        while state is not None:
            deadline = self.next_deadline(state)
            if deadline is None or deadline.due is None or deadline.due > now:
                break
            for event in self.passed(state, deadline):
                events.append(event)
                state = self.evolve(state, event)
            assert self.next_deadline(state) != deadline, f"{deadline.kind} has passed and is still to come"
        return tuple(events)

    def replay(self, state: S | None, records: tuple[str, ...]) -> S | None:
        """Fold stored records onto a state."""
        for record in records:
            state = self.apply(state, self.read(record))
        return state

    def apply(self, state: S | None, event: Event) -> S | None:
        """``evolve``, except that a refusal changes nothing but who is known to act for whom."""
        if not isinstance(event, CommandRefused):
            return self.evolve(state, event)
        return state if state is None or self.attempted is None else self.attempted(state, event)

    def read(self, record: str) -> Event:
        return self.events.validate_json(record)
