"""Holds recorded decisions against their stored facts and tables."""

from collections.abc import Iterable

from greenlight.kernel.commit import Event
from greenlight.law.reprieve.events import DecisionMade, PolicyAdopted, ReprieveOpened
from greenlight.law.terms.deciding import evaluate


def reevaluated(events: Iterable[Event]) -> int:
    """Evaluates every recorded decision again, from records alone; how many there were."""
    policies = {
        event.policy.version: event.policy
        for event in events
        if isinstance(event, ReprieveOpened | PolicyAdopted)
    }
    made = [event for event in events if isinstance(event, DecisionMade)]
    for event in made:
        again = evaluate(policies[event.policy].table, event.facts)
        assert again == event.evaluation
        assert again.version == policies[event.policy].table.version
        assert len(again.trace) == len(policies[event.policy].table.rows)
    return len(made)
