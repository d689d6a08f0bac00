"""The table of transitions, cell by cell, against what the law does."""

import pytest

from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.entity.commands import COMMANDS, INTERNAL
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.state import Stage
from greenlight.law.entity.transitions import TRANSITIONS
from tests.law.entity.cases import CASES, bodies

STAGES = (None, *Stage)


@pytest.mark.parametrize("name", [*COMMANDS, *INTERNAL])
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        entity = story()
        assert (entity.state.stage if entity.state else None) is stage, f"{title!r} is elsewhere"
        for body in bodies(name, entity):
            decision = entity.asked(body)
            if isinstance(cell, Code):
                assert isinstance(decision, Refusal), f"{title}: {body!r}"
                assert decision.code is cell, f"{title}: {body!r}"
            elif isinstance(decision, Refusal):
                # An amendment that would come after the removal; a rescreening that is done.
                expected = RefusalCode.WRONG_STAGE if name in INTERNAL else RefusalCode.TOO_LATE
                if name in {"cast_vote", "withdraw_motion"}:
                    expected = EntityRefusal.NO_OPEN_MOTION
                elif entity.state is not None and entity.state.motion is not None:
                    expected = EntityRefusal.MOTION_OPEN
                assert decision.code is expected, f"{title}: {body!r}: {decision.message}"
            else:
                assert not isinstance(decision, Need)
                end = entity.with_events(*decision).stage
                assert end in cell, f"{title}: {body!r} leads to {end}"
                reached.add(end)
    if not isinstance(cell, Code):
        assert reached == cell, f"no sample reaches {cell - reached}"


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != {*COMMANDS, *INTERNAL}] == []


def test_a_removed_entity_does_not_come_back() -> None:
    assert {TRANSITIONS[Stage.REMOVED][name] for name in COMMANDS} == {RefusalCode.CASE_CLOSED}
