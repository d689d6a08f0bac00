"""Timelines of rules, which begin with one whose acts so far are attested and confirmed."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count
from typing import Literal, Self, cast

from pydantic import InstanceOf, JsonValue, TypeAdapter, model_validator

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import rule_stream, stream_key
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import ConfirmAttestation, OpenRule
from greenlight.law.rule.events import EndDecided
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.policy import POLICIES
from greenlight.law.rule.standing import Standing
from greenlight.law.rule.state import RuleState
from greenlight.law.terms.deciding import evaluate
from tests.law.rule.aggregates import OF_NOBODY
from tests.timelines.law import Life, actor
from tests.timelines.moving import moved, moved_model
from tests.timelines.policies import act_of
from tests.timelines.timeline import Timeline, Washington, content
from tests.workflows.office import Office

_keys = count(1)
_ACTS: TypeAdapter[list[JsonObject]] = TypeAdapter(list[JsonObject])


_OLGA, _OSCAR = (actor(officer, Role.LICENSING_OFFICER) for officer in ("olga", "oscar"))


def _stands(standing: Standing) -> str:
    return " or ".join(reading.force for reading in standing.readings)


class Ask(Model):
    """How the rule stands at an instant, as known by another or, without it, by all that is attested."""

    at: Washington
    known_at: Washington | None = None
    stands: str

    def moved(self, by: timedelta) -> Self:
        known = None if self.known_at is None else moved(self.known_at, by)
        return self.model_copy(update={"at": moved(self.at, by), "known_at": known})

    def line(self, stands: str) -> str:
        at = self.at.astimezone(AGENCY_ZONE).isoformat(" ")
        known = f" known {self.known_at.astimezone(AGENCY_ZONE).isoformat(' ')}" if self.known_at else ""
        return f"at {at}{known}: {stands}"


class RuleTimeline(Timeline):
    """``acts`` are those so far, attested by olga and confirmed by oscar at the start."""

    case: Literal["rule"]
    ask: tuple[Ask, ...] = ()
    opening: InstanceOf[OpenRule]

    @model_validator(mode="before")
    @classmethod
    def _read_opening(cls, data: dict[str, object]) -> dict[str, object]:
        acts = _ACTS.validate_python(content(data["acts"]))
        body: JsonObject = {
            "title": "Golden",
            "governs": OF_NOBODY.model_dump(mode="json"),
            "acts": [cast(JsonValue, act_of(act)) for act in acts],
        }
        rest = {name: value for name, value in data.items() if name != "acts"}
        return rest | {"opening": OpenRule.model_validate(body)}

    def moved(self, by: timedelta) -> Self:
        later = super().moved(by)
        asked = tuple(ask.moved(by) for ask in self.ask)
        return later.model_copy(update={"ask": asked, "opening": moved_model(self.opening, by)})

    @property
    def _confirmation(self) -> ConfirmAttestation:
        return ConfirmAttestation(number=len(self.opening.acts))

    async def open(self, office: Office) -> str:
        """Begin it on the server; the stream."""
        stream = rule_stream(f"golden-{next(_keys)}")
        await office["olga"].begin(stream, self.opening)
        await office["oscar"].decide(stream, self._confirmation)
        return stream

    def begun(self) -> Life[RuleState]:
        """Begin it in the law."""
        life = Life(decider=RULE, key="golden")
        life.open("open_rule", self.opening, _OLGA, self.start)
        life.open("confirm_attestation", self._confirmation, _OSCAR, self.start)
        return life

    def begun_as(self, stream: str, events: Sequence[Event]) -> Life[RuleState]:
        """Begin it in the law as it began on record."""
        life = Life(decider=RULE, key=stream_key(stream))
        life.open("open_rule", self.opening, _OLGA, events[0].at)
        life.open("confirm_attestation", self._confirmation, _OSCAR, events[1].at)
        return life

    def read(self, events: Iterable[StoredEvent]) -> list[Event]:
        return [RULE.read(event.record) for event in events]

    def by_the_service(self, event: Event) -> bool:
        """Nothing: what nobody sends comes by itself at its own instant."""
        return False

    def answers(self, events: Iterable[Event]) -> list[tuple[str, str]]:
        """What else is asked: how the rule stands when; and what each decision comes to from its record."""
        told = tuple(events)
        rule = rule_of(told)
        assert rule is not None, "its acts are confirmed"
        found = [(ask.line(ask.stands), ask.line(_stands(rule.at(ask.at, ask.known_at)))) for ask in self.ask]
        for event in told:
            if isinstance(event, EndDecided):
                again = evaluate(POLICIES[event.policy].table, event.facts) == event.evaluation
                found.append(
                    (f"decision on act {event.number}: True", f"decision on act {event.number}: {again}")
                )
        return found
