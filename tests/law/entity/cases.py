"""Listed entities at every stage, made the way real ones are: by commands, and by the passing of time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import (
    COMMANDS,
    INTERNAL,
    AmendListing,
    CastVote,
    CompleteRescreening,
    ListEntity,
    RemoveListing,
    WithdrawMotion,
)
from greenlight.law.entity.committee import SEATS, Vote, Votes
from greenlight.law.entity.listing import Affiliate, Amendment
from greenlight.law.entity.state import EntityState, Stage, dossier_digest
from greenlight.law.review import Posture, ReviewPolicy
from tests.kernel.time.samples import washington
from tests.law.actors import ERC, EXECUTIVE
from tests.law.decisions import accepted

DECISIONS = decisions(COMMANDS)

KEY = "sample"
BEGIN = washington(2026, 5, 18, 9)
BEFORE = washington(2026, 5, 16, 16, 15)
TO_COME = washington(2026, 6, 1, 0)
DAY = timedelta(days=1)

NAME_OF: Mapping[type[Body], str] = {body: name for name, body in (*COMMANDS.items(), *INTERNAL.items())}

E = TypeVar("E", bound=Event)


APPROVE = CastVote(vote=Vote.APPROVE)
OPPOSE = CastVote(vote=Vote.OPPOSE)
WITHDRAW = WithdrawMotion(reasons="To be drafted anew.")


def votes(approving: int) -> Votes:
    """So many for it, the others not yet."""
    return Votes.model_validate(dict.fromkeys(SEATS[:approving], Vote.APPROVE))


DENIAL = ReviewPolicy(text="Presumption of denial", posture=Posture.PRESUMPTION_OF_DENIAL)
CASE_BY_CASE = ReviewPolicy(text="Case-by-case review", posture=Posture.CASE_BY_CASE)


def affiliate(key: str, name: str | None = None) -> Affiliate:
    return Affiliate(key=key, name=name or f"Sample {key}", countries=frozenset({"CN"}))


LIST = ListEntity(
    name="Sample Technologies",
    aliases=("Sample",),
    affiliates=(affiliate("one"), affiliate("two")),
    countries=frozenset({"CN", "HK"}),
    license_requirement="For all items subject to the EAR.",
    review_policy=DENIAL,
    citation="84 FR 1",
)
MORE = Amendment(added=(affiliate("three"),))
SOFTER = Amendment(review_policy=CASE_BY_CASE)


def listing(effective: datetime | None = None) -> ListEntity:
    return LIST.model_copy(update={"effective": effective})


def amending(
    amendment: Amendment = MORE, effective: datetime | None = None, citation: str = "84 FR 2"
) -> AmendListing:
    return AmendListing(amendment=amendment, citation=citation, effective=effective, reasons="As found.")


def removing(effective: datetime | None = None) -> RemoveListing:
    return RemoveListing(citation="84 FR 9", effective=effective, reasons="On request.")


@dataclass(frozen=True, slots=True)
class Entity:
    """A listed entity at an instant, with the events that made it."""

    state: EntityState | None = None
    now: datetime = BEGIN
    key: str = KEY
    events: tuple[Event, ...] = ()

    @property
    def opened(self) -> EntityState:
        assert self.state is not None, "the entity is not on record yet"
        return self.state

    @property
    def stage(self) -> Stage:
        return self.opened.stage

    def at(self, now: datetime) -> "Entity":
        """At an instant, with everything that time alone brought about by then."""
        return replace(self, now=now).advanced()

    def with_events(self, *events: Event) -> "Entity":
        state = self.state
        for event in events:
            state = ENTITY.apply(state, ENTITY.read(event.record()))
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Entity":
        return self.with_events(*ENTITY.advance(self.state, self.now))

    def command(self, body: Body, by: Actor | None = None) -> Command[Body]:
        """The command as it usually comes, on the dossier as it is: a vote by the next department."""
        name = NAME_OF[type(body)]
        voted = {vote.seat for vote in self.state.cast} if self.state else set[str]()
        voter = next((member for seat, member in ERC.items() if seat not in voted), ERC["commerce"])
        by = None if name in INTERNAL else by or (voter if isinstance(body, CastVote) else EXECUTIVE)
        return Command(
            key=self.key,
            body=body,
            by=by,
            dossier=dossier_digest(self.state) if self.state and name in DECISIONS else None,
        )

    def asked(self, body: Body) -> Decision:
        found = self.advanced()
        return ENTITY.decide(found.state, found.command(body), found.now)

    def said(self, body: Body) -> "Entity":
        """After a command that must be accepted, and nothing else."""
        return self.advanced().with_events(*accepted(self.asked(body)))

    def after(self, *bodies: Body) -> "Entity":
        """After commands that must be accepted; what is moved carries at once."""
        found = self
        for body in bodies:
            found = found.said(body)
            while not isinstance(body, CastVote) and found.opened.motion is not None:
                found = found.said(APPROVE)
        return found.advanced()

    def of(self, kind: type[E]) -> tuple[E, ...]:
        return tuple(event for event in self.events if isinstance(event, kind))


def swept(number: int = 1) -> CompleteRescreening:
    """Everything was held against what counts since the change of that number."""
    return CompleteRescreening(number=number, cases=3, parties=6, differing=1)


def listed() -> Entity:
    return Entity().after(LIST)


def to_be_listed() -> Entity:
    return Entity().after(listing(TO_COME))


def removed() -> Entity:
    return listed().at(BEGIN + DAY).after(removing())


Story = Callable[[], Entity]


def moved(entity: Entity, body: Body, approving: int = 0) -> Entity:
    """With a motion before the committee, and so many votes for it."""
    entity = entity.said(body)
    for _ in range(approving):
        entity = entity.said(APPROVE)
    return entity


def not_listed() -> Entity:
    return Entity().said(LIST).said(OPPOSE).said(OPPOSE)


CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Entity},
    Stage.PROPOSED: {
        "just moved": lambda: moved(Entity(), LIST),
        "one vote to go": lambda: moved(Entity(), LIST, 2),
        "one vote to go, for later": lambda: moved(Entity(), listing(TO_COME), 2),
        "one more against it": lambda: moved(Entity(), LIST).said(OPPOSE),
    },
    Stage.TO_BE_LISTED: {
        "alone": to_be_listed,
        "amended already": lambda: to_be_listed().after(amending()),
        "removal to come": lambda: to_be_listed().after(removing(TO_COME + DAY)),
        "amendment moved": lambda: moved(to_be_listed(), amending(), 2),
        "removal moved": lambda: moved(to_be_listed(), removing(), 3),
    },
    Stage.LISTED: {
        "at once": lambda: listed().at(BEGIN + DAY),
        "everything held against it": lambda: listed().at(BEGIN + DAY).after(swept()),
        "before it was decided": lambda: Entity().after(listing(BEFORE)),
        "having been to come": lambda: to_be_listed().at(TO_COME + DAY),
        "amended": lambda: listed().after(amending(), amending(SOFTER)).at(BEGIN + DAY),
        "amendment to come": lambda: listed().after(amending(effective=TO_COME)).at(BEGIN + DAY),
        "removal to come": lambda: listed().after(removing(TO_COME)).at(BEGIN + DAY),
        "amendment moved": lambda: moved(listed().at(BEGIN + DAY), amending(), 2),
        "removal moved": lambda: moved(listed().at(BEGIN + DAY), removing(), 3),
    },
    Stage.REMOVED: {
        "at once": removed,
        "everything held against it": lambda: removed().after(swept(2)),
        "having been to come": lambda: listed().after(removing(TO_COME)).at(TO_COME),
        "before it was listed": lambda: to_be_listed().after(removing()),
    },
    Stage.NOT_LISTED: {
        "voted down": not_listed,
        "withdrawn": lambda: moved(Entity(), LIST, 2).said(WITHDRAW),
    },
}
"""For every stage, stories of entities that are at it."""


def bodies(name: str, entity: Entity) -> tuple[Body, ...]:
    """Bodies of the command ``name`` that an entity takes, if it takes any."""
    ahead = entity.now + timedelta(hours=1)
    match name:
        case "list_entity":
            return (listing(), listing(BEFORE), listing(ahead))
        case "amend_listing":
            return (amending(), amending(effective=entity.now + 20 * DAY))
        case "cast_vote":
            return (APPROVE, OPPOSE)
        case "withdraw_motion":
            return (WITHDRAW,)
        case "complete_rescreening":
            return (swept(max(entity.state.sweeps, 1) if entity.state else 1),)
        case _:
            return (removing(), removing(ahead))
