"""The worth of what applications are about, for people."""

from collections.abc import Sequence

from greenlight.law.application.state import ApplicationState
from greenlight.letters.words import Sum, amount


def worth(states: Sequence[ApplicationState]) -> str:
    """The sums of all items of these, currency by currency."""
    by_currency: dict[str, int] = {}
    for state in states:
        for item in state.submission.items:
            money = item.value
            by_currency[money.currency] = by_currency.get(money.currency, 0) + money.minor_units
    return ", ".join(amount(Sum(minor_units=n, currency=of)) for of, n in sorted(by_currency.items()))
