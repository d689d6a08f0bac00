"""What was recorded once is read for ever, and means what it meant.

``test_contract`` holds what is made of the rows against ``readings.json``.
"""

import json
from itertools import pairwise

import pytest
from pydantic import JsonValue

from tests.contract.golden import aggregate_of, every_kind, kinds, rows
from tests.contract.sources import AGGREGATES, link

ROWS = [event for events in rows().values() for event in events]


def test_there_is_a_golden_row_of_every_event_and_of_none_that_is_gone() -> None:
    kept = set(kinds(ROWS))
    assert not every_kind() - kept, "keep them: python -m tests.contract.golden"
    assert not kept - every_kind(), "what is on record must still be read"


@pytest.mark.parametrize("kind", sorted(every_kind()), ids="-".join)
def test_a_recorded_event_is_read_as_it_was_written(kind: tuple[str, str]) -> None:
    for row in ROWS:
        if (aggregate_of(row.stream), row.type) == kind:
            event = AGGREGATES[kind[0]].events.validate_json(row.record)
            assert event.at == row.at
            assert kept_in(json.loads(event.record()), json.loads(row.record)), row.record


def kept_in(read: JsonValue, recorded: JsonValue) -> bool:
    """Whether all that was recorded is there; members that are newer may be, too, and are in the contract."""
    if isinstance(read, dict) and isinstance(recorded, dict):
        return all(key in read and kept_in(read[key], value) for key, value in recorded.items())
    if isinstance(read, list) and isinstance(recorded, list):
        return len(read) == len(recorded) and all(map(kept_in, read, recorded))
    return read == recorded


def test_neighbours_are_sealed_as_they_were() -> None:
    pairs = [
        (before, after)
        for events in rows().values()
        for before, after in pairwise(events)
        if after.position == before.position + 1
    ]
    assert len(pairs) > 50
    assert [after.position for before, after in pairs if link(before.hash, after) != after.hash] == []


def test_a_stream_is_kept_from_its_first_event_on() -> None:
    for events in rows().values():
        versions: dict[str, list[int]] = {}
        for event in events:
            versions.setdefault(event.stream, []).append(event.version)
        assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


def test_what_is_lost_in_reading_is_seen() -> None:
    recorded: JsonValue = {"a": [1, {"b": None}]}
    assert kept_in({"a": [1, {"b": None, "newer": 2}], "newer": 1}, recorded)
    losing: list[JsonValue] = [{"a": [1]}, {"a": [1, {}]}, {"a": [1, {"b": 0}]}, {}]
    assert [lost for lost in losing if kept_in(lost, recorded)] == []
