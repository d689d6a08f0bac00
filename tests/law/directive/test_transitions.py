"""The table of transitions, cell by cell, against what the law does."""

import pytest

from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import COMMANDS, INTERNAL
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.state import CLOSED, Stage
from greenlight.law.directive.transitions import BY_TIME, TRANSITIONS
from tests.law.directive.cases import CASES, bodies

NAMES = (*COMMANDS, *INTERNAL)
STAGES = (None, *Stage)

OF_THE_MATTER = {RefusalCode.TOO_LATE, DirectiveRefusal.NOT_ATTESTED, DirectiveRefusal.NO_FAN_OUT}
"""Refusals that a body earns by itself, at a stage that takes the command."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        directive = story()
        assert (directive.state.stage if directive.state else None) is stage, f"{title!r} is elsewhere"
        for body in bodies(name, directive):
            decision = directive.asked(body)
            if isinstance(cell, Code):
                assert isinstance(decision, Refusal), f"{title}: {body!r}"
                assert decision.code is cell, f"{title}: {body!r}"
            elif isinstance(decision, Refusal):
                assert decision.code in OF_THE_MATTER, f"{title}: {body!r}: {decision.message}"
            else:
                assert not isinstance(decision, Need)
                end = directive.with_events(*decision).opened.stage
                assert end in cell, f"{title}: {body!r} leads to {end}"
                reached.add(end)
    if not isinstance(cell, Code):
        assert reached == cell, f"no sample reaches {cell - reached}"


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != set(NAMES)] == []


@pytest.mark.parametrize("stage", Stage)
def test_time_leads_where_the_table_says(stage: Stage) -> None:
    reached: set[Stage] = set()
    for story in CASES[stage].values():
        directive = story()
        deadline = DIRECTIVE.next_deadline(directive.opened)
        if deadline is not None:
            after = directive.with_events(*DIRECTIVE.passed(directive.opened, deadline))
            reached.add(after.opened.stage)
    assert reached <= BY_TIME.get(stage, frozenset())
    assert bool(reached) is (stage not in CLOSED)


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_a_directive_that_is_over_takes_no_command(stage: Stage) -> None:
    assert set(TRANSITIONS[stage].values()) == {RefusalCode.CASE_CLOSED}
