"""A reprieve as it stands, folded from its events, and what can be read off it.

Terms that are over leave the state, the latest apart: it stays as large after forty terms as after one.
``greenlight.law.reprieve.coverage`` answers for all of them from the events.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import JsonValue

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import (
    Digest,
    Identifier,
    Instant,
    JsonObject,
    Model,
    Name,
    PositiveInteger,
)
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.table import Evaluation
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    EntitiesChanged,
    EvidenceSubmitted,
    ObjectionWindowClosed,
    OutcomeConfirmed,
    OutcomeMoot,
    OutcomeReplaced,
    OutcomeStopped,
    PolicyAdopted,
    ReprieveEnded,
    ReprieveOpened,
    TermCorrected,
    TermExpired,
    TermIssued,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.terms import EntityChange, Scope, Term
from greenlight.law.terms.deciding import LAPSE, REFER, KnownFact
from greenlight.law.terms.ends import horizon


class Stage(StrEnum):
    """The stage of a reprieve.

    ``running``: a term runs or is to come, and what follows it is not due to be decided. ``gathering``: it
    is, and the service has facts to gather. ``proposed``: an executive may object to the outcome.
    ``taking_effect``: nobody did, and the service has to let it. ``referred``: the executive is to decide.
    ``lapsing``: it is decided that nothing follows. ``lapsed``: no term runs. ``ended``: for good.
    """

    RUNNING = "running"
    GATHERING = "gathering"
    PROPOSED = "proposed"
    TAKING_EFFECT = "taking_effect"
    REFERRED = "referred"
    LAPSING = "lapsing"
    LAPSED = "lapsed"
    ENDED = "ended"

    @property
    def closed(self) -> bool:
        return self is Stage.ENDED


class Standing(Model):
    """A term in the state. ``ends``: when it was terminated to end; ``settled``: what follows is decided."""

    term: Term
    issued_at: Instant
    ends: Instant | None = None
    settled: bool = False

    @property
    def number(self) -> int:
        return self.term.number

    @property
    def since(self) -> datetime:
        """When it was ordered; or took effect, if it was ordered with effect from the past."""
        return min(self.issued_at, self.term.effective)

    @property
    def end(self) -> datetime:
        """The first instant after the term, in UTC."""
        return min(self.term.end, self.ends) if self.ends else self.term.end


class Evidence(Model):
    fact: KnownFact
    statement: str
    by: Actor
    at: Instant


class Adopted(Model):
    policy: Policy
    at: Instant


class OpenDecision(Model):
    """The decision on what follows ``term``. What was decided is None until the facts are there."""

    number: PositiveInteger
    term: PositiveInteger
    due: Instant
    made_at: Instant | None = None
    policy: Digest | None = None
    evaluation: Evaluation | None = None
    scope: Scope | None = None
    closes: Instant | None = None


class ReprieveState(Model):
    """``terms`` are those that are not over; ``last`` is the one that was over last, or on which a late
    decision rests. ``changes`` of entities are those that no term has taken in yet; ``issued`` and
    ``decisions`` count; ``moved_at`` is when somebody last moved the end of a term; ``begins`` is when the
    first of all terms was ordered or took effect, whichever came first."""

    key: Identifier
    title: Name
    stage: Stage
    policies: tuple[Adopted, ...]
    terms: tuple[Standing, ...] = ()
    last: Standing | None = None
    changes: tuple[EntityChange, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decision: OpenDecision | None = None
    issued: int = 0
    decisions: int = 0
    moved_at: Instant | None = None
    begins: Instant | None = None
    ended_at: Instant | None = None

    @property
    def horizon(self) -> Standing | None:
        """Of the terms that are not over the one that ends last: what follows it is to be decided."""
        return horizon(self.terms)

    def standing(self, number: int) -> Standing | None:
        kept = (*self.terms, self.last) if self.last else self.terms
        return next((standing for standing in kept if standing.term.number == number), None)

    def policy_at(self, instant: datetime) -> Policy:
        """The policy in force: of those effective by that day the one adopted last; else the first."""
        day = agency_date(instant)
        in_force = [adopted.policy for adopted in self.policies if adopted.policy.effective <= day]
        return in_force[-1] if in_force else self.policies[0].policy

    def at_rest(self) -> Self:
        """The stage that follows from the terms alone, with no decision open."""
        horizon = self.horizon
        stage = Stage.RUNNING
        if horizon is None:
            stage = Stage.LAPSED
        elif horizon.settled:
            stage = Stage.LAPSING
        return self.model_copy(update={"stage": stage, "decision": None})


def evolve(state: ReprieveState | None, event: Event) -> ReprieveState:
    """The state after ``event``. Total on recorded streams: the first event is the opening."""
    match event, state:
        case ReprieveOpened(), None:
            adopted = Adopted(policy=event.policy, at=event.at)
            return ReprieveState(key=event.key, title=event.title, stage=Stage.LAPSED, policies=(adopted,))
        case _, ReprieveState() if not isinstance(event, ReprieveOpened):
            return _after_term(state, event) or _after_decision(state, event)
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def _after_term(state: ReprieveState, event: Event) -> ReprieveState | None:
    """The state after what happens to terms and entities, None if ``event`` is another."""
    match event:
        case TermIssued():
            return _issued(state, event)
        case TermPublished():
            said = {"citation": event.citation, "published": event.published}
            return _with_term(state, event.term, lambda term: term.model_copy(update=said))
        case TermCorrected():
            changed = _moved(_with_term(state, event.term, event.correction.applied), event.at)
            return changed.at_rest() if _resting(state) else changed
        case TermTerminated():
            return _terminated(state, event)
        case TermExpired(term=number):
            return _expired(state, number)
        case EntitiesChanged(change=change):
            return state.model_copy(update={"changes": (*state.changes, change)})
        case _:
            return None


def _expired(state: ReprieveState, number: int) -> ReprieveState:
    over = state.standing(number)
    if state.decision and state.last and state.last.term.number == state.decision.term:
        # A late decision goes on from its own term, also where a correction lets another end after it.
        over = state.last
    left = tuple(standing for standing in state.terms if standing.term.number != number)
    after = state.model_copy(update={"terms": left, "last": over})
    # A decision that is late goes on: an extension then begins after a gap.
    waits = {Stage.GATHERING, Stage.PROPOSED, Stage.TAKING_EFFECT}
    return after if state.stage in waits or _still_referred(after) else after.at_rest()


def _still_referred(state: ReprieveState) -> bool:
    decision = state.decision
    return (
        state.stage is Stage.REFERRED
        and decision is not None
        and any(standing.term.number == decision.term for standing in state.terms)
    )


def _after_decision(state: ReprieveState, event: Event) -> ReprieveState:
    match event:
        case EvidenceSubmitted():
            said = Evidence(fact=event.fact, statement=event.statement, by=event.by, at=event.at)
            others = tuple(old for old in state.evidence if old.fact.name != event.fact.name)
            return state.model_copy(update={"evidence": (*others, said)})
        case PolicyAdopted(policy=policy, at=at):
            return state.model_copy(update={"policies": _adopted(state, policy, at)})
        case DecisionFellDue(number=number, term=term, at=at):
            opened = OpenDecision(number=number, term=term, due=at)
            return state.model_copy(
                update={"stage": Stage.GATHERING, "decision": opened, "decisions": number}
            )
        case DecisionMade():
            return _made(state, event)
        case ObjectionWindowClosed():
            decision = state.decision
            if decision and decision.evaluation and decision.evaluation.outcome == LAPSE:
                return _settled(state, decision.term).at_rest()
            return state.model_copy(update={"stage": Stage.TAKING_EFFECT})
        case OutcomeConfirmed() | OutcomeReplaced() | OutcomeStopped() | OutcomeMoot():
            settled = state if state.decision is None else _settled(state, state.decision.term)
            return settled.at_rest()
        case ReprieveEnded(at=at):
            over = state.horizon or state.last
            ended = over.model_copy(update={"ends": at}) if over else None
            return state.model_copy(
                update={"stage": Stage.ENDED, "terms": (), "last": ended, "decision": None, "ended_at": at}
            )
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of a reprieve")


def _issued(state: ReprieveState, event: TermIssued) -> ReprieveState:
    if event.decision is not None and state.decision is not None:
        state = _settled(state, state.decision.term)
    left = tuple(change for change in state.changes if change.effective > event.term.effective)
    standing = Standing(term=event.term, issued_at=event.at)
    begins = min(filter(None, (state.begins, standing.since)))
    changes = {"terms": (*state.terms, standing), "issued": event.term.number, "changes": left}
    return state.model_copy(update={**changes, "begins": begins}).at_rest()


def _terminated(state: ReprieveState, event: TermTerminated) -> ReprieveState:
    changed = _moved(_with_standing(state, event.term, {"ends": event.ends, "settled": True}), event.at)
    return changed.at_rest() if event.withdraws is not None or _resting(state) else changed


def _moved(state: ReprieveState, at: datetime) -> ReprieveState:
    return state.model_copy(update={"moved_at": at})


def _resting(state: ReprieveState) -> bool:
    return state.decision is None and not state.stage.closed


def _made(state: ReprieveState, event: DecisionMade) -> ReprieveState:
    made = OpenDecision(
        number=event.number,
        term=event.term,
        due=event.due,
        made_at=event.at,
        policy=event.policy,
        evaluation=event.evaluation,
        scope=event.scope,
        closes=event.closes,
    )
    stage = Stage.REFERRED if event.evaluation.outcome == REFER else Stage.PROPOSED
    after = state.model_copy(update={"stage": stage, "decision": made})
    # What was referred too late for an answer has lapsed.
    return after.at_rest() if stage is Stage.REFERRED and not _still_referred(after) else after


def _adopted(state: ReprieveState, policy: Policy, at: datetime) -> tuple[Adopted, ...]:
    """In the order of their effect, without those that no decision to come can rest on."""
    kept = [old for old in state.policies if old.policy.effective < policy.effective]
    day: date = agency_date(at)
    policies = [*kept, Adopted(policy=policy, at=at)]
    in_force = max((n for n, each in enumerate(policies) if each.policy.effective <= day), default=0)
    return tuple(policies[in_force:])


def _settled(state: ReprieveState, number: int) -> ReprieveState:
    """Mark the term as settled, and with it those that are over before it: what follows them is decided."""
    decided = state.standing(number)
    for standing in state.terms:
        if decided is not None and standing.end <= decided.end:
            state = _with_standing(state, standing.term.number, {"settled": True})
    return state


def _with_standing(state: ReprieveState, number: int, changes: Mapping[str, object]) -> ReprieveState:
    def changed(standing: Standing) -> Standing:
        return standing.model_copy(update=changes) if standing.term.number == number else standing

    return state.model_copy(
        update={
            "terms": tuple(changed(standing) for standing in state.terms),
            "last": changed(state.last) if state.last else None,
        }
    )


def _with_term(state: ReprieveState, number: int, change: Callable[[Term], Term]) -> ReprieveState:
    standing = state.standing(number)
    return _with_standing(state, number, {"term": change(standing.term)}) if standing else state


def dossier(state: ReprieveState) -> JsonObject:
    """Gather what a decision rests on: terms, the open decision with its trace, evidence, policies.

    Its digest is what a deciding executive signs.
    """
    shown = state.model_dump(
        mode="json", include={"key", "title", "terms", "last", "changes", "evidence", "decision", "issued"}
    )
    policies: list[JsonValue] = [
        {"id": adopted.policy.table.id, "version": adopted.policy.version} for adopted in state.policies
    ]
    return shown | {"policies": policies}


def dossier_digest(state: ReprieveState) -> str:
    return digest(dossier(state))
