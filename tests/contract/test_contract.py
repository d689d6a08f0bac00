"""What other programs hold on to is as it is written down.

After a change that is meant: ``python -m tests.contract --write``, and read the differences.
"""

import pytest

from tests.contract.pins import PINS, written


@pytest.mark.parametrize("name", PINS)
def test_the_contract_is_the_one_that_is_written_down(name: str) -> None:
    assert PINS[name]() == written(name)
