"""The facts that the service itself knows for a decision: what the event log tells of applications, licenses
and directives.

Each name may be that of an input which a policy takes as gathered. What else a policy asks for nobody keeps
where the service could read it, and it stays unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from greenlight.kernel.model import Model, PositiveInteger
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.tables.domain import Kind
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import Standing, StandingDirective, StandingNow, applying
from greenlight.law.reprieve.commands import RecordFacts, TakeEffect
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.law.reprieve.terms import entities_at
from greenlight.law.terms.deciding import KnownFact, bounded

THE_LOG = "event log"
STANDING_DIRECTIVE = "standing_directive"
"""The posture of the directive in force for the covered entities, ``none`` where there is none."""
NONE = "none"


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


@dataclass(frozen=True, slots=True)
class CountsOf(Need[Counts]):
    """Ask what the log has of all cases, and of those to which one of the entities is a party."""

    entities: frozenset[str]


def gather(state: ReprieveState, facts: Facts, now: datetime) -> RecordFacts | None:
    """Record what the log tells for a decision that is due."""
    if state.stage is not Stage.GATHERING:
        return None
    counts = facts.told(CountsOf(entities_in_question(state, now)))
    return gathered(state, counts, facts.told(StandingNow()), now)


def take_effect(state: ReprieveState, facts: Facts, now: datetime) -> TakeEffect:
    """Let an outcome take effect to which nobody objected."""
    return TakeEffect()


UPKEEP = {"facts": gather, "effect": take_effect}


def entities_in_question(state: ReprieveState, now: datetime) -> frozenset[str]:
    """Whom a term that followed the one that runs out would cover."""
    base = None if state.decision is None else state.standing(state.decision.term)
    return frozenset() if base is None else entities_at(base.term.entities, state.changes, now)


def gathered(state: ReprieveState, counts: Counts, standing: Standing, now: datetime) -> RecordFacts:
    """Of what was counted, and of the directives in force, what the policy in force asks for."""
    directive = _directive(standing.directives, entities_in_question(state, now), now)
    posture = directive.posture.value if directive else NONE
    source = f"directive {directive.key}" if directive else THE_LOG
    known = _named(counts)

    def facts(policy: Policy) -> Iterator[KnownFact]:
        for given in policy.table.inputs:
            if policy.origins[given.name] is not Origin.GATHERED:
                continue
            name, count = given.name, known.get(given.name)
            if given.type is Kind.INTEGER and count is not None:
                value = bounded(given, count)
                yield KnownFact(name=name, value=value, source=THE_LOG, position=counts.position)
            elif name == STANDING_DIRECTIVE and given.admits(posture):
                yield KnownFact(name=name, value=posture, source=source, position=standing.position)

    return RecordFacts(facts=tuple(facts(state.policy_at(now))))


def _directive(
    directives: Iterable[StandingDirective], entities: frozenset[str], now: datetime
) -> StandingDirective | None:
    """The one that came in force last, of those that say how cases of one of the entities, or of any, are
    decided."""

    def meant(directive: StandingDirective) -> bool:
        if directive.posture is Posture.HOLD:
            return False
        return not directive.scope.entities or not directive.scope.entities.isdisjoint(entities)

    return applying(directives, meant, now)


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
