"""The moves that are shown are commands of the command line, with options that these have."""

import pytest

from greenlight.answers.moves import MOVES, Move, move
from greenlight.cli.app import whole
from greenlight.cli.cases.moves import command
from greenlight.kernel.roles import Role


def names(line: str) -> list[str]:
    """The commands that a line names, each with its group."""
    words = line.split()[1:]
    at = 1 if hasattr(whole().commands.get(words[0]), "commands") else 0
    return [" ".join((*words[:at], name)) for name in words[at].split("|")]


@pytest.mark.parametrize(
    "said",
    [
        *MOVES.values(),
        *(move("review", Role.LICENSING_OFFICER, matter=m) for m in ("possible_match", "could_not_screen")),
        move("active", Role.LICENSING_OFFICER, matter="possible_match"),
        move("running", Role.LICENSING_OFFICER, deadline="publication"),
        move("settled", Role.LICENSING_OFFICER, deadline="end"),
        move("listed", Role.ERC_MEMBER),
        move("active", Role.LICENSING_OFFICER),
        move("review", Role.LICENSING_OFFICER, deadline="flip"),
        move("active", Role.LICENSING_OFFICER, deadline="flip"),
    ],
)
def test_what_is_to_be_typed_is_there(said: Move | None) -> None:
    assert said is not None
    line = command(said, "CASE", "olga")
    root = whole()
    for name in names(line):
        found = root
        for word in name.split():
            found = getattr(found, "commands", {}).get(word)
            assert found is not None, name
        options = {option for each in found.params for option in each.opts}
        assert {word for word in line.split() if word.startswith("--")} <= options, name


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            move("review", Role.LICENSING_OFFICER, deadline="flip"),
            'starter.py note-flip A123456 --reasons "WHY" --as vera',
        ),
        (
            move("active", Role.LICENSING_OFFICER, deadline="flip"),
            'starter.py note-license-flip A123456 --reasons "WHY" --as vera',
        ),
        (move("sign_off", Role.EXECUTIVE), "starter.py sign-off A123456 --as vera"),
        (move("awaiting_answer", Role.APPLICANT), 'starter.py answer A123456 "ANSWER" --as vera'),
        (move("proposed", Role.EXECUTIVE), "starter.py reprieve confirm A123456 --as vera"),
        (move("in_force", Role.LICENSING_OFFICER), "starter.py directive resume|retry A123456 --as vera"),
        (move("old", Role.LICENSING_OFFICER), "starter.py lists load FILE --as vera"),
        (move("current", Role.LICENSING_OFFICER), "starter.py lists show"),
    ],
)
def test_a_move_is_typed_with_its_group_and_what_it_takes(said: Move, line: str) -> None:
    assert command(said, "A123456", "vera") == line
