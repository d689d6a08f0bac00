"""Words for what is signed: amounts as money, names of the service as words, no machine's yes and no."""

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import Environment, PackageLoader
from pydantic import JsonValue

from greenlight.cli.cases.facts import plain as at_a_terminal
from greenlight.desk import pages

MONEY: JsonValue = {"minor_units": 100050, "currency": "USD"}


@pytest.mark.parametrize("plain", [at_a_terminal, pages.plain], ids=["terminal", "desk"])
@pytest.mark.parametrize(
    ("value", "told"),
    [
        (MONEY, "USD 1,000.50"),
        ({"value": MONEY, "quantity": 3}, "value USD 1,000.50, quantity 3"),
        ([MONEY, {"minor_units": 7, "currency": "JPY"}], "USD 1,000.50; JPY 7"),
        ({"currency": "USD"}, "currency USD"),
        (True, "yes"),
        (False, "no"),
        ({"agrees": False}, "agrees no"),
    ],
)
def test_a_value_in_a_line(plain: Callable[[JsonValue], str], value: JsonValue, told: str) -> None:
    assert plain(value) == told


def test_what_is_signed_is_told_in_words_and_the_dossier_word_for_word() -> None:
    made = Environment(loader=PackageLoader("greenlight.desk"), autoescape=True)
    filters: dict[str, Any] = {"words": pages.words, "said": pages.said, "amount_of": pages.amount_of}
    made.filters.update(filters)
    tree: Callable[..., object] = getattr(made.get_template("tree.html").module, "tree")  # noqa: B009 - a template's macro has no type
    said = {"value": MONEY, "role": "ultimate_consignee", "name": "A text, as_it_is"}
    spoken = str(tree(said, True))
    assert "USD 1,000.50" in spoken
    assert "ultimate consignee" in spoken
    assert "A text, as_it_is" in spoken
    assert "ultimate_consignee" in str(tree(said))
    assert "100050" in str(tree(said))
