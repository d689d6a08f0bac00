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


def test_what_a_task_did_that_is_done_again_is_news_once() -> None:
    told = Unrecorded()
    assert told.news("a run", 0, 200) == range(200)
    # The task failed, and its next attempt had more to sift; then the one after it.
    assert told.news("a run", 0, 200) == range(200, 200)
    assert told.news("a run", 200, 150) == range(150)
    assert told.news("a run", 200, 200) == range(150, 200)
    assert told.news("another run", 0, 3) == range(3)
    assert [told.is_news("a run", each) for each in ("1", "2", "1", "2", "3")] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert told.is_news("another run", "1")
    # Whoever takes over from another worker counts on.
    assert Unrecorded().news("a run", 400, 5) == range(5)
