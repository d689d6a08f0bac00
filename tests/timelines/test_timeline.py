"""A timeline with a slip in it is not read at all."""

import pytest
from pydantic import ValidationError

from tests.timelines.golden import read

GOOD = """
title = "Assigned, then asked"
rule = "15 CFR 750.4(c)"
why = "To be read."
start = 2026-11-01 00:30:00
step = [
  { at = 2026-11-02 09:00:00, by = "olga", command = "assign", officer = "olga" },
  { until = 2026-11-03 09:00:00 },
]
expect = [{ at = 2026-11-02 09:00:00, event = "CaseAssigned", officer = "olga" }]
due = [{ at = 2026-11-02 09:00:00, kind = "resolution", last_day = 2027-01-30 }]
"""


def test_a_timeline_without_a_slip_is_read() -> None:
    assert read(GOOD).commands[0].by == "olga"


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("title", "titel", "titel"),
        ('officer = "olga" },', 'offcier = "olga" },', "offcier"),
        ('officer = "olga" }]', 'offcier = "olga" }]', "offcier"),
        ("CaseAssigned", "CaseReassigned", "CaseReassigned"),
        ("kind =", "knid =", "knid"),
        ('"assign"', '"asign"', "no such command"),
        ('by = "olga"', 'by = "helga"', "no such command or officer"),
        ("{ until", "{ util", "command"),
        ("00:30:00", "01:30:00", "comes twice"),
        ("00:30:00", "00:30:00-05:00", "Washington's offset"),
        ("2026-11-03", "2026-11-01", "stands below"),
        ("2026-11-02 09:00:00", "2026-11-02 23:59:30", "law_only"),
        ("15 CFR 750.4", "rule 4", "pattern"),
    ],
)
def test_a_slip_is_noticed(right: str, wrong: str, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        read(GOOD.replace(right, wrong))
