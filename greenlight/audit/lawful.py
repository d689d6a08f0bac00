"""Deciding once more, by the law: does what is on record follow from the state before, and nothing else?

All of it is pure. What can be derived is derived, what was signed or found out is taken from the events.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from greenlight.audit.bodies import bodies
from greenlight.audit.facts import Elsewhere, NotOnRecordError, Records, answer
from greenlight.kernel.authority import Claims
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Event
from greenlight.kernel.inclusion import APPROVAL_DIGEST, Inclusion
from greenlight.kernel.model import Digest
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.streams import stream_key
from greenlight.kernel.written import signed_form
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.officer import decide as register
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm
from greenlight.law.officer.events import FounderRegistered
from greenlight.law.registry import AnyAggregate

Directives = tuple[StandingDirective, ...]
Events = tuple[Event, ...]


class Objection(NamedTuple):
    """Which of the events is not as the law has it, from 0, and why."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """A stream as it stood, and what stood in force then."""

    aggregate: AnyAggregate
    stream: str
    state: Any
    directives: Directives = ()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    @property
    def key(self) -> str:
        return stream_key(self.stream)

    def after(self, events: Sequence[Event]) -> "Case":
        state = self.state
        for event in events:
            state = self.aggregate.apply(state, event)
        return replace(self, state=state)

    def meant(self, now: datetime) -> Events:
        """The consequences of the directives in force for the case as it stands."""
        if self.state is None or self.aggregate.directed is None:
            return ()
        return self.aggregate.directed(self.state, self.directives, now)

    def owed(self, by: Event) -> Events:
        """The deadlines that are due by an event, which should be on record before it."""
        return self.aggregate.advance(self.state, by.at)


def of_command(case: Case, name: str, claims: Claims, events: Events) -> Objection | None:
    """Hold the events of a signed command against what the law makes of it."""
    known = case.aggregate.commands.get(name)
    if known is None:
        return Objection(0, f"{case.aggregate.kind} takes no command {name}")
    if owed := case.owed(events[0]):
        return Objection(0, f"{_name(owed[0])} was due before, and is not on record")
    inclusion: Inclusion | None = getattr(events[0], "inclusion", None)
    signed = claims.body if inclusion is None else APPROVAL_DIGEST
    possible = list(bodies(known, case.state, events))
    body = next((each for each in possible if signed_form(each, signed)), None)
    if body is None:
        return Objection(0, f"{name}: what was signed is not what is on record")
    command = Command(
        key=case.key,
        body=body,
        by=claims.actor,
        dossier=_of_today(case, inclusion.dossier if inclusion else claims.dossier),
        inclusion=inclusion,
    )
    decided = _decided(case, command, events)
    if isinstance(decided, Objection):
        return decided
    found = _difference((*decided, *case.after(decided).meant(events[0].at)), events)
    if found is None or not any(event.declared.tells for event in decided):
        return found
    untold = _untold(decided)
    return _difference((*untold, *case.after(untold).meant(events[0].at)), events) and found


def _untold(decided: Events) -> Events:
    """Those that a release recorded which did not know the others, that only tell."""
    return tuple(event for event in decided if not event.declared.tells)


def of_service(case: Case, events: Events) -> tuple[int, Objection | None]:
    """Hold the first of the events that nobody signed against what the law has the service record.

    Answers how many events that explains, and what is wrong if it explains none.
    """
    first = events[0]
    if due := case.owed(first):
        return _explained(due, events) or (1, _otherwise(due[0], first))
    if found := _explained(case.meant(first.at), events):
        return found
    objection = Objection(0, f"nothing in the law has the service record {_name(first)} here")
    for known in case.aggregate.internal.values():
        for body in bodies(known, case.state, events):
            command: Command[Body] = Command(key=case.key, body=body, by=None)
            decided = _decided(case, command, events)
            if isinstance(decided, Objection):
                objection = decided if _leads_to(known, first) else objection
            elif found := _explained(decided, events) or _explained(_untold(decided), events):
                return found
            elif decided and type(decided[0]) is type(first):
                objection = _difference(decided, events) or objection
    return 1, objection


def of_the_founding(events: Events) -> Objection | None:
    """The registration of the first officers, whom nobody could sign for: two registrars or more, at once."""
    asked: dict[str, AddOfficer] = {}
    for event in events:
        if not isinstance(event, FounderRegistered):
            return Objection(0, f"nothing in the law has the service record {_name(event)} here")
        key = KeyTerm(
            public_key=event.key.public_key,
            valid_from=event.key.valid_from,
            valid_until=event.key.valid_until,
            development=event.key.development,
        )
        roles = (RoleTerm.model_validate(held, from_attributes=True) for held in event.roles)
        asked[event.officer] = AddOfficer(
            person=event.person,
            organisation=event.organisation,
            key=key,
            possession=event.possession,
            roles=tuple(roles),
            particulars=event.particulars,
        )
    founded = register.found(asked, events[0].at)
    if isinstance(founded, Refusal):
        return Objection(0, f"the law refuses to found the register so: {founded.message}")
    return _difference(founded, events)


def consequences(case: Case, events: Events) -> tuple[Append, ...]:
    """The consequences of the events for other streams; ``case`` stands after them."""
    return () if case.state is None else case.aggregate.consequences(case.state, events)


def same(one: Event, other: Event) -> bool:
    """Say the same, whichever release wrote it."""
    return one == other or (type(one) is type(other) and one.record() == other.record())


def _of_today(case: Case, signed: Digest | None) -> Digest | None:
    """The digest by which the law knows the dossier now, where it is the one that was signed, be it in the
    form of a release of before."""
    if case.state is None or not case.aggregate.had(case.state, signed):
        return signed
    return case.aggregate.dossier_digest(case.state)


def _decided(case: Case, command: Command[Body], events: Events) -> Events | Objection:
    """The events that the law has follow; facts are those on record."""
    while True:
        decision = case.aggregate.decide(case.state, command, events[0].at)
        if isinstance(decision, Refusal):
            return Objection(0, f"the law refuses {command.name}: {decision.code}")
        if not isinstance(decision, Need):
            return decision
        try:
            records = Records(case.state, events, case.elsewhere)
            command = command.knowing(decision, answer(decision, records))
        except NotOnRecordError as missing:
            return Objection(0, f"{command.name} rests on {missing}, which is not on record")


def _begins_with(events: Events, expected: Events) -> bool:
    return len(events) >= len(expected) and all(map(same, expected, events))


def _explained(expected: Events, events: Events) -> tuple[int, None] | None:
    """The number of the events that are these, if all of these are."""
    return (len(expected), None) if expected and _begins_with(events, expected) else None


def _otherwise(due: Event, found: Event) -> Objection:
    if type(due) is type(found) and not same(due, found):
        return _difference((due,), (found,)) or Objection(0, "another event was due")
    return Objection(0, f"{_name(due)} was due before {_name(found)}, and is not on record")


def _difference(expected: Events, events: Events) -> Objection | None:
    for place, (lawful, found) in enumerate(zip(expected, events, strict=False)):
        if type(lawful) is not type(found):
            return Objection(place, f"the law has {_name(lawful)} follow, not {_name(found)}")
        if not same(lawful, found):
            members = (name for name in type(found).model_fields if _of(lawful, name) != _of(found, name))
            return Objection(place, f"the law has another {', '.join(members)} in {_name(found)}")
    if len(events) > len(expected):
        return Objection(len(expected), f"nothing in the law leads to {_name(events[len(expected)])} here")
    if len(events) < len(expected):
        return Objection(len(events) - 1, f"the law has {_name(expected[len(events)])} follow as well")
    return None


def _of(event: Event, member: str) -> object:
    return getattr(event, member)


def _leads_to(known: type[Body], event: Event) -> bool:
    """A command that asks for something of which the event tells."""
    return bool(set(known.model_fields) & set(type(event).model_fields))


def _name(event: Event) -> str:
    return type(event).__name__
