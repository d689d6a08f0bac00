"""Reprieves at every stage, made the way real ones are: by commands, and by what the service does itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry, Value
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    COMMANDS,
    AddEntities,
    AdoptPolicy,
    ConfirmOutcome,
    CorrectTerm,
    EndReprieve,
    IssueTerm,
    OpenReprieve,
    RecordFacts,
    RecordPublication,
    RemoveEntities,
    ReplaceOutcome,
    StopOutcome,
    SubmitEvidence,
    TakeEffect,
    TerminateTerm,
    TermOrder,
)
from greenlight.law.reprieve.coverage import Coverage, Terms, covered
from greenlight.law.reprieve.events import TermIssued
from greenlight.law.reprieve.policy import EXTEND, EXTEND_TO, OUTCOMES, Origin, Policy
from greenlight.law.reprieve.state import ReprieveState, Stage, dossier_digest
from greenlight.law.reprieve.terms import Activity, Certifier, Correction, Scope
from greenlight.law.terms.deciding import LAPSE, REFER, KnownFact
from tests.kernel.time.samples import washington
from tests.law.actors import EXECUTIVE, OFFICER
from tests.law.decisions import accepted

DECISIONS = decisions(COMMANDS)

KEY = "sample"
BEGIN = washington(2026, 1, 5, 9)
LAST_DAY = date(2026, 4, 5)
"""Of the usual first term, 90 days after its first."""

DECISION_DUE = washington(2026, 3, 22, 0)
WINDOW_CLOSES = washington(2026, 4, 5, 0)
EXPIRY = washington(2026, 4, 6, 0)
PUBLISHED = BEGIN + timedelta(days=2)
"""When the first term was printed, where it was."""

NETWORKS = Activity(
    key="networks",
    paragraph="(c)(1)",
    covers="Existing networks",
    certifier=Certifier.EXPORTER,
    certification="The transaction is within the scope.",
)
DEVICES = NETWORKS.model_copy(
    update={"key": "devices", "paragraph": "(c)(2)", "certifier": Certifier.RECIPIENT}
)
BROAD = Scope(activities=(NETWORKS, DEVICES), excluded_destinations=frozenset({"IR", "CU"}))
NARROW = Scope(activities=(DEVICES,))

NAME_OF: Mapping[type[Body], str] = {
    **{body: name for name, body in COMMANDS.items()},
    RecordFacts: "record_facts",
    TakeEffect: "take_effect",
}


def _row(name: str, outcome: str, parameters: dict[str, Value] | None = None, **when: Cell) -> Row:
    then = OutputEntry(outcome=outcome, parameters=parameters or {})
    return Row(id=name, when=when, then=then, annotation="A row.", citation="Test")


def _scoped(name: str) -> OutcomeType:
    """The outcome of that name, with the scopes that the sample policy has."""
    parameters = (
        parameter.model_copy(update={"values": ("narrow",)}) if parameter.name == "scope" else parameter
        for parameter in OUTCOMES[name].parameters
    )
    return OutcomeType(name=name, parameters=tuple(parameters))


TABLE = Table(
    id="sample",
    title="A sample",
    citation="Test",
    effective="2026-01-01",
    hit_policy=HitPolicy.FIRST,
    inputs=(
        Input(name="pending", type=Kind.INTEGER, may_be_unknown=True),
        Input(
            name="directive",
            type=Kind.STRING,
            values=("end", "narrow", "until_july", "soon"),
            may_be_unknown=True,
        ),
        Input(name="dependence", type=Kind.BOOLEAN, may_be_unknown=True),
        Input(name="terms_issued", type=Kind.INTEGER, maximum=40),
    ),
    outcomes=(_scoped(EXTEND), _scoped(EXTEND_TO), _scoped(LAPSE), _scoped(REFER)),
    rows=(
        _row("ended", LAPSE, directive=Cell(test="is", value="end")),
        _row(
            "narrowed",
            EXTEND,
            {"days": 45, "scope": "narrow"},
            directive=Cell(test="is", value="narrow"),
        ),
        _row("july", EXTEND_TO, {"to": "2026-07-01"}, directive=Cell(test="is", value="until_july")),
        _row("soon", EXTEND, {"days": 30, "objection_days": 2}, directive=Cell(test="is", value="soon")),
        _row("silence", REFER, dependence=Cell(test="unknown")),
        _row("unknown-docket", REFER, pending=Cell(test="unknown")),
        _row("many-terms", LAPSE, terms_issued=Cell(test="at_least", value=40)),
        _row("no-directive", EXTEND, {"days": 90}, directive=Cell(test="unknown")),
    ),
)
ORIGINS = {
    "pending": Origin.GATHERED,
    "directive": Origin.GATHERED,
    "dependence": Origin.EVIDENCE,
    "terms_issued": Origin.LAW,
}
POLICY = Policy(table=TABLE, origins=ORIGINS, scopes={"narrow": NARROW})

E = TypeVar("E", bound=Event)


def order(
    through: date = LAST_DAY, effective: datetime | None = None, entities: tuple[str, ...] = ("one", "two")
) -> TermOrder:
    return TermOrder(
        effective=effective,
        valid_through=through,
        scope=BROAD,
        entities=frozenset(entities),
        reason="Existing customers.",
    )


OPEN = OpenReprieve(title="A sample", policy=POLICY, term=order())
LATER = order(date(2026, 7, 1))
CONFIRM = ConfirmOutcome(comment="Agreed.")
REPLACE = ReplaceOutcome(term=LATER, reasons="Longer.")
STOP = StopOutcome(reasons="Enough.")
END = EndReprieve(reasons="National security.", citation="9 FR 9")
EVIDENCE = SubmitEvidence(
    fact=KnownFact(name="dependence", value=True, source="rural carriers"), statement="They depend."
)


def gathered(pending: Fact = 50, directive: Fact = None, position: int | None = 7) -> RecordFacts:
    return RecordFacts(
        facts=(
            KnownFact(name="pending", value=pending, source="docket", position=position),
            KnownFact(name="directive", value=directive, source="register", position=position),
        )
    )


@dataclass(frozen=True, slots=True)
class Reprieved:
    """A reprieve at an instant, with the events that made it."""

    state: ReprieveState | None = None
    now: datetime = BEGIN
    events: tuple[Event, ...] = field(default=())

    @property
    def opened(self) -> ReprieveState:
        assert self.state is not None, "the reprieve does not exist yet"
        return self.state

    @property
    def stage(self) -> Stage:
        return self.opened.stage

    def at(self, now: datetime) -> "Reprieved":
        """At an instant, with everything that time alone brought about by then."""
        return replace(self, now=now).advanced()

    def later(self, **wait: float) -> "Reprieved":
        return self.at(self.now + timedelta(**wait))

    def with_events(self, *events: Event) -> "Reprieved":
        state = self.state
        for event in events:
            state = REPRIEVE.apply(state, REPRIEVE.read(event.record()))
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Reprieved":
        return self.with_events(*REPRIEVE.advance(self.state, self.now))

    def command(self, body: Body, by: Actor | None = None) -> Command[Body]:
        """The command as it usually comes, on the dossier as it is."""
        name = NAME_OF[type(body)]
        usual = OFFICER if name in {"submit_evidence", "record_publication"} else EXECUTIVE
        return Command(
            key=KEY,
            body=body,
            by=by or (usual if name in COMMANDS else None),
            dossier=dossier_digest(self.state) if self.state and name in DECISIONS else None,
        )

    def asked(self, body: Body, by: Actor | None = None) -> Decision:
        found = self.advanced()
        return REPRIEVE.decide(found.state, found.command(body, by), found.now)

    def after(self, *bodies: Body) -> "Reprieved":
        found = self
        for body in bodies:
            found = found.advanced().with_events(*accepted(found.asked(body)))
        return found.advanced()

    def of(self, kind: type[E]) -> tuple[E, ...]:
        return tuple(event for event in self.events if isinstance(event, kind))

    @property
    def spans(self) -> list[tuple[datetime, date]]:
        """When each term begins, and its last day."""
        return [(e.term.effective, e.term.valid_through) for e in self.of(TermIssued)]


def running() -> Reprieved:
    return Reprieved().after(OPEN)


def published() -> Reprieved:
    return running().later(days=3).after(RecordPublication(term=1, citation="1 FR 1", published=PUBLISHED))


def asked(
    it: Reprieved,
    at: datetime,
    entity: str = "one",
    activity: str = "networks",
    destination: str | None = None,
    known_at: datetime | None = None,
) -> Coverage:
    """Ask what one reprieve covers, by all of its events."""
    return covered(Terms.of([it.events]), entity, activity, at, destination, known_at)


def gathering() -> Reprieved:
    return running().after(EVIDENCE).at(DECISION_DUE)


def proposed(directive: Fact = None) -> Reprieved:
    return gathering().after(gathered(directive=directive))


def referred() -> Reprieved:
    return gathering().after(gathered(pending=None))


def taking_effect(directive: Fact = None) -> Reprieved:
    return proposed(directive).at(WINDOW_CLOSES)


def lapsing() -> Reprieved:
    return proposed().after(STOP)


def lapsed() -> Reprieved:
    return lapsing().at(EXPIRY)


Story = Callable[[], Reprieved]

CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Reprieved},
    Stage.RUNNING: {
        "first term": running,
        "extended": lambda: taking_effect().after(TakeEffect()),
        "two at once": lambda: running().after(IssueTerm(term=order(date(2026, 5, 1)))),
        "beside one that was stopped": lambda: lapsing().after(IssueTerm(term=LATER)),
    },
    Stage.GATHERING: {
        "in time": gathering,
        "after the term": lambda: gathering().at(EXPIRY),
        "two at once": lambda: running().after(IssueTerm(term=order())).at(DECISION_DUE),
    },
    Stage.PROPOSED: {
        "extension": proposed,
        "lapse": lambda: proposed("end"),
        "after the term": lambda: gathering().at(EXPIRY).after(gathered()),
        "lapse after the term": lambda: gathering().at(EXPIRY).after(gathered(directive="end")),
        "two at once": lambda: (
            running().after(EVIDENCE, IssueTerm(term=order())).at(DECISION_DUE).after(gathered())
        ),
    },
    Stage.TAKING_EFFECT: {
        "extension": taking_effect,
        "after the term": lambda: proposed().at(EXPIRY),
        "too late to mean anything": lambda: proposed("until_july").at(washington(2026, 7, 5)),
        "nobody left": lambda: taking_effect().after(_remove("one", "two")),
        "two at once": lambda: (
            running()
            .after(EVIDENCE, IssueTerm(term=order()))
            .at(DECISION_DUE)
            .after(gathered())
            .at(WINDOW_CLOSES)
        ),
    },
    Stage.REFERRED: {
        "for want of facts": referred,
        "two at once": lambda: running().after(IssueTerm(term=order())).at(DECISION_DUE).after(gathered()),
    },
    Stage.LAPSING: {
        "stopped": lapsing,
        "decided": lambda: proposed("end").at(WINDOW_CLOSES),
        "with a shorter one": lambda: lapsing().after(IssueTerm(term=order(date(2026, 4, 4)))),
        "terminated": lambda: running().after(
            TerminateTerm(term=1, ends=BEGIN + timedelta(days=30), reasons="Diversion.")
        ),
    },
    Stage.LAPSED: {
        "stopped": lapsed,
        "referred in vain": lambda: referred().at(EXPIRY),
        "terminated": lambda: running().after(TerminateTerm(term=1, reasons="Diversion.")),
    },
    Stage.ENDED: {"ended": lambda: running().after(END), "after a gap": lambda: lapsed().after(END)},
}
"""For every stage, stories of reprieves that are at it."""


def _remove(*entities: str) -> RemoveEntities:
    return RemoveEntities(entities=frozenset(entities), effective=BEGIN, reasons="Delisted.")


def bodies(name: str, reprieve: Reprieved) -> tuple[Body, ...]:
    """Bodies of the command ``name`` that a reprieve takes, if it takes any."""
    now, day = reprieve.now, timedelta(days=1)
    far = order((now + 400 * day).date())
    match name:
        case "open_reprieve":
            return (OPEN,)
        case "submit_evidence":
            return (EVIDENCE,)
        case "confirm_outcome":
            return (CONFIRM,)
        case "replace_outcome":
            return (ReplaceOutcome(term=far, reasons="Longer."),)
        case "stop_outcome":
            return (STOP,)
        case "issue_term":
            return (IssueTerm(term=far), IssueTerm(term=order((now + 2 * day).date())))
        case "correct_term":
            longer = Correction(valid_through=(now + 500 * day).date())
            said = ((1, Correction(citation="1 FR 2")), (1, longer), (2, longer))
            return tuple(CorrectTerm(term=n, correction=c, reasons="A misprint.") for n, c in said)
        case "record_publication":
            return (RecordPublication(term=1, citation="2 FR 2", published=now),)
        case "terminate_term":
            return tuple(
                TerminateTerm(term=number, ends=ends, reasons="Diversion.")
                for number in (1, 2)
                for ends in (None, now + timedelta(hours=1))
            )
        case "add_entities" | "remove_entities":
            add = AddEntities(
                entities=frozenset({"three"}), effective=now, running_terms=True, reasons="Listed."
            )
            return (add if name == "add_entities" else _remove("two"),)
        case "adopt_policy":
            return (AdoptPolicy(policy=POLICY, reasons="The same."),)
        case "end_reprieve":
            return (END,)
        case "record_facts":
            return (gathered(), gathered(pending=None), gathered(directive="end"))
        case _:
            return (TakeEffect(),)
