"""What was recorded once is read for ever, and means what it meant.

``test_contract`` holds what is made of the rows against ``readings.json``.
"""

import json

import pytest
from pydantic import JsonValue

from greenlight.law import registry
from tests.contract.golden import aggregate_of, every_kind, kinds, rows
from tests.contract.sources import AGGREGATES, entry, tree_root

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


BY_NAME = frozenset({"facts", "parameters", "routes", "lists", "policy"})
"""Members whose own members are named by data, so that no release adds one."""


def with_a_newer_member(value: JsonValue) -> JsonValue:
    """The same with a member in each object that nobody knows yet."""
    if isinstance(value, dict):
        inner = {name: each if name in BY_NAME else with_a_newer_member(each) for name, each in value.items()}
        return {**inner, "of_a_newer_release": 7}
    return [with_a_newer_member(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", sorted(every_kind()), ids="-".join)
def test_what_a_newer_release_adds_is_read_past_and_told(kind: tuple[str, str]) -> None:
    aggregate = registry.aggregate_of(f"{kind[0]}-")
    for row in ROWS:
        if (aggregate_of(row.stream), row.type) == kind:
            record = json.loads(row.record)
            known = aggregate.read(row.record)
            assert aggregate.read_whole(row.record) == (known, ())
            newer = json.dumps({**record, "of_a_newer_release": {"words": ["of", "it"]}})
            assert aggregate.read_whole(newer) == (known, ("of_a_newer_release",))
            event, unknown = aggregate.read_whole(json.dumps(with_a_newer_member(record)))
            assert event == known
            assert "of_a_newer_release" in unknown


def test_what_is_wrong_otherwise_is_refused_all_the_same() -> None:
    row = next(row for row in ROWS if row.type == "CaseAssigned")
    aggregate = registry.aggregate_of(row.stream)
    for wrong in ({"officer": 7}, {"at": "yesterday"}, {"type": "CaseUnassigned"}):
        with pytest.raises(ValueError, match="cannot be read here"):
            aggregate.read(json.dumps({**json.loads(row.record), **wrong, "of_a_newer_release": 7}))


def kept_in(read: JsonValue, recorded: JsonValue) -> bool:
    """Whether all that was recorded is there; members that are newer may be, too, and are in the contract."""
    if isinstance(read, dict) and isinstance(recorded, dict):
        return all(key in read and kept_in(read[key], value) for key, value in recorded.items())
    if isinstance(read, list) and isinstance(recorded, list):
        return len(read) == len(recorded) and all(map(kept_in, read, recorded))
    return read == recorded


def test_the_leaves_of_a_log_are_what_they_were() -> None:
    """Of rows that are never changed; with another form of entry no proof that was given out would hold."""
    entries = [entry(bytes(32), event) for event in rows()["log-1"]]
    assert tree_root(entries).hex() == "1383ad6b8dbf9f0449f16ecfc12d3a658f83dd3f2c96932f3284d753e5318591"


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
