"""Terms that were not published wait for a licensing officer."""

import pytest

from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.verify import verify
from greenlight.kernel.roles import Role
from greenlight.law.reprieve.commands import RecordPublication, TakeEffect
from tests.eventlog.crowd import Crowd
from tests.eventlog.reprieves import recorded
from tests.law.reprieve.cases import (
    BEGIN,
    END,
    KEY,
    WINDOW_CLOSES,
    Reprieved,
    lapsed,
    running,
    taking_effect,
)


def _published(reprieve: Reprieved, term: int) -> Reprieved:
    return reprieve.after(RecordPublication(term=term, citation="1 FR 1", published=reprieve.now))


CASES = {
    "a first term": (running, 1, BEGIN),
    "published": (lambda: _published(running(), 1), 0, None),
    "two terms": (lambda: taking_effect().after(TakeEffect()), 2, BEGIN),
    "the first of two published": (
        lambda: _published(taking_effect().after(TakeEffect()), 1),
        1,
        WINDOW_CLOSES,
    ),
    "over": (lapsed, 1, BEGIN),
    "ended": (lambda: running().after(END), 1, BEGIN),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_is_not_published_is_a_task(dsn: str, recorder: Recorder, crowd: Crowd, name: str) -> None:
    make, count, due = CASES[name]
    await recorded(recorder, crowd, make())
    async with Reader(dsn) as reader:
        (row,) = await reader.reprieves()
        tasks = await reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
        assert await reader.tasks(TaskFilter((Role.COUNTERSIGNER,))) == ()
    assert (row.unpublished, row.unpublished_since) == (count, due)
    assert [(task.case, task.role, task.deadline, task.due) for task in tasks] == [
        (KEY, Role.LICENSING_OFFICER, "publication", due)
    ] * bool(count)


async def test_the_rows_follow_from_the_events(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    await recorded(recorder, crowd, _published(taking_effect().after(TakeEffect()), 1).after(END))
    assert (await rebuild(dsn)).differences == ()
    assert (await verify(dsn)).fault is None
