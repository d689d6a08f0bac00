"""The table of transitions, cell by cell, against what the law does."""

import pytest

from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.reprieve.commands import COMMANDS, INTERNAL
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.state import Stage
from greenlight.law.reprieve.transitions import TRANSITIONS
from tests.law.reprieve.cases import CASES, bodies

NAMES = (*COMMANDS, *sorted(INTERNAL))
STAGES = (None, *Stage)

OF_THE_MATTER = {
    ReprieveRefusal.NO_SUCH_TERM,
    RefusalCode.TOO_LATE,
    ReprieveRefusal.ALREADY_PUBLISHED,
}
"""Refusals that a body earns by itself, at a stage that takes the command."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        reprieve = story()
        assert (reprieve.state.stage if reprieve.state else None) is stage, f"{title!r} is elsewhere"
        for body in bodies(name, reprieve):
            decision = reprieve.asked(body)
            if isinstance(cell, Code):
                assert isinstance(decision, Refusal), f"{title}: {body!r}"
                assert decision.code is cell, f"{title}: {body!r}"
            elif isinstance(decision, Refusal):
                assert decision.code in OF_THE_MATTER, f"{title}: {body!r}: {decision.message}"
            else:
                assert not isinstance(decision, Need)
                end = reprieve.with_events(*decision).stage
                assert end in cell, f"{title}: {body!r} leads to {end}"
                reached.add(end)
    if not isinstance(cell, Code):
        assert reached == cell, f"no sample reaches {cell - reached}"


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != set(NAMES)] == []


def test_an_ended_reprieve_does_not_come_back() -> None:
    cells = TRANSITIONS[Stage.ENDED]
    assert {name for name, cell in cells.items() if cell is not RefusalCode.CASE_CLOSED} == {
        "correct_term",
        "record_publication",
    }


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.ENDED}))
def test_an_open_reprieve_can_be_ended_at_any_time(stage: Stage) -> None:
    assert TRANSITIONS[stage]["end_reprieve"] == {Stage.ENDED}
