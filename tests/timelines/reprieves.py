"""Timelines of reprieves, which begin with one that is opened with its first term."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Literal, Self, cast

from pydantic import Field, InstanceOf, JsonValue, model_validator

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Model
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import OpenReprieve, RecordFacts, TakeEffect, TermOrder
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.events import DecisionMade, OutcomeMoot, TermIssued
from greenlight.law.reprieve.facts import NOBODY
from greenlight.law.reprieve.gathering import THE_LOG
from greenlight.law.reprieve.policy import Origin
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.law.terms.deciding import KnownFact
from tests.timelines.law import Life, actor
from tests.timelines.moving import moved, moved_model
from tests.timelines.policies import ENTITIES, SCOPE, usual
from tests.timelines.timeline import Timeline, Washington
from tests.workflows.office import Office

_keys = count(1)

NO_APPLICATION = RecordFacts(
    facts=(KnownFact(name="applications_pending", value=0, source=THE_LOG, position=1),)
)
"""What the service gathers where nobody applied."""


class ReprieveLife(Life[ReprieveState]):
    """With what the service does by itself."""

    def owed(self) -> Mapping[str, Body]:
        match self.opened.stage:
            case Stage.GATHERING:
                return {"record_facts": NO_APPLICATION}
            case Stage.TAKING_EFFECT:
                return {"take_effect": TakeEffect()}
            case _:
                return {}

    def owed_then(self, event: Event) -> Mapping[str, Body]:
        match event:
            case DecisionMade():
                origins = self.opened.policy_at(event.at).origins
                known = (fact for fact in event.facts if origins[fact.name] is Origin.GATHERED)
                facts = tuple(fact for fact in known if fact.source != NOBODY)
                return {"record_facts": RecordFacts(facts=facts)}
            case TermIssued(by=None) | OutcomeMoot(by=None):
                return {"take_effect": TakeEffect()}
            case _:
                return {}


class Ask(Model):
    """Whether an entity's devices are covered at an instant, as known by another or, without it, today."""

    at: Washington
    entity: str = "one"
    known_at: Washington | None = None
    covered: bool

    def moved(self, by: timedelta) -> Self:
        known = None if self.known_at is None else moved(self.known_at, by)
        return self.model_copy(update={"at": moved(self.at, by), "known_at": known})

    def line(self, yes: bool) -> str:
        at = self.at.astimezone(AGENCY_ZONE).isoformat(" ")
        known = f" known {self.known_at.astimezone(AGENCY_ZONE).isoformat(' ')}" if self.known_at else ""
        return f"{self.entity} at {at}{known} covered={yes}"


class ReprieveTimeline(Timeline):
    """The first term covers the entities ``one`` and ``two``, from the opening ``through`` a day.

    ``policy`` says how its policy differs from the usual one, of ``policies``.
    """

    case: Literal["reprieve"]
    through: date
    policy: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    ask: tuple[Ask, ...] = ()
    opening: InstanceOf[OpenReprieve]

    @model_validator(mode="before")
    @classmethod
    def _read_opening(cls, data: dict[str, object]) -> dict[str, object]:
        through = data.get("through")
        assert isinstance(through, date), "through: the last day of the first term"
        changed = cast(dict[str, object], data.get("policy", {}))
        term = TermOrder(valid_through=through, scope=SCOPE, entities=ENTITIES, reason="Existing customers.")
        return data | {"opening": OpenReprieve(title="Golden", policy=usual(changed), term=term)}

    def moved(self, by: timedelta) -> Self:
        later = super().moved(by)
        asked = tuple(ask.moved(by) for ask in self.ask)
        return later.model_copy(update={"ask": asked, "opening": moved_model(self.opening, by)})

    async def open(self, office: Office) -> str:
        """Begin it on the server; the stream."""
        return (await office["vera"].open_reprieve(f"golden-{next(_keys)}", self.opening)).stream

    def begun(self) -> ReprieveLife:
        """Begin it in the law."""
        return self._life("golden", self.start)

    def begun_as(self, stream: str, events: Sequence[Event]) -> ReprieveLife:
        """Begin it in the law as it began on record."""
        return self._life(stream_key(stream), events[0].at)

    def read(self, events: Iterable[StoredEvent]) -> list[Event]:
        return [REPRIEVE.read(event.record) for event in events]

    def by_the_service(self, event: Event) -> bool:
        """Whether it comes when the service does what it owes, and not by itself at its own instant."""
        return isinstance(event, DecisionMade) or (
            isinstance(event, TermIssued | OutcomeMoot) and event.by is None
        )

    def answers(self, events: Iterable[Event]) -> list[tuple[str, str]]:
        """What else is asked: who is covered when."""
        terms = Terms.of([tuple(events)])
        return [
            (
                ask.line(ask.covered),
                ask.line(covered(terms, ask.entity, "devices", ask.at, known_at=ask.known_at).covered),
            )
            for ask in self.ask
        ]

    def _life(self, key: str, now: datetime) -> ReprieveLife:
        life = ReprieveLife(decider=REPRIEVE, key=key)
        life.open("open_reprieve", self.opening, actor("vera", Role.EXECUTIVE), now)
        return life
