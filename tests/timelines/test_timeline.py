"""A timeline with a slip in it is not read at all."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from greenlight.law.reprieve.commands import TerminateTerm
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


REPRIEVE = """
title = "Terminated, too late"
rule = "ADR 16"
why = "To be read."
case = "reprieve"
start = 2026-11-02 09:00:00
through = 2026-12-31
step = [{ at = 2026-11-03 09:00:00, by = "vera", command = "terminate_term", \
term = 1, reasons = "x", ends = 2026-11-04 00:00:00 }]
expect = [{ at = 2026-11-03 09:00:00, event = "TermTerminated", ends = 2026-11-04 00:00:00 }]
ask = [{ at = 2026-11-04 12:00:00, covered = false }]
"""


def test_days_and_instants_within_commands_and_events_are_moved_with_them() -> None:
    found = read(REPRIEVE).moved(timedelta(days=150))
    (step,), (expected,) = found.commands, found.expect
    assert isinstance(step.body, TerminateTerm)
    # In April Washington is four hours behind, and in November five.
    assert step.body.ends == datetime(2027, 4, 3, 4, tzinfo=UTC)
    assert expected.fields == {"ends": "2027-04-03T04:00:00Z"}
    assert step.at == expected.at == datetime(2027, 4, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("ends = 2026-11-04 00:00:00 }]\nexpect", 'ends = "soon" }]\nexpect', "ends"),
        ("through", "thorough", "through"),
        ("term = 1", "trem = 1", "trem"),
        ("term = 1", "term = 1, overtakes = true", "law_only"),
        ("ADR 16", "ADR 17", "pattern"),
        ("covered = false", "coverd = false", "coverd"),
    ],
)
def test_a_slip_in_that_of_a_reprieve_is_noticed(right: str, wrong: str, problem: str) -> None:
    with pytest.raises((ValidationError, AssertionError), match=problem):
        read(REPRIEVE.replace(right, wrong))


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
