"""The table of transitions, cell by cell, against what the law does."""

import pytest

from licensing.license.commands import COMMANDS
from licensing.license.state import Stage
from licensing.license.transitions import TRANSITIONS
from licensing.refusal import RefusalCode
from tests.licensing.decisions import accepted, code_of
from tests.licensing.license.cases import CASES

STAGES = (None, *Stage)


@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_acceptance_leads_where_its_cell_says(stage: Stage | None) -> None:
    cell = TRANSITIONS[stage]["accept_conditions"]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        license_ = story()
        assert (license_.state.stage if license_.state else None) is stage, f"{title!r} is elsewhere"
        decision = license_.asked()
        if isinstance(cell, RefusalCode):
            assert code_of(decision) is cell, title
        else:
            reached.add(license_.with_events(*accepted(decision)).opened.stage)
    if not isinstance(cell, RefusalCode):
        assert reached == cell


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != set(COMMANDS)] == []
