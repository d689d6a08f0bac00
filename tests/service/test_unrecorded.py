"""Refusals that are not on record are told of sparingly, and none is forgotten in the count."""

from greenlight.service.unrecorded import Unrecorded


def test_a_line_a_second_tells_how_many_there_were() -> None:
    now = 100.0
    told = Unrecorded(lambda: now)
    assert told.due() == 0
    assert [told.due() for _ in range(5)] == [None] * 5
    now = 100.9
    assert told.due() is None
    now = 101.0
    assert told.due() == 6
    assert told.due() is None
