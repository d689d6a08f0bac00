"""The moves that are shown are ones that the law takes, for every turn that there is."""

import pytest

from greenlight.cli.app import whole
from greenlight.cli.cases.moves import MOVES, Move, move
from greenlight.kernel.refusal import Code
from greenlight.kernel.roles import Role
from greenlight.law.application.tasks import TURNS
from greenlight.law.registry import AnyAggregate, with_workflow

ESCALATING = (Role.AGENCY_REVIEWER, Role.AGENCY_HEAD)
TURN = [
    (stage.value, role)
    for stage, turns in TURNS.items()
    for turn in turns
    for role in ((turn.role,) if turn.role else ESCALATING)
]


def names(said: Move) -> list[str]:
    """The commands that a move names, each with its group."""
    words = said.typed.split()
    at = 1 if words[0] in {"batch", "directive", "reprieve", "entity", "lists", "officer"} else 0
    return [" ".join((*words[:at], name)) for name in words[at].split("|")]


@pytest.mark.parametrize(("stage", "role"), TURN)
def test_every_turn_has_a_move_that_the_law_takes(stage: str, role: Role) -> None:
    matter = "possible_match" if (stage, role) not in MOVES else None
    said = move(stage, role, matter=matter)
    assert said is not None
    takes(stage, role, said)


@pytest.mark.parametrize(("stage", "role"), list(MOVES))
def test_every_move_is_one_of_a_stage(stage: str, role: Role) -> None:
    takes(stage, role, MOVES[stage, role])


def takes(stage: str, role: Role, said: Move) -> None:
    """Some kind of case has the stage, and takes each of the commands in it from the role."""
    for name in names(said):
        if name in {"officer list", "lists show"}:
            continue
        short = name.split()[-1]
        assert any(allowed(kind, stage, role, short) for kind in with_workflow()), name


def allowed(kind: AnyAggregate, stage: str, role: Role, short: str) -> bool:
    cells = {str(each): row for each, row in kind.transitions.items() if each is not None}
    for name, content in kind.commands.items():
        if content.declared.short == short and role in content.declared.by and stage in cells:
            return not isinstance(cells[stage][name], Code)
    return False


@pytest.mark.parametrize(
    "said",
    [
        *MOVES.values(),
        *(move("review", Role.LICENSING_OFFICER, matter=m) for m in ("possible_match", "could_not_screen")),
        move("active", Role.LICENSING_OFFICER, matter="possible_match"),
        move("running", Role.LICENSING_OFFICER, deadline="publication"),
        move("listed", Role.ERC_MEMBER),
        move("active", Role.LICENSING_OFFICER),
    ],
)
def test_what_is_to_be_typed_is_there(said: Move | None) -> None:
    assert said is not None
    root = whole()
    for name in names(said):
        command = root
        for word in name.split():
            command = getattr(command, "commands", {}).get(word)
            assert command is not None, name
        options = {option for each in command.params for option in each.opts}
        assert {word for word in said.typed.split() if word.startswith("--")} <= options, name
