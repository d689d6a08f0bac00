"""What statistics count of an application."""

import pytest

from greenlight.law.application.commands import Appeal, DecideAppeal, Withdraw
from greenlight.law.application.dispositions import (
    Outcome,
    dispositions,
    statistical_class,
    value_usd_cents,
)
from greenlight.law.application.dossier import Item
from tests.law.application.cases import item
from tests.letters.samples import RETURN, case, denied, granted


def test_each_end_has_its_outcome() -> None:
    for told, outcome in (
        (granted(), Outcome.APPROVED),
        (case().after(RETURN), Outcome.RETURNED),
        (case().after(Withdraw()), Outcome.WITHDRAWN),
        (denied(), Outcome.DENIED),
    ):
        (said,) = dispositions(told.opened)
        assert (said.outcome, said.at, said.until) == (outcome, told.opened.decided_at, None)
    assert dispositions(case().opened) == ()


@pytest.mark.parametrize("upholds", [True, False])
def test_an_appeal_that_succeeds_undoes_the_denial_from_then_on(*, upholds: bool) -> None:
    told = denied().after(Appeal(grounds="Unwise.")).later(days=20)
    told = told.after(DecideAppeal(upholds=upholds, reasons="So decided."))
    (said,) = dispositions(told.opened)
    assert said.outcome is Outcome.DENIED
    assert said.until == (None if upholds else told.now)


def classified(*classifications: str) -> tuple[Item, ...]:
    return tuple(
        item(line, cents=100 + line).model_copy(update={"classification": name})
        for line, name in enumerate(classifications, 1)
    )


@pytest.mark.parametrize(
    ("classifications", "expected"),
    [
        (("EAR99", "EAR99"), "EAR99"),
        (("EAR99", "5A991"), "AT"),
        (("5A992", "3A991"), "AT"),
        (("5A991", "3A001", "EAR99"), "Category 3"),
        (("3A001", "5A002"), "Category 5"),
    ],
)
def test_the_item_that_is_controlled_most_gives_the_class(
    classifications: tuple[str, ...], expected: str
) -> None:
    assert statistical_class(classified(*classifications)) == expected


def test_a_value_in_another_currency_is_not_added_up() -> None:
    assert value_usd_cents((item(1, cents=5), item(2, cents=7))) == 12
    assert value_usd_cents((item(1, cents=5), item(2, cents=7, currency="EUR"))) is None
