"""Units of a license and of what is to be shipped: by code or by name, they are one."""

import pytest

from greenlight.law.application.dossier import Money
from greenlight.law.authorisation.covers import names
from greenlight.law.authorisation.question import ShippedItem
from tests.law.application.cases import item


@pytest.mark.parametrize(
    ("licensed", "shipped", "same"),
    [
        ("pieces", "PCS", True),
        ("PCS", "pieces", True),
        ("pieces", "NO", False),
        ("boxes", "boxes", True),
        ("boxes", "PK", False),
    ],
)
def test_a_line_names_what_is_shipped_in_its_unit(licensed: str, shipped: str, same: bool) -> None:
    line = item(1).model_copy(update={"unit": licensed})
    goods = ShippedItem(
        classification="EAR99", quantity=1, unit=shipped, value=Money(minor_units=1, currency="USD")
    )
    assert names(line, goods) is same
