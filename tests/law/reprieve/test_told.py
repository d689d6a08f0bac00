"""Members of events of a reprieve, as a history has room for them."""

import pytest
from pydantic import JsonValue

from greenlight.law.reprieve.told import short

FACTS: list[JsonValue] = [
    {"name": "terms_issued", "value": 4, "source": "this reprieve", "position": 3},
    {"name": "dependence", "value": None, "source": "nobody", "position": None},
    {"name": "directive", "value": True, "source": "the log", "position": 1},
]
TERM: JsonValue = {
    "number": 2,
    "effective": "2026-01-05T05:00:00Z",
    "valid_through": "2026-04-05",
    "entities": ["one", "two"],
    "reason": "R" * 4_000,
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("facts", FACTS, "terms issued 4; dependence unknown; directive true"),
        ("fact", FACTS[0], "terms issued 4 (this reprieve)"),
        ("term", TERM, "2, from 5 Jan 2026 through 5 Apr 2026, 2 entities"),
        ("policy", {"table": {"id": "a-table", "title": "A title", "rows": []}}, "A title (a-table)"),
        ("evaluation", {"outcome": "extend", "row": "silence", "trace": []}, "extend, by row silence"),
        ("evaluation", {"outcome": "lapse", "row": None, "trace": []}, "lapse, for no row fires"),
        ("scope", {"activities": [{"key": "networks"}, {"key": "devices"}]}, "networks, devices"),
        ("ends_by", "ends-2", "What follows the last day of an act on a rule (ends-2)"),
        ("ends_by", "ends-of-a-newer-release", "ends-of-a-newer-release"),
        ("term", 3, 3),
        ("reasons", "As they are.", "As they are."),
    ],
)
def test_of_what_is_long_it_is_said_what_it_is_called(name: str, value: JsonValue, said: JsonValue) -> None:
    assert short(name, value) == said
