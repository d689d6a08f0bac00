"""Show people a reprieve: where it is, what was decided and why, when it takes effect, its terms."""

from datetime import UTC, datetime

from greenlight.cli.base.output import bold, counted, local, print_facts, print_table, say, words
from greenlight.kernel.commit import Event
from greenlight.kernel.tables.domain import OutputEntry
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.law.reprieve.deadlines import deadlines
from greenlight.law.reprieve.decide_term import extension
from greenlight.law.reprieve.events import DecisionMade
from greenlight.law.reprieve.state import OpenDecision, ReprieveState, Stage
from greenlight.law.reprieve.terms import Term
from greenlight.law.reprieve.told import decided_by, outcome
from greenlight.law.reprieve.versions import Version, versions
from greenlight.law.reprieve.view import status
from greenlight.law.terms.deciding import said, trace, why

_WAITS = {
    Stage.RUNNING: "nobody: the next decision comes by itself",
    Stage.GATHERING: "the service, which gathers facts",
    Stage.PROPOSED: "an executive, who may confirm, replace or stop the outcome; silence lets it take effect",
    Stage.TAKING_EFFECT: "the service, which lets the outcome take effect",
    Stage.REFERRED: "an executive, who is to decide: replace or stop; without an answer the term lapses",
    Stage.LAPSING: "nobody: the term lapses on its last day, unless another is issued",
    Stage.LAPSED: "nobody: no term runs, until one is issued",
    Stage.ENDED: "nobody: it is over for good",
}


def print_reprieve(state: ReprieveState, events: list[Event], digest: str, at: datetime | None) -> None:
    """The whole of it. ``at`` is the instant asked about, None for now."""
    now = at or datetime.now(UTC)
    due = status(state).due
    policy = state.policy_at(now)
    print_facts(
        {
            "Title": state.title,
            "Stage": words(state.stage),
            "Waits for": _WAITS[state.stage],
            "Next": f"{local(due)}, {_left(due, now)}" if due else None,
            "Policy": f"{policy.table.id}, in force from {plain_date(policy.effective)}",
            "Evidence": "\n".join(
                f"{each.fact.name}={said(each.fact.value)} – {each.fact.source}, by "
                f"{each.by.officer} on {plain_date(agency_date(each.at))}: {each.statement}"
                for each in state.evidence
            ),
            "Entities to come": "\n".join(
                f"{', '.join(sorted(change.entities))} {'come' if change.added else 'go'} "
                f"{local(change.effective)}"
                for change in state.changes
            ),
            "Ended": local(state.ended_at) if state.ended_at else None,
            "Events": str(len(events)),
            "Dossier": digest,
        }
    )
    if state.decision is not None:
        _print_decision(state, state.decision, events, now)
    _print_terms(events, now)
    for deadline in deadlines(state):
        say(f"  • {deadline.explanation}")


def _left(due: datetime, now: datetime) -> str:
    """Whole days in Washington, as deadlines count them."""
    days = (agency_date(due) - agency_date(now)).days
    if due <= now:
        return "due"
    return {0: "today", 1: "in one day"}.get(days, f"in {days} days")


def _print_decision(state: ReprieveState, decision: OpenDecision, events: list[Event], now: datetime) -> None:
    found = decision.evaluation
    say()
    say(bold(f"Decision {decision.number}"), f", on what follows term {decision.term}")
    if found is None:
        print_facts({"Fell due": local(decision.due), "Outcome": "none yet: the facts are being gathered"})
        return
    policy = decided_by(events, decision.policy)
    print_facts(
        {
            "Outcome": outcome(OutputEntry(outcome=found.outcome, parameters=found.parameters)),
            "By": f"row {found.row} of {found.table}" if found.row else f"no row of {found.table} fires",
            "Why": why(policy, found),
            "Fell due": local(decision.due),
            "Made": local(decision.made_at),
            "Takes effect": _takes_effect(state, decision, now),
        }
    )
    made = next(
        (each for each in events if isinstance(each, DecisionMade) and each.number == decision.number), None
    )
    print_table(
        "Facts",
        ("fact", "value", "source", "log position"),
        (
            (fact.name, said(fact.value), fact.source, str(fact.position or "–"))
            for fact in (made.facts if made else ())
        ),
        drop=("log position", "source"),
    )
    print_table("Every row", ("row", "fires", "stopped by"), trace(found))


def _takes_effect(state: ReprieveState, decision: OpenDecision, now: datetime) -> str:
    """When, and what it would come to then."""
    if decision.closes is None:
        return "not by itself: the executive is to decide"
    coming = extension(state, decision, decision.closes)
    when = f"{local(decision.closes)} ({_left(decision.closes, now)}), unless an executive objects before"
    if isinstance(coming, Term):
        covers = f"{len(coming.entities)} {'entity' if len(coming.entities) == 1 else 'entities'}"
        return f"{when}\nterm {coming.number}, through {plain_date(coming.valid_through)}, for {covers}"
    return f"{when}\n{coming or 'the term lapses on its last day'}"


def _print_terms(events: list[Event], now: datetime) -> None:
    found = sorted((each for each in versions(events) if each.latest), key=lambda each: each.term.number)
    say()
    print_table(
        counted(len(found), "term"),
        ("term", "from", "through", "", "entities", "activities", "published", "citation", "reason"),
        (
            (
                str(each.term.number),
                local(each.term.effective),
                plain_date(last_day(each.end)),
                _runs(each, now),
                str(len(each.entities)),
                ", ".join(each.activities),
                plain_date(agency_date(each.term.published)) if each.term.published else "not yet",
                each.term.citation or "–",
                each.term.reason,
            )
            for each in found
        ),
        drop=("reason", "citation", "activities", "published"),
    )


def _runs(version: Version, now: datetime) -> str:
    if version.end <= now:
        return "over"
    return "runs" if version.term.effective <= now else "to come"
