"""The moves that are shown are ones that the law takes, for every turn that there is."""

from datetime import UTC, datetime

import pytest

from greenlight.answers.moves import MOVES, Move, as_they_stand, move, taken
from greenlight.eventlog.rows import TaskRow
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


UNTIL = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "role", "stands"),
    [
        ("review", Role.LICENSING_OFFICER, True),
        ("countersignature", Role.COUNTERSIGNER, True),
        ("countersignature", Role.AGENCY_REVIEWER, False),
        ("sign_off", Role.EXECUTIVE, True),
        ("president", Role.EXECUTIVE, True),
        ("operating_committee", Role.OC_CHAIR, False),
        ("interagency", Role.AGENCY_REVIEWER, False),
        ("awaiting_answer", Role.APPLICANT, False),
        ("intent_to_deny", Role.LICENSING_OFFICER, False),
    ],
)
def test_of_a_frozen_case_that_alone_stands_still_which_the_law_refuses(
    stage: str, role: Role, stands: bool
) -> None:
    row = TaskRow(
        case="A000001",
        stage=stage,
        role=role,
        organisation=None,
        assigned_to=None,
        due=None,
        deadline=None,
        parties=None,
        expedited=False,
        stands_until=UNTIL,
    )
    (told,) = as_they_stand((row,))
    assert told.stands_until == (UNTIL if stands else None)
    asks = row.model_copy(update={"deadline": "expedite", "role": Role.LICENSING_OFFICER})
    assert as_they_stand((asks,))[0].stands_until is None, "a request is decided meanwhile"
