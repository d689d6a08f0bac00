"""What tests ask of a decision."""

from greenlight.kernel.aggregate import Decision, Lacks
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Code, Refusal


def accepted(decision: Decision) -> tuple[Event, ...]:
    """The events of a decision that must be an acceptance."""
    if isinstance(decision, Refusal):
        raise AssertionError(f"refused: {decision.code}: {decision.message}")
    if isinstance(decision, Lacks):
        raise AssertionError(f"not decided for want of a {decision}")
    return decision


def code_of(decision: Decision) -> Code | None:
    """The code of a refusal, None for any other decision."""
    return decision.code if isinstance(decision, Refusal) else None
