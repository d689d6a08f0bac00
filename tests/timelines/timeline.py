"""Golden timelines: what is sent when, and what the regulation makes of it, as data.

A timeline begins with a registered and screened application; what is listed comes after that. Instants are
Washington's local time; one that clocks put back make ambiguous is written with its offset.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Literal, Self, cast, get_args

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    InstanceOf,
    JsonValue,
    Tag,
    TypeAdapter,
    model_validator,
)

from cli.development import OFFICERS
from licensing.application.aggregate import APPLICATION
from licensing.application.commands import COMMANDS, DECISIONS, Submit
from licensing.application.dossier import Parties, Party, PartyRole, Screening, Submission
from licensing.application.events import ApplicationEvent, ApplicationGranted
from licensing.application.state import ApplicationState, dossier_digest
from licensing.authority import PERMITTED, Actor, Role
from licensing.commit import Event
from licensing.decider import Body, Command
from licensing.license.terms import valid_through
from licensing.model import Acn, JsonObject, Model, Name, Text
from licensing.refusal import Refusal, RefusalCode
from licensing.time.calendar import AGENCY_ZONE, last_day
from licensing.time.deadlines import Deadline
from tests.licensing.application.cases import ACN, NUMBER, PARTIES, PURCHASER, item, screening
from tests.licensing.decisions import accepted

FOLDER = Path(__file__).parent
LISTED_PARTIES: Parties = (
    PURCHASER,
    Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN"),
)
_EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in get_args(ApplicationEvent)}
_LATEST = time(23, 59)
"""From then on a command may reach the server in the next day."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def _instant(local: datetime) -> datetime:
    if local.tzinfo is None:
        first, second = (local.replace(tzinfo=AGENCY_ZONE, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            raise ValueError(f"{local} comes twice or never in Washington; write the offset")
        return first.astimezone(UTC)
    if local.utcoffset() != local.astimezone(AGENCY_ZONE).utcoffset():
        raise ValueError(f"{local} does not have Washington's offset")
    return local.astimezone(UTC)


Washington = Annotated[datetime, AfterValidator(_instant)]


def _rest(data: object, own: frozenset[str], into: str) -> object:
    """A table whose keys are partly those of another model, which go ``into`` a field of their own."""
    if not isinstance(data, dict):
        return data
    table = cast(dict[str, object], data)
    rest = {key: value for key, value in table.items() if key not in own}
    return {key: value for key, value in table.items() if key in own} | {into: rest}


class Step(Model):
    """A command. In the file its body's fields stand beside ``at``, ``by`` and ``command``."""

    at: Washington
    by: str
    command: str
    role: Role | None = None
    refused: RefusalCode | None = None
    body: InstanceOf[Body]

    @model_validator(mode="before")
    @classmethod
    def _read_body(cls, data: object) -> object:
        known = frozenset({"at", "by", "command", "role", "refused"})
        read = cast(dict[str, object], _rest(data, known, "body"))
        kind = COMMANDS.get(str(read.get("command")))
        if kind is None or kind is Submit or read.get("by") not in OFFICERS:
            raise ValueError(f"no such command or officer: {read.get('command')}, {read.get('by')}")
        return read | {"body": kind.model_validate_json(json.dumps(read["body"]), strict=True)}


class Wait(Model):
    """Time passes. With the worker ``down`` nobody notices what comes due until it is up again."""

    until: Washington
    worker: Literal["up", "down"] = "up"

    @property
    def at(self) -> datetime:
        return self.until


def is_gap(step: Step | Wait) -> bool:
    """Nobody is there meanwhile."""
    return isinstance(step, Wait) and step.worker == "down"


def _kind(data: object) -> str:
    return "wait" if isinstance(data, dict) and "until" in data else "step"


class Expect(Model):
    """An event, by the fields that matter. In the file they stand beside ``at`` and ``event``."""

    at: Washington
    event: str
    by: str | None = None
    fields: JsonObject

    @model_validator(mode="before")
    @classmethod
    def _read_fields(cls, data: object) -> object:
        return _rest(data, frozenset({"at", "event", "by"}), "fields")

    @model_validator(mode="after")
    def _event_has_these_fields(self) -> Self:
        if self.event not in _EVENTS:
            raise ValueError(f"there is no event {self.event}")
        unknown = set(self.fields) - set(_EVENTS[self.event].model_fields)
        if unknown:
            raise ValueError(f"{self.event} has no {', '.join(sorted(unknown))}")
        return self

    def line(self) -> str:
        return _line(self.at, self.event, self.by, self.fields)

    def line_of(self, event: Event | None) -> str:
        """The same fields of what happened."""
        if event is None:
            return ""
        return line(event, self.by is not None, self.fields)


class Due(Model):
    """A deadline as it stands at an instant, after whatever is sent at that instant.

    ``last_day``: by whose end it is due, ``stopped`` while its clock stands still, ``none`` without one.
    """

    at: Washington
    kind: str
    last_day: date | Literal["stopped", "none"]
    sentence: str | None = None


class Timeline(Model):
    """``why`` says how a person finds the dates in the regulation. One that is ``law_only``, for the reason
    given, is not lived on the server."""

    title: Name
    rule: Annotated[str, Field(pattern=r"^15 CFR 7\d\d\.")]
    why: Text
    start: Washington
    law_only: Text | None = None
    listed: bool = False
    usd: Annotated[int, Field(gt=0)] = 100_000
    classification: str = "EAR99"
    all_or_nothing: bool = False
    previous_acn: Acn | None = None
    license_through: date | None = None
    step: tuple[
        Annotated[
            Annotated[Step, Tag("step")] | Annotated[Wait, Tag("wait")],
            Discriminator(_kind),
        ],
        ...,
    ]
    expect: tuple[Expect, ...]
    due: tuple[Due, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for moments in (self.step, self.expect, self.due):
            instants = [self.start, *(moment.at for moment in moments)]
            if instants != sorted(instants):
                raise ValueError("what comes later stands below")
        return self

    @model_validator(mode="after")
    def _can_be_lived(self) -> Self:
        late = any(step.at.astimezone(AGENCY_ZONE).time() > _LATEST for step in self.commands)
        if late and self.law_only is None:
            raise ValueError("the server's clock runs on; what is sent in a day's last minute is law_only")
        return self

    @property
    def application(self) -> Submission:
        """Two lines, each of the value ``usd``."""
        lines = (item(n, classification=self.classification, cents=self.usd * 100) for n in (1, 2))
        return Submission(
            applicant="Example Networks Inc.",
            parties=LISTED_PARTIES if self.listed else PARTIES,
            items=tuple(lines),
            end_use="A rural mobile network",
            all_or_nothing=self.all_or_nothing,
            previous_acn=self.previous_acn,
            reference=self.title,
        )

    @property
    def commands(self) -> tuple[Step, ...]:
        return tuple(step for step in self.step if isinstance(step, Step))

    def differences(self, events: Iterable[Event]) -> str | None:
        """Expected and actual events in two columns; None where they agree."""
        rows: list[tuple[str, str]] = []
        for expected, actual in zip_longest(self.expect, events):
            said = expected.line_of(actual) if expected else line(actual) if actual else ""
            rows.append((expected.line() if expected else "", said))
        return None if all(left == right for left, right in rows) else columns(rows)


def columns(rows: Iterable[tuple[str, str]]) -> str:
    rows = [("expected", "actual"), *rows]
    width = max(len(left) for left, _ in rows)
    return "\n".join(
        f"{' ' if left == right or not n else '≠'} {left:{width}} | {right}"
        for n, (left, right) in enumerate(rows)
    )


def line(event: Event, by: bool = False, fields: Iterable[str] = ()) -> str:
    content = cast(JsonObject, _JSON.validate_json(event.record()))
    sender = cast(JsonObject | None, content.get("by"))
    officer = str(sender["officer"]) if by and sender else None
    return _line(event.at, type(event).__name__, officer, {name: content.get(name) for name in fields})


def _line(at: datetime, event: str, by: str | None, fields: JsonObject) -> str:
    local = at.astimezone(AGENCY_ZONE)
    shown = [local.isoformat(" "), event, *([f"by={by}"] if by else [])]
    return " ".join([*shown, *(f"{name}={value}" for name, value in fields.items())])


def load(path: Path) -> Timeline:
    return Timeline.model_validate(tomllib.loads(path.read_text()))


TIMELINES: Mapping[str, Timeline] = {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}


# The pure law


@dataclass(slots=True)
class Life:
    """A case in the pure law. Before each command it records what is due, as the service does."""

    key: str = ACN
    license_number: str | None = NUMBER
    screening: Screening | None = None
    state: ApplicationState | None = None
    events: list[Event] = field(default_factory=list[Event])

    @property
    def opened(self) -> ApplicationState:
        assert self.state is not None, "a timeline begins with the submission"
        return self.state

    @property
    def after_filing(self) -> list[Event]:
        """Without the submission and its screening."""
        return self.events[2:]

    def submit(self, application: Submission, now: datetime) -> None:
        self._decide("submit", Submit(application=application), _actor("acme", Role.APPLICANT), now)

    def advance(self, now: datetime) -> None:
        self._record(APPLICATION.advance(self.state, now))

    def send(self, step: Step, now: datetime) -> RefusalCode | None:
        """The code of the refusal, if it is refused."""
        self.advance(now)
        role = step.role or role_for(step.command, APPLICATION.status(self.opened).waiting_for)
        return self._decide(step.command, step.body, _actor(step.by, role), now)

    def deadline(self, kind: str) -> Deadline | None:
        return next((found for found in APPLICATION.deadlines(self.opened) if found.kind == kind), None)

    def license_through(self) -> date | None:
        """The last day of validity of the license, if there is one."""
        granted = [event for event in self.events if isinstance(event, ApplicationGranted)]
        return valid_through(granted[0].at) if granted else None

    def _decide(self, name: str, body: Body, by: Actor, now: datetime) -> RefusalCode | None:
        command = Command(
            name=name,
            key=self.key,
            body=body,
            by=by,
            dossier=dossier_digest(self.state) if self.state and name in DECISIONS else None,
            license_number=self.license_number,
            screening=self.screening,
        )
        decision = APPLICATION.decide(self.state, command, now)
        if isinstance(decision, Refusal):
            return decision.code
        self._record(accepted(decision))
        return None

    def _record(self, events: Iterable[Event]) -> None:
        for event in events:
            self.state = APPLICATION.apply(self.state, event)
            self.events.append(event)


def _actor(officer: str, role: Role) -> Actor:
    return Actor(officer=officer, person=f"person-{officer}", organisation=OFFICERS[officer][0], role=role)


def role_for(command: str, waiting_for: str) -> Role:
    """The role in which an officer of several sends a command: the one that the case waits for."""
    roles = sorted(PERMITTED[command])
    return next((role for role in roles if role == waiting_for), roles[0])


def screened(timeline: Timeline) -> Screening:
    return screening("no_match", "listed" if timeline.listed else "no_match")


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
