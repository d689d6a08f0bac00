"""The events that time alone brings about: a decision falls due, the time to object is over, a term ends."""

from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import last_day, plain_date, start_of_day
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.reprieve.events import DecisionFellDue, ObjectionWindowClosed, TermExpired
from greenlight.law.reprieve.state import ReprieveState, Stage, Standing
from greenlight.law.terms import ends
from greenlight.law.terms.ends import DECISION, EXPIRY

CITATION = "Supplement No. 7 to 15 CFR Part 744"

OBJECTION = "objection"
TERM = "term"

_ORDER = (OBJECTION, DECISION, EXPIRY)
"""Of two in the same instant. So what nobody objected to by the end of a term was not objected to."""


def deadlines(state: ReprieveState) -> tuple[Deadline, ...]:
    """An ended reprieve waits for nothing; its terms ended with it."""
    found = [_expiry(standing) for standing in state.terms]
    horizon, decision = state.horizon, state.decision
    if state.stage is Stage.RUNNING and horizon is not None:
        found.append(_decision(state, horizon))
    if state.stage is Stage.PROPOSED and decision and decision.closes and decision.made_at:
        found.append(
            Deadline(
                kind=OBJECTION,
                label="Time to object",
                due=decision.closes,
                started_at=decision.made_at,
                citation=CITATION,
                explanation=f"The outcome of decision {decision.number} takes effect unless an executive "
                f"objects by the end of {plain_date(last_day(decision.closes))}",
            )
        )
    return tuple(sorted(found, key=_when))


def _when(deadline: Deadline) -> tuple[datetime, int, str]:
    assert deadline.due is not None, "no hold stops the clock of a reprieve"
    return deadline.due, _ORDER.index(deadline.kind.partition("-")[0]), deadline.kind


def passed(state: ReprieveState, deadline: Deadline) -> tuple[Event, ...]:
    """``deadline`` is one that ``deadlines`` gave for ``state``."""
    assert deadline.due is not None, "no hold stops the clock of a reprieve"
    kind, _, number = deadline.kind.partition("-")
    if kind == DECISION:
        return (DecisionFellDue(at=deadline.due, number=state.decisions + 1, term=int(number)),)
    if kind == EXPIRY:
        # Of several that end together the last one says so.
        others = (each.term.effective for each in state.terms if each.number != int(number))
        lapses = ends.lapses(others, deadline.due)
        return (TermExpired(at=deadline.due, term=int(number), lapses=lapses),)
    assert state.decision is not None, "the time to object belongs to a decision"
    return (ObjectionWindowClosed(at=deadline.due, decision=state.decision.number),)


def decision_due(state: ReprieveState, standing: Standing) -> datetime:
    """When it is to be decided what follows ``standing``: the lead time before its last day.

    Every policy is asked for the time in which it is in force. It is never due before the term was issued,
    the policy adopted, or the end of a term moved: what was due by then had been recorded before.
    """
    floor = due = max(standing.issued_at, state.moved_at or standing.issued_at)
    for at, adopted in enumerate(state.policies):
        begins = start_of_day(adopted.policy.effective) if at else adopted.at
        lead = ends.lead(standing.end, adopted.policy.lead_days)
        due = max(lead, begins, adopted.at, floor)
        later = state.policies[at + 1 :]
        if not later or due < start_of_day(later[0].policy.effective):
            break
    return due


def _decision(state: ReprieveState, horizon: Standing) -> Deadline:
    due = decision_due(state, horizon)
    citation = state.policy_at(due).table.citation
    return ends.decision(horizon, TERM, "is decided on", due, horizon.issued_at, citation)


def _expiry(standing: Standing) -> Deadline:
    how = "was terminated to end then" if standing.ends else "is valid through that day"
    citation = standing.term.citation or CITATION
    return ends.expiry(standing, TERM, how, standing.term.effective, citation)
