"""The next move as a line to be typed: the command by the name that it has here, and what it takes."""

from typing import Final

from greenlight.answers.moves import Move
from greenlight.law.registry import aggregate_of

OFFICER: Final = "OFFICER"
"""In the place of whoever signs, where that may be one of several."""

_BESIDE_ALL_OTHERS = {"application", "license"}
"""Kinds whose commands have no group."""
_LIST = "list"
"""The kind of which there is one, which nobody names."""


def command(move: Move, case: str, officer: str | None = None) -> str:
    """The whole line, to be typed for a case; ``officer``: who signs, if that can be one alone."""
    if not move.commands:
        return f"starter.py {move.says}"
    words = [typed(move), "" if move.kind == _LIST else case, move.says]
    return " ".join(filter(None, ["starter.py", *words, f"--as {officer or OFFICER}"]))


def typed(move: Move) -> str:
    """The command's name here, behind its group: ``reprieve confirm``; between bars, those of several."""
    group = "" if move.kind in _BESIDE_ALL_OTHERS else "lists" if move.kind == _LIST else move.kind
    taken = aggregate_of(f"{move.kind}-").commands
    return f"{group} {'|'.join(taken[name].declared.short for name in move.commands)}".strip()
