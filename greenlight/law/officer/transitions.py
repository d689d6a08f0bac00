"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from greenlight.kernel.refusal import RefusalCode
from greenlight.law.officer.commands import COMMANDS
from greenlight.law.officer.state import Stage

Cell = frozenset[Stage] | RefusalCode

_REGISTERED = frozenset({Stage.REGISTERED})

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: dict.fromkeys(COMMANDS, RefusalCode.UNKNOWN_OFFICER) | {"add_officer": _REGISTERED},
    Stage.REGISTERED: dict.fromkeys(COMMANDS, _REGISTERED) | {"add_officer": RefusalCode.OFFICER_EXISTS},
}
"""From stage (None: no officer of that id) and command to the stages it may lead to, or a refusal."""
