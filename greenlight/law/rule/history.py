"""A rule on record as determinations ask it, from its events."""

from collections.abc import Iterable

from greenlight.kernel.commit import Event
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.rules import Rule


def rule_of(events: Iterable[Event]) -> Rule | None:
    """The rule with what is confirmed of it, known from its confirmation on; None while nothing is."""
    state = RULE.folded(None, events)
    if state is None or not state.attestations:
        return None
    return Rule(state.key, state.title, state.governs, state.attestations)
