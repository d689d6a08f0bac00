"""The moves that are shown are ones that the law takes, for every turn that there is."""

import pytest

from greenlight.answers.moves import MOVES, Move, move, taken
from greenlight.kernel.roles import Role
from greenlight.law.application.tasks import TURNS
from greenlight.law.registry import aggregate_of

ESCALATING = (Role.AGENCY_REVIEWER, Role.AGENCY_HEAD)
TURN = [
    (stage.value, role)
    for stage, turns in TURNS.items()
    for turn in turns
    for role in ((turn.role,) if turn.role else ESCALATING)
]


@pytest.mark.parametrize(("stage", "role"), TURN)
def test_every_turn_has_a_move_that_the_law_takes(stage: str, role: Role) -> None:
    matter = "possible_match" if (stage, role) not in MOVES else None
    takes(stage, role, move(stage, role, matter=matter))


@pytest.mark.parametrize(("stage", "role"), list(MOVES))
def test_every_move_is_one_of_a_stage(stage: str, role: Role) -> None:
    if MOVES[stage, role].commands:
        takes(stage, role, MOVES[stage, role])


def takes(stage: str, role: Role, said: Move | None) -> None:
    """The kind of case has the stage, and takes each of the commands in it from the role."""
    assert said is not None
    assert said.commands
    assert tuple(taken(said, stage)) == said.commands
    commands = aggregate_of(f"{said.kind}-").commands
    assert all(role in commands[name].declared.by for name in said.commands)


def test_what_is_done_by_no_command_is_taken_by_no_stage() -> None:
    assert not [*taken(move("current", Role.LICENSING_OFFICER), "current")]
    assert not [*taken(move("granted", Role.COUNTERSIGNER), "granted")]
    # Of an application that waits for its applicant an officer has no move; what is shown is one of licenses.
    assert not [*taken(move("awaiting_answer", Role.LICENSING_OFFICER), "awaiting_answer")]
    # A license that is suspended is transferred to nobody.
    assert "approve_transfer" not in taken(move("active", Role.LICENSING_OFFICER), "suspended")
