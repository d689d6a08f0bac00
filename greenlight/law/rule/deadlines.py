"""The events that time alone brings about: an act nears its last day, is over, and the rule stands otherwise.

Whatever falls on one instant is recorded together, in that order.
"""

from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.rule.acts import ActKind
from greenlight.law.rule.events import ActEnded, EndDecided, EndNeared, StandingChanged
from greenlight.law.rule.policy import (
    DISPUTED,
    FOLLOWS,
    MOST,
    OPEN,
    POLICIES,
    SUSPENSIONS,
    WAITING,
    EndPolicy,
    PolicyName,
)
from greenlight.law.rule.runs import ended_by
from greenlight.law.rule.standing import Force
from greenlight.law.rule.state import RuleState
from greenlight.law.rule.worlds import contradictions, counting
from greenlight.law.terms import ends
from greenlight.law.terms.deciding import KnownFact, evaluate
from greenlight.law.terms.run import Run

CHANGE = "change"
ACT = "act"
THE_RULE = "this rule"


def watched(state: RuleState) -> tuple[Run, ...]:
    """The acts on record of whose end officers are told, and whose end is to come."""
    return tuple(run for run in state.ending if state.seen < run.end)


def _overdue(state: RuleState) -> tuple[Run, ...]:
    """Those that officers waited for and that were over when that was confirmed: the earliest first."""
    over = (run for run in state.ending if run.end <= state.seen and run.number in state.awaited)
    return tuple(sorted((run for run in over if _policy(state, run).late), key=_end))


def _end(run: Run) -> datetime:
    return run.end


def nearing(state: RuleState) -> Run | None:
    """The act whose last day is near, of which officers were told; None, once what follows is attested."""
    last = ends.horizon(watched(state))
    told = last is not None and last.number in state.neared and not _followed(state, last)
    return last if told else None


def deadlines(state: RuleState) -> tuple[Deadline, ...]:
    """Everything to come, as far as is attested, the earliest first."""
    found = [*_change(state), *_decision(state)]
    for run in (*_overdue(state), *watched(state)):
        how = "is valid through that day" if _through(state, run) == run.end else "is ended by another act"
        expiry = ends.expiry(run, ACT, how, run.begin, _cited(run))
        # What was over already when that was confirmed is on record at once.
        found.append(expiry.model_copy(update={"due": max(run.end, state.seen)}))
    return tuple(sorted(found, key=_due))


def passed(state: RuleState, deadline: Deadline) -> tuple[Event, ...]:
    """``deadline`` is one that ``deadlines`` gave for ``state``."""
    due = _due(deadline)
    return (*_neared(state, due), *_ended(state, due), *_changed(state, due))


def _due(deadline: Deadline) -> datetime:
    assert deadline.due is not None, "no hold stops the clock of a rule"
    return deadline.due


def _cited(run: Run) -> str:
    assert run.citation is not None, "an act is cited"
    return run.citation


def _through(state: RuleState, run: Run) -> datetime | None:
    """The end that the act itself has."""
    return next(each.act.end for each in state.attestations if each.number == run.number and each.act)


def _followed(state: RuleState, run: Run) -> bool:
    """Tell whether it is on record how the rule stands after the end of an act."""
    after = state.standing_at(run.end)
    return not after.open and Force.ENDED not in after.forces


def _policy(state: RuleState, run: Run) -> EndPolicy:
    return POLICIES[_policy_id(state, run)]


def _policy_id(state: RuleState, run: Run) -> PolicyName:
    return next(each.ends_by for each in state.watched if each.number == run.number)


def _decision(state: RuleState) -> Iterator[Deadline]:
    """By when officers are told of the end of the act that ends last, if nothing on record follows it."""
    last = ends.horizon(watched(state))
    if last is None or last.number in state.neared or _followed(state, last):
        return
    # What is near already when it is confirmed is told at once.
    due = max(ends.lead(last.end, _policy(state, last).lead_days), state.seen)
    yield ends.decision(last, ACT, "is looked for from", due, last.begin, _cited(last))


def _change(state: RuleState) -> Iterator[Deadline]:
    """The next instant at which the rule stands otherwise, as attested."""
    if state.next_change is None:
        return
    due, standing = state.next_change
    yield Deadline(
        kind=CHANGE,
        label="Change",
        due=due,
        started_at=state.seen,
        citation=standing.readings[0].citation,
        explanation=f"From {plain_date(agency_date(due))} on, as far as is attested: {standing.said}",
    )


def _neared(state: RuleState, due: datetime) -> Iterator[Event]:
    last = ends.horizon(watched(state))
    if last is not None and any(each.due == due for each in _decision(state)):
        yield EndNeared(at=due, number=last.number, ends=last.end)


def _ended(state: RuleState, due: datetime) -> Iterator[Event]:
    late = _overdue(state) if due == state.seen else ()
    over = [*late, *(run for run in watched(state) if run.end == due)]
    by = ended_by(state.attestations)
    for place, run in enumerate(over, 1):
        with_it = [each for each in over[place:] if each.end == run.end]
        others = (each.begin for each in state.ending if each.end > run.end or each in with_it)
        name = _policy_id(state, run)
        yield ActEnded(
            at=due,
            number=run.number,
            lapses=ends.lapses(others, run.end),
            ended_by=by[run.number] if POLICIES[name].late else None,
            ends=run.end if run in late else None,
        )
        known = tuple(_facts(state, run.end))
        found = evaluate(POLICIES[name].table, known)
        yield EndDecided(at=due, number=run.number, policy=name, facts=known, evaluation=found)


def _facts(state: RuleState, end: datetime) -> Iterator[KnownFact]:
    after = state.standing_at(end)
    suspended = sum(
        each.act is not None and each.act.kind is ActKind.SUSPENDED for each in counting(state.attestations)
    )
    for name, value in (
        (FOLLOWS, OPEN if after.open else after.readings[0].force.value),
        (WAITING, state.held is not None),
        (DISPUTED, contradictions(state.attestations) > 1),
        (SUSPENSIONS, min(suspended, MOST)),
    ):
        yield KnownFact(name=name, value=value, source=THE_RULE)


def _changed(state: RuleState, due: datetime) -> Iterator[Event]:
    if state.next_change is None or state.next_change[0] != due:
        return
    standing = state.next_change[1]
    forces = tuple(force for force in Force if force in standing.forces)
    yield StandingChanged(at=due, forces=forces, settled_by=standing.recorded)
