"""The table of transitions, cell by cell, against what the law does."""

from collections.abc import Iterator

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import COMMANDS, INTERNAL
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.state import CLOSED, Stage
from greenlight.law.application.transitions import BY_TIME, TRANSITIONS
from tests.law.application.cases import NAMES, UNSCREENED, Case, screening
from tests.law.application.stories import CASES, bodies
from tests.law.decisions import accepted, code_of, told

STAGES = (None, *Stage)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        case = story()
        assert (case.state.stage if case.state else None) is stage, f"the sample {title!r} is elsewhere"
        for command in _commands(name, case):
            decision = case.decides(command)
            if isinstance(cell, Code):
                assert code_of(decision) is cell, f"{title}: {command.body!r}"
                continue
            end = case.with_events(*accepted(decision)).opened.stage
            assert end in cell, f"{title}: {command.body!r} leads to {end}"
            reached.add(end)
    if not isinstance(cell, Code):
        assert reached == cell, f"no sample reaches {cell - reached}"


def _commands(name: str, case: Case) -> Iterator[Command[Body]]:
    """With each body, and with each thing the service may have found on the parties."""
    for body in bodies(name, case):
        some, all_ = screening("no_match", "could_not_screen"), screening("no_match", "no_match")
        for found in (UNSCREENED, some, all_):
            yield told(case.command(body), {ScreeningOf: found})


def test_every_stage_has_a_cell_for_every_command() -> None:
    names = {*COMMANDS, *INTERNAL}
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != names] == []


def test_every_stage_can_be_reached_from_the_submission() -> None:
    found: set[Stage] = set()
    ahead: list[Stage | None] = [None]
    while ahead:
        stage = ahead.pop()
        for cell in (*TRANSITIONS[stage].values(), BY_TIME.get(stage) if stage else None):
            if isinstance(cell, frozenset):
                ahead.extend(cell - found)
                found |= cell
    assert found == set(Stage)


@pytest.mark.parametrize("stage", Stage)
def test_time_leads_where_the_table_says(stage: Stage) -> None:
    for title, story in CASES[stage].items():
        case = story()
        waiting = next((d.due for d in APPLICATION.deadlines(case.opened) if d.due), None)
        reached = {stage}
        while waiting is not None and reached == {stage}:
            case = case.at(waiting).advanced()
            reached = {case.opened.stage}
            waiting = next((d.due for d in APPLICATION.deadlines(case.opened) if d.due), None)
        stands_still = any(deadline.due is None for deadline in APPLICATION.deadlines(case.opened))
        expected = BY_TIME.get(stage, frozenset({stage}))
        assert reached <= (frozenset({stage}) if stands_still else expected), title


@pytest.mark.parametrize("stage", sorted(set(Stage) - CLOSED - {Stage.DENIED, Stage.APPEAL}))
def test_a_case_can_be_withdrawn_until_it_is_decided(stage: Stage) -> None:
    assert TRANSITIONS[stage]["withdraw"] == {Stage.WITHDRAWN}


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_a_closed_case_takes_no_command(stage: Stage) -> None:
    assert set(TRANSITIONS[stage].values()) == {RefusalCode.CASE_CLOSED}
