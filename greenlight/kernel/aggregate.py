"""The shape every aggregate has: decide, evolve, and the deadlines between."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, Protocol, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from greenlight.kernel.body import Body, role_objection
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Event, View
from greenlight.kernel.model import Digest, Identifier, Instant, JsonObject, Model
from greenlight.kernel.need import Facts, LackingError, Need
from greenlight.kernel.once import OncePerObject
from greenlight.kernel.past import UnreadableError, current_version, read_tolerantly, unreadable
from greenlight.kernel.refusal import UNPROVEN, Code, Refusal, RefusalCode
from greenlight.kernel.roles import LICENSING, Actor, Role
from greenlight.kernel.row import Row, Shown
from greenlight.kernel.time.deadlines import Deadline


class CommandRefused(Event):
    """A command that came and was not accepted. It changes nothing of the matter.

    ``by`` is None in logs of before, which told of what nobody had proved to have sent as well.
    """

    type: Literal["CommandRefused"] = "CommandRefused"
    by: Actor | None
    command: str
    command_id: str | None
    code: Code
    message: str

    @property
    def proven_by(self) -> Actor | None:
        """The sender, if the role that they claimed was theirs."""
        return None if self.code in UNPROVEN else self.by


Ruling = tuple[Event, ...] | Refusal
"""The outcome of a command: what happens, or why it may not."""

Decision = Ruling | Need[Any]
"""A ruling, or the fact without which there is none yet."""


class Staged(Protocol):
    """A state, which says at what stage of the procedure it is."""

    @property
    def stage(self) -> StrEnum: ...


S = TypeVar("S", bound=Staged)


class Standstill(Model):
    """Since when and until when at the latest nothing is decided of a case, and by which directive."""

    since: Instant
    until: Instant
    directive: Identifier


class Status(Model):
    """A case as it shows itself to the world outside: no party names, no goods.

    ``waiting_for`` is the role that must act next, ``screening``, ``newer_release`` where what happened last
    cannot be read here, or ``nobody``; ``due`` the earliest
    deadline whose clock runs; ``listed`` whether a listed entity is a party, None while not known;
    ``retained_through`` the day through which a license's records are kept at least, as things stand;
    ``stands`` says that the case stands still by a directive.
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
    stands: Annotated[Standstill | None, Field(exclude_if=lambda stands: stands is None)] = None

    def shown(self, version: int) -> Shown:
        """The members of this status that every row of a read model shows."""
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


def _nobody_barred(state: object, name: str, by: Actor) -> Refusal | None:
    return None


_FEW = 3
"""So many stages are named at which a command is possible; it is not told where there are more."""

Upkeep = Callable[[S, Facts, datetime], Body | None]


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """An aggregate: what it is called, and its law. All functions are pure; ``None`` is the state of a stream
    with no events.

    - ``kind``: what its streams' names begin with; ``key`` is the pattern of the rest.
    - ``title``, ``about``: what people call one of its streams, and a sentence on what that is.
    - ``workflow``: the type of the workflow that each stream has; None where it has none.
    - ``commands``: those that come from outside, ``internal``: those that the service gives itself; by name.
    - ``transitions``: from stage (None: no such stream) and command to the stages that it may lead to, or a
      refusal; ``by_time`` and ``by_directive``: where a deadline or a directive leads from a stage.
    - ``rule(state, command, now)``: the events that a command means which may come, at that stage and from
      that sender, or why the matter itself refuses it. It asks the command for the facts that it needs.
    - ``barred(state, name, by)``: why that person may not send the command, whatever the role.
    - ``evolve(state, event)``: the state after the event; never fails on a recorded event.
    - ``attempted(state, refusal)``: the state after a refusal, which may tell who acts for whom; None where
      that matters to nobody.
    - ``deadlines(state)``: every deadline that still matters, earliest first; those whose clock stands
      still last.
    - ``passed(state, deadline)``: the events of a deadline that has come.
    - ``dossier(state)``: what a decision rests on; its digest is what a deciding officer signs.
    - ``dossier_before(state)``: the same as a release of before made it, by which what was signed then is
      read. No new decision is taken on it. None: it never was otherwise.
    - ``row``, ``view(state, version)``: the class of the read model's rows, and the row of a stream.
    - ``consequences(state, events)``: what the events mean for other streams, recorded together with them.
    - ``directed(state, standing, now)``: what the directives in force mean for the stream as it stands; none
      if nothing changes. None where directives are not about such streams. What a directive is, the law
      knows: it passes through here unread.
    - ``open_to``: the roles in which every stream of the kind may be read; in others, those streams in whose
      matter the reader's organisation is, as ``row`` says.
    - ``told_to_parties``: the members of the dossier that an applicant or licensee may read: what they sent
      themselves or were told, and nothing of what officers and departments said among themselves.
    - ``upkeep``: by the matter that the service looks into, the command that it then owes the stream, if any,
      by ``(state, facts, now)``.
    """

    kind: str
    key: str
    title: str
    about: str
    workflow: str | None
    commands: Mapping[str, type[Body]]
    transitions: Mapping[Any, Mapping[str, frozenset[Any] | Code]]
    events: TypeAdapter[Event]
    state: TypeAdapter[S]
    rule: Callable[[S | None, Command[Body], datetime], Ruling]
    evolve: Callable[[S | None, Event], S]
    dossier: Callable[[S], JsonObject]
    status: Callable[[S], Status]
    row: type[Row]
    view: Callable[[S, int], View]
    consequences: Callable[[S, tuple[Event, ...]], tuple[Append, ...]] = _no_consequences
    deadlines: Callable[[S], tuple[Deadline, ...]] = _no_deadlines
    passed: Callable[[S, Deadline], tuple[Event, ...]] = _nothing_passes
    dossier_before: Callable[[S], JsonObject] | None = None
    attempted: Callable[[S, CommandRefused], S] | None = None
    barred: Callable[[S, str, Actor], Refusal | None] = _nobody_barred
    directed: Callable[[S, Any, datetime], tuple[Event, ...]] | None = None
    open_to: frozenset[Role] = LICENSING
    told_to_parties: frozenset[str] = frozenset()
    upkeep: Mapping[str, Upkeep[S]] = field(default_factory=dict[str, "Upkeep[S]"])
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

    def decide(self, state: S | None, command: Command[Body], now: datetime) -> Decision:
        """Decide a command at ``now``. Every deadline due by then must have been recorded before.

        The order of refusals is fixed: the stage, the role, the person, the dossier, then the matter itself.
        """
        try:
            return self._objection(state, command) or self.rule(state, command, now)
        except LackingError as lacking:
            return lacking.need

    def look_into(self, matter: str, state: S | None, key: str, facts: Facts, now: datetime) -> Decision:
        """Decide the command that the service owes the stream in a matter; no events where it owes none."""
        if state is None or matter not in self.upkeep:
            return ()
        try:
            body = self.upkeep[matter](state, facts, now)
        except LackingError as lacking:
            return lacking.need
        return self.decide(state, Command(key=key, body=body, by=None, facts=facts), now) if body else ()

    def _objection(self, state: S | None, command: Command[Body]) -> Refusal | None:
        """The reason why the command may not come now, or not from that sender, or not on that dossier."""
        cell = self.transitions[state.stage if state else None][command.name]
        if isinstance(cell, Code):
            return Refusal(cell, self._not_possible(command.name, state.stage if state else None, cell))
        by, declared = command.by, command.body.declared
        if objection := role_objection(declared, by.role if by else None):
            return objection
        if state is None:
            return None
        if by is not None and (objection := self.barred(state, command.name, by)):
            return objection
        if declared.decision and command.dossier is None:
            return Refusal(RefusalCode.DOSSIER_MISSING, f"{command.name} must name the dossier's digest")
        if declared.decision and command.dossier != self.dossier_digest(state):
            return Refusal(RefusalCode.DOSSIER_CHANGED, "the dossier is not the one that was signed")
        return None

    def _not_possible(self, name: str, stage: StrEnum | None, code: Code) -> str:
        at = f" at stage {stage}" if stage else ""
        if code is not RefusalCode.WRONG_STAGE:
            return f"{name} is not possible{at}: {code.meaning}"
        possible = [each for each, row in self.transitions.items() if not isinstance(row[name], Code)]
        only = f", only at {' or '.join(possible)}" if len(possible) <= _FEW else ""
        return f"{name} is not possible{at}{only}"

    @cached_property
    def dossier_digest(self) -> Callable[[S], Digest]:
        """The digest of a state's dossier, worked out once for each."""

        def work(state: S) -> Digest:
            return digest(self.dossier(state))

        return OncePerObject(work)

    def had(self, state: S, signed: Digest | None) -> bool:
        """Tell whether a digest is that of the dossier as it stands, in the form of today or of before."""
        if signed == self.dossier_digest(state):
            return True
        return self.dossier_before is not None and signed == digest(self.dossier_before(state))

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
        """Fold stored records onto a state.

        :raises UnreadableError: one of them cannot be read here.
        """
        return self.folded(state, map(self.read, records))

    def folded(self, state: S | None, events: Iterable[Event]) -> S | None:
        """Fold events onto a state."""
        for event in events:
            state = self.apply(state, event)
        return state

    def apply(self, state: S | None, event: Event) -> S | None:
        """``evolve``, except that a refusal changes nothing but who is known to act for whom."""
        if not isinstance(event, CommandRefused):
            return self.evolve(state, event)
        return state if state is None or self.attempted is None else self.attempted(state, event)

    def read(self, record: str) -> Event:
        """An event as it is on record. Members that only a newer release knows are left out of it; they stay
        in the record, as which it is kept and hashed.

        :raises UnreadableError: it is no event of this aggregate, or one that only a newer release knows.
        """
        return self.read_whole(record)[0]

    def read_whole(self, record: str) -> tuple[Event, tuple[str, ...]]:
        """An event, and the members of its record that are not known here.

        The one place where records are read, and brought up to the version of their type that is known here.

        :raises UnreadableError: it is no event of this aggregate, or one that only a newer release knows.
        """
        try:
            current = current_version(record, self.event_types) if self._has_versions else record
            return read_tolerantly(self.events, current)
        except ValidationError as error:
            raise unreadable(record, error) from error

    def known_of(self, records: Sequence[str]) -> tuple[tuple[Event, ...], str | None]:
        """The events as far as they can be read here, and the type of the first that cannot."""
        events: list[Event] = []
        for record in records:
            try:
                events.append(self.read(record))
            except UnreadableError as error:
                return tuple(events), error.type
        return tuple(events), None

    def known_state(self, records: Sequence[str]) -> tuple[S | None, str | None]:
        """The state as far as a stream can be read here, and the type of the event that cannot."""
        events, newer = self.known_of(records)
        return self.folded(None, events), newer

    @cached_property
    def event_types(self) -> Mapping[str, type[Event]]:
        """The classes of its events, by the names that the log has for them."""
        schema: Any = self.events.core_schema
        union = schema.get("schema", schema)
        return {choice["cls"].__name__: choice["cls"] for choice in union["choices"].values()}

    @cached_property
    def _has_versions(self) -> bool:
        return any(each.declared.upcasts for each in self.event_types.values())
