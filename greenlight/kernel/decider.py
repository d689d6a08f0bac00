"""The shape every aggregate has: decide, evolve, and the deadlines between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from pydantic import TypeAdapter

from greenlight.kernel.authority import Actor
from greenlight.kernel.commit import Append, Event, View
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.dossier import Match, Screening, Unclassified
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.batch.inclusion import Inclusion
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.screening_list.content import ListContent, NoContent


class CommandRefused(Event):
    """A command that came and was not accepted. It changes nothing of the matter.

    ``by`` is None where nobody proved to be its sender.
    """

    type: Literal["CommandRefused"] = "CommandRefused"
    by: Actor | None
    command: str
    command_id: str | None
    code: RefusalCode
    message: str


class Body(Model):
    """The body of a command. Subclasses are named in their aggregate's ``COMMANDS``."""


B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Command(Generic[B]):
    """A command with its sender. ``by`` is None for what the service itself does (screening, say).

    ``key`` is what the stream is named after: the application control number, the license number.
    ``license_number`` is the number reserved for the command, if it said that it lacks one; ``screening``
    what the service found on the parties that the command brings, ``remembered`` what officers said in other
    cases of pairs that it found, ``proposed`` why no license is required, if none is; ``unclassified`` the
    items whose ECCN is in none of its tables; ``inclusion`` the batch, if one decides; ``content`` what the
    service found in the file of a list, if the command said that it lacks that; ``entry`` the entry of the
    list that the command names by its key.
    """

    name: str
    key: str
    body: B
    by: Actor | None
    dossier: Digest | None = None
    license_number: str | None = None
    screening: Screening | None = None
    remembered: tuple[Resolution, ...] = ()
    proposed: Proposed | None = None
    unclassified: Unclassified | None = None
    inclusion: Inclusion | None = None
    content: ListContent | NoContent | None = None
    entry: Match | None = None

    def with_number(self, number: str | None) -> "Command[B]":
        return self if number is None else replace(self, license_number=number)


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


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """An aggregate. All functions are pure; ``None`` is the state of a stream with no events.

    - ``decide(state, command, now)``: the events that accepting the command means, or why it is refused.
    - ``evolve(state, event)``: the state after the event; never fails on a recorded event.
    - ``attempted(state, refusal)``: the state after a refusal, which may tell who acts for whom; None where
      that matters to nobody.
    - ``deadlines(state)``: every deadline that still matters, earliest first; those whose clock stands
      still last.
    - ``passed(state, deadline)``: the events of a deadline that has come.
    - ``dossier(state)``: what a decision rests on; its digest is what a deciding officer signs.
    - ``view(state, version)``: the row of the read model.
    - ``consequences(state, events)``: what the events mean for other streams, recorded together with them.
    - ``directed(state, standing, now)``: what the directives in force mean for the stream as it stands; none
      if nothing changes. None where directives are not about such streams.
    - ``internal``: commands that a workflow gives itself, by name.
    """

    commands: Mapping[str, type[Body]]
    events: TypeAdapter[Event]
    state: TypeAdapter[S]
    decide: Callable[[S | None, Command[Body], datetime], Decision]
    evolve: Callable[[S | None, Event], S]
    deadlines: Callable[[S], tuple[Deadline, ...]]
    passed: Callable[[S, Deadline], tuple[Event, ...]]
    dossier: Callable[[S], JsonObject]
    status: Callable[[S], Status]
    view: Callable[[S, int], View]
    consequences: Callable[[S, tuple[Event, ...]], tuple[Append, ...]]
    attempted: Callable[[S, CommandRefused], S] | None = None
    directed: Callable[[S, tuple[StandingDirective, ...], datetime], tuple[Event, ...]] | None = None
    internal: Mapping[str, type[Body]] = field(default_factory=dict[str, type[Body]])

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
