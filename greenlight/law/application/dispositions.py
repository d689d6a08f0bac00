"""The outcome of an application and how long it stands, and the application's kind: what statistics count."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.control import EAR99, Control, control
from greenlight.law.application.dossier import Item
from greenlight.law.application.state import ApplicationState, Stage


class Outcome(StrEnum):
    """As the agency publishes them; RWA is what is returned without action."""

    APPROVED = "approved"
    DENIED = "denied"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Disposition(Model):
    """An outcome and when it came; ``until``: when it was undone, and the application pending again."""

    outcome: Outcome
    at: Instant
    until: Instant | None = None


_CLOSED = {
    Stage.GRANTED: Outcome.APPROVED,
    Stage.RETURNED: Outcome.RETURNED,
    Stage.WITHDRAWN: Outcome.WITHDRAWN,
}

AT = "AT"


def dispositions(state: ApplicationState) -> tuple[Disposition, ...]:
    """Every outcome that the application had, in their order; only the last may stand.

    A denial counts from the day on which it became final. An appeal does not suspend it (15 CFR 756.2), and
    one that succeeds undoes it.
    """
    found = [
        Disposition(
            outcome=Outcome.DENIED,
            at=end_of_day(denial.denied_on),
            until=None if denial.upheld is not False else denial.appeal_decided_at,
        )
        for denial in state.denials
        if denial.denied_on is not None
    ]
    outcome = _CLOSED.get(state.stage)
    if outcome is not None and state.decided_at is not None:
        found.append(Disposition(outcome=outcome, at=state.decided_at))
    return tuple(found)


def statistical_class(items: Sequence[Item]) -> str:
    """``Category 5``, of the controlled item with the greatest value; else ``AT``, if an item is controlled
    for that alone; else ``EAR99``."""
    controlled = [item for item in items if control(item) is Control.CONTROLLED]
    if controlled:
        foremost = max(controlled, key=lambda item: (item.value.minor_units, -item.line))
        return f"Category {foremost.classification[0]}"
    return AT if any(control(item) is Control.AT_ONLY for item in items) else EAR99


def value_usd_cents(items: Iterable[Item]) -> int | None:
    """The value of all items; None if one is in another currency, which nothing here converts."""
    values = [item.value for item in items]
    if any(value.currency != "USD" for value in values):
        return None
    return sum(value.minor_units for value in values)
