"""What the service itself knows of for a decision: what the event log tells of applications and licenses.

Each name may be that of an input which a policy takes as gathered. What else a policy asks for, such as the
standing directive, nobody keeps where the service could read it, and it stays unknown.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from licensing.model import Model, PositiveInteger
from licensing.reprieve.commands import KnownFact, RecordFacts
from licensing.reprieve.facts import bounded
from licensing.reprieve.policy import Origin, Policy
from licensing.reprieve.state import ReprieveState
from licensing.reprieve.terms import entities_at
from licensing.tables.domain import Kind

THE_LOG = "event log"


class Counted(Model):
    """Applications, and the licenses that can be used. ``decision_days``: the median of the days from the
    registration of those that are decided to their decision, None where none is."""

    received: int
    pending: int
    decided: int
    licenses_in_use: int
    decision_days: int | None


class Counts(Model):
    """``covered``: those to which a covered entity is a party. ``position``: up to where the log was read."""

    position: PositiveInteger
    covered: Counted
    in_all: Counted


def entities_in_question(state: ReprieveState, now: datetime) -> frozenset[str]:
    """Whom a term that followed the one that runs out would cover."""
    base = None if state.decision is None else state.standing(state.decision.term)
    return frozenset() if base is None else entities_at(base.term.entities, state.changes, now)


def gathered(state: ReprieveState, counts: Counts, now: datetime) -> RecordFacts:
    """Of what was counted, what the policy in force asks for."""
    return RecordFacts(facts=tuple(_facts(state.policy_at(now), counts)))


def _facts(policy: Policy, counts: Counts) -> Iterator[KnownFact]:
    known = _named(counts)
    for given in policy.table.inputs:
        count = known.get(given.name)
        if policy.origins[given.name] is Origin.GATHERED and given.type is Kind.INTEGER and count is not None:
            yield KnownFact(
                name=given.name, value=bounded(given, count), source=THE_LOG, position=counts.position
            )


def _named(counts: Counts) -> Mapping[str, int | None]:
    return {
        f"{name}{suffix}": count
        for counted, suffix in ((counts.covered, ""), (counts.in_all, "_in_all"))
        for name, count in (
            ("applications_received", counted.received),
            ("applications_pending", counted.pending),
            ("applications_decided", counted.decided),
            ("licenses_in_use", counted.licenses_in_use),
            ("decision_days", counted.decision_days),
        )
    }
