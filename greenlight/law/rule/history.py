"""A rule on record as determinations ask it, from its events."""

from collections.abc import Iterable

from greenlight.kernel.commit import Event
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.rules import Rule
from greenlight.law.rule.state import RuleState


def rule_of(events: Iterable[Event]) -> Rule | None:
    """The rule with what is confirmed of it, known from its confirmation on; None while nothing is."""
    state = RULE.folded(None, events)
    return None if state is None else confirmed(state)


def confirmed(state: RuleState) -> Rule | None:
    """The same from its state."""
    if not state.attestations:
        return None
    return Rule(state.key, state.title, state.governs, state.attestations)
