"""The values of a history as the desk tells them."""

import pytest
from pydantic import JsonValue

from greenlight.desk.pages import said


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-11-10T05:00:00Z", "10 Nov 2026, 00:00 EST"),
        (
            {"kind": "adopted", "effective": "2026-11-10T05:00:00Z"},
            "kind adopted, effective 10 Nov 2026, 00:00 EST",
        ),
        (["2026-07-01T04:00:00Z", "2026-11-10"], "1 Jul 2026, 00:00 EDT; 2026-11-10"),
        ("second_hand", "second hand"),
    ],
)
def test_every_instant_is_told_in_washington_s_time_wherever_it_stands(value: JsonValue, told: str) -> None:
    assert said(value) == told
