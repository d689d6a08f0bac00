"""Every timeline in the pure law."""

import pytest

from tests.timelines.timeline import (
    TIMELINES,
    Due,
    Life,
    Step,
    columns,
    deadline_line,
    screened,
)


@pytest.mark.parametrize("name", TIMELINES)
def test_the_law_makes_of_it_what_the_regulation_does(name: str) -> None:
    timeline = TIMELINES[name]
    life = Life(screening=screened(timeline))
    life.submit(timeline.application, timeline.start)
    answers: list[tuple[str, str]] = []
    for moment in sorted((*timeline.step, *timeline.due), key=lambda moment: moment.at):
        if isinstance(moment, Step):
            code = life.send(moment, moment.at)
            shown = f"{moment.command} by {moment.by}: "
            answers.append((f"{shown}{moment.refused}", f"{shown}{code}"))
        elif isinstance(moment, Due):
            life.advance(moment.at)
            answers.append(deadline_line(moment, life.deadline(moment.kind)))
        elif moment.worker == "up":
            life.advance(moment.at)
    if timeline.license_through is not None:
        answers.append((str(timeline.license_through), str(life.license_through())))
    problems = [timeline.differences(life.after_filing)]
    if any(expected != actual for expected, actual in answers):
        problems.append(columns(answers))
    if text := "\n\n".join(problem for problem in problems if problem):
        pytest.fail(f"{timeline.title} ({timeline.rule})\n{text}", pytrace=False)


def test_there_are_forty_timelines() -> None:
    assert len(TIMELINES) >= 40
