"""The facts that a decision is made from: facts gathered, evidence submitted, what the law knows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from greenlight.kernel.tables.domain import Input
from greenlight.law.reprieve.policy import ENTITIES_COVERED, TERMS_ISSUED, Origin, Policy
from greenlight.law.reprieve.state import ReprieveState, Standing
from greenlight.law.reprieve.terms import entities_at
from greenlight.law.terms.deciding import KnownFact, bounded

NOBODY = "nobody"
THE_LAW = "this reprieve"


def known_facts(
    state: ReprieveState, base: Standing, policy: Policy, gathered: tuple[KnownFact, ...], now: datetime
) -> tuple[KnownFact, ...]:
    """One fact for each input of ``policy``. What nobody said, or said too long ago, is unknown."""
    found = {fact.name: fact for fact in gathered}
    said = {
        evidence.fact.name: evidence.fact
        for evidence in state.evidence
        if evidence.at + timedelta(days=policy.evidence_days) > now
    }
    own = {
        TERMS_ISSUED: state.issued,
        ENTITIES_COVERED: len(entities_at(base.term.entities, state.changes, now)),
    }

    def fact(given: Input) -> KnownFact:
        match policy.origins[given.name]:
            case Origin.LAW:
                counted = bounded(given, own[given.name])
                return KnownFact(name=given.name, value=counted, source=THE_LAW)
            case Origin.GATHERED:
                known = found.get(given.name)
            case Origin.EVIDENCE:
                known = said.get(given.name)
        # Evidence may have been given to another policy, that asked for it in other values.
        if known is None or not given.admits(known.value):
            return KnownFact(name=given.name, value=None, source=NOBODY)
        return known

    return tuple(fact(given) for given in policy.table.inputs)


def objections(policy: Policy, facts: tuple[KnownFact, ...], origin: Origin) -> Iterator[str]:
    """Say why ``facts`` from ``origin`` are not what ``policy`` asks for."""
    for fact in facts:
        given = policy.input_of(fact.name)
        if given is None or policy.origins.get(fact.name) is not origin:
            yield f"{fact.name}: the policy does not take it as {origin}"
        elif not given.admits(fact.value):
            yield f"{fact.name}: must be {given}, or unknown"
