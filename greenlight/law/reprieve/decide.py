"""Decide what a reprieve's commands mean, or why they are refused."""

from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.domain import OutputEntry
from greenlight.law.reprieve import decide_term, facts
from greenlight.law.reprieve.commands import (
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
from greenlight.law.reprieve.events import (
    DecisionMade,
    EvidenceSubmitted,
    OutcomeConfirmed,
    OutcomeMoot,
    OutcomeReplaced,
    OutcomeStopped,
    PolicyAdopted,
    ReprieveEnded,
    ReprieveOpened,
    TermIssued,
)
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.policy import objections as policy_objections
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.state import OpenDecision, ReprieveState
from greenlight.law.terms.deciding import REFER, evaluate


def rule(state: ReprieveState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    if state is None:
        assert isinstance(command.body, OpenReprieve), "nothing else begins a reprieve"
        return _open(command.key, command.body, command.sender, now)
    match command.body:
        case RecordFacts() as body:
            return _record_facts(state, body, now)
        case TakeEffect():
            return _take_effect(state, None, now)
        case _:
            return _of_people(state, command, now)


def _of_people(state: ReprieveState, command: Command[Body], now: datetime) -> Ruling:
    by = command.sender
    match command.body:
        case SubmitEvidence() as body:
            return _submit_evidence(state, body, by, now)
        case ConfirmOutcome(comment=comment):
            confirmed = OutcomeConfirmed(at=now, by=by, decision=_pending(state).number, comment=comment)
            return (confirmed, *_take_effect(state, by, now))
        case ReplaceOutcome() as body:
            return _replace(state, body, by, now)
        case StopOutcome(reasons=reasons):
            return (OutcomeStopped(at=now, by=by, decision=_pending(state).number, reasons=reasons),)
        case IssueTerm(term=order):
            return _with_term(state, order, by, now)
        case AdoptPolicy() as body:
            for refusal in _unsound(body.policy):
                return refusal
            return (PolicyAdopted(at=now, by=by, policy=body.policy, reasons=body.reasons),)
        case EndReprieve() as body:
            if early := decide_term.published_early("published", body.published, now):
                return early
            return (
                ReprieveEnded(
                    at=now, by=by, reasons=body.reasons, citation=body.citation, published=body.published
                ),
            )
        case CorrectTerm() as body:
            return decide_term.correct(state, body, by, now)
        case RecordPublication() as body:
            return decide_term.publish(state, body, by, now)
        case TerminateTerm() as body:
            return decide_term.terminate(state, body, by, now)
        case AddEntities() | RemoveEntities() as body:
            return decide_term.change_entities(state, body, by, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _open(key: str, body: OpenReprieve, by: Actor, now: datetime) -> Ruling:
    for refusal in _unsound(body.policy):
        return refusal
    term = decide_term.ordered(1, body.term, now)
    if isinstance(term, Refusal):
        return term
    return (
        ReprieveOpened(at=now, by=by, key=key, title=body.title, policy=body.policy),
        TermIssued(at=now, by=by, term=term),
    )


def _unsound(policy: Policy) -> Iterator[Refusal]:
    for message in policy_objections(policy):
        yield Refusal(ReprieveRefusal.POLICY_UNSOUND, f"policy: {message}")


def _submit_evidence(state: ReprieveState, body: SubmitEvidence, by: Actor, now: datetime) -> Ruling:
    for message in facts.objections(state.policy_at(now), (body.fact,), Origin.EVIDENCE):
        return Refusal(ReprieveRefusal.UNKNOWN_FACT, message)
    return (EvidenceSubmitted(at=now, by=by, fact=body.fact, statement=body.statement),)


def _record_facts(state: ReprieveState, body: RecordFacts, now: datetime) -> Ruling:
    """The decision, by the policy that is in force when it is made: late ones follow today's policy."""
    policy, decision = state.policy_at(now), _pending(state)
    for message in facts.objections(policy, body.facts, Origin.GATHERED):
        return Refusal(ReprieveRefusal.UNKNOWN_FACT, message)
    base = state.standing(decision.term)
    assert base is not None, "a term whose end is being decided stays in the state"
    known = facts.known_facts(state, base, policy, body.facts, now)
    evaluation = evaluate(policy.table, known)
    then = OutputEntry(outcome=evaluation.outcome, parameters=evaluation.parameters)
    return (
        DecisionMade(
            at=now,
            number=decision.number,
            term=decision.term,
            due=decision.due,
            policy=policy.version,
            facts=known,
            evaluation=evaluation,
            scope=policy.scope(then),
            closes=None if then.outcome == REFER else decide_term.window_end(now, policy.window(then)),
        ),
    )


def _take_effect(state: ReprieveState, by: Actor | None, now: datetime) -> tuple[Event, ...]:
    """Let the outcome take effect at ``now``, which is when a new term begins, however late that is."""
    decision = _pending(state)
    term = decide_term.extension(state, decision, now)
    if term is None:
        return ()
    if isinstance(term, str):
        return (OutcomeMoot(at=now, by=by, decision=decision.number, reasons=term),)
    return (TermIssued(at=now, by=by, term=term, decision=decision.number),)


def _replace(state: ReprieveState, body: ReplaceOutcome, by: Actor, now: datetime) -> Ruling:
    issued = _with_term(state, body.term, by, now, _pending(state).number)
    if isinstance(issued, Refusal):
        return issued
    replaced = OutcomeReplaced(at=now, by=by, decision=_pending(state).number, reasons=body.reasons)
    return (replaced, *issued)


def _with_term(
    state: ReprieveState, order: TermOrder, by: Actor, now: datetime, decision: int | None = None
) -> tuple[Event, ...] | Refusal:
    term = decide_term.ordered(state.issued + 1, order, now)
    if isinstance(term, Refusal):
        return term
    base = None if decision is None else state.standing(_pending(state).term)
    if base is not None and now < base.end and term.end <= base.end:
        message = "the term must go on beyond the one that runs out; to let that lapse, stop the outcome"
        return Refusal(RefusalCode.MALFORMED, message)
    return (TermIssued(at=now, by=by, term=term, decision=decision),)


def _pending(state: ReprieveState) -> OpenDecision:
    assert state.decision is not None, "the stage says that a decision is open"
    return state.decision
