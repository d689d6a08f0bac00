"""Every timeline in the pure law."""

from collections import Counter

import pytest

from tests.timelines.golden import TIMELINES
from tests.timelines.law import deadline_line
from tests.timelines.timeline import Due, Step, columns


@pytest.mark.parametrize("name", TIMELINES)
def test_the_law_makes_of_it_what_the_regulation_does(name: str) -> None:
    timeline = TIMELINES[name]
    life = timeline.begun()
    life.wake(timeline.start)
    answers: list[tuple[str, str]] = []
    for moment in sorted((*timeline.step, *timeline.due), key=lambda moment: moment.at):
        if isinstance(moment, Step):
            code = life.send(moment, moment.at)
            shown = f"{moment.command} by {moment.by}: "
            answers.append((f"{shown}{moment.refused}", f"{shown}{code}"))
        elif isinstance(moment, Due):
            life.live_on(moment.at)
            answers.append(deadline_line(moment, life.deadline(moment.kind)))
        elif moment.worker == "up":
            life.live_on(moment.at)
        else:
            life.wake(moment.at)
    answers += timeline.answers(life.events)
    problems = [timeline.differences(life.after_opening)]
    if any(expected != actual for expected, actual in answers):
        problems.append(columns(answers))
    if text := "\n\n".join(problem for problem in problems if problem):
        pytest.fail(f"{timeline.title} ({timeline.rule})\n{text}", pytrace=False)


def test_there_are_forty_timelines_of_each_kind() -> None:
    kinds = Counter(timeline.case for timeline in TIMELINES.values())
    assert min(kinds["application"], kinds["reprieve"]) >= 40
