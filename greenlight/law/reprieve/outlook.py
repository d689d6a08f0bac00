"""Say what will happen to a reprieve, and when, if nobody does anything: in sentences, for people."""

from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.law.reprieve.deadlines import decision_due
from greenlight.law.reprieve.decide_term import extension
from greenlight.law.reprieve.policy import EXTEND
from greenlight.law.reprieve.state import OpenDecision, ReprieveState, Stage, Standing
from greenlight.law.reprieve.terms import Term
from greenlight.law.terms.deciding import LAPSE


def outlook(state: ReprieveState, now: datetime) -> tuple[str, ...]:
    """Say what runs at ``now`` and how long yet, and what time will bring.

    Days are counted from a day that is named, so that what is read later is still true: nobody has to come
    every midnight to write it anew.
    """
    return (*_term(state, now), *_next(state), *_ends(state))


def _term(state: ReprieveState, now: datetime) -> Iterator[str]:
    """The term that ends last."""
    horizon = state.horizon
    if horizon is None:
        return
    through, today = last_day(horizon.end), agency_date(now)
    left = (through - today).days
    count = "1 day" if left == 1 else f"{left} days"
    begins = horizon.term.effective
    since = f"from {_day(begins)} " if begins > now else ""
    verb = "is to run" if since else "runs"
    yield (
        f"Term {horizon.term.number} {verb} {since}through {plain_date(through)}: {count} left "
        f"on {plain_date(today)}"
    )


def _next(state: ReprieveState) -> Iterator[str]:
    horizon, decision = state.horizon, state.decision
    match state.stage:
        case Stage.RUNNING if horizon is not None:
            due = decision_due(state, horizon)
            policy, number = state.policy_at(due).table.id, horizon.term.number
            yield f"{_day(due)}: policy {policy} decides what follows term {number}"
        case Stage.GATHERING if decision is not None:
            yield f"At once: facts are gathered, and the policy decides what follows term {decision.term}"
        case Stage.PROPOSED if decision is not None and decision.closes is not None:
            until = plain_date(last_day(decision.closes))
            yield (
                f"Proposed: {_outcome(state, decision, decision.closes)}; takes effect unless an executive "
                f"objects by the end of {until}"
            )
        case Stage.TAKING_EFFECT if decision is not None and decision.closes is not None:
            yield f"At once: {_outcome(state, decision, decision.closes)} takes effect; nobody objected"
        case Stage.REFERRED if decision is not None:
            yield (
                f"Referred to an executive, who decides what follows term {decision.term} "
                f"({_row(decision)}); without an answer nothing does"
            )
        case Stage.ENDED if state.ended_at is not None:
            yield f"Ended for good on {_day(state.ended_at)}"
        case _:
            pass


def _ends(state: ReprieveState) -> Iterator[str]:
    """Without another term the last one's end is the lapse; so it is said only of that one."""
    for standing in sorted(state.terms, key=lambda each: each.end):
        end = f"at the end of {plain_date(last_day(standing.end))}"
        if standing is not state.horizon:
            yield f"Term {standing.term.number} ends {end}, beside another"
        elif state.stage is Stage.LAPSING:
            yield f"Lapses {end}: nothing follows term {standing.term.number}"
        elif state.stage is Stage.REFERRED:
            yield f"Lapses {end}, unless an executive decides before"
        else:
            yield f"Term {standing.term.number} ends {end}"
    if state.stage is Stage.LAPSED:
        since = f" since the end of {_last(state.last)}" if state.last else ""
        yield f"No term runs{since}; nothing happens until an executive issues one"


def _outcome(state: ReprieveState, decision: OpenDecision, at: datetime) -> str:
    """Say what was decided, and what it comes to if it takes effect at ``at``."""
    evaluation = decision.evaluation
    assert evaluation is not None, "what takes effect was decided"
    if evaluation.outcome == LAPSE:
        return f"lapse ({_row(decision)})"
    comes = extension(state, decision, at)
    if not isinstance(comes, Term):
        return f"nothing, as {comes} ({_row(decision)})"
    by = f"by {evaluation.parameters['days']} days, " if evaluation.outcome == EXTEND else ""
    return f"extend {by}through {plain_date(comes.valid_through)} ({_row(decision)})"


def _row(decision: OpenDecision) -> str:
    row = decision.evaluation.row if decision.evaluation else None
    return f"row {row}" if row else "no row fired"


def _day(at: datetime) -> str:
    return plain_date(agency_date(at))


def _last(standing: Standing) -> str:
    return plain_date(last_day(standing.end))
